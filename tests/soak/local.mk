# Months of simulated hosts and half an hour of the real daemon, by hand;
# SOAK_MONTHS, SOAK_MINUTES and SOAK_SEED in the environment.
EXTRA_PROGRAMS += %D%/soak_writes
test_scripts += %D%/check_soak_score.py
EXTRA_DIST += %D%/README %D%/run %D%/daemon %D%/judge_daemon.py %D%/watch_process \
	%D%/soak_months.py %D%/soak_score.py %D%/soak_table.py
tests_soak_soak_writes_SOURCES = %D%/soak_writes.c %D%/simulated_host.c %D%/simulated_host.h $(bare_daemon)
tests_soak_soak_writes_CPPFLAGS = $(glue_cppflags)
tests_soak_soak_writes_LDFLAGS = $(tests_bench_measure_writes_LDFLAGS)
tests_soak_soak_writes_LDADD = $(tests_bench_measure_writes_LDADD)
soak: all tests/replay/simulate %D%/soak_writes $(lab_programs) tests/sockets/syn_sender
	$(srcdir)/tests/soak/run $(abs_builddir)
.PHONY: soak
