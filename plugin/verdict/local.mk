# Apart: tcpstates judges nothing, and its options follow the same syntax.
libsyntax_la_CPPFLAGS = $(room_cppflags)
libsyntax_la_SOURCES = include/verdict/plain_text.h %D%/plain_text.c \
	include/verdict/config_value.h %D%/config_value.c

libverdict_la_LIBADD = libsyntax.la
libverdict_la_CPPFLAGS = $(room_cppflags)
libverdict_la_SOURCES = \
	include/verdict/arrivals.h \
	include/verdict/baseline.h include/verdict/clock_step.h \
	include/verdict/engine.h %D%/engine.c \
	include/verdict/expectation.h include/verdict/gather.h \
	include/verdict/hosts.h include/verdict/judge.h include/verdict/mixture.h \
	include/verdict/name_index.h include/verdict/notice.h \
	include/verdict/rules.h include/verdict/series.h include/verdict/signals.h \
	include/verdict/snapshot.h %D%/arrivals.c %D%/baseline.c \
	%D%/clock_step.c %D%/expectation.c %D%/gather.c %D%/hosts.c %D%/identifier.c \
	%D%/judge.c %D%/mixture.c %D%/name_index.c %D%/notice.c \
	%D%/rules.c \
	%D%/series.c %D%/series_judge.c %D%/series_judge.h %D%/signals.c \
	%D%/snapshot.c
