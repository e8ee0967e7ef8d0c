# Other compilers, versions of collectd and machine types; COLLECTD_SOURCES may
# name folders of collectd's sources.
EXTRA_DIST += %D%/run %D%/machine.mk %D%/check.h %D%/check_assert.h %D%/check.c %D%/config.h
check-portability: all
	COLLECTD_CPPFLAGS='$(COLLECTD_CPPFLAGS)' $(srcdir)/tests/portability/run $(srcdir) $(abs_builddir)
.PHONY: check-portability
