# The plugins in the real daemon, as root.
EXTRA_PROGRAMS += %D%/check_daemon
EXTRA_DIST += %D%/check_config %D%/check_monitoring %D%/check_notify_test
EXTRA_LTLIBRARIES += %D%/show_meta.la %D%/slow_handler.la %D%/other_locale.la
tests_daemon_check_daemon_SOURCES = $(packet) \
	%D%/check_daemon.c %D%/daemon_beside.c %D%/daemon_cases.h %D%/daemon_check.c \
	%D%/daemon_child.c %D%/daemon_child.h %D%/daemon_conditions.c \
	%D%/daemon_explain.c %D%/daemon_handlers.c %D%/daemon_harness.c \
	%D%/daemon_harness.h %D%/daemon_incidents.c %D%/daemon_kernels.c \
	%D%/daemon_learn.c \
	%D%/daemon_memory.c %D%/daemon_network.c %D%/daemon_options.c \
	%D%/daemon_probe.c %D%/daemon_probe.h %D%/daemon_received.c \
	%D%/daemon_received.h %D%/daemon_silence.c %D%/daemon_sockets.c %D%/daemon_sockets.h \
	%D%/daemon_status.c %D%/daemon_talk.c %D%/daemon_talk.h %D%/daemon_told.c \
	%D%/daemon_told.h %D%/daemon_values.c %D%/daemon_watch.c
tests_daemon_check_daemon_CPPFLAGS = $(AM_CPPFLAGS) $(COLLECTDCLIENT_CFLAGS) \
	-DCOLLECTD='"$(COLLECTD)"' -DBUILT_PLUGINS='"$(abs_builddir)/.libs"' \
	-DSTATUS_COMMAND='"$(abs_builddir)/collectd-baseline"' \
	-DTEST_PLUGINS='"$(abs_builddir)/tests/daemon/.libs"'
tests_daemon_check_daemon_LDADD = tests/scenes/libscenes.la libverdict.la $(COLLECTDCLIENT_LIBS) $(CHECK_LIBS)
tests_daemon_show_meta_la_CPPFLAGS = $(plugin_cppflags)
tests_daemon_show_meta_la_LDFLAGS = $(plugin_ldflags) -rpath $(abs_builddir)
tests_daemon_slow_handler_la_CPPFLAGS = $(plugin_cppflags)
tests_daemon_slow_handler_la_LDFLAGS = $(plugin_ldflags) -rpath $(abs_builddir)
tests_daemon_other_locale_la_CPPFLAGS = $(plugin_cppflags)
tests_daemon_other_locale_la_LDFLAGS = $(plugin_ldflags) -rpath $(abs_builddir)
check-daemon: all %D%/check_daemon %D%/show_meta.la %D%/slow_handler.la %D%/other_locale.la \
		tests/replay/simulate tests/tools/learn/make_rrd
	tests/daemon/check_daemon
	COLLECTD='$(COLLECTD)' $(srcdir)/tests/daemon/check_config $(abs_builddir)
	COLLECTD='$(COLLECTD)' $(srcdir)/tests/daemon/check_notify_test $(abs_builddir)
	COLLECTD='$(COLLECTD)' $(srcdir)/tests/daemon/check_monitoring $(abs_builddir)
	$(srcdir)/tests/manual/check_commands $(abs_builddir)
.PHONY: check-daemon
