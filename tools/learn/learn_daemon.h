/* A collectd that runs on this machine: it would write over a state that is
 * put in its place meanwhile. */
#ifndef TOOLS_LEARN_LEARN_DAEMON_H
#define TOOLS_LEARN_LEARN_DAEMON_H

enum learn_daemon {
  LEARN_DAEMON_NONE,  /* none is seen */
  LEARN_DAEMON_OTHER, /* one runs; whether with that file is not known */
  LEARN_DAEMON_OWN    /* one runs with the file's folder as its BaseDir */
};

/* Look through proc ("/proc") for processes named collectd that have the plugin
 * baseline loaded, or of whom that cannot be seen. *pid: of the one found. */
enum learn_daemon learn_daemon_find(const char *proc, const char *state,
                                    long *pid);

#endif
