libio_la_CPPFLAGS = $(room_cppflags)
libio_la_SOURCES = \
	include/io/diag_source.h include/io/proc_source.h include/io/table_source.h \
	%D%/diag_source.c %D%/proc_source.c %D%/table_source.c

# Apart: baseline reads no tables.
libstate_la_CPPFLAGS = $(room_cppflags)
libstate_la_SOURCES = include/io/state_file.h %D%/state_file.c
