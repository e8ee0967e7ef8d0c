/* The surroundings of a daemon under test. */
#ifndef DAEMON_CHILD_H
#define DAEMON_CHILD_H

#include "daemon_harness.h"

/* In the forked child: arrange what setup asks for and become collectd, with
 * DIR/collectd.conf and its stderr in DIR/stderr. Does not return. */
void daemon_child_run(const char *dir, const struct daemon_setup *setup)
    __attribute__((noreturn));

#endif
