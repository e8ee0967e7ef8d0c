/* Pieces of the state's text into the state's file. System calls and memory
 * only. */
#include "learn_file.h"

#include "io/state_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
                "%s is a symbolic link, and the plugin reads through none; "
                "name the file itself",
                path);
  if (!S_ISREG(about.st_mode))
    return fail(problem, -EINVAL, "%s is there and is no file", path);
  if (!force)
    return fail(problem, -EEXIST,
                "%s is there already; --force writes over it, and what it "
                "holds is lost",
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
