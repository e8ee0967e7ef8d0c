test_programs += %D%/check
tests_tools_check_config_check_SOURCES = \
	%D%/check_chains.c %D%/check_ours.c %D%/read_site.c %D%/read_site.h
tests_tools_check_config_check_LDADD = $(command_tests_libs)
test_scripts += %D%/check_check_config
