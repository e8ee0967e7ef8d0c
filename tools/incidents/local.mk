libcommand_la_SOURCES += \
	%D%/facts.c %D%/facts.h %D%/html.c %D%/html.h %D%/incidents.c %D%/json.c \
	%D%/json.h %D%/pictures.c %D%/pictures.h %D%/source.c %D%/source.h \
	%D%/text.c %D%/text.h
