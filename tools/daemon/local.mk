libcommand_la_SOURCES += \
	%D%/daemon_options.c %D%/daemon_options.h %D%/fleet.c \
	%D%/fleet.h %D%/fleet_words.c %D%/fleet_words.h %D%/host_pattern.c %D%/host_pattern.h \
	%D%/host_model.c %D%/host_model.h %D%/listing.c \
	%D%/listing.h %D%/unixsock.c %D%/unixsock.h
