/* Whose working folder holds the state's file? Source of the facts: proc(5);
 * collectd changes into its BaseDir, and its StateFile is below it by default.
 */
#include "learn_daemon.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096, LINE_BYTES = 8192 };

static FILE *open_of(const char *proc, const char *pid, const char *name) {
  char path[PATH_BYTES];

  snprintf(path, sizeof(path), "%s/%s/%s", proc, pid, name);
  return fopen(path, "re");
}

static bool is_collectd(const char *proc, const char *pid) {
  FILE *file = open_of(proc, pid, "comm");
  char name[32] = "";

  if (!file)
    return false;
  bool read = fgets(name, sizeof(name), file) != NULL;
  fclose(file);
  return read && strcmp(name, "collectd\n") == 0;
}

/* True also where it cannot be seen. */
static bool has_plugin(const char *proc, const char *pid) {
  FILE *file = open_of(proc, pid, "maps");
  char *line = malloc(LINE_BYTES);
  bool found = !file || !line, any = false;

  while (!found && fgets(line, LINE_BYTES, file)) {
    any = true;
    found = strstr(line, "/baseline.so") != NULL;
  }
  free(line);
  if (file)
    fclose(file);
  return found || !any;
}

static bool is_in_folder(const char *proc, const char *pid,
                         const struct stat *folder) {
  char path[PATH_BYTES];
  struct stat about;

  snprintf(path, sizeof(path), "%s/%s/cwd", proc, pid);
  return stat(path, &about) == 0 && about.st_dev == folder->st_dev &&
         about.st_ino == folder->st_ino;
}

static bool find_folder(const char *state, struct stat *out) {
  char folder[PATH_BYTES];
  const char *slash = strrchr(state, '/');
  size_t length = slash ? (size_t)(slash - state) + 1 : 0;

  if (length >= sizeof(folder))
    return false;
  memcpy(folder, state, length);
  folder[length] = '\0';
  return stat(slash ? folder : ".", out) == 0;
}

static enum learn_daemon look(const char *proc, const char *pid,
                              const struct stat *folder) {
  if (!isdigit((unsigned char)*pid) || !is_collectd(proc, pid) ||
      !has_plugin(proc, pid))
    return LEARN_DAEMON_NONE;
  return folder && is_in_folder(proc, pid, folder) ? LEARN_DAEMON_OWN
                                                   : LEARN_DAEMON_OTHER;
}

enum learn_daemon learn_daemon_find(const char *proc, const char *state,
                                    long *pid) {
  enum learn_daemon found = LEARN_DAEMON_NONE;
  struct dirent *entry;
  struct stat about;
  const struct stat *folder = find_folder(state, &about) ? &about : NULL;
  DIR *processes = opendir(proc);

  while (processes && found != LEARN_DAEMON_OWN &&
         (entry = readdir(processes))) {
    enum learn_daemon is = look(proc, entry->d_name, folder);
    if (is > found) {
      found = is;
      *pid = strtol(entry->d_name, NULL, 10);
    }
  }
  if (processes)
    closedir(processes);
  return found;
}
