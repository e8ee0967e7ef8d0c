libcommand_la_SOURCES += \
	%D%/list.c %D%/list.h %D%/silence.c %D%/store.c %D%/store.h
