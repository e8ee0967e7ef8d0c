libcommand_la_SOURCES += \
	%D%/explain.c %D%/explain_ahead.c %D%/explain_ahead.h %D%/explain_hosts.c \
	%D%/explain_hosts.h %D%/explain_list.c %D%/explain_list.h \
	%D%/explain_options.c %D%/explain_options.h %D%/explain_series.c \
	%D%/explain_series.h %D%/explain_tree.c %D%/explain_tree.h \
	%D%/explain_view.c %D%/explain_view.h %D%/explain_words_flood.c \
	%D%/explain_words_flood.h %D%/json.c %D%/json.h %D%/model.c %D%/model.h \
	%D%/page.c %D%/page.h %D%/source.c %D%/source.h %D%/text.c %D%/text.h \
	%D%/words.c %D%/words.h
