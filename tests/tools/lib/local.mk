test_programs += %D%/check
tests_tools_lib_check_SOURCES = \
	%D%/check_shown_metrics.c %D%/check_json.c %D%/check_markup.c %D%/check_moment.c %D%/check_number.c \
	%D%/check_options.c %D%/check_progress.c %D%/check_words.c
tests_tools_lib_check_LDADD = $(command_tests_libs)
