libcommand_la_SOURCES += %D%/notify_test.c
