/* One talk with a daemon over its plugin unixsock, a line and its answer at a
 * time. What fails fails the test. */
#ifndef DAEMON_TALK_H
#define DAEMON_TALK_H

#include "daemon_harness.h"

/* Begin to talk, with whom one talked before no more; waits for the socket. */
void daemon_talk(const struct daemon *daemon);
void daemon_hang_up(void);

/* Send a line, which ends with \n. Returns the status that the answer begins
 * with; below 0: refused. */
__attribute__((format(printf, 1, 2))) long daemon_ask(const char *format, ...);

/* The same of a line whose answer is 0. */
__attribute__((format(printf, 1, 2))) void daemon_tell(const char *format, ...);

/* Wait until the daemon has that value, of that time: "host/plugin/type". */
void daemon_await_time(const char *identifier, double time_s);

#endif
