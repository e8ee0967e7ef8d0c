libcommand_la_SOURCES += \
	%D%/bins.c %D%/bins.h %D%/gather.c %D%/gather.h %D%/panel.c %D%/panel.h \
	%D%/look.c %D%/look.h \
	%D%/picture.h %D%/plot.c %D%/scale.c %D%/scale.h
if HAVE_CAIRO
libcommand_la_SOURCES += \
	%D%/axes.c %D%/canvas.c %D%/canvas.h %D%/curve.c %D%/incidents.c %D%/paint.c \
	%D%/paint.h %D%/picture.c
endif
