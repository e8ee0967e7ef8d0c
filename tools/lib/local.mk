libcommand_la_SOURCES += \
	%D%/shown_metrics.c %D%/shown_metrics.h %D%/json.c %D%/json.h %D%/moment.c \
	%D%/moment.h %D%/local_zone.c %D%/local_zone.h %D%/markup.c %D%/markup.h \
	%D%/number.c %D%/number.h \
	%D%/options.c %D%/options.h \
	%D%/progress.c %D%/progress.h %D%/replace_file.c %D%/replace_file.h %D%/types_db.c \
	%D%/types_db.h %D%/words.c %D%/words.h
