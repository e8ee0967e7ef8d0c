/* See entrance.h. May use system calls. Source: setns(2), and
 * net_ns_get_ownership and: a socket and an open file of /proc/net stay in the
 * namespace they were opened in, and keep it. */
#define _GNU_SOURCE
#include "entrance.h"

#include "io/diag_source.h"
#include "io/proc_source.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  SPARE = 128,       /* descriptors that the daemon keeps for all else */
  SELECT_MAX = 1024, /* select(2) knows only numbers below */
  STACK = 256 * 1024,
};

struct errand {
  struct entrance *entrances;
  size_t len;
  struct space_probe *probe; /* NULL: none */
};

/* Other plugins may use select(2): where the limit allows, the low numbers stay
 * theirs. Returns 0, or -EMFILE. */
static int move_away(int *fd, rlim_t limit) {
  int higher = fcntl(*fd, F_DUPFD_CLOEXEC, SELECT_MAX);
  if (higher >= 0) {
    close(*fd);
    *fd = higher;
  }
  return (rlim_t)*fd + SPARE < limit ? 0 : -EMFILE;
}

static int move_all(struct table_descriptors *descriptors) {
  struct rlimit limit = {.rlim_cur = RLIM_INFINITY};
  getrlimit(RLIMIT_NOFILE, &limit);
  int rc = move_away(&descriptors->netlink, limit.rlim_cur);
  for (int i = 0; i < TABLE_FILES && rc == 0; i++)
    if (descriptors->file[i] >= 0)
      rc = move_away(&descriptors->file[i], limit.rlim_cur);
  return rc;
}

static int enter(struct entrance *entrance) {
  struct stat status;
  entrance->failed = "open";
  /* Who names a pipe like a namespace does not hold up the reading. */
  int space = open(entrance->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (space < 0)
    return -errno;
  int rc = fstat(space, &status) == 0 ? 0 : -errno;
  if (rc == 0 && status.st_ino != entrance->inode)
    rc = -ESTALE;
  if (rc == 0) {
    entrance->failed = "enter";
    rc = setns(space, CLONE_NEWNET) == 0 ? 0 : -errno;
  }
  close(space);
  return rc;
}

static int open_one(struct entrance *entrance, struct space_probe *probe) {
  struct table_descriptors *descriptors = &entrance->descriptors;
  *descriptors =
      (struct table_descriptors){.netlink = -1, .file = {-1, -1, -1}};
  int rc = enter(entrance);
  if (rc != 0)
    return rc;
  entrance->failed = "socket";
  rc = diag_source_open(&descriptors->netlink);
  if (rc != 0)
    return rc;
  proc_source_open_kept(descriptors);
  entrance->failed = "files";
  rc = move_all(descriptors);
  if (rc != 0)
    table_descriptors_close(descriptors);
  entrance->marked = rc == 0 && probe != NULL && space_probe_mark(probe) == 0;
  return rc;
}

static void *run(void *argument) {
  struct errand *errand = argument;
  for (size_t i = 0; i < errand->len; i++)
    errand->entrances[i].rc = open_one(&errand->entrances[i], errand->probe);
  return NULL;
}

/* The daemon's signals are for its own threads. */
static int start(pthread_t *thread, struct errand *errand) {
  sigset_t all, before;
  pthread_attr_t attributes;
  int rc = pthread_attr_init(&attributes);
  if (rc != 0)
    return -rc;
  pthread_attr_setstacksize(&attributes, STACK);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  rc = pthread_create(thread, &attributes, run, errand);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return -rc;
}

int entrance_open(struct entrance *entrances, size_t len,
                  struct space_probe *probe) {
  struct errand errand = {entrances, len, probe};
  pthread_t thread;
  if (len == 0)
    return 0;
  int rc = start(&thread, &errand);
  if (rc == 0)
    pthread_join(thread, NULL);
  return rc;
}
