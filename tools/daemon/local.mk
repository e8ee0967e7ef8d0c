libcommand_la_SOURCES += \
	%D%/daemon_options.c %D%/daemon_options.h %D%/fleet.c \
	%D%/fleet.h %D%/host_pattern.c %D%/host_pattern.h %D%/host_model.c %D%/host_model.h %D%/listing.c \
	%D%/listing.h %D%/unixsock.c %D%/unixsock.h
