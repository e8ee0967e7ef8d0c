libcommand_la_SOURCES += \
	%D%/fleet.c %D%/fleet.h %D%/line.c %D%/line.h %D%/nagios.c
