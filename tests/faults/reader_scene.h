/* The plugin tcpstates itself under a stand-in for the daemon, over a kernel
 * and a /proc of the test's own. Its log is collectd_log.h's. The program is
 * linked with --wrap=table_source_create, which leads it to that /proc. */
#ifndef READER_SCENE_H
#define READER_SCENE_H

#include "io/fake_netlink.h"
#include "io/proc_root.h"

#include <stdbool.h>
#include <stddef.h>

extern char reader_root[PROC_ROOT_PATH];

/* A fresh /proc and kernel: two listeners, two ESTABLISHED, a CLOSE_WAIT and a
 * TIME_WAIT; /proc has a SYN_RECV beside them. */
void reader_scene_setup(void);
void reader_scene_teardown(void);

/* Loads the plugin and configures it: Source, "auto", "netlink" or "proc", and
 * ReportListeners. Returns what the config callback says. */
int reader_scene_configure(const char *source, bool listeners);

/* The init callback; the shutdown callback, which must return 0. */
int reader_scene_init(void);
void reader_scene_stop(void);

/* One interval: the read callback, which must return 0. Faults of the kernel
 * are counted from here on. Returns how many values were dispatched; all of one
 * time, or the test fails. */
size_t reader_scene_read(void);

/* A value of the last read callback by its type and type instance, of the
 * instance "all"; NAN where it was not dispatched. */
double reader_scene_value(const char *type, const char *type_instance);

/* How many of the last ones were dispatched with meta data. */
size_t reader_scene_with_meta(void);

/* Configure, init and two whole readings, about which nothing is said. */
void reader_scene_begin(const char *source);

/* One interval with all its values, and the right ones; and how many they are.
 */
void reader_scene_assert_whole(void);
size_t reader_scene_whole(void);

/* What was logged, which is forgotten then: this among it, or this alone. */
void reader_scene_assert_said(const char *text);
void reader_scene_assert_one_line(const char *text);

/* The file descriptors of this process. */
unsigned reader_scene_open_files(void);

#endif
