test_programs += %D%/check
tests_verdict_check_SOURCES = \
	%D%/check_arrivals.c %D%/check_baseline.c %D%/check_engine.c \
	%D%/check_expectation.c %D%/check_hosts.c %D%/check_hosts_many.c \
	%D%/check_hosts_mixture.c %D%/check_hosts_place.c %D%/check_identifier.c %D%/check_judge.c %D%/check_listeners.c \
	%D%/check_name_index.c %D%/check_notice.c %D%/check_notice_series.c %D%/check_packed.c \
	%D%/check_plain_text.c %D%/check_record.c %D%/check_rules.c \
	%D%/check_schedule.c %D%/check_series.c \
	%D%/check_series_memory.c %D%/check_series_values.c %D%/check_signals.c \
	%D%/check_silences.c \
	%D%/check_snapshot.c %D%/clock_steps.h %D%/ready_hosts.c %D%/ready_hosts.h \
	%D%/series_feed.h
tests_verdict_check_LDADD = $(room_tests_libs)
