# Headers beside the .c are private to this folder.
libio_la_CPPFLAGS = $(room_cppflags)
libio_la_SOURCES = \
	include/io/table_source.h %D%/diag_source.c %D%/diag_source.h \
	%D%/proc_source.c %D%/proc_source.h %D%/table_source.c

# Apart, for baseline and the command: they read no tables.
libstate_la_CPPFLAGS = $(room_cppflags)
libstate_la_SOURCES = include/io/state_file.h %D%/state_file.c \
	include/io/time_zone.h %D%/time_zone.c %D%/zone_rule.c %D%/zone_rule.h
