/* RRD files by librrd: averages of the finest archive, or what a coarser
 * archive has from before it begins; fetched in pieces. A file may be damaged,
 * or be replaced between two calls: nothing that librrd answers is trusted.
 * Source: rrdfetch(1), rrdinfo(1), rrdfirst(1). HAVE_LIBRRD is defined if
 * configure found it. */
#include "rrd.h"

#include <errno.h>

#ifndef HAVE_LIBRRD

int history_rrd_open(struct history *history, const char *path,
                     const struct history_series *like,
                     struct history_stream **out, char *problem) {
  (void)history;
  (void)like;
  (void)out;
  return history_fail(problem, -ENOTSUP,
                      "cannot read %.400s: built without librrd", path);
}

#else

#include <limits.h>
#include <math.h>
#include <rrd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_ROWS = 4096, ARCHIVES_MAX = 16 };

/* Rows of one archive, step_s apart; a row's time is its end. */
struct archive {
  unsigned long step_s;
  time_t from, last;
};

/* Coarser rows do not tell the hour of the day. */
static const unsigned long coarsest_s = 900;
/* Limits for damaged files: a year, and the year 9999. */
static const unsigned long longest_s = 366 * 86400UL;
static const int64_t latest_s = 253402300799;

/* All archives of averages, in the file's order. */
struct found {
  const char *path;
  size_t len;
  struct archive archives[ARCHIVES_MAX];
};

static unsigned long find_number(const rrd_info_t *info, const char *key) {
  for (; info; info = info->next)
    if (strcmp(info->key, key) == 0 && info->type == RD_I_CNT)
      return info->value.u_cnt;
  return 0;
}

/* False, too, if librrd returned -1; its error is cleared. */
static bool is_time(time_t time) {
  if (time >= 0 && (int64_t)time <= latest_s)
    return true;
  rrd_clear_error();
  return false;
}

/* rows: how many rows of base_s make one row of the archive. */
static void add_archive(struct found *found, int archive, unsigned long base_s,
                        unsigned long rows) {
  if (found->len == ARCHIVES_MAX || base_s == 0 || rows == 0 ||
      rows > longest_s / base_s)
    return;
  time_t first = rrd_first_r(found->path, archive);
  if (is_time(first))
    found->archives[found->len++] =
        (struct archive){.step_s = base_s * rows, .from = first};
}

static void find_archives(struct found *found, const rrd_info_t *info) {
  unsigned long base_s = find_number(info, "step");
  char key[64], *end = NULL;

  for (const rrd_info_t *item = info; item; item = item->next) {
    if (strncmp(item->key, "rra[", 4) != 0)
      continue;
    long archive = strtol(item->key + 4, &end, 10);
    if (strcmp(end, "].cf") != 0 || item->type != RD_I_STR ||
        strcmp(item->value.u_str, "AVERAGE") != 0)
      continue;
    snprintf(key, sizeof(key), "rra[%ld].pdp_per_row", archive);
    add_archive(found, (int)archive, base_s, find_number(info, key));
  }
}

/* The finest first; of two with the same step, the longer one. */
static int compare_archives(const void *a, const void *b) {
  const struct archive *left = a, *right = b;

  if (left->step_s != right->step_s)
    return left->step_s < right->step_s ? -1 : 1;
  return (left->from > right->from) - (left->from < right->from);
}

/* The next coarser archive that reaches farther back. Its rows end at multiples
 * of its step. */
static bool go_back(const struct found *found, size_t *i, struct archive *at) {
  time_t end = at->from;

  for (++*i; *i < found->len; ++*i) {
    *at = found->archives[*i];
    at->last = end - end % (time_t)at->step_s;
    if (at->from <= at->last)
      return at->step_s <= coarsest_s;
  }
  return false;
}

/* coarser 0: the finest archive. 1, 2 ...: the next coarser one, and so on,
 * with rows of at most a quarter of an hour, from its begin to where the next
 * finer one begins. Returns 0; -ENODATA if there is no such archive, or nothing
 * in it; -EINVAL if there is no archive of averages at all; -EBADMSG if the
 * time of the last update is impossible. *finer_s: the step of the next finer
 * archive, 0 for the finest. */
static int choose_archive(const char *path, const rrd_info_t *info, int coarser,
                          struct archive *out, unsigned long *finer_s) {
  struct found found = {.path = path};
  size_t i = 0;

  find_archives(&found, info);
  if (found.len == 0)
    return -EINVAL;
  qsort(found.archives, found.len, sizeof(found.archives[0]), compare_archives);
  struct archive at = found.archives[0];
  at.last = rrd_last_r(path);
  if (!is_time(at.last))
    return -EBADMSG;
  *finer_s = 0;
  for (; coarser > 0; coarser--) {
    *finer_s = at.step_s;
    if (!go_back(&found, &i, &at))
      return -ENODATA;
  }
  *out = at;
  return 0;
}

/* One data source of the file. */
struct source {
  struct history_series series;
  enum history_kind kind;
  bool wanted;
};

struct rrd {
  struct history_stream stream;
  struct history *history;
  char *path;
  unsigned long step_s; /* of the archive */
  time_t from, last;    /* its first and last row not fetched yet */
  unsigned long len;    /* data sources */
  struct source *sources;
  rrd_value_t *data; /* the piece: rows of len values */
  unsigned long rows, row;
  time_t data_start; /* row i is of data_start + (i + 1) * step_s */
};

static void destroy(struct history_stream *stream) {
  struct rrd *rrd = (struct rrd *)stream;

  if (rrd->data)
    rrd_freemem(rrd->data);
  free(rrd->sources);
  free(rrd->path);
  free(rrd);
}

static int fail(const struct rrd *rrd, char *problem) {
  int rc = history_fail(problem, -EINVAL, "cannot read %.400s: %.200s",
                        rrd->path, rrd_get_error());

  rrd_clear_error();
  return rc;
}

static void free_names(char **names, unsigned long len) {
  for (unsigned long i = 0; i < len; i++)
    rrd_freemem(names[i]);
  rrd_freemem(names);
}

static enum history_kind find_kind(const rrd_info_t *info, const char *name) {
  char key[HISTORY_PART_MAX + 16];

  snprintf(key, sizeof(key), "ds[%s].type", name);
  for (; info; info = info->next)
    if (strcmp(info->key, key) == 0 && info->type == RD_I_STR)
      return strcmp(info->value.u_str, "GAUGE") == 0 ? HISTORY_GAUGE
                                                     : HISTORY_RATE;
  return HISTORY_GAUGE;
}

/* Fetch the next piece into rrd->data. names: of its sources; the caller frees
 * them. */
static int fetch(struct rrd *rrd, char ***names, char *problem) {
  time_t start = rrd->from - (time_t)rrd->step_s;
  time_t end = start + (time_t)(PIECE_ROWS * rrd->step_s);
  unsigned long step_s = rrd->step_s, len = 0;

  if (end > rrd->last)
    end = rrd->last;
  time_t wanted = end; /* librrd rounds end up to the next row */
  if (rrd->data)
    rrd_freemem(rrd->data);
  rrd->data = NULL;
  rrd->row = rrd->rows = 0;
  if (rrd_fetch_r(rrd->path, "AVERAGE", &start, &end, &step_s, &len, names,
                  &rrd->data) != 0)
    return fail(rrd, problem);
  if (rrd->sources && len != rrd->len) {
    free_names(*names, len);
    return history_fail(problem, -EINVAL,
                        "%.400s was changed while it was read", rrd->path);
  }
  rrd->data_start = start;
  rrd->from = wanted - wanted % (time_t)rrd->step_s + (time_t)rrd->step_s;
  if (step_s == rrd->step_s && wanted > start)
    rrd->rows = (unsigned long)(wanted - start) / step_s;
  rrd->len = len;
  rrd->history->tally.bytes += rrd->rows * len * sizeof(*rrd->data);
  return 0;
}

static bool is_known(const struct rrd *rrd, unsigned long row) {
  for (unsigned long i = 0; i < rrd->len; i++)
    if (rrd->sources[i].wanted && isfinite(rrd->data[row * rrd->len + i]))
      return true;
  return false;
}

/* Go to the next row with a value that is wanted. */
static int load_row(struct rrd *rrd, char *problem) {
  char **names = NULL;

  for (;;) {
    for (; rrd->row < rrd->rows; rrd->row++)
      if (is_known(rrd, rrd->row)) {
        rrd->stream.time_s =
            (double)rrd->data_start + (double)((rrd->row + 1) * rrd->step_s);
        return 0;
      }
    if (rrd->from > rrd->last) {
      rrd->stream.time_s = INFINITY;
      return 0;
    }
    int rc = fetch(rrd, &names, problem);
    if (rc != 0)
      return rc;
    free_names(names, rrd->len);
  }
}

static int emit(struct history_stream *stream,
                const struct history_taker *taker, char *problem) {
  struct rrd *rrd = (struct rrd *)stream;

  for (unsigned long i = 0; i < rrd->len; i++) {
    double number = rrd->data[rrd->row * rrd->len + i];
    struct history_value value = {
        .series = &rrd->sources[i].series,
        .time_s = stream->time_s,
        .interval_s = (double)rrd->step_s,
        .kind = rrd->sources[i].kind,
        .number = number,
    };
    if (!rrd->sources[i].wanted || !isfinite(number))
      continue;
    rrd->history->tally.values++;
    int rc = taker->take(taker->context, &value);
    if (rc != 0)
      return rc;
  }
  rrd->row++;
  return load_row(rrd, problem);
}

/* Returns whether the taker wants any of the sources. */
static bool offer(struct rrd *rrd, const struct history_series *like,
                  const rrd_info_t *info, char **names) {
  struct history *history = rrd->history;
  bool any = false;

  for (unsigned long i = 0; i < rrd->len; i++) {
    struct source *source = &rrd->sources[i];
    source->series = *like;
    if (rrd->len > 1)
      snprintf(source->series.source, sizeof(source->series.source), "%s",
               names[i]);
    source->kind = find_kind(info, names[i]);
    source->wanted =
        history->taker.wants(history->taker.context, &source->series);
    history->tally.columns += !source->wanted;
    any = any || source->wanted;
  }
  return any;
}

/* Add to bytes_total. The first piece is already fetched. */
static void expect(const struct rrd *rrd) {
  unsigned long rows = rrd->rows;

  if (rrd->last >= rrd->from)
    rows += (unsigned long)(rrd->last - rrd->from) / rrd->step_s + 1;
  rrd->history->tally.bytes_total += rows * rrd->len * sizeof(*rrd->data);
}

/* Returns as start does. */
static int find_archive(struct rrd *rrd, const rrd_info_t *info,
                        char *problem) {
  struct history *history = rrd->history;
  struct archive archive;
  unsigned long finer_s = 0;
  int rc = choose_archive(rrd->path, info, history->options.coarser, &archive,
                          &finer_s);

  if (rc == -ENODATA)
    return 0;
  if (rc == -EBADMSG)
    return history_fail(problem, rc,
                        "%.400s is damaged: its last update has no valid time",
                        rrd->path);
  if (rc != 0)
    return history_fail(problem, rc, "%.400s has no archive of averages",
                        rrd->path);
  rrd->step_s = archive.step_s;
  rrd->from = archive.from;
  rrd->last = archive.last;
  if (history->tally.finer_s < (double)finer_s)
    history->tally.finer_s = (double)finer_s;
  return 1;
}

/* Returns 1 for a stream to use, 0 for one that nobody wants, or -errno. */
static int start(struct rrd *rrd, const struct history_series *like,
                 const rrd_info_t *info, char *problem) {
  char **names = NULL;
  int rc = find_archive(rrd, info, problem);

  if (rc != 1)
    return rc;
  rc = fetch(rrd, &names, problem);
  if (rc != 0)
    return rc;
  rrd->sources = calloc(rrd->len, sizeof(*rrd->sources));
  bool wanted = rrd->sources && offer(rrd, like, info, names);
  free_names(names, rrd->len);
  if (!rrd->sources)
    return history_fail(problem, -ENOMEM, "out of memory");
  if (wanted)
    expect(rrd);
  rc = wanted ? load_row(rrd, problem) : 0;
  return rc == 0 ? wanted : rc;
}

int history_rrd_open(struct history *history, const char *path,
                     const struct history_series *like,
                     struct history_stream **out, char *problem) {
  struct rrd *rrd = calloc(1, sizeof(*rrd));
  char *copy = strdup(path);

  if (!rrd || !copy) {
    free(rrd);
    free(copy);
    return history_fail(problem, -ENOMEM, "out of memory");
  }
  rrd->stream = (struct history_stream){
      .time_s = INFINITY, .emit = emit, .destroy = destroy};
  rrd->history = history;
  rrd->path = copy;
  rrd_info_t *info = rrd_info_r(rrd->path);
  int rc = info ? start(rrd, like, info, problem) : fail(rrd, problem);
  if (info)
    rrd_info_free(info);
  *out = rc == 1 ? &rrd->stream : NULL;
  if (rc != 1)
    destroy(&rrd->stream);
  return rc < 0 ? rc : 0;
}

#endif
