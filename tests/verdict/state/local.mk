test_programs += %D%/check
tests_verdict_state_check_SOURCES = \
	%D%/check_record_text.c %D%/check_restart.c %D%/check_silences_text.c %D%/check_state_columns.c \
	%D%/check_state_fields.c \
	%D%/check_state_text.c %D%/check_state_text_damage.c \
	%D%/check_state_upgrade.c
tests_verdict_state_check_LDADD = $(room_tests_libs)
