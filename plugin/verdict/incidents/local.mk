libverdict_la_SOURCES += \
	include/verdict/incidents/accept_overflow.h \
	include/verdict/incidents/catalogue.h include/verdict/incidents/excess.h \
	include/verdict/incidents/held_connections.h \
	include/verdict/incidents/incident.h \
	include/verdict/incidents/off_baseline.h \
	include/verdict/incidents/saved_fields.h \
	include/verdict/incidents/syn_flood.h include/verdict/incidents/trace.h \
	%D%/accept_overflow.c %D%/catalogue.c %D%/excess.c %D%/held_connections.c %D%/incident.c \
	%D%/off_baseline.c %D%/syn_flood.c %D%/syn_flood_tests.c \
	%D%/syn_flood_tests.h %D%/syn_flood_trace.c %D%/trace.c
