/* Lines of a file -> rows with a time that is one. */
#include "history_rows.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double time_max_s = 1e11; /* the year 5138 */

const char history_quote_words[] =
    "a quote is not closed, or something stands behind it";

int history_rows_bad(struct history_rows *rows, char *problem, size_t column,
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

/* As they are stored, for that is what is known of the whole. */
static void count_bytes(struct history_rows *rows) {
  if (rows->lines.offset < rows->counted)
    rows->counted = 0; /* another file */
  rows->history->tally.bytes += (uint64_t)(rows->lines.offset - rows->counted);
  rows->counted = rows->lines.offset;
}

int history_rows_next(struct history_rows *rows, char **text, size_t *length,
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
                        "%.400s: its gzipped bytes are damaged, or "
                        "end too soon",
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

static int check_time(struct history_rows *rows,
                      const struct history_cell *time, char *problem) {
  double time_s = time->number.value;

  if (time->kind != HISTORY_NUMBER || !(time_s > 0) || time_s > time_max_s)
    return history_rows_bad(rows, problem, 1, "no time in seconds since 1970");
  if (time_s < rows->newest_s && !rows->any_order)
    return history_rows_bad(rows, problem, 1,
                            "the time goes back from %.3f to %.3f",
                            rows->newest_s, time_s);
  rows->newest_s = time_s;
  return 1;
}

int history_rows_read(struct history_rows *rows, char *text, size_t length,
                      const bool *wanted, size_t cells_len,
                      struct history_cell *cells, char *problem) {
  struct history_cell time;
  long seen = history_line_read(text, length, wanted, cells_len, &time, cells);

  if (seen < 0)
    return history_rows_bad(rows, problem, 0, "%s", history_quote_words);
  if ((size_t)seen != cells_len)
    return history_rows_bad(rows, problem, 0, "%ld cells; the heads are %zu",
                            seen + 1, cells_len + 1);
  return check_time(rows, &time, problem);
}
