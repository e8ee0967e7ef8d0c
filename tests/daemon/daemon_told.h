/* What a daemon of the tests tells: its files, its log, its values. Everything
 * here fails the test where it does not work. */
#ifndef DAEMON_TOLD_H
#define DAEMON_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
  DAEMON_PATH_MAX = 128,
  DAEMON_TEXT_MAX = 256 * 1024,
  DAEMON_WAIT_STEPS = 300 /* of a tenth of a second */
};

struct daemon {
  pid_t pid;
  char dir[DAEMON_PATH_MAX];
};

/* The text of a file in the daemon's folder; the caller frees. */
char *daemon_read_file(const struct daemon *daemon, const char *name);

/* name: "tcpstates-all/percent-completion". Returns whether the daemon has the
 * value; counters come as rates. */
bool daemon_value(const struct daemon *daemon, const char *name, double *value);

/* Wait until the value is there and is that one. */
void daemon_await(const struct daemon *daemon, const char *name,
                  double expected);

/* How often the text is in the daemon's log; wait until it is. */
int daemon_count_log(const struct daemon *daemon, const char *text);
void daemon_await_log(const struct daemon *daemon, const char *text);

/* How often tcpstates has said anything; but that a busy machine was slow is no
 * fault. */
int daemon_complaints(const struct daemon *daemon);

void daemon_pause(double seconds);

#endif
