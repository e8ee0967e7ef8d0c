libcommand_la_SOURCES += \
	%D%/input.c %D%/input.h %D%/judged.c %D%/judged.h %D%/report.c \
	%D%/report.h
