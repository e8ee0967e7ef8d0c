libcommand_la_SOURCES += \
	%D%/input.c %D%/input.h %D%/judged.c %D%/judged.h %D%/replay_value.c \
	%D%/replay_value.h %D%/report.c %D%/report.h
