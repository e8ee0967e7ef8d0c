/* Heads of a CSV file -> series. Pure. */
#include "history_heads.h"

#include "file_names.h"
#include "lib/types_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int history_heads_begin(struct history_line *line, const char **words) {
  const char *text = NULL;
  size_t length = 0;

  *words = "a quote is not closed, or something stands behind it";
  if (history_line_next(line, &text, &length) != 0)
    return -EINVAL;
  *words = "the first head must be time";
  return length == 4 && memcmp(text, "time", 4) == 0 ? 0 : -EINVAL;
}

int history_heads_init(struct history_heads *heads, const char *text,
                       size_t length) {
  size_t most = 1;

  for (size_t i = 0; i < length; i++)
    most += text[i] == ',';
  heads->cells_len = heads->columns_len = 0;
  heads->wanted = calloc(most, sizeof(*heads->wanted));
  heads->columns = calloc(most, sizeof(*heads->columns));
  if (heads->wanted && heads->columns)
    return 0;
  history_heads_release(heads);
  return -ENOMEM;
}

void history_heads_release(struct history_heads *heads) {
  free(heads->wanted);
  free(heads->columns);
  heads->wanted = NULL;
  heads->columns = NULL;
}

static bool is_repeated(const struct history_heads *heads,
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

  *words = ":rate stands behind what is no counter";
  if (is_rate && known && !counter)
    return -EINVAL;
  *out = is_rate ? HISTORY_RATE : counter ? HISTORY_COUNTER : HISTORY_GAUGE;
  return 0;
}

int history_heads_add(struct history_heads *heads, const char *text,
                      size_t length, const char *host,
                      const struct history_taker *taker, const char **words) {
  struct history_column *column = &heads->columns[heads->columns_len];
  bool *wanted = &heads->wanted[heads->cells_len++];
  bool is_rate = false;

  column->number = heads->cells_len + 1;
  if (history_identifier_read(text, length, host, &column->series, &is_rate,
                              words) != 0 ||
      find_kind(&column->series, is_rate, &column->kind, words) != 0)
    return -EINVAL;
  *words = "a column further left has the same head";
  if (is_repeated(heads, &column->series))
    return -EINVAL;
  *wanted = taker->wants(taker->context, &column->series);
  heads->columns_len += *wanted;
  return 0;
}
