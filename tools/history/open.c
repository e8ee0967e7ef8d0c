/* Chooses the reader for a path: a CSV file, an RRD file, or a folder of
 * collectd's csv or rrdtool plugin. */
#include "csv_file.h"
#include "csv_folder.h"
#include "file_names.h"
#include "rrd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int add(struct history *history, struct history_stream *stream,
               char *problem) {
  return history_add(history, stream) == 0
             ? 0
             : history_fail(problem, -ENOMEM, "out of memory");
}

static int open_file(struct history *history, const char *path, char *problem) {
  struct history_stream *stream = NULL;
  int rc = history_file_open(history, path, &stream, problem);

  return rc == 0 ? add(history, stream, problem) : rc;
}

/* Cut the last part off a path and return it; "" if there is none. */
static const char *cut_last(char *path) {
  char *slash = strrchr(path, '/');

  if (!slash)
    return "";
  *slash = '\0';
  return slash + 1;
}

/* HOST/PLUGIN/TYPE.rrd -> the series that the file holds. */
static bool read_place(char *whole, struct history_series *like) {
  const char *type = cut_last(whole), *plugin = cut_last(whole);
  const char *host = cut_last(whole);

  return snprintf(like->host, sizeof(like->host), "%s", host) <
             (int)sizeof(like->host) &&
         *host != '\0' &&
         history_identifier_split(plugin, strlen(plugin), like->plugin,
                                  like->plugin_instance) &&
         history_identifier_split(type,
                                  strlen(type) - strlen(HISTORY_RRD_ENDING),
                                  like->type, like->type_instance);
}

static int open_rrd(struct history *history, const char *path, char *problem) {
  struct history_stream *stream = NULL;
  struct history_series like = {.host = ""};
  char *whole = realpath(path, NULL);
  bool read = whole && read_place(whole, &like);

  free(whole);
  if (!read)
    return history_fail(problem, -EINVAL,
                        "%.400s: its path does not end in HOST/PLUGIN/TYPE.rrd",
                        path);
  int rc = history_rrd_open(history, path, &like, &stream, problem);
  return rc == 0 && stream ? add(history, stream, problem) : rc;
}

static bool is_rrd(const char *path) {
  size_t length = strlen(path);

  return history_cut_ending(path, length, HISTORY_RRD_ENDING) < length;
}

int history_open(struct history *history, const char *path, char *problem) {
  struct stat about;

  if (strcmp(path, "-") != 0) {
    if (stat(path, &about) != 0)
      return history_fail(problem, -errno, "cannot open %.400s: %s", path,
                          strerror(errno));
    if (S_ISDIR(about.st_mode))
      return history_folder_open(history, path, problem);
    if (is_rrd(path))
      return open_rrd(history, path, problem);
  }
  return history->options.coarser ? 0 : open_file(history, path, problem);
}
