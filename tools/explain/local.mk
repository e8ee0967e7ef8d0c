libcommand_la_SOURCES += \
	%D%/brief.c %D%/brief.h %D%/explain.c %D%/json.c %D%/json.h %D%/model.c %D%/model.h %D%/page.c \
	%D%/listeners.c %D%/listeners.h %D%/page.h %D%/source.c %D%/source.h %D%/text.c %D%/text.h %D%/words.c \
	%D%/words.h %D%/watched.c %D%/watched.h
