libcommand_la_SOURCES += \
	%D%/replay.c %D%/replay_options.c %D%/replay_options.h %D%/scores.c \
	%D%/scores.h
