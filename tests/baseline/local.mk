# The plugin under a stand-in for the daemon; the linker lets it see what is done
# under which lock.
test_programs += %D%/check
glue_wraps = -Wl,--wrap=pthread_mutex_lock -Wl,--wrap=pthread_mutex_unlock \
	-Wl,--wrap=open -Wl,--wrap=write -Wl,--wrap=fsync -Wl,--wrap=rename
fake_registry = %D%/fake_registry.c %D%/fake_registry.h
fleet_load = %D%/fleet_load.c %D%/fleet_load.h
check_LTLIBRARIES += %D%/libglue.la %D%/libplugin.la
tests_baseline_libglue_la_SOURCES = $(fake_registry) \
	%D%/fake_collectd.c %D%/fake_collectd.h %D%/fake_heard.c %D%/fake_heard.h \
	%D%/held_locks.c %D%/held_locks.h
tests_baseline_libglue_la_CPPFLAGS = $(glue_cppflags)
tests_baseline_libplugin_la_SOURCES = plugin/baseline/baseline_plugin.c $(fleet_load) \
	%D%/fleet.c %D%/fleet.h %D%/plugin_scene.c %D%/plugin_scene.h
tests_baseline_libplugin_la_CPPFLAGS = $(glue_cppflags)
baseline_tests_libs = %D%/libplugin.la libbaseline.la libverdict.la libstate.la %D%/libglue.la \
	tests/scenes/libscenes.la $(CHECK_LIBS) -lpthread
tests_baseline_check_SOURCES = %D%/allocations.c %D%/allocations.h \
	%D%/check_allocations.c %D%/check_announcer.c %D%/check_baseline_config.c %D%/check_baseline_facts.c \
	%D%/check_baseline_listeners.c %D%/check_baseline_names.c %D%/check_baseline_plugin.c \
	%D%/check_baseline_steps.c \
	%D%/check_baseline_values.c %D%/check_keeper.c \
	%D%/check_keeper_lock.c %D%/check_keeper_place.c %D%/check_recorder.c \
	%D%/kept_engine.c %D%/kept_engine.h %D%/saved_file.c %D%/saved_file.h
tests_baseline_check_CPPFLAGS = $(glue_cppflags)
tests_baseline_check_LDFLAGS = $(AM_LDFLAGS) $(glue_wraps) -Wl,--wrap=pthread_join \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc
tests_baseline_check_LDADD = $(baseline_tests_libs)
