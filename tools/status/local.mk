libcommand_la_SOURCES += \
	%D%/draw.c %D%/draw.h %D%/fleet.c %D%/fleet.h %D%/json.c %D%/json.h %D%/status.c
