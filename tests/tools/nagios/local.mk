test_programs += %D%/check
tests_tools_nagios_check_SOURCES = \
	%D%/check_nagios.c %D%/check_nagios_fleet.c
tests_tools_nagios_check_LDADD = $(command_tests_libs)
