/* CSV: a line of heads, then rows of a time and cells. Cells and heads are
 * parsed in memory, which they change (a quoted cell is unquoted in place);
 * rows come from the lines of a file. */
#ifndef TOOLS_HISTORY_CSV_H
#define TOOLS_HISTORY_CSV_H

#include "history.h"
#include "lib/number.h"
#include "lines.h"

/* Why a line cannot be cut into cells. */
extern const char csv_quote_words[];

enum csv_cell_kind {
  CSV_EMPTY,   /* no value */
  CSV_UNKNOWN, /* nan or U: a value without a number */
  CSV_NUMBER,
  CSV_NO_NUMBER, /* something else */
  CSV_UNWANTED   /* not parsed */
};

struct csv_cell {
  enum csv_cell_kind kind;
  struct number number;
};

/* A walk over the cells of one line. */
struct csv_line {
  char *at, *end;
  bool more; /* another cell follows */
};

/* text: without the line's end; a carriage return at its end is ignored. */
void csv_line_init(struct csv_line *line, char *text, size_t length);

/* The next cell without its quotes and the blanks around it, not terminated.
 * Returns 0; 1 after the last cell; -EINVAL if a quote is not closed or
 * something follows it. */
int csv_line_next(struct csv_line *line, const char **text, size_t *length);

/* Parse a whole line: the time from its first cell, then cells[0..columns-1].
 * wanted: which of them are parsed; NULL: all. Returns how many cells follow
 * the first, which may be more or fewer than `columns`; or -EINVAL as
 * csv_line_next.
 */
long csv_line_read(char *text, size_t length, const bool *wanted,
                   size_t columns, struct csv_cell *time,
                   struct csv_cell *cells);

struct csv_column {
  size_t number; /* in the file, from 1; the time is number 1 */
  enum history_kind kind;
  struct history_series series;
};

/* The line of heads: which columns are taken, and what they hold. */
struct csv_heads {
  size_t cells_len;           /* columns after the time */
  bool *wanted;               /* which of them are taken */
  struct csv_column *columns; /* the taken ones, from left to right */
  size_t columns_len;
};

/* Read the first head, which must be "time". Returns 0, or -EINVAL and why. */
int csv_heads_begin(struct csv_line *line, const char **words);

/* Allocate room for the heads of this line. Returns 0 or -ENOMEM. */
int csv_heads_init(struct csv_heads *heads, const char *text, size_t length);
void csv_heads_release(struct csv_heads *heads);

/* Add the next head. host: used if the head names none. Returns 0; or -EINVAL
 * and, in words, why it cannot be used: then its column is not taken. */
int csv_heads_add(struct csv_heads *heads, const char *text, size_t length,
                  const char *host, const struct history_taker *taker,
                  const char **words);

/* The rows of a file, whatever its heads say. */
struct csv_rows {
  struct history *history;
  struct history_lines lines;
  off_t counted;   /* bytes of the file that are in the tally */
  double newest_s; /* the time of the last row */
  bool any_order;  /* a time may go back */
};

/* The next line that is not blank. Returns 0; 1 at the end of the file; or
 * -errno and why in problem. */
int csv_rows_next(struct csv_rows *rows, char **text, size_t *length,
                  char *problem);

/* Parse a line as csv_line_read does. cells_len: how many cells must follow the
 * time. Returns 1 for a usable row, 0 for one that is skipped, or -EINVAL and
 * why in problem. */
int csv_rows_read(struct csv_rows *rows, char *text, size_t length,
                  const bool *wanted, size_t cells_len, struct csv_cell *cells,
                  char *problem);

/* Report something unusable in the last line read; column 0: all of it. Returns
 * as history_bad. */
__attribute__((format(printf, 4, 5))) int csv_rows_bad(struct csv_rows *rows,
                                                       char *problem,
                                                       size_t column,
                                                       const char *format, ...);

/* Seconds between rows: the interval of the options, or else the median step
 * between the times of the next rows (steps of 0 do not count), or else 10. The
 * rows are not consumed. */
double csv_rows_interval(struct csv_rows *rows);

#endif
