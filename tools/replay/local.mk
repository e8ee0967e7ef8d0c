libcommand_la_SOURCES += %D%/replay.c %D%/scores.c %D%/scores.h
