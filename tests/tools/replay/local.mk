test_scripts += %D%/check_replay
EXTRA_PROGRAMS += %D%/bench_rows
EXTRA_DIST += %D%/history.awk %D%/bench
