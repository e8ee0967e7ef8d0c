if HAVE_NCURSESW
libcommand_la_SOURCES += \
	%D%/curve.c %D%/curve.h %D%/draw.c %D%/draw.h %D%/events.c %D%/events.h \
	%D%/fetch.c %D%/fetch.h %D%/incidents.c \
	%D%/ink.c %D%/ink.h %D%/layout.c %D%/layout.h %D%/panes.c %D%/panes.h \
	%D%/session.c %D%/session.h %D%/terminal.c %D%/terminal.h %D%/watch.c
endif
