/* The network namespaces of this machine: those with a name in /run/netns, and
 * those that a process is in. Looks, enters nothing. Private to this folder. */
#ifndef IO_NAMESPACES_FINDER_H
#define IO_NAMESPACES_FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
  FINDER_PATH_MAX = 288,
  FINDER_MAX = 1 << 16, /* names and processes, together */
};

struct finder_space {
  ino_t inode;
  pid_t pid;                  /* the oldest process in it; 0: not known */
  const char *title;          /* its name in /run/netns, in path; NULL: none */
  char path[FINDER_PATH_MAX]; /* of the namespace, to enter it */
};

/* All zeros at the beginning; kept, so that the next look allocates nothing. */
struct finder {
  dev_t device;                /* of all namespaces */
  ino_t own;                   /* that of this process: it is never listed */
  struct finder_space *spaces; /* sorted by inode, each once */
  size_t len, capacity;
  bool may_see; /* with CAP_SYS_PTRACE, what is not shown is nobody's fault */
  bool hidden;  /* namespaces of other users' processes were not shown */
};

/* Of this thread, by its number in linux/capability.h. */
bool finder_has_capability(unsigned capability);

/* folder: "/run/netns". processes: look at /proc, too. Returns 0, or -errno
 * and the list is not to be used; that there is no such folder is no error. */
int finder_look(struct finder *finder, const char *folder, bool processes);
void finder_free(struct finder *finder);

/* NULL: not in the list. */
const struct finder_space *finder_by_inode(const struct finder *finder,
                                           ino_t inode);

/* Whether a path still leads to this namespace. */
bool finder_is_at(const struct finder *finder, const char *path, ino_t inode);

#endif
