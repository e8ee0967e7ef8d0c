# The command: one library of its own, a folder a subcommand, and what they share.
bin_PROGRAMS = collectd-baseline
collectd_baseline_SOURCES = %D%/collectd_baseline.c %D%/subcommand.h
collectd_baseline_CPPFLAGS = $(command_cppflags)
collectd_baseline_LDADD = $(command_libs)
command_cppflags = -DCOLLECTD_PLUGIN_DIR='"$(collectdplugindir)"' -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 $(room_cppflags) -I$(srcdir)/tools \
	$(COLLECTDCLIENT_CFLAGS) $(LIBRRD_CFLAGS) $(ZLIB_CFLAGS) $(CAIRO_CFLAGS) $(watch_cppflags)
if HAVE_NCURSESW
watch_cppflags = -DHAVE_NCURSESW
endif
command_libs = libcommand.la libverdict.la libstate.la libtable.la \
	$(COLLECTDCLIENT_LIBS) $(LIBRRD_LIBS) $(ZLIB_LIBS) $(CAIRO_LIBS) $(NCURSESW_LIBS)
libcommand_la_CPPFLAGS = $(command_cppflags)
libcommand_la_SOURCES = %D%/missing.c
include %D%/lib/local.mk
include %D%/conf/local.mk
include %D%/history/local.mk
include %D%/daemon/local.mk
include %D%/judged/local.mk
include %D%/replay/local.mk
include %D%/learn/local.mk
include %D%/plot/local.mk
include %D%/explain/local.mk
include %D%/incidents/local.mk
include %D%/silence/local.mk
include %D%/status/local.mk
include %D%/nagios/local.mk
include %D%/check_config/local.mk
include %D%/notify_test/local.mk
include %D%/watch/local.mk
