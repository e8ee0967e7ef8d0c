# Real sockets in a network namespace of the test's own.
EXTRA_LTLIBRARIES += %D%/libsockets.la
EXTRA_PROGRAMS += %D%/check_look %D%/check_sources %D%/check_half_open %D%/check_namespaces %D%/measure_sources %D%/socket_zoo %D%/syn_sender
count_allocations = %D%/count_allocations.c %D%/count_allocations.h
tests_sockets_libsockets_la_SOURCES = \
	%D%/bare_walk.c %D%/bare_walk.h %D%/busy_port.c %D%/busy_port.h %D%/crowd.c \
	%D%/crowd.h %D%/must.h %D%/namespace.c %D%/namespace.h %D%/peer.c %D%/peer.h \
	%D%/private_network.c %D%/private_network.h %D%/refuse_netlink.c \
	%D%/refuse_netlink.h %D%/segment.c %D%/segment.h %D%/ss_count.c %D%/ss_count.h \
	%D%/zoo.c %D%/zoo.h
tests_sockets_check_sources_LDADD = %D%/libsockets.la libio.la libtable.la $(CHECK_LIBS)
tests_sockets_check_half_open_LDADD = %D%/libsockets.la libio.la libtable.la $(CHECK_LIBS)
tests_sockets_check_look_LDADD = %D%/libsockets.la libio.la libtable.la $(CHECK_LIBS)
tests_sockets_check_look_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=holders_add
tests_sockets_check_namespaces_LDADD = libio.la libtable.la $(CHECK_LIBS) -lpthread
tests_sockets_measure_sources_SOURCES = %D%/measure_sources.c $(count_allocations)
tests_sockets_measure_sources_LDFLAGS = $(AM_LDFLAGS) $(wrap_allocations)
tests_sockets_measure_sources_LDADD = %D%/libsockets.la libio.la libtable.la
tests_sockets_socket_zoo_LDADD = %D%/libsockets.la libtable.la
tests_sockets_syn_sender_LDADD = %D%/libsockets.la
check-sockets: all %D%/check_sources %D%/check_half_open %D%/check_look %D%/check_namespaces
	tests/sockets/check_sources
	tests/sockets/check_half_open || test $$? = 77
	tests/sockets/check_look || test $$? = 77
	tests/sockets/check_namespaces || test $$? = 77
.PHONY: check-sockets
