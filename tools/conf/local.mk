libcommand_la_SOURCES += \
	%D%/conf_rules.c %D%/conf_rules.h %D%/conf_syntax.c %D%/conf_syntax.h \
	%D%/replay_settings.c %D%/replay_settings.h %D%/settings_grammar.c \
	%D%/settings_grammar.h
