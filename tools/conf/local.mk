libcommand_la_SOURCES += \
	%D%/conf_files.c %D%/conf_files.h %D%/conf_look.c %D%/conf_look.h \
	%D%/conf_rules.c %D%/conf_rules.h %D%/conf_silences.c %D%/conf_silences.h \
	%D%/conf_state.c %D%/conf_state.h %D%/conf_syntax.c %D%/conf_syntax.h \
	%D%/conf_tree.c %D%/conf_tree.h
