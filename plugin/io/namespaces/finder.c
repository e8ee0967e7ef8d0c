/* See finder.h. May use system calls. Source: namespaces(7), ip-netns(8), and
 * fs/nsfs.c of the kernel: a namespace is an inode of one file system of the
 * kernel's own. A number is given to another namespace once all that held it is
 * gone. */
#define _DEFAULT_SOURCE
#include "finder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void finder_free(struct finder *finder) {
  free(finder->spaces);
  *finder = (struct finder){0};
}

bool finder_has_capability(unsigned capability) {
  struct __user_cap_header_struct header = {.version =
                                                _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
  if (syscall(SYS_capget, &header, data) != 0)
    return false;
  return (data[capability / 32].effective >> capability % 32 & 1) != 0;
}

static int make_room(struct finder *finder) {
  if (finder->len < finder->capacity)
    return 0;
  size_t wanted = finder->capacity == 0 ? 64 : 2 * finder->capacity;
  if (wanted > FINDER_MAX)
    return -E2BIG;
  struct finder_space *spaces =
      realloc(finder->spaces, wanted * sizeof(*spaces));
  if (spaces == NULL)
    return -ENOMEM;
  finder->spaces = spaces;
  finder->capacity = wanted;
  return 0;
}

/* FOLDER/NAME/rest, if it is a namespace and none of ours. */
static int add(struct finder *finder, const char *folder, const char *name,
               const char *rest, pid_t pid) {
  struct stat status;
  int rc = make_room(finder);
  if (rc != 0)
    return rc;
  struct finder_space *space = &finder->spaces[finder->len];
  int length =
      snprintf(space->path, sizeof(space->path), "%s/%s%s", folder, name, rest);
  if (length < 0 || (size_t)length >= sizeof(space->path))
    return 0;
  if (stat(space->path, &status) != 0) {
    finder->hidden |= (errno == EACCES || errno == EPERM) && !finder->may_see;
    return 0;
  }
  if (status.st_dev != finder->device || status.st_ino == finder->own)
    return 0;
  space->inode = status.st_ino;
  space->pid = pid;
  finder->len++;
  return 0;
}

static int add_named(struct finder *finder, const char *folder) {
  DIR *names = opendir(folder);
  if (names == NULL)
    return errno == ENOENT ? 0 : -errno;
  int rc = 0;
  for (struct dirent *entry; rc == 0 && (entry = readdir(names)) != NULL;)
    if (entry->d_name[0] != '.')
      rc = add(finder, folder, entry->d_name, "", 0);
  closedir(names);
  return rc;
}

static int add_processes(struct finder *finder) {
  DIR *processes = opendir("/proc");
  if (processes == NULL)
    return -errno;
  int rc = 0;
  for (struct dirent *entry; rc == 0 && (entry = readdir(processes)) != NULL;) {
    long pid = strtol(entry->d_name, NULL, 10);
    if (isdigit((unsigned char)entry->d_name[0]) && pid > 0 && pid <= INT_MAX)
      rc = add(finder, "/proc", entry->d_name, "/ns/net", (pid_t)pid);
  }
  closedir(processes);
  return rc;
}

/* Of one namespace: the names first, in their order, then the processes. */
static int compare(const void *left, const void *right) {
  const struct finder_space *a = left, *b = right;
  if (a->inode != b->inode)
    return a->inode < b->inode ? -1 : 1;
  if (a->pid != b->pid)
    return a->pid < b->pid ? -1 : 1;
  return strcmp(a->path, b->path);
}

static void keep_each_once(struct finder *finder) {
  size_t kept = 0;
  for (size_t i = 0; i < finder->len; i++) {
    struct finder_space *space = &finder->spaces[i];
    struct finder_space *last = kept > 0 ? &finder->spaces[kept - 1] : NULL;
    if (last == NULL || last->inode != space->inode)
      finder->spaces[kept++] = *space;
    else if (last->pid == 0)
      last->pid = space->pid;
  }
  finder->len = kept;
}

/* Only now does each stay where it is. */
static void set_titles(struct finder *finder, const char *folder) {
  size_t length = strlen(folder);
  for (size_t i = 0; i < finder->len; i++) {
    struct finder_space *space = &finder->spaces[i];
    bool is_named = strncmp(space->path, folder, length) == 0;
    space->title = is_named ? space->path + length + 1 : NULL;
  }
}

int finder_look(struct finder *finder, const char *folder, bool processes) {
  struct stat own;
  if (stat("/proc/self/ns/net", &own) != 0)
    return -errno;
  finder->device = own.st_dev;
  finder->own = own.st_ino;
  finder->len = 0;
  finder->hidden = false;
  finder->may_see = finder_has_capability(CAP_SYS_PTRACE);
  int rc = add_named(finder, folder);
  if (rc == 0 && processes)
    rc = add_processes(finder);
  if (rc != 0)
    return rc;
  if (finder->len > 0)
    qsort(finder->spaces, finder->len, sizeof(*finder->spaces), compare);
  keep_each_once(finder);
  set_titles(finder, folder);
  return 0;
}

const struct finder_space *finder_by_inode(const struct finder *finder,
                                           ino_t inode) {
  size_t low = 0, high = finder->len;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (finder->spaces[middle].inode == inode)
      return &finder->spaces[middle];
    if (finder->spaces[middle].inode < inode)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

bool finder_is_at(const struct finder *finder, const char *path, ino_t inode) {
  struct stat status;
  return stat(path, &status) == 0 && status.st_dev == finder->device &&
         status.st_ino == inode;
}
