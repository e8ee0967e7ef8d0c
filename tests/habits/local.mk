# Series from seeds with every habit that comes back, judged as <Watch> does; the
# table of bars. HABITS=--fast: half a minute.
HABITS =
check_LTLIBRARIES += %D%/libhabits.la
test_programs += %D%/check
test_helpers += %D%/habits
EXTRA_DIST += %D%/README.md
tests_habits_libhabits_la_SOURCES = \
	%D%/bars.c %D%/bars.h %D%/calendar.c %D%/calendar.h %D%/judge.h \
	%D%/judge_watch.c %D%/kind.h %D%/kinds.c %D%/load.c %D%/load.h \
	%D%/noise.c %D%/noise.h %D%/score.c %D%/score.h %D%/series_maker.c \
	%D%/series_maker.h %D%/speed.c %D%/speed.h
habits_libs = %D%/libhabits.la tests/replay/libsimulator.la libverdict.la
tests_habits_habits_LDADD = $(habits_libs) -ldl -lm
tests_habits_check_SOURCES = \
	%D%/check_bars.c %D%/check_calendar.c %D%/check_score.c %D%/check_series_maker.c
tests_habits_check_LDADD = %D%/libhabits.la tests/replay/libsimulator.la $(room_tests_libs)
habits: tests/habits/habits
	tests/habits/habits $(HABITS)
.PHONY: habits
