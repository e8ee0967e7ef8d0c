test_programs += %D%/check
tests_tools_explain_check_SOURCES = \
	%D%/check_explain.c %D%/explained_host.h
tests_tools_explain_check_LDADD = $(command_tests_libs)
test_scripts += %D%/check_watched
