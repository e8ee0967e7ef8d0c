libverdict_la_SOURCES += \
	include/verdict/watch/alarm_rate.h include/verdict/watch/habit.h \
	include/verdict/watch/levels.h include/verdict/watch/season.h \
	include/verdict/watch/tail.h include/verdict/watch/weekend.h \
	include/verdict/watch/weekly.h \
	%D%/extremes.h %D%/alarm_rate.c %D%/habit.c %D%/levels.c %D%/season.c \
	%D%/tail.c %D%/weekend.c %D%/weekly.c
