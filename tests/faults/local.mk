# Faults on order: of the kernel's answers, of /proc and of memory.
test_programs += %D%/check %D%/check_reading %D%/check_memory %D%/check_judge
test_helpers += %D%/faulty_command
test_scripts += %D%/check_command_memory
faults_cppflags = -D_DEFAULT_SOURCE $(glue_cppflags) $(LIBRRD_CFLAGS)
wrap_memory = $(wrap_allocations) -Wl,--wrap=strndup -Wl,--wrap=free \
	-Wl,--wrap=fopen -Wl,--wrap=opendir -Wl,--wrap=scandir
memory_faults = %D%/memory_faults.c %D%/memory_faults.h %D%/wrapped_calls.h
# A kernel of the test's own stands in for netlink and /proc.
check_LTLIBRARIES += %D%/libreader.la
tests_faults_libreader_la_SOURCES = plugin/tcpstates/tcpstates_plugin.c $(fake_registry) \
	tests/io/fake_netlink.c tests/io/fake_netlink.h tests/io/proc_root.c tests/io/proc_root.h \
	%D%/reader_scene.c %D%/reader_scene.h
tests_faults_libreader_la_CPPFLAGS = $(faults_cppflags)
reader_libs = %D%/libreader.la libtcpstates.la libio.la libtable.la \
	tests/scenes/libcollectd_log.la tests/scenes/libscenes.la $(CHECK_LIBS)
tests_faults_check_SOURCES = $(memory_faults) \
	%D%/check_memory_reader.c %D%/check_netlink_faults.c %D%/check_proc_faults.c
tests_faults_check_CPPFLAGS = $(faults_cppflags)
tests_faults_check_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=table_source_create $(wrap_memory)
tests_faults_check_LDADD = $(reader_libs)
tests_faults_check_reading_SOURCES = $(memory_faults) %D%/check_memory_reading.c
tests_faults_check_reading_CPPFLAGS = $(faults_cppflags)
tests_faults_check_reading_LDFLAGS = $(AM_LDFLAGS) $(wrap_memory)
tests_faults_check_reading_LDADD = $(reader_libs)
tests_faults_check_memory_SOURCES = $(memory_faults) \
	%D%/check_memory_command.c %D%/check_memory_verdict.c
tests_faults_check_memory_CPPFLAGS = $(faults_cppflags)
tests_faults_check_memory_LDFLAGS = $(AM_LDFLAGS) $(wrap_memory)
tests_faults_check_memory_LDADD = $(command_tests_libs)
tests_faults_check_judge_SOURCES = $(memory_faults) %D%/check_memory_judge.c
tests_faults_check_judge_CPPFLAGS = $(faults_cppflags)
tests_faults_check_judge_LDFLAGS = $(AM_LDFLAGS) $(glue_wraps) $(wrap_memory)
tests_faults_check_judge_LDADD = $(baseline_tests_libs)
tests_faults_faulty_command_SOURCES = tools/collectd_baseline.c %D%/faulty_memory.c %D%/wrapped_calls.h
tests_faults_faulty_command_CPPFLAGS = $(command_cppflags) -I$(srcdir)/tests
tests_faults_faulty_command_LDFLAGS = $(AM_LDFLAGS) $(wrap_allocations) -Wl,--wrap=strndup \
	-Wl,--wrap=fopen -Wl,--wrap=opendir -Wl,--wrap=scandir -Wl,--wrap=open_memstream
tests_faults_faulty_command_LDADD = $(command_libs)
# Stand-ins for libbpf and the calls beside it.
if HAVE_BPF
test_programs += %D%/check_bpf
wrap = -Wl,--wrap=
tests_faults_check_bpf_SOURCES = %D%/check_bpf_faults.c tests/io/fake_netlink.c \
	tests/io/fake_netlink.h tests/io/proc_root.c tests/io/proc_root.h
tests_faults_check_bpf_CPPFLAGS = $(AM_CPPFLAGS) $(LIBBPF_CFLAGS)
tests_faults_check_bpf_LDFLAGS = $(AM_LDFLAGS) $(wrap)bpf_object__open_skeleton \
	$(wrap)bpf_object__load_skeleton $(wrap)bpf_object__destroy_skeleton \
	$(wrap)bpf_program__set_autoload $(wrap)bpf_program__attach \
	$(wrap)bpf_map__set_max_entries $(wrap)bpf_map__fd $(wrap)bpf_program__attach_iter \
	$(wrap)bpf_link__fd $(wrap)bpf_link__destroy $(wrap)bpf_iter_create \
	$(wrap)mmap $(wrap)munmap $(wrap)read
tests_faults_check_bpf_LDADD = libio.la $(room_tests_libs)
test_programs += %D%/check_look
tests_faults_check_look_SOURCES = %D%/check_look_faults.c tests/io/fake_netlink.c \
	tests/io/fake_netlink.h tests/io/proc_root.c tests/io/proc_root.h
tests_faults_check_look_CPPFLAGS = $(AM_CPPFLAGS) $(LIBBPF_CFLAGS) -isystem $(builddir)/plugin/io/bpf
tests_faults_check_look_LDFLAGS = $(AM_LDFLAGS) $(wrap)clock_getres \
	$(wrap)bpf_object__open_skeleton $(wrap)bpf_object__load_skeleton \
	$(wrap)bpf_object__destroy_skeleton $(wrap)bpf_map__fd $(wrap)bpf_program__fd \
	$(wrap)bpf_prog_test_run_opts $(wrap)mmap $(wrap)munmap
tests_faults_check_look_LDADD = libio.la $(room_tests_libs)
endif
