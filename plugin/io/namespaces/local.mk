# Other network namespaces; headers beside the .c are private to this folder.
libio_la_SOURCES += include/io/namespaces.h %D%/container_name.c \
	%D%/container_name.h %D%/entrance.c %D%/entrance.h \
	%D%/finder.c %D%/finder.h %D%/namespaces.c %D%/naming.c %D%/naming.h
