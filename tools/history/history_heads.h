/* The line of heads of a CSV file: which of its columns are taken, as what. */
#ifndef TOOLS_HISTORY_HISTORY_HEADS_H
#define TOOLS_HISTORY_HISTORY_HEADS_H

#include "csv.h"
#include "history.h"

struct history_column {
  size_t number; /* in the file, from 1; the time is number 1 */
  enum history_kind kind;
  struct history_series series;
};

struct history_heads {
  size_t cells_len;               /* columns behind the time */
  bool *wanted;                   /* which of them are taken */
  struct history_column *columns; /* those, from left to right */
  size_t columns_len;
};

/* Read the first head, which must be "time". Returns 0, or -EINVAL and why. */
int history_heads_begin(struct history_line *line, const char **words);

/* Make room for the heads in a line of so many bytes. Returns 0 or -ENOMEM. */
int history_heads_init(struct history_heads *heads, const char *text,
                       size_t length);
void history_heads_release(struct history_heads *heads);

/* Take in the next head. host: of one that names none. Returns 0; or -EINVAL
 * and, in words, why it cannot be used: then its column is not taken. */
int history_heads_add(struct history_heads *heads, const char *text,
                      size_t length, const char *host,
                      const struct history_taker *taker, const char **words);

#endif
