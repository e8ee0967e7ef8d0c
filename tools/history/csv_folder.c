/* The folders of collectd's csv and rrdtool plugins: DIR/HOST/PLUGIN/, in it
 * TYPE-YYYY-MM-DD, TYPE where the csv plugin writes no date, or TYPE.rrd. Those
 * of the csv plugin may be gzipped. */
#include "csv_folder.h"

#include "file_names.h"
#include "history_days.h"
#include "rrd.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
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

/* What the name of a file says. */
struct file_name {
  enum { NAME_DAY, NAME_UNDATED, NAME_RRD } kind;
  size_t stem; /* its length without day and ending */
  long day;
};

static bool ends_in(const char *name, size_t length, const char *ending) {
  size_t tail = strlen(ending);

  return length > tail && memcmp(name + length - tail, ending, tail) == 0;
}

static struct file_name read_name(const char *name) {
  size_t length = strlen(name);
  bool packed = ends_in(name, length, HISTORY_GZIP_ENDING);
  struct file_name out = {.kind = NAME_UNDATED, .stem = length};
  char bare[NAME_MAX + 1];

  if (packed)
    out.stem -= strlen(HISTORY_GZIP_ENDING);
  snprintf(bare, sizeof(bare), "%.*s", (int)out.stem, name);
  if (history_identifier_read_day(bare, &out.day)) {
    out.kind = NAME_DAY;
    out.stem -= HISTORY_DAY_LENGTH;
  } else if (!packed && ends_in(name, length, ".rrd")) {
    out.kind = NAME_RRD;
    out.stem -= strlen(".rrd");
  }
  return out;
}

/* By series, then by kind, then by day. */
static int compare(const struct dirent **a, const struct dirent **b) {
  struct file_name left = read_name((*a)->d_name);
  struct file_name right = read_name((*b)->d_name);
  size_t both = left.stem < right.stem ? left.stem : right.stem;
  int order = memcmp((*a)->d_name, (*b)->d_name, both);

  if (order == 0 && left.stem != right.stem)
    order = left.stem < right.stem ? -1 : 1;
  if (order == 0 && left.kind != right.kind)
    order = left.kind < right.kind ? -1 : 1;
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

/* What holds no values, as far as can be told: it is named and counted. */
static void pass_over(struct folder *folder, const char *name) {
  struct history *history = folder->history;
  char problem[HISTORY_PROBLEM_MAX];

  if (history->options.coarser)
    return; /* the first pass has said so */
  history->tally.passed_over++;
  history_fail(problem, 0,
               "%.400s/%.255s: no file of collectd's csv or rrdtool plugin",
               folder->path, name);
  if (history->tally.said)
    history->tally.said(problem);
}

/* How many of the sorted files are days of the series of the first. */
static size_t count_same(struct dirent **files, size_t len) {
  struct file_name first = read_name(files[0]->d_name);
  size_t same = 1;

  while (first.kind == NAME_DAY && same < len) {
    struct file_name next = read_name(files[same]->d_name);
    if (next.kind != NAME_DAY || next.stem != first.stem ||
        memcmp(files[same]->d_name, files[0]->d_name, first.stem) != 0)
      break;
    same++;
  }
  return same;
}

/* Days of the csv plugin, or its one file without a date. */
static int open_csv(struct folder *folder, char *path, long last,
                    struct history_stream **out, char *problem) {
  const char *name = strrchr(path, '/') + 1;
  struct file_name first = read_name(name);
  struct history_days_files files = {.stem = path,
                                     .dated = first.kind == NAME_DAY,
                                     .first = first.day,
                                     .last = last};

  if (folder->history->options.coarser)
    return 0;
  if (files.dated)
    path[(size_t)(name - path) + first.stem] = '\0';
  int rc =
      history_days_open(folder->history, &files, &folder->like, out, problem);
  bool is_foreign = rc == -ENOMSG || rc == -EFBIG || rc == -EISDIR;
  if (!is_foreign || files.dated)
    return rc;
  folder->streams--;
  pass_over(folder, name);
  return 0;
}

/* The files of one series. */
static int open_series(struct folder *folder, struct dirent **files, size_t len,
                       char *problem) {
  struct history_stream *stream = NULL;
  const char *name = files[0]->d_name;
  struct file_name first = read_name(name);
  char path[PATH_BYTES];

  if (!history_identifier_split(name, first.stem, folder->like.type,
                                folder->like.type_instance)) {
    pass_over(folder, name);
    return 0;
  }
  int rc = join(folder, name, path, problem);
  if (rc != 0)
    return rc;
  folder->streams++;
  rc = first.kind == NAME_RRD
           ? history_rrd_open(folder->history, path, &folder->like, &stream,
                              problem)
           : open_csv(folder, path, read_name(files[len - 1]->d_name).day,
                      &stream, problem);
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

  for (size_t i = 0, same = 0; i < len && rc == 0; i += same) {
    same = count_same(files + i, len - i);
    rc = open_series(folder, files + i, same, problem);
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
  else if (rc == 0)
    pass_over(folder, name);
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
                      "plugin: no HOST/PLUGIN/TYPE-DATE, HOST/PLUGIN/TYPE or "
                      "HOST/PLUGIN/TYPE.rrd in it",
                      path);
}
