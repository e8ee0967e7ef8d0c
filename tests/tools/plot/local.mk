test_programs += %D%/check
tests_tools_plot_check_SOURCES = \
	%D%/check_bins.c %D%/check_scale.c
tests_tools_plot_check_LDADD = $(command_tests_libs)
test_scripts += %D%/check_plot
EXTRA_DIST += %D%/picture.py
