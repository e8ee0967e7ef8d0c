libverdict_la_SOURCES += \
	include/verdict/state/state_text.h %D%/state_cursor.c %D%/state_cursor.h \
	%D%/state_fields.c %D%/state_fields.h %D%/state_head.c %D%/state_head.h \
	%D%/state_number.c %D%/state_number.h %D%/state_text.c %D%/state_text_read.c
