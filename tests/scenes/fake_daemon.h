/* A stand-in for collectd's plugin unixsock: a process of its own that answers
 * one connection after the other, or fails to in the ways a daemon can. */
#ifndef TESTS_SCENES_FAKE_DAEMON_H
#define TESTS_SCENES_FAKE_DAEMON_H

#include <stdio.h>
#include <sys/types.h>

struct fake_daemon {
  pid_t pid;
  char dir[64];
  char path[80]; /* of its socket */
};

/* Called for each command; writes the answer. */
typedef void (*fake_daemon_answer)(const char *command, FILE *out);

/* answer: NULL for one that accepts, reads and says nothing. Fails the test
 * where it cannot be started. */
void fake_daemon_start(struct fake_daemon *daemon, fake_daemon_answer answer);

/* One whose queue of connections is full: it accepts nobody. */
void fake_daemon_start_deaf(struct fake_daemon *daemon);

void fake_daemon_stop(struct fake_daemon *daemon);

#endif
