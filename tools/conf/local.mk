libcommand_la_SOURCES += \
	%D%/conf_rules.c %D%/conf_rules.h %D%/conf_setting.c \
	%D%/conf_setting.h %D%/conf_syntax.c %D%/conf_syntax.h
