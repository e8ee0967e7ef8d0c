/* What a path holds: a file of rows, or a folder of collectd's. */
#include "history_file.h"
#include "history_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int open_file(struct history *history, const char *path, char *problem) {
  struct history_stream *stream = NULL;
  int rc = history_file_open(history, path, &stream, problem);

  if (rc != 0)
    return rc;
  rc = history_add(history, stream);
  return rc == 0 ? 0 : history_fail(problem, rc, "out of memory");
}

int history_open(struct history *history, const char *path, char *problem) {
  struct stat about;

  if (strcmp(path, "-") != 0) {
    if (stat(path, &about) != 0)
      return history_fail(problem, -errno, "cannot open %.400s: %s", path,
                          strerror(errno));
    if (S_ISDIR(about.st_mode))
      return history_folder_open(history, path, problem);
  }
  return history->options.coarser ? 0 : open_file(history, path, problem);
}
