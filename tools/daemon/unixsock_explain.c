/* Why there is no conversation with the daemon, and what to do. Looks at the
 * socket's file, its owner and group. */
#include "unixsock.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_NAME_MAX = 33 };

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

/* By the socket's own permissions: whom they let in. */
static void explain_denied(const char *path, char *problem) {
  char me[SHOWN_NAME_MAX], group[SHOWN_NAME_MAX];
  struct stat file;

  name_user(geteuid(), me);
  if (stat(path, &file) != 0) {
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: Permission denied; user %s may not enter its folder: run "
             "this as root, or let that user in there",
             path, me);
    return;
  }
  name_group(file.st_gid, group);
  bool group_may = (file.st_mode & S_IWGRP) != 0 && file.st_gid != 0;
  if (group_may)
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: Permission denied; it is open to group %s: run this as "
             "root, or make user %s a member of that group",
             path, group, me);
  else
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: Permission denied; its group is %s and its mode %04o: "
             "run this as root, or give <Plugin unixsock> the lines "
             "SocketGroup \"GROUP\", a group of user %s, and SocketPerms "
             "\"0660\", and restart collectd",
             path, group, (unsigned)(file.st_mode & 07777), me);
}

static bool is_other_file(const char *path) {
  struct stat file;

  return stat(path, &file) == 0 && !S_ISSOCK(file.st_mode);
}

static const char *advice_for(int error) {
  switch (error) {
  case ENOTSOCK:
    return "the SocketFile of <Plugin unixsock> is named with -s";
  case ENOENT:
    return "is collectd running, with the line \"LoadPlugin unixsock\" in "
           "collectd.conf? Another SocketFile is named with -s";
  case ECONNREFUSED:
    return "nobody listens there: collectd is not running";
  case ENAMETOOLONG:
    return "no socket can have so long a path; the SocketFile of <Plugin "
           "unixsock> is named with -s";
  default:
    return "is this the socket of collectd's plugin unixsock? Another "
           "SocketFile is named with -s";
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
             "%.200s: no answer in time; collectd hangs or is very busy: its "
             "log tells, and a restart may help; -t waits longer",
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
             "%.200s: whoever listens there does not speak the protocol of "
             "collectd's plugin unixsock; its SocketFile is named with -s",
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
