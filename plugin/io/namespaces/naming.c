/* See naming.h. May use system calls. Source: proc_pid_comm(5),
 * cgroups(7). */
#define _DEFAULT_SOURCE
#include "naming.h"

#include "container_name.h"

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

static bool name_by_cgroup(const struct cgroup_member *member, const char *root,
                           struct naming *out) {
  if (member->id[0] == '\0')
    return namespace_name_clean(member->name, strlen(member->name), out->name);
  snprintf(out->suffix, sizeof(out->suffix), "%.*s", (int)CGROUP_SHORT_ID_LEN,
           member->id);
  return container_name_find(member, root, out->name) ||
         namespace_name_clean(out->suffix, strlen(out->suffix), out->name);
}

/* Behind a name that a runtime made up, only a container says more. */
static bool name_by_process(const struct finder_space *space, const char *root,
                            struct naming *out) {
  char text[SMALL_MAX];
  struct cgroup_member member;
  if (space->pid == 0)
    return false;
  cgroup_text_parse(text, read_proc(space->pid, "cgroup", text), &member);
  if (member.owner > CGROUP_UNIT)
    return name_by_cgroup(&member, root, out);
  if (space->title != NULL)
    return false;
  if (member.owner == CGROUP_UNIT && name_by_cgroup(&member, root, out))
    return true;
  out->is_sure = false; /* a process that is being started has another one */
  return name_by_command(space->pid, out);
}

void naming_of(const struct finder_space *space, const char *root,
               struct naming *out) {
  const char *title = space->title != NULL ? space->title : "unnamed";
  bool given = space->title != NULL && !naming_is_made_up(title);
  *out = (struct naming){.is_sure = true};
  if (!given && name_by_process(space, root, out))
    return;
  out->is_sure = given;
  namespace_name_clean(title, strlen(title), out->name);
}
