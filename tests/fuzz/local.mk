# `make check` puts each input that is kept through each fuzz target; check-fuzz
# has libFuzzer make up others, FUZZ_SECONDS a target.
fuzz_targets = %D%/fuzz_proc_table %D%/fuzz_diag_message %D%/fuzz_kernel_counters \
	%D%/fuzz_settings_text %D%/fuzz_state_text %D%/fuzz_history_csv %D%/fuzz_judgement \
	%D%/fuzz_config_tree %D%/fuzz_history_rrd %D%/fuzz_unixsock %D%/fuzz_series \
	%D%/fuzz_listener_record %D%/fuzz_setting %D%/fuzz_nab_labels \
	%D%/fuzz_conf_tree %D%/fuzz_record_text \
	%D%/fuzz_cgroup_text %D%/fuzz_json_text \
	%D%/fuzz_time_zone %D%/fuzz_silences_text \
	%D%/fuzz_holder_record
test_programs += $(fuzz_targets)
check_LTLIBRARIES += %D%/libinputs.la
EXTRA_DIST += %D%/inputs %D%/run %D%/README
tests_fuzz_libinputs_la_SOURCES = %D%/fuzz_inputs.c %D%/fuzz_target.h %D%/fuzz_bytes.h
tests_fuzz_libinputs_la_CPPFLAGS = -DFUZZ_INPUTS='"$(abs_srcdir)/tests/fuzz/inputs"' $(AM_CPPFLAGS)
fuzz_libs = %D%/libinputs.la $(command_tests_libs) -lpthread
tests_fuzz_fuzz_proc_table_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_diag_message_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_kernel_counters_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_settings_text_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_state_text_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_history_csv_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_judgement_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_history_rrd_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_unixsock_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_series_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_setting_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_listener_record_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_conf_tree_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_record_text_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_silences_text_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_cgroup_text_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_holder_record_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_json_text_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_time_zone_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_nab_labels_LDADD = tests/nab/libnab.la $(fuzz_libs)
tests_fuzz_fuzz_config_tree_CPPFLAGS = $(glue_cppflags)
tests_fuzz_fuzz_config_tree_LDADD = libbaseline.la libtcpstates.la tests/scenes/libcollectd_log.la $(fuzz_libs)
FUZZ_SECONDS = 60
check-fuzz:
	FUZZ_SECONDS='$(FUZZ_SECONDS)' COLLECTD_CPPFLAGS='$(COLLECTD_CPPFLAGS)' \
	  LIBRRD_CFLAGS='$(LIBRRD_CFLAGS)' $(srcdir)/tests/fuzz/run $(abs_builddir)
.PHONY: check-fuzz
