/* See nab_corpus.h. */
#include "nab_corpus.h"

#include "history/csv.h"
#include "nab_json.h"
#include "nab_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool digits(const char *text, size_t length, int *out) {
  *out = 0;
  for (size_t i = 0; i < length; i++) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    *out = 10 * *out + (text[i] - '0');
  }
  return true;
}

bool nab_corpus_time(const char *text, size_t length, double *out) {
  enum { PLAIN = 19 };
  struct tm tm = {0};

  if (length < PLAIN || text[4] != '-' || text[7] != '-' || text[10] != ' ' ||
      text[13] != ':' || text[16] != ':' || !digits(text, 4, &tm.tm_year) ||
      !digits(text + 5, 2, &tm.tm_mon) || !digits(text + 8, 2, &tm.tm_mday) ||
      !digits(text + 11, 2, &tm.tm_hour) || !digits(text + 14, 2, &tm.tm_min) ||
      !digits(text + 17, 2, &tm.tm_sec))
    return false;
  if (length > PLAIN && (text[PLAIN] != '.' || length == PLAIN + 1 ||
                         strspn(text + PLAIN + 1, "0") < length - PLAIN - 1))
    return false;
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  struct tm given = tm;
  time_t time = timegm(&tm); /* which makes June 31 the first of July */
  if (tm.tm_mon != given.tm_mon || tm.tm_mday != given.tm_mday ||
      tm.tm_hour != given.tm_hour || tm.tm_min != given.tm_min ||
      tm.tm_sec != given.tm_sec)
    return false;
  *out = (double)time;
  return true;
}

static double json_time(struct nab_json *json) {
  char text[NAB_NAME_MAX];
  double time_s = NAN;

  nab_json_string(json, text, sizeof(text));
  if (!json->problem && !nab_corpus_time(text, strlen(text), &time_s))
    json->problem = "no time of the form 2014-04-10 07:15:00.000000";
  return time_s;
}

static void read_span(struct nab_json *json, struct nab_file *file) {
  double edges[2] = {NAN, NAN};
  size_t len = 0;

  for (nab_json_open(json, '['); nab_json_more(json, ']'); len++) {
    double edge = json_time(json);
    if (len < 2)
      edges[len] = edge;
  }
  double after =
      file->spans_len > 0 ? file->spans[file->spans_len - 1].to_s : -INFINITY;
  if (json->problem)
    return;
  if (len != 2 || !(edges[0] < edges[1]) || !(edges[0] > after))
    json->problem = "a window needs two edges, left to right, and windows "
                    "must not overlap";
  else if (file->spans_len == NAB_WINDOWS_MAX)
    json->problem = "too many windows";
  else
    file->spans[file->spans_len++] = (struct nab_span){edges[0], edges[1]};
}

static int add_file(struct nab_corpus *corpus, struct nab_file **out) {
  if (corpus->len == corpus->capacity) {
    size_t capacity = corpus->capacity ? 2 * corpus->capacity : 64;
    struct nab_file *files = realloc(corpus->files, capacity * sizeof(*files));
    if (!files)
      return -ENOMEM;
    corpus->files = files;
    corpus->capacity = capacity;
  }
  *out = &corpus->files[corpus->len++];
  memset(*out, 0, sizeof(**out));
  return 0;
}

static int by_name(const void *a, const void *b) {
  const struct nab_file *left = a, *right = b;

  return strcmp(left->name, right->name);
}

int nab_corpus_labels(const char *text, size_t length,
                      struct nab_corpus *corpus, char *problem) {
  struct nab_json json = nab_json_begin(text, length);
  struct nab_file *file;

  for (nab_json_open(&json, '{'); nab_json_more(&json, '}');) {
    if (add_file(corpus, &file) != 0)
      return nab_text_no_memory(problem);
    nab_json_key(&json, file->name, sizeof(file->name));
    for (nab_json_open(&json, '['); nab_json_more(&json, ']');)
      read_span(&json, file);
  }
  nab_json_finish(&json);
  if (json.problem)
    return nab_text_refuse(problem, "line %zu: %s", nab_json_line(&json),
                           json.problem);
  if (corpus->len == 0)
    return nab_text_refuse(problem, "it names no file");
  qsort(corpus->files, corpus->len, sizeof(*corpus->files), by_name);
  for (size_t i = 1; i < corpus->len; i++)
    if (by_name(&corpus->files[i - 1], &corpus->files[i]) == 0)
      return nab_text_refuse(problem, "%s is named twice",
                             corpus->files[i].name);
  return 0;
}

int nab_corpus_open(const char *folder, struct nab_corpus *out, char *problem) {
  static const char name[] = "labels/combined_windows.json";
  char why[NAB_PROBLEM_MAX];
  char *text = NULL;
  size_t length;

  *out = (struct nab_corpus){.folder = folder};
  int rc = nab_text_read(folder, name, &text, &length, problem);
  if (rc != 0)
    return rc;
  rc = nab_corpus_labels(text, length, out, why);
  if (rc != 0)
    rc = nab_text_refuse(problem, "%s/%s: %s", folder, name, why);
  free(text);
  return rc;
}

void nab_corpus_release(struct nab_corpus *corpus) { free(corpus->files); }

static int grow(struct nab_rows *rows) {
  size_t capacity = rows->capacity ? 2 * rows->capacity : 4096;
  double **columns[] = {&rows->time_s, &rows->value, &rows->score};

  if (rows->len < rows->capacity)
    return 0;
  for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
    double *column = realloc(*columns[i], capacity * sizeof(*column));
    if (!column)
      return -ENOMEM;
    *columns[i] = column;
  }
  rows->capacity = capacity;
  return 0;
}

void nab_corpus_release_rows(struct nab_rows *rows) {
  free(rows->time_s);
  free(rows->value);
  free(rows->score);
}

/* Which cells of a line hold what is wanted. */
struct columns {
  long value, score; /* -1: the file has none */
};

static bool is(const char *text, size_t length, const char *wanted) {
  return length == strlen(wanted) && memcmp(text, wanted, length) == 0;
}

static bool read_heads(char *line, size_t length, struct columns *out) {
  struct csv_line cells;
  const char *text;
  size_t size;

  csv_line_init(&cells, line, length);
  for (long i = 0; csv_line_next(&cells, &text, &size) == 0; i++) {
    if (i == 0 && !is(text, size, "timestamp"))
      return false;
    if (is(text, size, "value"))
      out->value = i;
    else if (is(text, size, "anomaly_score"))
      out->score = i;
  }
  return out->value > 0;
}

static bool read_cell(const char *text, size_t size, double *out) {
  struct number number;

  if (number_read(text, text + size, &number) != text + size)
    return false;
  *out = number.value;
  return true;
}

/* A row; rows has room for it. */
static bool read_row(char *line, size_t length, const struct columns *columns,
                     struct nab_rows *rows) {
  struct csv_line cells;
  const char *text;
  size_t size, row = rows->len;
  bool good = true;

  rows->time_s[row] = rows->value[row] = rows->score[row] = NAN;
  csv_line_init(&cells, line, length);
  for (long i = 0; good && csv_line_next(&cells, &text, &size) == 0; i++) {
    if (i == 0)
      good = nab_corpus_time(text, size, &rows->time_s[row]);
    else if (i == columns->value)
      good = read_cell(text, size, &rows->value[row]);
    else if (i == columns->score)
      good = read_cell(text, size, &rows->score[row]);
  }
  rows->len++;
  return good && isfinite(rows->time_s[row]) && isfinite(rows->value[row]) &&
         (columns->score < 0 || isfinite(rows->score[row]));
}

static int read_rows(FILE *file, const char *path, struct nab_rows *out,
                     char *problem) {
  struct columns columns = {-1, -1};
  char *line = NULL;
  size_t size = 0, number = 0;
  ssize_t length;
  int rc = 0;

  while (rc == 0 && (length = getline(&line, &size, file)) > 0) {
    size_t end = (size_t)length - (line[length - 1] == '\n');
    if (number++ == 0 ? !read_heads(line, end, &columns)
                      : grow(out) != 0 || !read_row(line, end, &columns, out))
      rc =
          nab_text_refuse(problem, "%s: line %zu cannot be used", path, number);
  }
  if (rc == 0 && (ferror(file) || out->len == 0))
    rc = nab_text_refuse(problem, "%s: cannot be read, or is empty", path);
  free(line);
  return rc;
}

/* The published results of realX/file.csv stand in realX/DETECTOR_file.csv. */
static void path_of(const struct nab_corpus *corpus,
                    const struct nab_file *file, const char *detector,
                    char path[NAB_PATH_MAX]) {
  const char *base = strrchr(file->name, '/');

  base = base ? base + 1 : file->name;
  int folder_length = (int)(base - file->name);
  if (detector)
    snprintf(path, NAB_PATH_MAX, "%s/results/%s/%.*s%s_%s", corpus->folder,
             detector, folder_length, file->name, detector, base);
  else
    snprintf(path, NAB_PATH_MAX, "%s/data/%s", corpus->folder, file->name);
}

int nab_corpus_read(const struct nab_corpus *corpus,
                    const struct nab_file *file, const char *detector,
                    struct nab_rows *out, char *problem) {
  char path[NAB_PATH_MAX];

  memset(out, 0, sizeof(*out));
  path_of(corpus, file, detector, path);
  FILE *stream = fopen(path, "r");
  if (!stream)
    return nab_text_refuse(problem, "%s: %s", path, strerror(errno));
  int rc = read_rows(stream, path, out, problem);
  fclose(stream);
  if (rc == 0 && detector && isnan(out->score[0]))
    rc = nab_text_refuse(problem, "%s has no column anomaly_score", path);
  return rc;
}

static size_t find_row(const struct nab_rows *rows, size_t from,
                       double time_s) {
  while (from < rows->len && rows->time_s[from] != time_s)
    from++;
  return from;
}

int nab_corpus_place(const struct nab_file *file, const struct nab_rows *rows,
                     struct nab_window *out, char *problem) {
  size_t row = 0;

  for (size_t i = 0; i < file->spans_len; i++) {
    out[i].first = find_row(rows, row, file->spans[i].from_s);
    out[i].last = find_row(rows, out[i].first, file->spans[i].to_s);
    if (out[i].last == rows->len)
      return nab_text_refuse(problem, "%s: an edge of window %zu is no row",
                             file->name, i + 1);
    row = out[i].last + 1;
  }
  return 0;
}
