/* The files of one series of collectd's csv plugin, day after day. None is kept
 * open: there may be thousands of series. Source of the facts: src/csv.c of
 * collectd 5.12: gauges and rates are written with a decimal point, counters
 * without, and its write threads may overtake each other. */
#include "history_days.h"

#include "file_names.h"
#include "history_interval.h"
#include "history_rows.h"
#include "lib/types_db.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 13, PATH_BYTES = 4096 };

struct days {
  struct history_stream stream;
  struct history_rows rows;
  char *stem;
  bool dated;
  long day, last;
  bool is_counter;
  double interval_s;
  size_t len; /* data sources */
  struct history_series *series;
  bool *wanted;
  struct history_cell *cells; /* of the row that is due */
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

/* "epoch,value" or "epoch,rx,tx": what stands in the file. */
static int read_sources(struct days *days, const struct history_series *like,
                        char *text, size_t length, char *problem) {
  struct history_line line;
  const char *head = NULL;

  if (make_room(days, text, length) != 0)
    return history_fail(problem, -ENOMEM, "out of memory");
  history_line_init(&line, text, length);
  int rc = history_line_next(&line, &head, &length);
  if (rc == 0 && (length != 5 || memcmp(head, "epoch", 5) != 0))
    rc = -EINVAL;
  while (rc == 0 && (rc = history_line_next(&line, &head, &length)) == 0)
    rc = add_source(days, like, head, length);
  if (rc < 0 || days->len == 0)
    return history_fail(problem, -ENOMSG,
                        "%.400s:1: no file of collectd's csv plugin",
                        days->rows.lines.path);
  if (days->len == 1)
    days->series[0].source[0] = '\0';
  return 0;
}

/* The next file that is there. Returns 0; 1 behind the last; -ENOMEM. */
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

static void find_interval(struct days *days) {
  double given_s = days->rows.history->options.interval_s;

  days->interval_s =
      given_s > 0 ? given_s : history_interval_guess(&days->rows.lines);
}

/* Behind the last row of a file: go on behind the heads of the next. Returns 0;
 * 1 behind the last; or -errno and why. */
static int change_file(struct days *days, char *problem) {
  char *text = NULL;
  size_t length = 0;
  int rc = next_file(days);

  if (rc < 0)
    return history_fail(problem, rc, "out of memory");
  if (rc == 0)
    rc = history_rows_next(&days->rows, &text, &length, problem);
  else
    return 1;
  find_interval(days);
  return rc < 0 ? rc : 0;
}

static int check_cells(struct days *days, char *problem) {
  for (size_t i = 0; i < days->len; i++)
    if (days->cells[i].kind == HISTORY_NO_NUMBER) {
      days->cells[i].kind = HISTORY_EMPTY;
      if (history_rows_bad(&days->rows, problem, i + 2, "no number") != 0)
        return -EINVAL;
    }
  return 0;
}

static int load_row(struct days *days, char *problem) {
  char *text = NULL;
  size_t length = 0;
  int rc = 0;

  while (rc == 0) {
    rc = history_rows_next(&days->rows, &text, &length, problem);
    if (rc == 0) {
      rc = history_rows_read(&days->rows, text, length, days->wanted, days->len,
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
                                   const struct history_cell *cell) {
  if (cell->kind == HISTORY_NUMBER && cell->number.is_whole &&
      !cell->number.has_point)
    return HISTORY_COUNTER;
  return days->is_counter ? HISTORY_RATE : HISTORY_GAUGE;
}

static int emit(struct history_stream *stream,
                const struct history_taker *taker, char *problem) {
  struct days *days = (struct days *)stream;

  for (size_t i = 0; i < days->len; i++) {
    const struct history_cell *cell = &days->cells[i];
    if (!days->wanted[i] || cell->kind == HISTORY_EMPTY)
      continue;
    struct history_value value = {
        .series = &days->series[i],
        .time_s = stream->time_s,
        .interval_s = days->interval_s,
        .kind = find_kind(days, cell),
        .number = cell->kind == HISTORY_NUMBER ? cell->number.value : NAN,
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

/* Returns 1 where somebody wants one of the sources, 0 where nobody does. */
static int offer(struct days *days) {
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

/* Returns 1 for a stream to be used, 0 for one that nobody wants, or -errno. */
static int start(struct days *days, const struct history_series *like,
                 char *problem) {
  char *text = NULL;
  size_t length = 0;
  long first = days->day;
  int rc = 1;

  while (rc == 1) { /* a file may have been made and nothing written to it */
    rc = next_file(days);
    if (rc == 1 && !days->dated)
      return history_fail(problem, -ENOMSG, "%.400s is empty", days->stem);
    if (rc == 1)
      return 0;
    if (rc != 0)
      return history_fail(problem, rc, "out of memory");
    rc = history_rows_next(&days->rows, &text, &length, problem);
  }
  if (rc == 0)
    rc = read_sources(days, like, text, length, problem);
  if (rc != 0 || !offer(days))
    return rc;
  expect(days, first);
  find_interval(days);
  rc = load_row(days, problem);
  return rc == 0 ? 1 : rc;
}

int history_days_open(struct history *history,
                      const struct history_days_files *files,
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
