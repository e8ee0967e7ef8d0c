# A central collectd that receives many hosts.
EXTRA_PROGRAMS += %D%/fake_hosts
EXTRA_DIST += %D%/run %D%/scale %D%/share
packet = %D%/packet.c %D%/packet.h %D%/signature.c %D%/signature.h
tests_central_fake_hosts_SOURCES = %D%/fake_hosts.c $(fleet_load) $(packet)
tests_central_fake_hosts_LDADD = libverdict.la
check-central: all %D%/fake_hosts
	$(srcdir)/tests/central/run $(abs_builddir)
	$(srcdir)/tests/central/share $(abs_builddir)
measure-scale: all %D%/fake_hosts
	$(srcdir)/tests/central/scale $(abs_builddir)
.PHONY: check-central measure-scale
