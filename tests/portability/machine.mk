# The rooms, their tests and both plugins, compiled for another machine type;
# the tests are linked statically and run, here or played by RUN. Called by
# tests/portability/run with SOURCES, CC, AR, RUN and COLLECTD_CPPFLAGS.
VPATH = $(SOURCES)
CFLAGS = -std=c11 -O2 -g -fPIC -Wall -Wextra -Wshadow -Wconversion -Werror
room_cppflags = -D_POSIX_C_SOURCE=200809L -I$(SOURCES)/include -I$(SOURCES)/plugin
glue_cppflags = $(room_cppflags) -DHAVE_CONFIG_H $(COLLECTD_CPPFLAGS)
test_cppflags = -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 -I$(SOURCES)/include \
	-I$(SOURCES)/tests/portability -I$(SOURCES)/tests -I$(SOURCES)/plugin \
	-DFIXTURES='"$(SOURCES)/tests/fixtures"'
objects = $(patsubst $(SOURCES)/%.c,%.o,$(wildcard $(addprefix $(SOURCES)/,$(1))))
table = $(call objects,plugin/table/*.c)
verdict = $(call objects,plugin/verdict/*.c plugin/verdict/*/*.c)
sources = $(filter-out plugin/io/state_file.o,$(call objects,plugin/io/*.c plugin/io/namespaces/*.c))
tcpstates = $(call objects,plugin/tcpstates/*.c)
baseline = $(call objects,plugin/baseline/*.c) plugin/io/state_file.o plugin/io/time_zone.o plugin/io/zone_rule.o
scenes = $(addprefix tests/scenes/,suite.o flood_scene.o hosts_feed.o judgement_soundness.o)
helpers = $(scenes) tests/portability/check.o

# Tests that need no more than the rooms. Counting allocations needs a linker's
# option, and a program that is played is too slow to be killed 200 times, or to
# live through months of values.
folders = table io verdict verdict/incidents verdict/state verdict/watch
left_out = tests/io/check_warm_reading.o \
	$(if $(RUN),tests/io/check_state_file_faults.o tests/verdict/watch/check_habit.o)
programs = $(folders:%=tests/%/check)

all: tcpstates.so baseline.so $(programs:%=%.done)
%.done: %
	$(RUN) ./$< >$<.log 2>&1 || { cat $<.log; false; }
	@tail -n 1 $<.log
	@touch $@
define program
tests/$(1)/check: $$(filter-out $$(left_out),$$(call objects,tests/$(1)/*.c)) $$(helpers) rooms.a
	$$(CC) -static -o $$@ $$(filter %.o,$$^) rooms.a -lm -lpthread
endef
$(foreach folder,$(folders),$(eval $(call program,$(folder))))
rooms.a: $(table) $(verdict) $(sources) plugin/io/state_file.o
	$(AR) rcs $@ $^
tcpstates.so: $(tcpstates) $(table) $(sources) plugin/verdict/config_value.o plugin/verdict/plain_text.o
	$(CC) -shared -o $@ $^ -lm -lpthread
baseline.so: $(baseline) $(verdict)
	$(CC) -shared -o $@ $^ -lm -lpthread
plugin/tcpstates/%.o plugin/baseline/%.o: room_cppflags := $(glue_cppflags)
plugin/%.o: plugin/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(room_cppflags) -c -o $@ $<
tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(test_cppflags) -c -o $@ $<
.SECONDARY:
.DELETE_ON_ERROR:
