libcommand_la_SOURCES += %D%/bench_read.c
