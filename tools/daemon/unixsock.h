/* One conversation with collectd's plugin unixsock: commands go out, for each a
 * status line and the lines it announces come back, all of it before a
 * deadline. Beyond libcollectdclient it gives the times of LISTVAL, names of
 * any length and an end to waiting. Source: collectd-unixsock(5). */
#ifndef TOOLS_DAEMON_UNIXSOCK_H
#define TOOLS_DAEMON_UNIXSOCK_H

#include <stddef.h>

enum { UNIXSOCK_LINE_MAX = 4096, UNIXSOCK_PROBLEM_MAX = 512 };

#define UNIXSOCK_DEFAULT_PATH "/var/run/collectd-unixsock"
#define UNIXSOCK_DEFAULT_LIMIT_S 10

struct unixsock;

/* limit_s: for the whole conversation, from here on.
 * Returns 0 and *out, to be closed; or -errno: of connect(2), -ENAMETOOLONG,
 * -ETIMEDOUT where nobody accepts. */
int unixsock_open(const char *path, double limit_s, struct unixsock **out);
void unixsock_close(struct unixsock *daemon);

/* Queue a command, without its newline; it goes out before the next answer is
 * waited for. Returns 0, or -errno. */
int unixsock_send(struct unixsock *daemon, const char *command);

/* The status line of the oldest command. *lines: how many lines follow.
 * Returns 0; -ENOENT where the daemon refuses (no such value); -EBADMSG where
 * it speaks another protocol; -ECONNRESET where it hangs up; -ETIMEDOUT. */
int unixsock_answer(struct unixsock *daemon, size_t *lines);

/* The next of these lines, without its newline, valid until the next call.
 * Returns as unixsock_answer. */
int unixsock_line(struct unixsock *daemon, const char **line);

/* LISTVAL, before anything else is asked: every line goes to take, which
 * returns 0, or -errno to stop. There are more lines than values where a name
 * that came from the network has a newline in it. Returns as unixsock_answer.
 */
int unixsock_list(struct unixsock *daemon,
                  int (*take)(void *context, const char *line), void *context);

/* GETVAL of many values, without a turn for each: want them all, then take
 * what has not come meanwhile. *value: the first data source, NAN where it is
 * unknown or the daemon has no such value any more; it must last until
 * unixsock_take_values. name: host/plugin-instance/type-instance. Return as
 * unixsock_answer. */
int unixsock_want_value(struct unixsock *daemon, const char *name,
                        double *value);
int unixsock_take_values(struct unixsock *daemon);

/* What an error of these means and what to do about it, into problem,
 * UNIXSOCK_PROBLEM_MAX bytes. */
void unixsock_explain(const char *path, int error, char *problem);

#endif
