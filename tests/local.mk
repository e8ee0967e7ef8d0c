# `make check`: a program a folder, and scripts; `make tests/table/check` builds
# one. What needs root, servers or minutes has a target of its own.
test_programs =
test_helpers =
test_scripts = tests/check_walls tests/check_steps tests/check_command_manual.py tests/docs/check_names tests/docs/check_links
check_PROGRAMS = $(test_programs) $(test_helpers)
check_LTLIBRARIES = tests/scenes/libscenes.la tests/scenes/libcollectd_log.la
dist_check_SCRIPTS = $(test_scripts)
TESTS = $(test_programs) $(test_scripts) tests/pipeline/check_docs tests/pipeline/check_dashboards
long_tests = tests/verdict/check tests/verdict/watch/check tests/habits/check \
	tests/faults/check_memory tests/faults/check_judge tests/faults/check_command_memory
AM_TESTS_ENVIRONMENT = NM='$(NM)' OBJDUMP='$(OBJDUMP)' CK_TIMEOUT_MULTIPLIER=10; \
	export NM OBJDUMP CK_TIMEOUT_MULTIPLIER;
EXTRA_PROGRAMS =
EXTRA_LTLIBRARIES =
CLEANFILES += $(EXTRA_PROGRAMS) $(EXTRA_LTLIBRARIES)
EXTRA_DIST += tests/.clang-tidy tests/lint tests/cppcheck.suppressions tests/check_all \
	tests/fixtures tests/terminal/check_terminal tests/manual/check_commands tests/sanitizers \
	tests/memcheck tests/pipeline tests/same tests/security
LDADD = tests/scenes/libscenes.la libverdict.la libtable.la

room_tests_libs = tests/scenes/libscenes.la libtable.la libverdict.la $(CHECK_LIBS)
command_tests_libs = tests/scenes/libscenes.la $(command_libs) $(CHECK_LIBS)
glue_cppflags = $(plugin_cppflags) -I$(srcdir)/tests -I$(srcdir)/tools $(CHECK_CFLAGS) \
	-DFIXTURES='"$(abs_srcdir)/tests/fixtures"' -DSOURCES='"$(abs_srcdir)"'
wrap_allocations = -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=strdup

include tests/scenes/local.mk
include tests/table/local.mk
include tests/io/local.mk
include tests/verdict/local.mk
include tests/verdict/incidents/local.mk
include tests/verdict/state/local.mk
include tests/verdict/watch/local.mk
include tests/tcpstates/local.mk
include tests/baseline/local.mk
include tests/tools/lib/local.mk
include tests/tools/conf/local.mk
include tests/tools/check_config/local.mk
include tests/tools/history/local.mk
include tests/tools/learn/local.mk
include tests/tools/replay/local.mk
include tests/tools/daemon/local.mk
include tests/tools/status/local.mk
include tests/tools/nagios/local.mk
include tests/tools/explain/local.mk
include tests/tools/incidents/local.mk
include tests/tools/silence/local.mk
include tests/tools/plot/local.mk
include tests/tools/watch/local.mk
include tests/tools/bench_read/local.mk
include tests/faults/local.mk
include tests/fuzz/local.mk
include tests/replay/local.mk
include tests/habits/local.mk
include tests/sockets/local.mk
include tests/daemon/local.mk
include tests/lab/local.mk
include tests/namespaces/local.mk
include tests/central/local.mk
include tests/nab/local.mk
include tests/bench/local.mk
include tests/soak/local.mk
include tests/package/local.mk
include tests/portability/local.mk

check-terminal: all
	$(srcdir)/tests/terminal/check_terminal $(abs_builddir)
check-pipelines: all $(lab_programs) tests/sockets/syn_sender tests/central/fake_hosts
	$(srcdir)/tests/pipeline/run $(abs_builddir)
check-security: all $(lab_programs) tests/sockets/syn_sender tests/replay/simulate
	$(srcdir)/tests/security/run $(abs_builddir)
check-memory: all tests/central/fake_hosts tests/sockets/socket_zoo tests/sockets/syn_sender \
	  tests/replay/simulate tests/tools/learn/make_rrd
	$(srcdir)/tests/memcheck/run $(abs_builddir)
check-sanitizers: all
	$(srcdir)/tests/sanitizers/run $(abs_builddir)
# The tests but for those that take long and read nothing that the tarball brings.
check-dist:
	$(MAKE) $(AM_MAKEFLAGS) distcheck TESTS='$(filter-out $(long_tests),$(TESTS))'
check-walls: all $(check_PROGRAMS)
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/check_walls
lint:
	CC='$(CC)' COLLECTD_CPPFLAGS='$(COLLECTD_CPPFLAGS)' $(srcdir)/tests/lint $(srcdir) $(builddir)
# all is made by a make of its own: beside it the same libraries would be made twice.
programs: all
	$(MAKE) $(AM_MAKEFLAGS) $(check_LTLIBRARIES) $(check_PROGRAMS) $(EXTRA_LTLIBRARIES) $(EXTRA_PROGRAMS)
clean-local:
	rm -rf tests/fuzz/work portability package fresh
# What a run of the tests left beside the pipelines' is not distributed.
dist-hook:
	cp -r $(srcdir)/tests/replay/[0-9]* $(distdir)/tests/replay
	rm -rf $(distdir)/tests/pipeline/*.log $(distdir)/tests/pipeline/*.trs $(distdir)/tests/pipeline/__pycache__
.PHONY: check-dist check-terminal check-pipelines check-security check-memory check-sanitizers check-walls lint programs
