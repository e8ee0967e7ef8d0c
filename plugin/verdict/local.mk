# Apart: tcpstates judges nothing, and its options follow the same syntax.
libsyntax_la_CPPFLAGS = $(room_cppflags)
libsyntax_la_SOURCES = include/verdict/plain_text.h %D%/plain_text.c \
	include/verdict/config_value.h %D%/config_value.c

libverdict_la_LIBADD = libsyntax.la
libverdict_la_CPPFLAGS = $(room_cppflags)
libverdict_la_SOURCES = \
	include/verdict/arrivals.h %D%/arrivals.c \
	include/verdict/baseline.h %D%/baseline.c \
	include/verdict/engine.h %D%/engine.c \
	include/verdict/expectation.h %D%/expectation.c \
	include/verdict/hosts.h %D%/hosts.c \
	%D%/host_memory.h %D%/host_memory.c \
	%D%/mixture.h %D%/mixture.c \
	include/verdict/identifier.h %D%/identifier.c \
	include/verdict/judge.h %D%/judge.c \
	include/verdict/listeners.h %D%/listeners.c \
	include/verdict/name_index.h %D%/name_index.c \
	include/verdict/notice.h %D%/notice.c \
	include/verdict/packed.h %D%/packed.c \
	include/verdict/record.h %D%/record.c \
	include/verdict/rules.h %D%/rules.c \
	include/verdict/schedule.h %D%/schedule.c \
	include/verdict/series.h %D%/series.c \
	include/verdict/signals.h %D%/signals.c \
	include/verdict/silences.h %D%/silences.c \
	include/verdict/snapshot.h %D%/snapshot.c
