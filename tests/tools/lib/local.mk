test_programs += %D%/check
tests_tools_lib_check_SOURCES = \
	%D%/check_progress.c
tests_tools_lib_check_LDADD = $(command_tests_libs)
