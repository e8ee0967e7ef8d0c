/* Rows of recorded values in a text file: what they have in common, whatever
 * their heads say. */
#ifndef TOOLS_HISTORY_HISTORY_ROWS_H
#define TOOLS_HISTORY_HISTORY_ROWS_H

#include "csv.h"
#include "history.h"
#include "history_lines.h"

extern const char history_quote_words[]; /* why a line has no cells */

struct history_rows {
  struct history *history;
  struct history_lines lines;
  off_t counted;   /* bytes of the file that the tally has */
  double newest_s; /* the time of the last row */
  bool any_order;  /* a time may go back */
};

/* The next line that is not blank. Returns 0; 1 at the end of the file; or
 * -errno and why in problem. */
int history_rows_next(struct history_rows *rows, char **text, size_t *length,
                      char *problem);

/* Cut a line into its time and cells. cells_len: how many there must be behind
 * the time. Returns 1 for a row that can be used, 0 for one that is skipped, or
 * -EINVAL and why in problem. */
int history_rows_read(struct history_rows *rows, char *text, size_t length,
                      const bool *wanted, size_t cells_len,
                      struct history_cell *cells, char *problem);

/* Something in the line that was read last cannot be used; column 0: all of
 * it. Returns as history_bad. */
__attribute__((format(printf, 4, 5))) int
history_rows_bad(struct history_rows *rows, char *problem, size_t column,
                 const char *format, ...);

#endif
