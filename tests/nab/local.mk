# <Watch> on the Numenta Anomaly Benchmark, by hand: see README.md.
check_LTLIBRARIES += %D%/libnab.la
test_programs += %D%/check
test_helpers += %D%/nab
test_scripts += %D%/check_nab.py
EXTRA_DIST += %D%/README.md
tests_nab_libnab_la_CPPFLAGS = $(command_cppflags)
tests_nab_libnab_la_SOURCES = \
	%D%/nab_corpus.c %D%/nab_corpus.h %D%/nab_json.c %D%/nab_json.h \
	%D%/nab_published.c %D%/nab_published.h %D%/nab_score.c %D%/nab_score.h \
	%D%/nab_text.c %D%/nab_text.h
tests_nab_nab_SOURCES = %D%/nab.c %D%/nab_report.c %D%/nab_report.h %D%/nab_watch.c %D%/nab_watch.h
tests_nab_nab_CPPFLAGS = $(command_cppflags)
tests_nab_nab_LDADD = %D%/libnab.la $(command_libs)
tests_nab_check_SOURCES = %D%/check_nab_corpus.c %D%/check_nab_score.c
tests_nab_check_LDADD = %D%/libnab.la $(command_tests_libs)
nab:
	@test -n '$(NAB)' || { echo 'make nab NAB=FOLDER, where FOLDER comes from' \
	  'git clone --depth 1 https://github.com/numenta/NAB FOLDER' >&2; exit 1; }
	$(MAKE) $(AM_MAKEFLAGS) all
	$(MAKE) $(AM_MAKEFLAGS) tests/nab/nab
	tests/nab/nab --folder '$(NAB)' --published
	tests/nab/nab --folder '$(NAB)' $(NAB_SETTINGS)
.PHONY: nab
