libcommand_la_SOURCES += \
	%D%/chains.c %D%/check_config.c %D%/findings.c %D%/findings.h %D%/habits.c \
	%D%/ours.c %D%/places.c %D%/plugins.c %D%/site.h
