libcommand_la_SOURCES += \
	%D%/fleet.c %D%/fleet.h %D%/line.c %D%/line.h %D%/nagios.c \
	%D%/nagios_fleet_line.c %D%/nagios_options.c %D%/nagios_options.h
