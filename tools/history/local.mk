libcommand_la_SOURCES += \
	%D%/csv.c %D%/csv.h %D%/csv_file.c %D%/csv_file.h %D%/csv_folder.c \
	%D%/csv_folder.h %D%/file_names.c %D%/file_names.h %D%/history.c \
	%D%/history.h %D%/history_archives.c %D%/history_archives.h \
	%D%/history_days.c %D%/history_days.h %D%/history_heads.c \
	%D%/history_heads.h %D%/history_interval.c %D%/history_interval.h \
	%D%/history_lines.c %D%/history_lines.h %D%/history_rows.c \
	%D%/history_rows.h %D%/open.c %D%/rrd.c %D%/rrd.h
