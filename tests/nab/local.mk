# The Numenta Anomaly Benchmark: its score.
check_LTLIBRARIES += %D%/libnab.la
test_programs += %D%/check
tests_nab_libnab_la_SOURCES = %D%/nab_score.c %D%/nab_score.h
tests_nab_check_SOURCES = %D%/check_nab_score.c
tests_nab_check_LDADD = %D%/libnab.la $(room_tests_libs)
