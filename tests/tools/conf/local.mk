test_programs += %D%/check
tests_tools_conf_check_SOURCES = \
	%D%/check_conf_rules.c %D%/check_conf_tree.c %D%/check_manual.c
tests_tools_conf_check_LDADD = $(command_tests_libs)
