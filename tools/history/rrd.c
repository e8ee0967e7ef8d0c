/* RRD files by librrd: averages of the finest archive, or of a coarser one
 * before it, fetched in pieces.
 * Source: rrdfetch(1), rrdinfo(1). HAVE_LIBRRD is defined where configure found
 * it. */
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

#include "history_archives.h"

#include <limits.h>
#include <math.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_ROWS = 4096 };

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
  time_t from, last;    /* its first and last row that are not fetched yet */
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

/* The next piece into rrd->data; names: of its sources, to be freed. */
static int fetch(struct rrd *rrd, char ***names, char *problem) {
  time_t start = rrd->from - (time_t)rrd->step_s;
  time_t end = start + (time_t)(PIECE_ROWS * rrd->step_s);
  unsigned long step_s = rrd->step_s, len = 0;

  if (end > rrd->last)
    end = rrd->last;
  time_t wanted = end; /* librrd goes on to the next row */
  if (rrd->data)
    rrd_freemem(rrd->data);
  rrd->data = NULL;
  rrd->row = rrd->rows = 0;
  if (rrd_fetch_r(rrd->path, "AVERAGE", &start, &end, &step_s, &len, names,
                  &rrd->data) != 0)
    return fail(rrd, problem);
  if (rrd->sources && len != rrd->len) {
    free_names(*names, len);
    return history_fail(problem, -EINVAL, "%.400s has changed meanwhile",
                        rrd->path);
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

/* Go to the next row that holds anything. */
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

/* Returns whether somebody wants one of the sources. */
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

/* The first piece is there already. */
static void expect(const struct rrd *rrd) {
  unsigned long rows = rrd->rows;

  if (rrd->last >= rrd->from)
    rows += (unsigned long)(rrd->last - rrd->from) / rrd->step_s + 1;
  rrd->history->tally.bytes_total += rows * rrd->len * sizeof(*rrd->data);
}

/* Returns as start. */
static int find_archive(struct rrd *rrd, const rrd_info_t *info,
                        char *problem) {
  struct history *history = rrd->history;
  struct history_archive archive;
  unsigned long finer_s = 0;
  int rc = history_archives_find(rrd->path, info, history->options.coarser,
                                 &archive, &finer_s);

  if (rc == -ENODATA)
    return 0;
  if (rc == -EBADMSG)
    return history_fail(problem, rc,
                        "%.400s is damaged: its last update is at no time",
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

/* Returns 1 for a stream to be used, 0 for one that nobody wants, or -errno. */
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
