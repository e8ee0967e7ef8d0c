libcommand_la_SOURCES += \
	%D%/learn.c %D%/learn_file.c %D%/learn_file.h %D%/learn_models.c \
	%D%/learn_models.h %D%/learn_report.c %D%/learn_report.h
