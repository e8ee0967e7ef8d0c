/* The least that the plugin baseline needs of the daemon, and nothing that
 * would be measured with it. What it allocates is not counted. */
#ifndef BARE_DAEMON_H
#define BARE_DAEMON_H

#include "baseline/fake_registry.h"

/* Meta data of a queue's value: see SIGNALS of tcpstates. */
struct meta_data_s {
  const char *listener, *top_source;
  int64_t backlog;
};

/* What the plugin has dispatched; what it has registered, fake_callbacks tells.
 */
struct bare_daemon {
  uint64_t dispatched;    /* value lists */
  uint64_t notifications; /* in all */
  /* Called with each, in the thread that dispatches; NULL: nobody is. */
  void (*on_notification)(const notification_t *notification);
};
extern struct bare_daemon bare_daemon;

/* The daemon's clock stands still but for this. */
void bare_daemon_set_clock(double now_s);

/* Calls of malloc, calloc and realloc by the plugin's own code, in all. The
 * linker puts it in between: see tests_bench_measure_writes_LDFLAGS in
 * local.mk. */
uint64_t bare_daemon_allocations(void);

/* The longest that a lock is held from now on, in seconds of its holder's
 * processor time; the one under which others are taken does not count. */
void bare_daemon_watch_locks(void);
double bare_daemon_longest_hold_s(void);

/* Load, configure, init. state_file: "" for none; hosts_max: MaxHosts. watches:
 * so many <Watch> blocks that match nothing. Ends the program where it cannot.
 */
void bare_daemon_start(const char *state_file, double hosts_max, int watches);

#endif
