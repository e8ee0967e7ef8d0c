libio_la_CPPFLAGS = $(room_cppflags)
libio_la_SOURCES = \
	include/io/diag_source.h include/io/proc_source.h include/io/table_source.h \
	include/io/table_ways.h %D%/diag_source.c %D%/proc_source.c \
	%D%/table_source.c %D%/table_ways.c

# Apart: baseline reads no tables.
libstate_la_CPPFLAGS = $(room_cppflags)
libstate_la_SOURCES = include/io/state_file.h %D%/state_file.c
