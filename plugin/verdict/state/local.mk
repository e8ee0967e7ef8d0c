libverdict_la_SOURCES += \
	include/verdict/state/record_text.h %D%/record_text.c \
	include/verdict/state/silences_text.h %D%/silences_text.c \
	include/verdict/state/state_text.h %D%/state_text.c \
	%D%/state_fields.c %D%/state_fields.h %D%/state_head.c %D%/state_head.h
