if HAVE_NCURSESW
test_programs += %D%/check
tests_tools_watch_check_SOURCES = \
	%D%/check_curve.c %D%/check_events.c %D%/check_layout.c %D%/check_session.c
tests_tools_watch_check_LDADD = $(command_tests_libs)
endif
