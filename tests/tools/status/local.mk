test_programs += %D%/check
tests_tools_status_check_SOURCES = \
	%D%/check_fleet.c %D%/check_status.c
tests_tools_status_check_LDADD = $(command_tests_libs)
