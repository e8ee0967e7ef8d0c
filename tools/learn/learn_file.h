/* The state file that learn writes, whole or not at all, and the collectd that
 * may own it. */
#ifndef TOOLS_LEARN_LEARN_FILE_H
#define TOOLS_LEARN_LEARN_FILE_H

#include "verdict/engine.h"

#include <stdbool.h>

enum { LEARN_PROBLEM_MAX = 4608 };

/* Check before the work whether path can be written. Without force it must not
 * exist. Returns 0, or -errno and why in problem (LEARN_PROBLEM_MAX bytes). */
int learn_file_check(const char *path, bool force, char *problem);

/* Save what the filter chooses from the engine. now_s: the time of saving.
 * Returns as learn_file_check; on failure path keeps its old content. */
int learn_file_write(const char *path, bool force, double now_s,
                     struct engine *engine, const struct engine_filter *filter,
                     char *problem);

enum learn_daemon {
  LEARN_DAEMON_NONE,  /* no such process */
  LEARN_DAEMON_OTHER, /* one runs; it is not known whether with that file */
  LEARN_DAEMON_OWN    /* one runs with the file's folder as its BaseDir */
};

/* A collectd that runs on this machine would overwrite a state that is put in
 * its place meanwhile. Looks in proc ("/proc") for processes named collectd
 * that have the plugin baseline loaded, or whose maps cannot be read. *pid: of
 * the one found. */
enum learn_daemon learn_daemon_find(const char *proc, const char *state,
                                    long *pid);

#endif
