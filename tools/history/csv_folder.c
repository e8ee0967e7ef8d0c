/* The folders of collectd's csv and rrdtool plugins: HOST/PLUGIN/ and in it,
 * for each series, TYPE-YYYY-MM-DD a day, or TYPE if the csv plugin writes no
 * date, or TYPE.rrd. Files of the csv plugin may be gzipped; none is kept open,
 * since there may be thousands of series. Source of the facts: src/csv.c of
 * collectd 5.12: gauges and rates are written with a decimal point, counters
 * without, and its write threads may overtake each other. */
#include "csv_folder.h"

#include "csv.h"
#include "file_names.h"
#include "lib/types_db.h"
#include "rrd.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 13, PATH_BYTES = 4096 };

/* The files of one series: TYPE-DATE for each day, gzipped (.gz) or not, or one
 * file without a date (FileDate false). */
struct day_files {
  const char *stem; /* their path without the day; of an undated file, all */
  bool dated;
  long first, last; /* days since 1970; any between may be missing */
};

/* One series of the csv plugin as a stream, file after file. */
struct days {
  struct history_stream stream;
  struct csv_rows rows;
  char *stem;
  bool dated;
  long day, last;
  bool is_counter;
  double interval_s;
  size_t len; /* data sources */
  struct history_series *series;
  bool *wanted;
  struct csv_cell *cells; /* of the next row */
};

static void destroy(struct history_stream *stream) {
  struct days *days = (struct days *)stream;

  history_lines_release(&days->rows.lines);
  free(days->stem);
  free(days->series);
  free(days->wanted);
  free(days->cells);
  free(days);
}

static bool find_path(const struct days *days, char path[PATH_BYTES]) {
  char day[HISTORY_DAY_LENGTH + 1] = "";

  if (days->dated && !history_identifier_write_day(days->day, day))
    return false;
  for (int packed = 0; packed < 2; packed++) {
    int length = snprintf(path, PATH_BYTES, "%s%s%s", days->stem, day,
                          packed ? HISTORY_GZIP_ENDING : "");
    if (length < PATH_BYTES && access(path, F_OK) == 0)
      return true;
  }
  return false;
}

static int make_room(struct days *days, const char *text, size_t length) {
  size_t most = 1;

  for (size_t i = 0; i < length; i++)
    most += text[i] == ',';
  days->series = calloc(most, sizeof(*days->series));
  days->wanted = calloc(most, sizeof(*days->wanted));
  days->cells = calloc(most, sizeof(*days->cells));
  return days->series && days->wanted && days->cells ? 0 : -ENOMEM;
}

static int add_source(struct days *days, const struct history_series *like,
                      const char *text, size_t length) {
  struct history_series *series = &days->series[days->len];

  if (length >= sizeof(series->source))
    return -EINVAL;
  *series = *like;
  memcpy(series->source, text, length);
  series->source[length] = '\0';
  days->len++;
  return 0;
}

/* "epoch,value" or "epoch,rx,tx": the data sources of the file. */
static int read_sources(struct days *days, const struct history_series *like,
                        char *text, size_t length, char *problem) {
  struct csv_line line;
  const char *head = NULL;

  if (make_room(days, text, length) != 0)
    return history_fail(problem, -ENOMEM, "out of memory");
  csv_line_init(&line, text, length);
  int rc = csv_line_next(&line, &head, &length);
  if (rc == 0 && (length != 5 || memcmp(head, "epoch", 5) != 0))
    rc = -EINVAL;
  while (rc == 0 && (rc = csv_line_next(&line, &head, &length)) == 0)
    rc = add_source(days, like, head, length);
  if (rc < 0 || days->len == 0)
    return history_fail(problem, -ENOMSG,
                        "%.400s:1: not a file of collectd's csv plugin",
                        days->rows.lines.path);
  if (days->len == 1)
    days->series[0].source[0] = '\0';
  return 0;
}

/* Begin the next file that exists. Returns 0; 1 after the last; -ENOMEM. */
static int next_file(struct days *days) {
  char path[PATH_BYTES];

  while (days->day <= days->last) {
    bool found = find_path(days, path);
    days->day++;
    if (found)
      return history_lines_change(&days->rows.lines, path);
  }
  return 1;
}

/* After the last row of a file: begin the next file and skip its heads. Returns
 * 0; 1 after the last file; or -errno and why. */
static int change_file(struct days *days, char *problem) {
  char *text = NULL;
  size_t length = 0;
  int rc = next_file(days);

  if (rc < 0)
    return history_fail(problem, rc, "out of memory");
  if (rc == 0)
    rc = csv_rows_next(&days->rows, &text, &length, problem);
  else
    return 1;
  days->interval_s = csv_rows_interval(&days->rows);
  return rc < 0 ? rc : 0;
}

static int check_cells(struct days *days, char *problem) {
  for (size_t i = 0; i < days->len; i++)
    if (days->cells[i].kind == CSV_NO_NUMBER) {
      days->cells[i].kind = CSV_EMPTY;
      if (csv_rows_bad(&days->rows, problem, i + 2, "not a number") != 0)
        return -EINVAL;
    }
  return 0;
}

static int load_row(struct days *days, char *problem) {
  char *text = NULL;
  size_t length = 0;
  int rc = 0;

  while (rc == 0) {
    rc = csv_rows_next(&days->rows, &text, &length, problem);
    if (rc == 0) {
      rc = csv_rows_read(&days->rows, text, length, days->wanted, days->len,
                         days->cells, problem);
      continue;
    }
    if (rc == 1)
      rc = change_file(days, problem);
    if (rc == 1) {
      days->stream.time_s = INFINITY;
      return 0;
    }
  }
  if (rc < 0)
    return rc;
  days->stream.time_s = days->rows.newest_s;
  return check_cells(days, problem);
}

static enum history_kind find_kind(const struct days *days,
                                   const struct csv_cell *cell) {
  if (cell->kind == CSV_NUMBER && cell->number.is_whole &&
      !cell->number.has_point)
    return HISTORY_COUNTER;
  return days->is_counter ? HISTORY_RATE : HISTORY_GAUGE;
}

static int emit(struct history_stream *stream,
                const struct history_taker *taker, char *problem) {
  struct days *days = (struct days *)stream;

  for (size_t i = 0; i < days->len; i++) {
    const struct csv_cell *cell = &days->cells[i];
    if (!days->wanted[i] || cell->kind == CSV_EMPTY)
      continue;
    struct history_value value = {
        .series = &days->series[i],
        .time_s = stream->time_s,
        .interval_s = days->interval_s,
        .kind = find_kind(days, cell),
        .number = cell->kind == CSV_NUMBER ? cell->number.value : NAN,
        .counter = cell->number.whole,
    };
    days->rows.history->tally.values++;
    int rc = taker->take(taker->context, &value);
    if (rc != 0)
      return rc;
  }
  return load_row(days, problem);
}

static void expect(const struct days *days, long first) {
  char path[PATH_BYTES];
  struct days at = *days;

  for (at.day = first; at.day <= days->last; at.day++)
    if (find_path(&at, path))
      history_expect(days->rows.history, path);
}

/* Returns whether the taker wants any of the sources. */
static bool offer(struct days *days) {
  struct history *history = days->rows.history;
  bool any = false;

  for (size_t i = 0; i < days->len; i++) {
    days->wanted[i] =
        history->taker.wants(history->taker.context, &days->series[i]);
    any = any || days->wanted[i];
    history->tally.columns += !days->wanted[i];
  }
  return any;
}

/* Returns 1 for a stream to use, 0 for one that nobody wants, or -errno. */
static int start(struct days *days, const struct history_series *like,
                 char *problem) {
  char *text = NULL;
  size_t length = 0;
  long first = days->day;
  int rc = 1;

  while (rc == 1) { /* a file may be empty */
    rc = next_file(days);
    if (rc == 1 && !days->dated)
      return history_fail(problem, -ENOMSG, "%.400s is empty", days->stem);
    if (rc == 1)
      return 0;
    if (rc != 0)
      return history_fail(problem, rc, "out of memory");
    rc = csv_rows_next(&days->rows, &text, &length, problem);
  }
  if (rc == 0)
    rc = read_sources(days, like, text, length, problem);
  if (rc != 0 || !offer(days))
    return rc;
  expect(days, first);
  days->interval_s = csv_rows_interval(&days->rows);
  rc = load_row(days, problem);
  return rc == 0 ? 1 : rc;
}

/* like: host, plugin and type of the files. Returns 0 and *out, which is NULL
 * if nobody wants the series; or -errno and why in problem: -ENOMSG if the
 * first file is no file of the csv plugin. */
static int open_days(struct history *history, const struct day_files *files,
                     const struct history_series *like,
                     struct history_stream **out, char *problem) {
  struct days *days = calloc(1, sizeof(*days));

  if (!days)
    return history_fail(problem, -ENOMEM, "out of memory");
  *days = (struct days){
      .stream = {.time_s = INFINITY, .emit = emit, .destroy = destroy},
      .rows = {.history = history, .any_order = true},
      .stem = strdup(files->stem),
      .dated = files->dated,
      .day = files->first,
      .last = files->last,
      .is_counter = types_db_is_counter(like->type),
  };
  int rc = days->stem
               ? history_lines_init(&days->rows.lines, days->stem, false, PIECE)
               : -ENOMEM;
  rc = rc == 0 ? start(days, like, problem)
               : history_fail(problem, rc, "out of memory");
  *out = rc == 1 ? &days->stream : NULL;
  if (rc != 1)
    destroy(&days->stream);
  return rc < 0 ? rc : 0;
}

/* A folder on the way down: DIR, DIR/HOST or DIR/HOST/PLUGIN. */
struct folder {
  struct history *history;
  char path[PATH_BYTES];
  struct history_series like; /* as far as known here */
  size_t streams;             /* files with values in it */
};

static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

/* What a file's name says. */
struct file_name {
  enum { NAME_DAY, NAME_UNDATED, NAME_RRD } kind;
  size_t stem; /* length of the name without day and ending */
  long day;
};

static struct file_name read_name(const char *name) {
  size_t length = strlen(name);
  size_t unpacked = history_cut_ending(name, length, HISTORY_GZIP_ENDING);
  size_t no_rrd = history_cut_ending(name, length, HISTORY_RRD_ENDING);
  struct file_name out = {.kind = NAME_UNDATED, .stem = unpacked};
  char bare[NAME_MAX + 1];

  snprintf(bare, sizeof(bare), "%.*s", (int)out.stem, name);
  if (history_identifier_read_day(bare, &out.day)) {
    out.kind = NAME_DAY;
    out.stem -= HISTORY_DAY_LENGTH;
  } else if (no_rrd < length) {
    out.kind = NAME_RRD;
    out.stem = no_rrd;
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

/* Report and count a file or folder that seems to hold no values. */
static void pass_over(struct folder *folder, const char *name) {
  struct history *history = folder->history;
  char problem[HISTORY_PROBLEM_MAX];

  if (history->options.coarser)
    return; /* the pass over everything says so */
  history->tally.passed_over++;
  history_fail(problem, 0,
               "%.400s/%.255s: not a file of collectd's csv or rrdtool plugin",
               folder->path, name);
  if (history->tally.said)
    history->tally.said(problem);
}

/* How many of the sorted files are days of the same series as the first. */
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
  struct day_files files = {.stem = path,
                            .dated = first.kind == NAME_DAY,
                            .first = first.day,
                            .last = last};

  if (folder->history->options.coarser)
    return 0;
  if (files.dated)
    path[(size_t)(name - path) + first.stem] = '\0';
  int rc = open_days(folder->history, &files, &folder->like, out, problem);
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

/* The sorted entries of a folder. Returns how many, or -errno and why. */
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

/* Read a folder. depth: 0 for DIR, 1 for DIR/HOST, 2 for DIR/HOST/PLUGIN. */
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
  return history_fail(
      problem, -EINVAL,
      "%.400s is not a folder of collectd's csv or rrdtool plugin: no "
      "HOST/PLUGIN/TYPE-DATE, HOST/PLUGIN/TYPE or HOST/PLUGIN/TYPE.rrd in it",
      path);
}
