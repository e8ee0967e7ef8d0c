/* Pieces of the state's text into the state's file. System calls and memory
 * only. */
#include "learn_file.h"

#include "io/state_file.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is being written. */
struct writing {
  struct state_file file;
  struct state_text text;
  char piece[STATE_TEXT_HOST_MAX];
};

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

static int append(struct writing *writing, size_t length) {
  return state_file_append(&writing->file, writing->piece, length);
}

static int write_text(struct writing *writing, double now_s,
                      const struct learn_file_source *source) {
  struct hosts_host host;
  struct series_memory memory;
  const char *identifier;
  int rc =
      append(writing, state_text_begin(&writing->text, now_s, writing->piece));

  while (rc == 0 && source->host(source->from, &host))
    rc =
        append(writing, state_text_host(&writing->text, &host, writing->piece));
  while (rc == 0 && source->series(source->from, &identifier, &memory))
    rc = append(writing, state_text_series(&writing->text, identifier, &memory,
                                           writing->piece));
  if (rc == 0)
    rc = append(writing, state_text_end(&writing->text, writing->piece));
  return rc;
}

static int write_file(struct writing *writing, const char *path, double now_s,
                      const struct learn_file_source *source) {
  int rc = state_file_begin(&writing->file, path);

  if (rc != 0)
    return rc;
  rc = write_text(writing, now_s, source);
  if (rc == 0)
    return state_file_commit(&writing->file);
  state_file_abandon(&writing->file);
  return rc;
}

int learn_file_write(const char *path, bool force, double now_s,
                     const struct learn_file_source *source, char *problem) {
  struct writing *writing = malloc(sizeof(*writing));

  if (!writing)
    return fail(problem, -ENOMEM, "out of memory");
  int rc = learn_file_check(path, force, problem); /* it took a while */
  if (rc == 0) {
    rc = write_file(writing, path, now_s, source);
    if (rc != 0)
      fail(problem, rc, "cannot write %s: %s", path, strerror(-rc));
  }
  free(writing);
  return rc;
}
