test_programs += %D%/check
tests_io_check_SOURCES = $(count_allocations) \
	%D%/check_container_name.c %D%/check_diag_source.c %D%/check_held_looks.c %D%/check_proc_source.c %D%/check_state_file.c \
	%D%/check_state_file_faults.c \
	%D%/check_table_kernels.c %D%/check_table_source.c \
	%D%/check_time_zone.c \
	%D%/check_warm_reading.c %D%/fake_netlink.c %D%/fake_netlink.h \
	%D%/proc_root.c %D%/proc_root.h %D%/table_fixture.c %D%/table_fixture.h
tests_io_check_CPPFLAGS = $(AM_CPPFLAGS)
tests_io_check_LDFLAGS = $(AM_LDFLAGS) $(wrap_allocations)
tests_io_check_LDADD = libstate.la libio.la $(room_tests_libs)
