/* See naming.h. May use system calls. Source: proc_pid_comm(5). */
#define _DEFAULT_SOURCE
#include "naming.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SMALL_MAX = 4096 };

bool naming_is_made_up(const char *title) {
  return strncmp(title, "cni-", 4) == 0 || strncmp(title, "netns-", 6) == 0;
}

/* Returns the length, 0 for what cannot be read. */
static size_t read_proc(pid_t pid, const char *file, char *text) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  ssize_t length = read(fd, text, SMALL_MAX);
  close(fd);
  return length > 0 ? (size_t)length : 0;
}

static bool name_by_command(pid_t pid, struct naming *out) {
  char text[SMALL_MAX];
  size_t length = read_proc(pid, "comm", text);
  if (length > 0 && text[length - 1] == '\n')
    length--;
  return namespace_name_clean(text, length, out->name);
}

void naming_of(const struct finder_space *space, const char *root,
               struct naming *out) {
  (void)root;
  *out = (struct naming){.is_sure = true};
  bool made_up = space->title != NULL && naming_is_made_up(space->title);
  if (space->title != NULL && !made_up) {
    namespace_name_clean(space->title, strlen(space->title), out->name);
    return;
  }
  if (space->pid != 0 && name_by_command(space->pid, out))
    return;
  out->is_sure = false;
  const char *title = space->title != NULL ? space->title : "unnamed";
  namespace_name_clean(title, strlen(title), out->name);
}
