/* A CSV file, or standard input, as a stream, row by row. */
#include "csv_file.h"

#include "csv.h"
#include "file_names.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 18, SHOWN_MAX = 60 };

struct csv_file {
  struct history_stream stream;
  struct csv_rows rows;
  char host[JUDGE_HOST_MAX]; /* for heads that name none */
  struct csv_heads heads;
  struct csv_cell *cells; /* of the next row */
  double interval_s;
};

static void destroy(struct history_stream *stream) {
  struct csv_file *file = (struct csv_file *)stream;

  history_lines_release(&file->rows.lines);
  csv_heads_release(&file->heads);
  free(file->cells);
  free(file);
}

static size_t cut_last_ending(const char *name, size_t length) {
  size_t dot = length;

  while (dot > 0 && name[dot - 1] != '.')
    dot--;
  return dot > 1 ? dot - 1 : length;
}

/* The option, or the file's name without folders and endings. */
static void find_host(struct csv_file *file) {
  const char *path = file->rows.lines.path, *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  size_t length = history_cut_ending(name, strlen(name), HISTORY_GZIP_ENDING);
  const char *given = file->rows.history->options.host;

  length = cut_last_ending(name, length);
  if (given || strcmp(path, "-") == 0) {
    name = given ? given : "localhost";
    length = strlen(name);
  }
  snprintf(file->host, sizeof(file->host), "%.*s", (int)length, name);
}

static int refuse_head(const struct csv_file *file, char *problem,
                       size_t column, const char *words) {
  return history_fail(problem, -EINVAL, "%.400s:%lu: column %zu: %s",
                      file->rows.lines.path, file->rows.lines.line, column,
                      words);
}

static int read_head_cells(struct csv_file *file, struct csv_line *line,
                           char *problem) {
  struct csv_heads *heads = &file->heads;
  struct history *history = file->rows.history;
  const char *text = NULL, *words = NULL;
  size_t length = 0;
  int rc = 0;

  while ((rc = csv_line_next(line, &text, &length)) == 0)
    if (csv_heads_add(heads, text, length, file->host, &history->taker,
                      &words) != 0 &&
        csv_rows_bad(&file->rows, problem, heads->cells_len + 1, "\"%.*s\": %s",
                     length > SHOWN_MAX ? SHOWN_MAX : (int)length, text,
                     words) != 0)
      return -EINVAL;
  history->tally.columns += heads->cells_len - heads->columns_len;
  return rc == 1 ? 0
                 : refuse_head(file, problem, heads->cells_len + 2,
                               csv_quote_words);
}

static int read_heads(struct csv_file *file, char *problem) {
  struct csv_line line;
  const char *words = NULL;
  char *text = NULL;
  size_t length = 0;
  int rc = csv_rows_next(&file->rows, &text, &length, problem);

  if (rc == 1)
    return history_fail(problem, -EINVAL, "%.400s is empty",
                        file->rows.lines.path);
  if (rc != 0)
    return rc;
  if (csv_heads_init(&file->heads, text, length) != 0)
    return history_fail(problem, -ENOMEM, "out of memory");
  size_t mark = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  csv_line_init(&line, text + mark, length - mark);
  if (csv_heads_begin(&line, &words) != 0)
    return refuse_head(file, problem, 1, words);
  return read_head_cells(file, &line, problem);
}

/* What is wrong with a cell, or NULL. */
static const char *find_fault(const struct csv_cell *cell,
                              const struct csv_column *column) {
  if (cell->kind == CSV_NO_NUMBER)
    return "not a number";
  if (cell->kind == CSV_NUMBER && column->kind == HISTORY_COUNTER &&
      !cell->number.is_whole)
    return "not a whole number, as a counter is; the head of a rate ends in "
           ":rate";
  return NULL;
}

static int check_cells(struct csv_file *file, char *problem) {
  const struct csv_heads *heads = &file->heads;

  for (size_t i = 0; i < heads->columns_len; i++) {
    const struct csv_column *column = &heads->columns[i];
    struct csv_cell *cell = &file->cells[column->number - 2];
    const char *fault = find_fault(cell, column);
    if (!fault)
      continue;
    cell->kind = CSV_EMPTY;
    if (csv_rows_bad(&file->rows, problem, column->number, "%s (%s-%s)", fault,
                     column->series.type, column->series.type_instance) != 0)
      return -EINVAL;
  }
  return 0;
}

static int load_row(struct csv_file *file, char *problem) {
  char *text = NULL;
  size_t length = 0;
  int rc = 0;

  while (rc == 0) {
    rc = csv_rows_next(&file->rows, &text, &length, problem);
    if (rc == 1) {
      file->stream.time_s = INFINITY;
      return 0;
    }
    if (rc == 0)
      rc = csv_rows_read(&file->rows, text, length, file->heads.wanted,
                         file->heads.cells_len, file->cells, problem);
  }
  if (rc < 0)
    return rc;
  file->stream.time_s = file->rows.newest_s;
  return check_cells(file, problem);
}

static int hand_out(struct csv_file *file, const struct csv_column *column,
                    const struct history_taker *taker) {
  const struct csv_cell *cell = &file->cells[column->number - 2];
  struct history_value value = {
      .series = &column->series,
      .time_s = file->stream.time_s,
      .interval_s = file->interval_s,
      .kind = column->kind,
      .number = NAN,
  };

  if (cell->kind == CSV_EMPTY)
    return 0;
  if (cell->kind == CSV_NUMBER) {
    value.number = cell->number.value;
    value.counter = cell->number.whole;
  } else if (value.kind == HISTORY_COUNTER)
    value.kind = HISTORY_RATE; /* no number, so no count */
  file->rows.history->tally.values++;
  return taker->take(taker->context, &value);
}

static int emit(struct history_stream *stream,
                const struct history_taker *taker, char *problem) {
  struct csv_file *file = (struct csv_file *)stream;

  for (size_t i = 0; i < file->heads.columns_len; i++) {
    int rc = hand_out(file, &file->heads.columns[i], taker);
    if (rc != 0)
      return rc;
  }
  return load_row(file, problem);
}

static int start(struct csv_file *file, char *problem) {
  int rc = read_heads(file, problem);

  if (rc != 0)
    return rc;
  file->cells = calloc(file->heads.cells_len + 1, sizeof(*file->cells));
  if (!file->cells)
    return history_fail(problem, -ENOMEM, "out of memory");
  file->interval_s = csv_rows_interval(&file->rows);
  return load_row(file, problem);
}

int history_file_open(struct history *history, const char *path,
                      struct history_stream **out, char *problem) {
  struct csv_file *file = calloc(1, sizeof(*file));

  if (!file || history_lines_init(&file->rows.lines, path, true, PIECE) != 0) {
    free(file);
    return history_fail(problem, -ENOMEM, "out of memory");
  }
  file->rows.history = history;
  file->rows.any_order = !history->options.strict_times;
  file->stream = (struct history_stream){
      .time_s = INFINITY, .emit = emit, .destroy = destroy};
  find_host(file);
  history_expect(history, path);
  int rc = start(file, problem);
  if (rc == 0)
    *out = &file->stream;
  else
    destroy(&file->stream);
  return rc;
}
