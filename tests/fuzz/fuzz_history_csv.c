/* Any bytes as a CSV file, its first line as heads: a cell is what it says, and
 * no number comes out that the library reads otherwise. */
#include "fuzz_target.h"

#include "history/csv.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 64, NUMBER_BYTES = 64 };

static bool wants(void *context, struct history_series *series) {
  (void)context;
  return series->type[0] != 'x';
}

static void check_number(const char *text, size_t length) {
  char copy[NUMBER_BYTES], *end = NULL;
  struct number number;
  const char *behind = number_read(text, text + length, &number);

  if (length >= sizeof(copy) || behind != text + length)
    return;
  memcpy(copy, text, length);
  copy[length] = '\0';
  double wanted = strtod(copy, &end);
  if (*end != '\0' || number.value != wanted || !isfinite(number.value) ||
      (number.is_whole && (double)number.whole != number.value))
    abort();
}

static void read_heads(char *text, size_t length) {
  const struct history_taker taker = {wants, NULL, NULL};
  struct csv_heads heads;
  struct csv_line line;
  const char *cell = NULL, *words = NULL;
  size_t cell_len = 0;

  if (csv_heads_init(&heads, text, length) != 0)
    return;
  csv_line_init(&line, text, length);
  if (csv_heads_begin(&line, &words) == 0)
    while (csv_line_next(&line, &cell, &cell_len) == 0)
      if (csv_heads_add(&heads, cell, cell_len, "host", &taker, &words) != 0 &&
          words[0] == '\0')
        abort();
  csv_heads_release(&heads);
}

static void read_row(char *text, size_t length) {
  struct csv_cell time, cells[CELLS];
  const char *comma = memchr(text, ',', length);
  bool wanted[CELLS];

  check_number(text, comma ? (size_t)(comma - text) : length);
  for (size_t i = 0; i < CELLS; i++)
    wanted[i] = i % 3 != 0;
  long seen = csv_line_read(text, length, wanted, CELLS, &time, cells);
  for (long i = 0; i < seen && i < CELLS; i++)
    if ((cells[i].kind == CSV_UNWANTED) != (i % 3 == 0) ||
        (cells[i].kind == CSV_NUMBER && !isfinite(cells[i].number.value)))
      abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  bool first = true;

  while (size > 0) {
    const uint8_t *end = memchr(data, '\n', size);
    size_t length = end ? (size_t)(end - data) : size;
    char *line = malloc(length + 1); /* one more: malloc(0) may be NULL */
    if (!line)
      return 0;
    char *text = line + 1; /* so that the line ends where the block does */
    memcpy(text, data, length);
    if (first)
      read_heads(text, length);
    else
      read_row(text, length);
    free(line);
    first = false;
    data += end ? length + 1 : length;
    size -= end ? length + 1 : length;
  }
  return 0;
}
