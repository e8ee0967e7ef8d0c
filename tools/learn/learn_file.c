/* The state file: whether it may be written, writing it, and the collectd that
 * may own it. System calls and memory only. Source for /proc: proc(5); collectd
 * changes into its BaseDir, and by default its StateFile is in there. */
#include "learn_file.h"

#include "io/state_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, LINE_BYTES = 8192 };

__attribute__((format(printf, 3, 4))) static int fail(char *problem, int rc,
                                                      const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(problem, LEARN_PROBLEM_MAX, format, arguments);
  va_end(arguments);
  return rc;
}

static int check_folder(const char *path, char *problem) {
  char folder[STATE_FILE_PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) : 0;

  if (strlen(path) >= sizeof(folder) || (slash ? slash[1] : *path) == '\0')
    return fail(problem, -EINVAL, "\"%s\" cannot be the name of a file", path);
  if (length > 0)
    snprintf(folder, sizeof(folder), "%.*s", (int)length, path);
  else
    snprintf(folder, sizeof(folder), "%s", slash ? "/" : ".");
  if (access(folder, W_OK | X_OK) != 0)
    return fail(problem, -errno, "cannot write into the folder %s: %s", folder,
                strerror(errno));
  return 0;
}

int learn_file_check(const char *path, bool force, char *problem) {
  struct stat about;
  int rc = check_folder(path, problem);

  if (rc != 0 || lstat(path, &about) != 0)
    return rc;
  if (S_ISLNK(about.st_mode))
    return fail(problem, -ELOOP,
                "%s is a symbolic link, and the plugin follows none; name the "
                "file itself",
                path);
  if (!S_ISREG(about.st_mode))
    return fail(problem, -EINVAL, "%s exists, and is not a file", path);
  if (!force)
    return fail(
        problem, -EEXIST,
        "%s exists already; --force overwrites it, and its content is lost",
        path);
  return 0;
}

static int append(void *file, const char *text, size_t length) {
  return state_file_append(file, text, length);
}

static int write_file(struct state_file *file, const char *path, double now_s,
                      struct engine *engine,
                      const struct engine_filter *filter) {
  struct engine_sink sink = {.append = append, .to = file};
  int rc = state_file_begin(file, path);

  if (rc != 0)
    return rc;
  rc = engine_save(engine, now_s, filter, &sink);
  if (rc == 0)
    return state_file_commit(file);
  state_file_abandon(file);
  return rc;
}

int learn_file_write(const char *path, bool force, double now_s,
                     struct engine *engine, const struct engine_filter *filter,
                     char *problem) {
  struct state_file *file = malloc(sizeof(*file));

  if (!file)
    return fail(problem, -ENOMEM, "out of memory");
  int rc = learn_file_check(path, force, problem); /* it took a while */
  if (rc == 0) {
    rc = write_file(file, path, now_s, engine, filter);
    if (rc != 0)
      fail(problem, rc, "cannot write %s: %s", path, strerror(-rc));
  }
  free(file);
  return rc;
}

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

/* True, too, if it cannot be seen. */
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
