libcommand_la_SOURCES += \
	%D%/compare.c %D%/compare.h %D%/replay.c %D%/scores.c %D%/scores.h
