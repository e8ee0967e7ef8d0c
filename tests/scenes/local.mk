# What the tests of several folders share: scenes, and the main of each program.
tests_scenes_libscenes_la_SOURCES = \
	%D%/comma_locale.h %D%/fake_daemon.c %D%/fake_daemon.h \
	%D%/flood_scene.c %D%/flood_scene.h %D%/history_scene.c %D%/history_scene.h \
	%D%/hosts_feed.c %D%/hosts_feed.h %D%/judgement_soundness.c \
	%D%/judgement_soundness.h %D%/manual_conf.c %D%/manual_conf.h \
	%D%/manual_page.c %D%/manual_page.h %D%/observed_host.h %D%/random_load.h \
	%D%/random_reading.h %D%/random_state.h %D%/state_folder.h \
	%D%/suite.c %D%/suite.h
tests_scenes_libcollectd_log_la_SOURCES = %D%/collectd_log.c %D%/collectd_log.h
tests_scenes_libcollectd_log_la_CPPFLAGS = $(plugin_cppflags)
