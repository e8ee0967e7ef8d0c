# Speed and size, as one table; BENCH_SOCKETS=20000 while developing.
BENCH_SOCKETS = 500000
bench_programs = %D%/hold_sockets %D%/measure_growth %D%/measure_namespaces %D%/measure_writes \
	%D%/walk_at_intervals tests/tools/replay/bench_rows
EXTRA_PROGRAMS += %D%/hold_sockets %D%/measure_growth %D%/measure_namespaces %D%/measure_writes %D%/walk_at_intervals
EXTRA_DIST += %D%/README %D%/run %D%/bench_daemon.py %D%/bench_namespaces.py %D%/bench_sockets.py \
	%D%/bench_table.py
bare_daemon = %D%/bare_daemon.c %D%/bare_daemon.h $(fake_registry) plugin/baseline/baseline_plugin.c
tests_bench_hold_sockets_LDADD = tests/sockets/libsockets.la libtable.la
tests_bench_measure_growth_LDADD = tests/sockets/libsockets.la libio.la libtable.la
tests_bench_measure_namespaces_LDADD = tests/sockets/libsockets.la libio.la libtable.la
tests_bench_walk_at_intervals_LDADD = tests/sockets/libsockets.la libtable.la
tests_bench_measure_writes_SOURCES = %D%/measure_writes.c $(bare_daemon)
tests_bench_measure_writes_CPPFLAGS = $(glue_cppflags)
tests_bench_measure_writes_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=calloc \
	-Wl,--wrap=realloc -Wl,--wrap=pthread_mutex_lock -Wl,--wrap=pthread_mutex_unlock
tests_bench_measure_writes_LDADD = libbaseline.la libverdict.la libstate.la -lpthread -lm
bench: all $(bench_programs) tests/sockets/measure_sources
	CC='$(CC)' $(srcdir)/tests/bench/run $(abs_builddir) $(BENCH_SOCKETS)
.PHONY: bench
