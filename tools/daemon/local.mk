libcommand_la_SOURCES += \
	%D%/daemon_options.c %D%/daemon_options.h %D%/host_model.c %D%/host_model.h \
	%D%/host_names.c %D%/host_names.h %D%/listed_value.c %D%/listed_value.h \
	%D%/listing.c %D%/listing.h %D%/status_incident.c %D%/status_incident.h \
	%D%/status_metrics.c %D%/status_metrics.h %D%/unixsock.c %D%/unixsock.h \
	%D%/unixsock_explain.c %D%/watch_reading.c %D%/watch_reading.h
