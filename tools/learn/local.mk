libcommand_la_SOURCES += \
	%D%/learn.c %D%/learn_daemon.c %D%/learn_daemon.h %D%/learn_file.c \
	%D%/learn_file.h %D%/learn_harvest.c %D%/learn_harvest.h %D%/learn_hosts.c \
	%D%/learn_hosts.h %D%/learn_keep.c %D%/learn_keep.h %D%/learn_models.c \
	%D%/learn_models.h %D%/learn_options.c %D%/learn_options.h \
	%D%/learn_report.c %D%/learn_report.h
