if HAVE_NCURSESW
libcommand_la_SOURCES += \
	%D%/curve.c %D%/curve.h %D%/draw.c %D%/draw.h %D%/fetch.c %D%/fetch.h \
	%D%/keys.c %D%/keys.h %D%/layout.c %D%/layout.h %D%/panes.c %D%/panes.h \
	%D%/terminal.c %D%/terminal.h %D%/watch.c %D%/watch_draw_overlays.c \
	%D%/watch_draw_panels.c %D%/watch_draw_values.c %D%/watch_options.c \
	%D%/watch_options.h %D%/watch_plot.c %D%/watch_plot.h %D%/watch_ring.c \
	%D%/watch_ring.h %D%/watch_session.c %D%/watch_session.h %D%/watch_signals.c \
	%D%/watch_signals.h %D%/watch_terminal.c %D%/watch_terminal.h
endif
