test_programs += %D%/check
tests_tools_learn_check_SOURCES = \
	%D%/check_learn_file.c %D%/check_learn_models.c
tests_tools_learn_check_LDADD = $(command_tests_libs)
# What goes on from what the command learn wrote, and RRD files for it.
test_helpers += %D%/go_on %D%/make_rrd
test_scripts += %D%/check_learn
tests_tools_learn_go_on_LDADD = $(command_libs)
tests_tools_learn_make_rrd_LDADD = $(LIBRRD_LIBS)
