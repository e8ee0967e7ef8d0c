test_programs += %D%/check
tests_tools_daemon_check_SOURCES = \
	%D%/check_fleet.c %D%/check_fleet_words.c %D%/check_host_model.c \
	%D%/check_host_pattern.c %D%/check_listing.c %D%/check_unixsock.c
tests_tools_daemon_check_LDADD = $(command_tests_libs)
