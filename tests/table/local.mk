test_programs += %D%/check
tests_table_check_SOURCES = \
	%D%/check_cgroup_text.c %D%/check_json_text.c %D%/check_namespace_name.c %D%/check_turns.c \
	%D%/check_diag_message.c %D%/check_held.c %D%/check_holders.c %D%/check_kernel_counters.c %D%/check_listener_record.c %D%/check_metrics.c \
	%D%/check_metrics_list.c %D%/check_peaks.c %D%/check_proc_table.c %D%/check_queue_fill.c \
	%D%/check_reading.c %D%/check_reading_limits.c %D%/check_state_counts.c \
	%D%/check_unanswered.c %D%/check_walk_pace.c %D%/check_walk_plan.c \
	%D%/check_holder_record.c \
	%D%/metrics_scene.h tests/scenes/metric_names.h
tests_table_check_LDADD = $(room_tests_libs)
