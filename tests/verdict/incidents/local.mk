test_programs += %D%/check
tests_verdict_incidents_check_SOURCES = \
	%D%/check_accept_overflow.c %D%/check_catalogue.c %D%/check_excess.c %D%/check_held_connections.c %D%/check_incident.c \
	%D%/check_off_baseline.c %D%/check_syn_flood.c \
	%D%/check_syn_flood_patience.c %D%/check_syn_flood_quiet.c \
	%D%/check_trace.c
tests_verdict_incidents_check_LDADD = $(room_tests_libs)
