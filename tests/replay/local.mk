# Hosts simulated from the kernel's queueing, and the table of bars. The scenarios
# (folders that begin with a number) are distributed by tests/local.mk.
check_LTLIBRARIES += %D%/libsimulator.la
test_programs += %D%/check
test_helpers += %D%/simulate
test_scripts += %D%/check_scoring.py
EXTRA_DIST += %D%/README.md %D%/acceptance %D%/scenarios %D%/replay_bars.py \
	%D%/replay_plan.py %D%/replay_run.py %D%/replay_scenario.py %D%/replay_score.py
tests_replay_libsimulator_la_SOURCES = \
	%D%/dice.c %D%/dice.h %D%/event.c %D%/event.h %D%/holding.c %D%/holding.h %D%/host.c %D%/host.h \
	%D%/host_class.c %D%/host_class.h %D%/load.c %D%/load.h %D%/profile.c \
	%D%/profile.h %D%/profile_attack.c %D%/profile_benign.c %D%/profile_patient.c \
	%D%/profile_plans.h %D%/profile_soak.c %D%/reading.c %D%/reading.h \
	%D%/socket_table.c %D%/socket_table.h %D%/syn_admission.c %D%/syn_queue.c \
	%D%/syn_queue.h %D%/syn_tick.h %D%/tally.h %D%/traffic.c %D%/traffic.h %D%/truth.c %D%/truth.h \
	%D%/profile_held.c
tests_replay_simulate_LDADD = %D%/libsimulator.la libtable.la
tests_replay_check_SOURCES = %D%/check_host.c %D%/check_syn_queue.c
tests_replay_check_LDADD = %D%/libsimulator.la $(room_tests_libs)
replay_arguments = --simulate $(abs_builddir)/tests/replay/simulate
check-scenarios: all tests/replay/simulate
	$(srcdir)/tests/replay/scenarios $(replay_arguments) $(abs_builddir)/collectd-baseline replay --json -
acceptance: all tests/replay/simulate
	$(srcdir)/tests/replay/acceptance $(replay_arguments) $(abs_builddir)/collectd-baseline replay --json -
.PHONY: check-scenarios acceptance
