if HAVE_NCURSESW
test_programs += %D%/check
tests_tools_watch_check_SOURCES = \
	%D%/check_watch_curve.c %D%/check_watch_layout.c %D%/check_watch_plot.c \
	%D%/check_watch_session.c
tests_tools_watch_check_LDADD = $(command_tests_libs)
endif
