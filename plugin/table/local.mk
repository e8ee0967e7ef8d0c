libtable_la_CPPFLAGS = $(room_cppflags)
libtable_la_SOURCES = \
	include/table/address_text.h include/table/diag_message.h \
	include/table/handshakes.h include/table/kernel_counters.h \
	include/table/metrics.h include/table/percent.h include/table/proc_table.h \
	include/table/queue_fill.h include/table/reading.h \
	include/table/state_counts.h include/table/state_spread.h \
	include/table/tally_table.h include/table/tcp_row.h \
	include/table/tcp_state.h include/table/unanswered.h include/table/walk.h \
	include/table/walk_pace.h include/table/wide_sources.h %D%/address_text.c \
	%D%/diag_message.c %D%/handshakes.c %D%/kernel_counters.c %D%/metrics.c \
	%D%/percent.c %D%/proc_table.c %D%/queue_fill.c %D%/reading.c \
	%D%/state_counts.c %D%/state_spread.c %D%/tally_table.c %D%/tcp_state.c \
	%D%/unanswered.c %D%/walk.c %D%/walk_pace.c %D%/wide_sources.c
