# The rooms, their tests and both plugins, compiled for another machine type;
# the tests are linked statically and run, here or played by RUN. Called by
# tests/portability/run with SOURCES, CC, AR, RUN, TESTS, HELPERS (C files that
# tests share) and COLLECTD_CPPFLAGS.
VPATH = $(SOURCES)
CFLAGS = -std=c11 -O2 -g -fPIC -Wall -Wextra -Wshadow -Wconversion -Werror
room_cppflags = -D_POSIX_C_SOURCE=200809L -I$(SOURCES)/include
glue_cppflags = $(room_cppflags) -DHAVE_CONFIG_H $(COLLECTD_CPPFLAGS)
test_cppflags = -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 -I$(SOURCES)/include \
	-I$(SOURCES)/tests/portability -I$(SOURCES)/tests \
	-DFIXTURES='"$(SOURCES)/tests/fixtures"'
objects = $(patsubst $(SOURCES)/%.c,%.o,$(wildcard $(addprefix $(SOURCES)/,$(1))))
table = $(call objects,plugin/table/*.c)
verdict = $(call objects,plugin/verdict/*.c)
sources = $(call objects,plugin/io/[!s]*.c)
tcpstates = $(call objects,plugin/tcpstates_*.c)
baseline = $(filter-out $(tcpstates),$(call objects,plugin/*.c)) plugin/io/state_file.o
helpers = $(patsubst %.c,%.o,$(filter %.c,$(HELPERS))) tests/portability/check.o

all: tcpstates.so baseline.so $(TESTS:%=%.done)
%.done: %
	$(RUN) ./$< >$<.log 2>&1 || { cat $<.log; false; }
	@tail -n 1 $<.log
	@touch $@
tests/check_io: $(call objects,tests/io/*.c)
$(TESTS): %: %.o $(helpers) rooms.a
	$(CC) -static -o $@ $(filter %.o,$^) rooms.a -lm -lpthread
rooms.a: $(table) $(verdict) $(sources) plugin/io/state_file.o
	$(AR) rcs $@ $^
tcpstates.so: $(tcpstates) $(table) $(sources) plugin/verdict/settings_scan.o
	$(CC) -shared -o $@ $^ -lm
baseline.so: $(baseline) $(verdict)
	$(CC) -shared -o $@ $^ -lm -lpthread
plugin/%.o: plugin/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(if $(findstring /,$*),$(room_cppflags),$(glue_cppflags)) -c -o $@ $<
tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_cppflags) -c -o $@ $<
.SECONDARY:
.DELETE_ON_ERROR:
