/* The syntax of CSV: a line of heads, lines of cells. Pure: works on lines in
 * memory, which it changes (a quoted cell is unquoted in place). */
#ifndef TOOLS_HISTORY_CSV_H
#define TOOLS_HISTORY_CSV_H

#include "lib/number.h"

#include <stddef.h>

enum history_cell_kind {
  HISTORY_EMPTY,   /* no value */
  HISTORY_UNKNOWN, /* nan or U: a value without a number */
  HISTORY_NUMBER,
  HISTORY_NO_NUMBER, /* something else */
  HISTORY_UNWANTED   /* not looked at */
};

struct history_cell {
  enum history_cell_kind kind;
  struct number number;
};

/* A walk over the cells of one line. */
struct history_line {
  char *at, *end;
  bool more; /* another cell is due */
};

/* line: without its end; a carriage return at its end is not part of it. */
void history_line_init(struct history_line *line, char *text, size_t length);

/* The next cell without its quotes and the blanks around it. Returns 0 and
 * where it is, not terminated; 1 where there is none any more; -EINVAL where a
 * quote is not closed or something stands behind it. */
int history_line_next(struct history_line *line, const char **text,
                      size_t *length);

/* The cell as a value. */
void history_cell_read(const char *text, size_t length,
                       struct history_cell *out);

/* Go through a whole line: its first cell's time and cells[0..columns-1] behind
 * it. wanted: which of them are looked at; NULL: all. Returns how many cells
 * stand behind the first, which may be more or less than `columns`; or -EINVAL
 * as history_line_next. */
long history_line_read(char *text, size_t length, const bool *wanted,
                       size_t columns, struct history_cell *time,
                       struct history_cell *cells);

#endif
