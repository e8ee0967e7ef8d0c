# Headers beside the .c are private to this folder.
libio_la_CPPFLAGS = $(room_cppflags)
libio_la_SOURCES = \
	include/io/table_source.h %D%/diag_source.c %D%/diag_source.h \
	%D%/half_open.c %D%/half_open.h %D%/listener_probe.h \
	%D%/proc_source.c %D%/proc_source.h %D%/table_source.c
include plugin/io/namespaces/local.mk

# The program for the kernel is compiled, and put into a header as bytes. What
# needs it is in a folder of its own.
EXTRA_DIST += %D%/bpf/listener_probe.bpf.c %D%/bpf/kernel_types.bpf.h
if HAVE_BPF
libio_la_CPPFLAGS += $(LIBBPF_CFLAGS) -I$(srcdir)/plugin -isystem $(builddir)/%D%/bpf
libio_la_LIBADD = $(LIBBPF_LIBS)
libio_la_SOURCES += %D%/bpf/listener_probe.c
BUILT_SOURCES += %D%/bpf/listener_probe.skel.h
%D%/bpf/libio_la-listener_probe.lo: %D%/bpf/listener_probe.skel.h
CLEANFILES += %D%/bpf/listener_probe.skel.h %D%/bpf/listener_probe.full.bpf.o %D%/bpf/listener_probe.bpf.o
%D%/bpf/listener_probe.skel.h: %D%/bpf/listener_probe.bpf.c %D%/bpf/kernel_types.bpf.h include/table/listener_record.h
	$(AM_V_GEN)$(MKDIR_P) %D%/bpf && \
	$(CLANG) -O2 -g -target bpf -ffreestanding -Wall -Wextra -Wno-unused-parameter -I$(srcdir)/include $(LIBBPF_CFLAGS) \
	  -c $(srcdir)/%D%/bpf/listener_probe.bpf.c -o %D%/bpf/listener_probe.full.bpf.o && \
	$(BPFTOOL) gen object %D%/bpf/listener_probe.bpf.o %D%/bpf/listener_probe.full.bpf.o && \
	$(BPFTOOL) gen skeleton %D%/bpf/listener_probe.bpf.o name listener_probe_bpf >$@.new && mv $@.new $@
else
libio_la_SOURCES += %D%/listener_probe_absent.c
endif

# Apart, for baseline and the command: they read no tables.
libstate_la_CPPFLAGS = $(room_cppflags)
libstate_la_SOURCES = include/io/state_file.h %D%/state_file.c \
	include/io/time_zone.h %D%/time_zone.c %D%/zone_rule.c %D%/zone_rule.h
