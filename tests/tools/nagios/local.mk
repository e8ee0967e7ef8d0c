test_programs += %D%/check
tests_tools_nagios_check_SOURCES = \
	%D%/check_fleet.c %D%/check_line.c
tests_tools_nagios_check_LDADD = $(command_tests_libs)
