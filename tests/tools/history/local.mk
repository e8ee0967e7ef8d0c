test_programs += %D%/check
tests_tools_history_check_SOURCES = \
	%D%/check_history.c %D%/check_csv.c %D%/check_rrd.c
tests_tools_history_check_LDADD = $(command_tests_libs)
