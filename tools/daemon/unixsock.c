/* See unixsock.h. Touches the socket and the monotonic clock; to explain an
 * error also the socket's file, its owner and its group. */
#define _GNU_SOURCE
#include "unixsock.h"

#include "lib/moment.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <grp.h>
#include <math.h>
#include <poll.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum {
  READ_MAX = 64 * 1024,
  WRITE_MAX = 16 * 1024,
  WINDOW = 64, /* values asked for before the answers are read */
  SHOWN_NAME_MAX = 33,
};

struct unixsock {
  struct sockaddr_un address;
  int fd;       /* -1: not connected */
  double end_s; /* deadline, by the monotonic clock */
  size_t out_len;
  char out[WRITE_MAX];
  size_t wanted_len; /* values asked for and not yet read */
  double *wanted[WINDOW];
  size_t in_from, in_len; /* bytes received and not yet read */
  char in[READ_MAX + 1];
};

/* connect(2) waits while the listener's backlog is full; the socket's send
 * timeout limits that wait. */
static int connect_before(int fd, const struct sockaddr_un *address,
                          double end_s) {
  for (;;) {
    double left_s = end_s - moment_steady();
    if (left_s <= 0)
      return -ETIMEDOUT;
    struct timeval left = {.tv_sec = (time_t)left_s};
    left.tv_usec = (suseconds_t)((left_s - (double)left.tv_sec) * 1e6) + 1;
    if (left.tv_usec > 999999)
      left.tv_usec = 999999;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &left, sizeof(left)) != 0)
      return -errno;
    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
      return 0;
    if (errno != EINTR)
      return errno == EAGAIN ? -ETIMEDOUT : -errno;
  }
}

static int begin(struct unixsock *daemon) {
  daemon->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (daemon->fd < 0)
    return -errno;
  return connect_before(daemon->fd, &daemon->address, daemon->end_s);
}

static void end(struct unixsock *daemon) {
  close(daemon->fd);
  daemon->fd = -1;
}

int unixsock_open(const char *path, double limit_s, struct unixsock **out) {
  struct unixsock *daemon;

  if (strlen(path) >= sizeof(daemon->address.sun_path))
    return -ENAMETOOLONG;
  daemon = calloc(1, sizeof(*daemon));
  if (!daemon)
    return -ENOMEM;
  daemon->address.sun_family = AF_UNIX;
  memcpy(daemon->address.sun_path, path, strlen(path));
  daemon->end_s = moment_steady() + limit_s;
  int rc = begin(daemon);
  if (rc == 0)
    *out = daemon;
  else
    unixsock_close(daemon);
  return rc;
}

void unixsock_close(struct unixsock *daemon) {
  if (daemon)
    end(daemon);
  free(daemon);
}

/* Returns 0 once the socket is ready for events, or -errno. */
static int await(const struct unixsock *daemon, short events) {
  struct pollfd ready = {.fd = daemon->fd, .events = events};

  for (double left_s; (left_s = daemon->end_s - moment_steady()) > 0;) {
    int count = poll(&ready, 1, (int)fmin(ceil(left_s * 1e3), 1e9));
    if (count > 0)
      return 0;
    if (count < 0 && errno != EINTR)
      return -errno;
  }
  return -ETIMEDOUT;
}

static int flush(struct unixsock *daemon) {
  size_t sent = 0;

  while (sent < daemon->out_len) {
    ssize_t count = send(daemon->fd, daemon->out + sent, daemon->out_len - sent,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      sent += (size_t)count;
      continue;
    }
    if (errno != EAGAIN && errno != EINTR)
      return errno == EPIPE ? -ECONNRESET : -errno;
    int rc = await(daemon, POLLOUT);
    if (rc != 0)
      return rc;
  }
  daemon->out_len = 0;
  return 0;
}

int unixsock_send(struct unixsock *daemon, const char *command) {
  size_t len = strlen(command);

  if (len + 1 > sizeof(daemon->out))
    return -ENAMETOOLONG;
  if (len + 1 > sizeof(daemon->out) - daemon->out_len) {
    int rc = flush(daemon);
    if (rc != 0)
      return rc;
  }
  memcpy(daemon->out + daemon->out_len, command, len);
  daemon->out[daemon->out_len + len] = '\n';
  daemon->out_len += len + 1;
  return 0;
}

/* Returns 0 with more in the buffer, or -errno. */
static int read_more(struct unixsock *daemon) {
  memmove(daemon->in, daemon->in + daemon->in_from, daemon->in_len);
  daemon->in_from = 0;
  for (;;) {
    int rc = await(daemon, POLLIN);
    if (rc != 0)
      return rc;
    ssize_t count = recv(daemon->fd, daemon->in + daemon->in_len,
                         READ_MAX - daemon->in_len, MSG_DONTWAIT);
    if (count > 0) {
      daemon->in_len += (size_t)count;
      return 0;
    }
    if (count == 0)
      return -ECONNRESET;
    if (errno != EAGAIN && errno != EINTR)
      return -errno;
  }
}

int unixsock_line(struct unixsock *daemon, const char **line) {
  int rc = flush(daemon);

  while (rc == 0) {
    char *from = daemon->in + daemon->in_from;
    char *newline = memchr(from, '\n', daemon->in_len);
    if (newline) {
      *newline = '\0';
      *line = from;
      daemon->in_from += (size_t)(newline + 1 - from);
      daemon->in_len -= (size_t)(newline + 1 - from);
      return 0;
    }
    rc = daemon->in_len >= UNIXSOCK_LINE_MAX ? -EBADMSG : read_more(daemon);
  }
  return rc;
}

int unixsock_answer(struct unixsock *daemon, size_t *lines) {
  const char *line = NULL;
  char *behind = NULL;
  int rc = unixsock_line(daemon, &line);

  if (rc != 0)
    return rc;
  errno = 0;
  long status = strtol(line, &behind, 10);
  if (errno != 0 || behind == line || *behind != ' ')
    return -EBADMSG;
  if (status < 0)
    return -ENOENT;
  *lines = (size_t)status;
  return 0;
}

/* Every line until the daemon hangs up. values: how many lines must come. */
static int take_lines(struct unixsock *daemon, size_t values,
                      int (*take)(void *context, const char *line),
                      void *context) {
  const char *line = NULL;
  int rc = 0;

  for (size_t i = 0; rc == 0; i++) {
    rc = unixsock_line(daemon, &line);
    if (rc == -ECONNRESET && i >= values)
      return 0;
    if (rc == 0)
      rc = take(context, line);
  }
  return rc;
}

/* A name that contains a newline is two lines and would shift every answer
 * after it. So nothing is asked after the list: it ends when the daemon hangs
 * up, and later commands use a new connection. */
int unixsock_list(struct unixsock *daemon,
                  int (*take)(void *context, const char *line), void *context) {
  size_t values = 0;
  int rc = unixsock_send(daemon, "LISTVAL");

  rc = rc == 0 ? flush(daemon) : rc;
  shutdown(daemon->fd, SHUT_WR);
  if (rc == 0)
    rc = unixsock_answer(daemon, &values);
  if (rc == 0)
    rc = take_lines(daemon, values, take, context);
  end(daemon);
  daemon->in_len = 0;
  return rc == 0 ? begin(daemon) : rc;
}

/* The name goes in quotes, with a backslash before each quote and backslash. */
static int ask_value(struct unixsock *daemon, const char *name) {
  char command[UNIXSOCK_LINE_MAX] = "GETVAL \"";
  size_t len = strlen(command);

  for (; *name != '\0'; name++) {
    if (len + 4 > sizeof(command))
      return -ENAMETOOLONG;
    if (*name == '"' || *name == '\\')
      command[len++] = '\\';
    command[len++] = *name;
  }
  command[len] = '"';
  command[len + 1] = '\0';
  return unixsock_send(daemon, command);
}

/* "value=4.200000e+01" */
static int read_value(const char *line, double *value) {
  const char *equals = strrchr(line, '=');
  char *behind = NULL;
  double number = equals ? plain_text_number(equals + 1, &behind) : NAN;

  if (!equals || behind == equals + 1 || *behind != '\0')
    return -EBADMSG;
  *value = number;
  return 0;
}

static int take_value(struct unixsock *daemon, double *value) {
  const char *line = NULL;
  size_t lines = 0;
  double first = NAN;
  int rc = unixsock_answer(daemon, &lines);

  for (size_t i = 0; rc == 0 && i < lines; i++) {
    rc = unixsock_line(daemon, &line);
    if (rc == 0 && i == 0)
      rc = read_value(line, &first);
  }
  if (rc != 0 && rc != -ENOENT)
    return rc;
  *value = first;
  return 0;
}

int unixsock_take_values(struct unixsock *daemon) {
  int rc = 0;

  for (size_t i = 0; rc == 0 && i < daemon->wanted_len; i++)
    rc = take_value(daemon, daemon->wanted[i]);
  daemon->wanted_len = 0;
  return rc;
}

int unixsock_want_value(struct unixsock *daemon, const char *name,
                        double *value) {
  int rc = daemon->wanted_len < WINDOW ? 0 : unixsock_take_values(daemon);

  if (rc == 0)
    rc = ask_value(daemon, name);
  if (rc == 0)
    daemon->wanted[daemon->wanted_len++] = value;
  return rc;
}

static void name_group(gid_t gid, char *name) {
  const struct group *group = getgrgid(gid);

  if (group)
    snprintf(name, SHOWN_NAME_MAX, "%s", group->gr_name);
  else
    snprintf(name, SHOWN_NAME_MAX, "%ld", (long)gid);
}

static void name_user(uid_t uid, char *name) {
  const struct passwd *user = getpwuid(uid);

  if (user)
    snprintf(name, SHOWN_NAME_MAX, "%s", user->pw_name);
  else
    snprintf(name, SHOWN_NAME_MAX, "%ld", (long)uid);
}

/* The socket's permissions say who may use it. */
static void explain_denied(const char *path, char *problem) {
  char me[SHOWN_NAME_MAX], group[SHOWN_NAME_MAX];
  struct stat file;

  name_user(geteuid(), me);
  if (stat(path, &file) != 0) {
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: Permission denied; user %s may not enter its folder: run "
             "this as root, or give that user access to the folder",
             path, me);
    return;
  }
  name_group(file.st_gid, group);
  bool group_may = (file.st_mode & S_IWGRP) != 0 && file.st_gid != 0;
  if (group_may)
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: Permission denied; only group %s has access: run this as "
             "root, or add user %s to that group",
             path, group, me);
  else
    snprintf(
        problem, UNIXSOCK_PROBLEM_MAX,
        "%.200s: Permission denied; its group is %s and its mode %04o: run "
        "this as root, or set SocketGroup \"GROUP\" (a group of user %s) and "
        "SocketPerms \"0660\" in <Plugin unixsock>, and restart collectd",
        path, group, (unsigned)(file.st_mode & 07777), me);
}

static bool is_other_file(const char *path) {
  struct stat file;

  return stat(path, &file) == 0 && !S_ISSOCK(file.st_mode);
}

static const char *advice_for(int error) {
  switch (error) {
  case ENOTSOCK:
    return "name the SocketFile of <Plugin unixsock> with -s";
  case ENOENT:
    return "is collectd running, with the line \"LoadPlugin unixsock\" in "
           "collectd.conf? If SocketFile is set, name it with -s";
  case ECONNREFUSED:
    return "nothing listens there: collectd is not running";
  case ENAMETOOLONG:
    return "this path is too long for a socket; name the SocketFile of <Plugin "
           "unixsock> with -s";
  default:
    return "is this the socket of collectd's plugin unixsock? If SocketFile is "
           "set, name it with -s";
  }
}

void unixsock_explain(const char *path, int error, char *problem) {
  if (is_other_file(path))
    error = ENOTSOCK;
  switch (error) {
  case EACCES:
  case EPERM:
    explain_denied(path, problem);
    break;
  case ETIMEDOUT:
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: no answer in time; collectd hangs or is very busy: see "
             "its log; a restart may help; -t waits longer",
             path);
    break;
  case ECONNRESET:
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: the connection was closed without an answer; is collectd "
             "being restarted? Try again",
             path);
    break;
  case EBADMSG:
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: the program that listens there does not speak the "
             "protocol of collectd's plugin unixsock; name the SocketFile of "
             "that plugin with -s",
             path);
    break;
  case ENOMEM:
    snprintf(problem, UNIXSOCK_PROBLEM_MAX, "out of memory");
    break;
  default:
    snprintf(problem, UNIXSOCK_PROBLEM_MAX, "%.200s: %s; %s", path,
             strerror(error), advice_for(error));
    break;
  }
}
