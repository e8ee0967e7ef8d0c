/* Lines of CSV -> cells, heads -> series, lines of a file -> rows with a valid
 * time. Source of the syntax: RFC 4180, without line ends inside quotes. */
#include "csv.h"

#include "file_names.h"
#include "lib/types_db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { GUESS_ROWS = 32 };
static const double time_max_s = 1e11;     /* the year 5138 */
static const double usual_interval_s = 10; /* collectd's own default */

const char csv_quote_words[] = "a quote is not closed, or text follows it";

void csv_line_init(struct csv_line *line, char *text, size_t length) {
  if (length > 0 && text[length - 1] == '\r')
    length--;
  *line = (struct csv_line){text, text + length, true};
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static void trim(const char **text, size_t *length) {
  while (*length > 0 && is_blank(**text)) {
    ++*text;
    --*length;
  }
  while (*length > 0 && is_blank((*text)[*length - 1]))
    --*length;
}

/* After the opening quote; doubled quotes become one, in place. */
static int read_quoted(struct csv_line *line, const char **text,
                       size_t *length) {
  char *from = line->at, *to = line->at;

  for (;;) {
    if (line->at == line->end)
      return -EINVAL;
    if (*line->at == '"') {
      line->at++;
      if (line->at == line->end || *line->at != '"')
        break;
    }
    *to++ = *line->at++;
  }
  while (line->at < line->end && is_blank(*line->at))
    line->at++;
  *text = from;
  *length = (size_t)(to - from);
  return line->at == line->end || *line->at == ',' ? 0 : -EINVAL;
}

static void read_bare(struct csv_line *line, const char **text,
                      size_t *length) {
  char *comma = memchr(line->at, ',', (size_t)(line->end - line->at));

  *text = line->at;
  line->at = comma ? comma : line->end;
  *length = (size_t)(line->at - *text);
  trim(text, length);
}

int csv_line_next(struct csv_line *line, const char **text, size_t *length) {
  if (!line->more)
    return 1;
  char *at = line->at;
  while (at < line->end && is_blank(*at))
    at++;
  if (at < line->end && *at == '"') {
    line->at = at + 1;
    if (read_quoted(line, text, length) != 0)
      return -EINVAL;
  } else
    read_bare(line, text, length);
  line->more = line->at < line->end;
  line->at += line->more;
  return 0;
}

static bool is_word(const char *text, size_t length, const char *word) {
  return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

static void read_value(const char *text, size_t length, struct csv_cell *out) {
  const char *end = text + length;

  out->kind = CSV_NO_NUMBER;
  if (length == 0)
    out->kind = CSV_EMPTY;
  else if (number_read(text, end, &out->number) == end)
    out->kind = CSV_NUMBER;
  else if (is_word(text, length, "nan") || is_word(text, length, "-nan") ||
           is_word(text, length, "U"))
    out->kind = CSV_UNKNOWN;
}

/* The next cell if it is a bare number, as most are. */
static bool read_bare_number(struct csv_line *line, struct csv_cell *out) {
  const char *behind = number_read(line->at, line->end, &out->number);

  if (!behind || (behind < line->end && *behind != ','))
    return false;
  line->at += behind - line->at;
  line->more = line->at < line->end;
  line->at += line->more;
  out->kind = CSV_NUMBER;
  return true;
}

/* Returns as csv_line_next. */
static int read_cell(struct csv_line *line, bool wanted, struct csv_cell *out) {
  const char *text = NULL;
  size_t length = 0;

  if (wanted && line->more && read_bare_number(line, out))
    return 0;
  int rc = csv_line_next(line, &text, &length);
  if (rc == 0 && wanted)
    read_value(text, length, out);
  else if (rc == 0)
    out->kind = CSV_UNWANTED;
  return rc;
}

long csv_line_read(char *text, size_t length, const bool *wanted,
                   size_t columns, struct csv_cell *time,
                   struct csv_cell *cells) {
  struct csv_line line;
  struct csv_cell beyond;
  size_t seen = 0;

  csv_line_init(&line, text, length);
  int rc = read_cell(&line, true, time);
  while (rc == 0) {
    bool is_wanted = seen < columns && (!wanted || wanted[seen]);
    rc = read_cell(&line, is_wanted, seen < columns ? &cells[seen] : &beyond);
    seen += rc == 0;
  }
  return rc < 0 ? rc : (long)seen;
}

int csv_heads_begin(struct csv_line *line, const char **words) {
  const char *text = NULL;
  size_t length = 0;

  *words = csv_quote_words;
  if (csv_line_next(line, &text, &length) != 0)
    return -EINVAL;
  *words = "the first column head must be time";
  return length == 4 && memcmp(text, "time", 4) == 0 ? 0 : -EINVAL;
}

int csv_heads_init(struct csv_heads *heads, const char *text, size_t length) {
  size_t most = 1;

  for (size_t i = 0; i < length; i++)
    most += text[i] == ',';
  heads->cells_len = heads->columns_len = 0;
  heads->wanted = calloc(most, sizeof(*heads->wanted));
  heads->columns = calloc(most, sizeof(*heads->columns));
  if (heads->wanted && heads->columns)
    return 0;
  csv_heads_release(heads);
  return -ENOMEM;
}

void csv_heads_release(struct csv_heads *heads) {
  free(heads->wanted);
  free(heads->columns);
  heads->wanted = NULL;
  heads->columns = NULL;
}

static bool is_repeated(const struct csv_heads *heads,
                        const struct history_series *series) {
  for (size_t i = 0; i < heads->columns_len; i++)
    if (history_identifier_equal(&heads->columns[i].series, series))
      return true;
  return false;
}

static bool is_counter(const struct history_series *series) {
  enum signal signal = history_identifier_signal(series);

  if (signal != SIGNAL_COUNT)
    return signal >= SIGNAL_FIRST_COUNTER;
  return types_db_is_counter(series->type);
}

static int find_kind(const struct history_series *series, bool is_rate,
                     enum history_kind *out, const char **words) {
  bool counter = is_counter(series);
  bool known = history_identifier_signal(series) != SIGNAL_COUNT;

  *words = ":rate follows something that is not a counter";
  if (is_rate && known && !counter)
    return -EINVAL;
  *out = is_rate ? HISTORY_RATE : counter ? HISTORY_COUNTER : HISTORY_GAUGE;
  return 0;
}

int csv_heads_add(struct csv_heads *heads, const char *text, size_t length,
                  const char *host, const struct history_taker *taker,
                  const char **words) {
  struct csv_column *column = &heads->columns[heads->columns_len];
  bool *wanted = &heads->wanted[heads->cells_len++];
  bool is_rate = false;

  column->number = heads->cells_len + 1;
  if (history_identifier_read(text, length, host, &column->series, &is_rate,
                              words) != 0 ||
      find_kind(&column->series, is_rate, &column->kind, words) != 0)
    return -EINVAL;
  *words = "an earlier column has the same head";
  if (is_repeated(heads, &column->series))
    return -EINVAL;
  *wanted = taker->wants(taker->context, &column->series);
  heads->columns_len += *wanted;
  return 0;
}

int csv_rows_bad(struct csv_rows *rows, char *problem, size_t column,
                 const char *format, ...) {
  va_list arguments;
  int used = snprintf(problem, HISTORY_PROBLEM_MAX,
                      "%.400s:%lu: ", rows->lines.path, rows->lines.line);

  if (column > 0)
    used += snprintf(problem + used, (size_t)(HISTORY_PROBLEM_MAX - used),
                     "column %zu: ", column);
  va_start(arguments, format);
  vsnprintf(problem + used, (size_t)(HISTORY_PROBLEM_MAX - used), format,
            arguments);
  va_end(arguments);
  return history_bad(rows->history, -EINVAL, problem);
}

/* As stored, to compare with the sizes of the files. */
static void count_bytes(struct csv_rows *rows) {
  if (rows->lines.offset < rows->counted)
    rows->counted = 0; /* another file */
  rows->history->tally.bytes += (uint64_t)(rows->lines.offset - rows->counted);
  rows->counted = rows->lines.offset;
}

int csv_rows_next(struct csv_rows *rows, char **text, size_t *length,
                  char *problem) {
  int rc = 0;

  do
    rc = history_lines_next(&rows->lines, text, length);
  while (rc == 0 && (*length == 0 || (*length == 1 && **text == '\r')));
  if (rc == -EFBIG)
    return history_fail(problem, rc, "%.400s:%lu: longer than %d bytes",
                        rows->lines.path, rows->lines.line + 1,
                        HISTORY_LINE_MAX);
  if (rc == -EBADMSG)
    return history_fail(problem, rc,
                        "%.400s: its gzipped data is damaged or cut short",
                        rows->lines.path);
  if (rc == -ENOTSUP)
    return history_fail(
        problem, rc,
        "%.400s is gzipped, and this build has no "
        "zlib; unpack it, or install zlib1g-dev, then configure "
        "and build again",
        rows->lines.path);
  if (rc < 0)
    return history_fail(problem, rc, "cannot read %.400s: %s", rows->lines.path,
                        strerror(-rc));
  count_bytes(rows);
  return rc;
}

static int check_time(struct csv_rows *rows, const struct csv_cell *time,
                      char *problem) {
  double time_s = time->number.value;

  if (time->kind != CSV_NUMBER || !(time_s > 0) || time_s > time_max_s)
    return csv_rows_bad(rows, problem, 1, "not a time in seconds since 1970");
  if (time_s < rows->newest_s && !rows->any_order)
    return csv_rows_bad(rows, problem, 1,
                        "the time goes back from %.3f to %.3f", rows->newest_s,
                        time_s);
  rows->newest_s = time_s;
  return 1;
}

int csv_rows_read(struct csv_rows *rows, char *text, size_t length,
                  const bool *wanted, size_t cells_len, struct csv_cell *cells,
                  char *problem) {
  struct csv_cell time;
  long seen = csv_line_read(text, length, wanted, cells_len, &time, cells);

  if (seen < 0)
    return csv_rows_bad(rows, problem, 0, "%s", csv_quote_words);
  if ((size_t)seen != cells_len)
    return csv_rows_bad(rows, problem, 0, "%ld cells, but %zu column heads",
                        seen + 1, cells_len + 1);
  return check_time(rows, &time, problem);
}

static int compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;

  return (left > right) - (left < right);
}

static bool read_time(const char *text, size_t length, double *out) {
  const char *end = text + length;
  struct number number;

  while (text < end && (*text == ' ' || *text == '\t' || *text == '"'))
    text++;
  if (!number_read(text, end, &number))
    return false;
  *out = number.value;
  return true;
}

static double guess_interval(struct history_lines *lines) {
  double steps[GUESS_ROWS], time_s = 0, before_s = 0;
  const char *text = NULL;
  size_t length = 0, len = 0;
  bool any = false;

  for (size_t i = 0; i < GUESS_ROWS; i++) {
    if (history_lines_peek(lines, i, &text, &length) != 0)
      break;
    if (!read_time(text, length, &time_s))
      continue;
    if (any && time_s > before_s)
      steps[len++] = time_s - before_s;
    before_s = time_s;
    any = true;
  }
  if (len == 0)
    return usual_interval_s;
  qsort(steps, len, sizeof(steps[0]), compare);
  return steps[len / 2];
}

double csv_rows_interval(struct csv_rows *rows) {
  double given_s = rows->history->options.interval_s;

  return given_s > 0 ? given_s : guess_interval(&rows->lines);
}
