/* One conversation with collectd's plugin unixsock: each command is answered by
 * a status line and by as many lines as that announces, all before a deadline.
 * Unlike libcollectdclient it gives the times of LISTVAL, takes names of any
 * length and never waits longer than it was told. Source:
 * collectd-unixsock(5). */
#ifndef TOOLS_DAEMON_UNIXSOCK_H
#define TOOLS_DAEMON_UNIXSOCK_H

#include <stddef.h>

enum {
  UNIXSOCK_LINE_MAX = 4096,
  UNIXSOCK_PROBLEM_MAX = 512, /* bytes of a text that says what is wrong */
};

#define UNIXSOCK_DEFAULT_PATH "/var/run/collectd-unixsock"
#define UNIXSOCK_DEFAULT_LIMIT_S 10

struct unixsock;

/* limit_s: for the whole conversation, starting now.
 * Returns 0 with *out, which the caller closes; or -errno: those of connect(2),
 * -ENAMETOOLONG, or -ETIMEDOUT if nobody accepts. */
int unixsock_open(const char *path, double limit_s, struct unixsock **out);
void unixsock_close(struct unixsock *daemon);

/* Queue a command, given without its newline; it is sent before the next answer
 * is read. Returns 0, or -errno. */
int unixsock_send(struct unixsock *daemon, const char *command);

/* Read the status line of the oldest command. *lines: how many lines follow.
 * Returns 0; -ENOENT if the daemon refuses (no such value); -EBADMSG if it
 * speaks another protocol; -ECONNRESET if it hangs up; -ETIMEDOUT. */
int unixsock_answer(struct unixsock *daemon, size_t *lines);

/* Read the next of these lines, without its newline; it is valid until the next
 * call. Returns as unixsock_answer. */
int unixsock_line(struct unixsock *daemon, const char **line);

/* LISTVAL; must be the first command. Every line goes to take, which returns 0,
 * or -errno to stop. There are more lines than values if a name that came from
 * the network contains a newline. Returns as unixsock_answer. */
int unixsock_list(struct unixsock *daemon,
                  int (*take)(void *context, const char *line), void *context);

/* GETVAL for many values without waiting for each answer: call want_value for
 * all of them, then take_values once. *value: the first data source; NAN if it
 * is unknown or the daemon no longer has the value; it must stay valid until
 * unixsock_take_values. name: host/plugin-instance/type-instance. Both return
 * as unixsock_answer. */
int unixsock_want_value(struct unixsock *daemon, const char *name,
                        double *value);
int unixsock_take_values(struct unixsock *daemon);

/* Write what an error of these functions means and what to do about it.
 * problem: UNIXSOCK_PROBLEM_MAX bytes. */
void unixsock_explain(const char *path, int error, char *problem);

#endif
