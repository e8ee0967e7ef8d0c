test_programs += %D%/check
tests_verdict_watch_check_SOURCES = \
	%D%/check_alarm_rate.c %D%/check_habit.c %D%/check_levels.c %D%/check_season.c \
	%D%/check_tail.c %D%/check_weekend.c %D%/check_weekly.c
tests_verdict_watch_check_LDADD = $(room_tests_libs)
