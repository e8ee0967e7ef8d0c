libcommand_la_SOURCES += \
	%D%/csv.c %D%/csv.h %D%/csv_file.c %D%/csv_file.h %D%/csv_folder.c \
	%D%/csv_folder.h %D%/file_names.c %D%/file_names.h %D%/history.c \
	%D%/history.h %D%/lines.c %D%/lines.h %D%/open.c %D%/rrd.c %D%/rrd.h
