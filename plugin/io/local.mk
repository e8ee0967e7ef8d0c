# Headers beside the .c are private to this folder.
libio_la_CPPFLAGS = $(room_cppflags)
libio_la_SOURCES = \
	include/io/table_source.h %D%/diag_source.c %D%/diag_source.h \
	%D%/half_open.c %D%/half_open.h %D%/listener_probe.h %D%/space_probe.h \
	%D%/holders_look.c %D%/holders_look.h %D%/holder_probe.h \
	%D%/proc_source.c %D%/proc_source.h %D%/table_source.c
include plugin/io/namespaces/local.mk

# The program for the kernel is compiled, and put into a header as bytes. What
# needs it is in a folder of its own.
EXTRA_DIST += %D%/bpf/listener_probe.bpf.c %D%/bpf/space_probe.bpf.c %D%/bpf/kernel_types.bpf.h
EXTRA_DIST += %D%/bpf/holder_probe.bpf.c
if HAVE_BPF
libio_la_CPPFLAGS += $(LIBBPF_CFLAGS) -I$(srcdir)/plugin -isystem $(builddir)/%D%/bpf
libio_la_LIBADD = $(LIBBPF_LIBS)
libio_la_SOURCES += %D%/bpf/listener_probe.c %D%/bpf/probe_load.h %D%/bpf/space_probe.c
libio_la_SOURCES += %D%/bpf/holder_probe.c
BUILT_SOURCES += %D%/bpf/listener_probe.skel.h %D%/bpf/space_probe.skel.h %D%/bpf/holder_probe.skel.h
# By a variable: automake leaves out its own rule for a target that it sees here.
probe_objects = %D%/bpf/libio_la-listener_probe.lo %D%/bpf/libio_la-space_probe.lo
$(probe_objects): %D%/bpf/listener_probe.skel.h %D%/bpf/space_probe.skel.h
holder_probe_object = %D%/bpf/libio_la-holder_probe.lo
$(holder_probe_object): %D%/bpf/holder_probe.skel.h
CLEANFILES += %D%/bpf/holder_probe.skel.h %D%/bpf/holder_probe.full.bpf.o %D%/bpf/holder_probe.bpf.o
CLEANFILES += %D%/bpf/listener_probe.skel.h %D%/bpf/listener_probe.full.bpf.o %D%/bpf/listener_probe.bpf.o \
	%D%/bpf/space_probe.skel.h %D%/bpf/space_probe.full.bpf.o %D%/bpf/space_probe.bpf.o
%D%/bpf/listener_probe.skel.h: %D%/bpf/listener_probe.bpf.c %D%/bpf/kernel_types.bpf.h include/table/listener_record.h
	$(make_skeleton)
%D%/bpf/space_probe.skel.h: %D%/bpf/space_probe.bpf.c %D%/bpf/kernel_types.bpf.h include/table/space_record.h include/table/listener_record.h
	$(make_skeleton)
%D%/bpf/holder_probe.skel.h: %D%/bpf/holder_probe.bpf.c %D%/bpf/kernel_types.bpf.h include/table/holder_record.h
	$(make_skeleton)
# Of NAME.skel.h: compile NAME.bpf.c for the kernel, put it into a header.
make_skeleton = $(AM_V_GEN)$(MKDIR_P) $(@D) && part=$(@:.skel.h=) && name=`basename $$part` && \
	$(CLANG) -O2 -g -target bpf -ffreestanding -Wall -Wextra -Wno-unused-parameter -I$(srcdir)/include $(LIBBPF_CFLAGS) \
	  -c $(srcdir)/$$part.bpf.c -o $$part.full.bpf.o && \
	$(BPFTOOL) gen object $$part.bpf.o $$part.full.bpf.o && \
	$(BPFTOOL) gen skeleton $$part.bpf.o name $${name}_bpf >$@.new && mv $@.new $@
else
libio_la_SOURCES += %D%/listener_probe_absent.c %D%/space_probe_absent.c
libio_la_SOURCES += %D%/holder_probe_absent.c
endif

# Apart, for baseline and the command: they read no tables.
libstate_la_CPPFLAGS = $(room_cppflags)
libstate_la_SOURCES = include/io/state_file.h %D%/state_file.c \
	include/io/time_zone.h %D%/time_zone.c %D%/zone_rule.c %D%/zone_rule.h
