libcommand_la_SOURCES += \
	%D%/bins.c %D%/bins.h %D%/gather.c %D%/gather.h %D%/panel.c %D%/panel.h \
	%D%/picture.h %D%/plot.c %D%/plot_gather_ends.c %D%/plot_known.c \
	%D%/plot_known.h %D%/plot_layout.c %D%/plot_layout.h %D%/plot_options.c \
	%D%/plot_options.h %D%/plot_output.c %D%/plot_output.h %D%/plot_spans.c \
	%D%/plot_spans.h %D%/plot_ticks.c %D%/plot_ticks.h %D%/scale.c %D%/scale.h
if HAVE_CAIRO
libcommand_la_SOURCES += \
	%D%/axes.c %D%/canvas.c %D%/canvas.h %D%/curve.c %D%/incidents.c %D%/paint.h \
	%D%/picture.c %D%/plot_about.c %D%/plot_notes.c
endif
