# Headers beside the .c are private to this folder.
libtable_la_CPPFLAGS = $(room_cppflags)
libtable_la_SOURCES = \
	include/table/diag_message.h include/table/kernel_counters.h \
	include/table/listener_record.h \
	include/table/held.h %D%/held.c include/table/holders.h %D%/holders.c \
	include/table/holder_record.h %D%/holder_record.c \
	include/table/metrics.h include/table/peaks.h include/table/probe_trust.h include/table/proc_table.h include/table/reading.h \
	include/table/cgroup_text.h %D%/cgroup_text.c \
	include/table/json_text.h %D%/json_text.c \
	include/table/namespace_name.h %D%/namespace_name.c \
	include/table/reading_options.h %D%/reading_options.c \
	include/table/tcp_row.h include/table/tcp_state.h \
	include/table/space_record.h %D%/space_record.c \
	include/table/turns.h %D%/turns.c \
	include/table/unanswered.h include/table/walk.h %D%/diag_message.c \
	%D%/kernel_counters.c %D%/listener_record.c %D%/metrics.c %D%/peaks.c %D%/probe_trust.c %D%/proc_table.c %D%/queue_fill.c \
	%D%/queue_fill.h %D%/reading.c %D%/state_counts.c %D%/state_counts.h \
	%D%/tally_table.c %D%/tally_table.h %D%/tcp_state.c %D%/unanswered.c \
	%D%/walk.c
