libbaseline_la_CPPFLAGS = $(plugin_cppflags)
libbaseline_la_SOURCES = \
	%D%/announcer.c %D%/announcer.h %D%/baseline_config.c %D%/baseline_config.h \
	%D%/baseline_metrics.c %D%/baseline_metrics.h %D%/keeper.c %D%/keeper.h \
	%D%/recorder.c %D%/recorder.h %D%/silencer.c %D%/silencer.h

baseline_la_SOURCES = %D%/baseline_plugin.c
baseline_la_CPPFLAGS = $(plugin_cppflags)
baseline_la_LDFLAGS = $(plugin_ldflags)
baseline_la_LIBADD = libbaseline.la libverdict.la libstate.la -lpthread
