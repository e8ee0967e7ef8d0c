/* The folders of collectd's csv and rrdtool plugins: DIR/HOST/PLUGIN/, in it
 * TYPE-YYYY-MM-DD, or TYPE.rrd. */
#include "history_folder.h"

#include "history_days.h"
#include "history_identifier.h"
#include "history_rrd.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096 };

/* One of the folders on the way down. */
struct folder {
  struct history *history;
  char path[PATH_BYTES];
  struct history_series like; /* as far as it is known here */
  size_t streams;             /* files found that hold values */
};

static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

/* The name of a series' file without its day or ending. */
static size_t stem_length(const char *name) {
  size_t length = strlen(name);
  long day = 0;

  if (history_identifier_read_day(name, &day))
    return length - HISTORY_DAY_LENGTH;
  if (length > 4 && strcmp(name + length - 4, ".rrd") == 0)
    return length - 4;
  return 0;
}

/* By series, then by day. */
static int compare(const struct dirent **a, const struct dirent **b) {
  size_t left = stem_length((*a)->d_name), right = stem_length((*b)->d_name);
  int order = memcmp((*a)->d_name, (*b)->d_name, left < right ? left : right);

  if (order == 0 && left != right)
    order = left < right ? -1 : 1;
  return order != 0 ? order : strcmp((*a)->d_name, (*b)->d_name);
}

static int join(const struct folder *folder, const char *name, char *path,
                char *problem) {
  int length = snprintf(path, PATH_BYTES, "%s/%s", folder->path, name);

  return length < PATH_BYTES
             ? 0
             : history_fail(problem, -ENAMETOOLONG,
                            "the path %.400s/... is too long", folder->path);
}

/* How many of the sorted files belong to the series of the first. */
static size_t count_same(struct dirent **files, size_t len) {
  size_t stem = stem_length(files[0]->d_name), same = 1;

  while (same < len && stem_length(files[same]->d_name) == stem &&
         memcmp(files[same]->d_name, files[0]->d_name, stem) == 0)
    same++;
  return same;
}

/* The files of one series: days of the csv plugin, perhaps an .rrd behind. */
static int open_series(struct folder *folder, struct dirent **files, size_t len,
                       char *problem) {
  struct history_stream *stream = NULL;
  const char *first = files[0]->d_name, *last = files[len - 1]->d_name;
  size_t stem = stem_length(first);
  long from = 0, to = 0;
  char path[PATH_BYTES];

  if (!history_identifier_split(first, stem, folder->like.type,
                                folder->like.type_instance))
    return 0;
  int rc = join(folder, first, path, problem);
  if (rc != 0)
    return rc;
  folder->streams++;
  if (history_identifier_read_day(first, &from) &&
      history_identifier_read_day(last, &to)) {
    if (folder->history->options.coarser)
      return 0;
    path[strlen(path) - HISTORY_DAY_LENGTH] = '\0';
    rc = history_days_open(folder->history, path, from, to, &folder->like,
                           &stream, problem);
  } else
    rc = history_rrd_open(folder->history, path, &folder->like, &stream,
                          problem);
  if (rc != 0 && rc != -ENOTSUP)
    rc = history_bad(folder->history, rc, problem);
  if (rc != 0 || !stream)
    return rc;
  return history_add(folder->history, stream) == 0
             ? 0
             : history_fail(problem, -ENOMEM, "out of memory");
}

static int open_files(struct folder *folder, struct dirent **files, size_t len,
                      char *problem) {
  int rc = 0;

  for (size_t i = 0; i < len && rc == 0;) {
    size_t same =
        stem_length(files[i]->d_name) > 0 ? count_same(files + i, len - i) : 0;
    if (same > 0)
      rc = open_series(folder, files + i, same, problem);
    i += same > 0 ? same : 1;
  }
  return rc;
}

/* A folder's entries, sorted. Returns how many, or -errno and why. */
static long list(const struct folder *folder, struct dirent ***entries,
                 char *problem) {
  int len = scandir(folder->path, entries, is_visible, compare);

  return len >= 0 ? len
                  : history_fail(problem, -errno, "cannot read %.400s: %s",
                                 folder->path, strerror(errno));
}

static void free_list(struct dirent **entries, long len) {
  for (long i = 0; i < len; i++)
    free(entries[i]);
  free(entries);
}

static bool is_folder(const char *path) {
  struct stat about;

  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Go into DIR/HOST (name becomes the host) or DIR/HOST/PLUGIN. */
static int descend(struct folder *folder, int depth, char *problem);

static int descend_into(struct folder *folder, const char *name, int depth,
                        char *problem) {
  struct folder *below = malloc(sizeof(*below));

  if (!below)
    return history_fail(problem, -ENOMEM, "out of memory");
  *below = *folder;
  below->streams = 0;
  int rc = join(folder, name, below->path, problem);
  bool named = strlen(name) < sizeof(below->like.host);
  if (depth == 0 && named)
    memcpy(below->like.host, name, strlen(name) + 1);
  else if (depth == 1)
    named = history_identifier_split(name, strlen(name), below->like.plugin,
                                     below->like.plugin_instance);
  if (rc == 0 && named && is_folder(below->path))
    rc = descend(below, depth + 1, problem);
  folder->streams += below->streams;
  free(below);
  return rc;
}

static int descend(struct folder *folder, int depth, char *problem) {
  struct dirent **entries = NULL;
  long len = list(folder, &entries, problem);
  int rc = 0;

  if (len < 0)
    return (int)len;
  if (depth == 2)
    rc = open_files(folder, entries, (size_t)len, problem);
  for (long i = 0; depth < 2 && i < len && rc == 0; i++)
    rc = descend_into(folder, entries[i]->d_name, depth, problem);
  free_list(entries, len);
  return rc;
}

int history_folder_open(struct history *history, const char *path,
                        char *problem) {
  struct folder top = {.history = history};
  size_t length = strlen(path);

  while (length > 1 && path[length - 1] == '/')
    length--;
  if (length >= sizeof(top.path))
    return history_fail(problem, -ENAMETOOLONG, "the path is too long");
  memcpy(top.path, path, length);
  int rc = descend(&top, 0, problem);
  if (rc != 0 || top.streams > 0)
    return rc;
  return history_fail(problem, -EINVAL,
                      "%.400s is no folder of collectd's csv or rrdtool "
                      "plugin: no HOST/PLUGIN/TYPE-DATE or HOST/PLUGIN/TYPE"
                      ".rrd in it",
                      path);
}
