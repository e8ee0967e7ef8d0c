/* The interval of recorded rows, from the first few of them. */
#include "history_interval.h"

#include "lib/number.h"

#include <stdlib.h>

enum { ROWS = 32 };
static const double usual_s = 10; /* collectd's own default */

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

double history_interval_guess(struct history_lines *lines) {
  double steps[ROWS], time_s = 0, before_s = 0;
  const char *text = NULL;
  size_t length = 0, len = 0;
  bool any = false;

  for (size_t i = 0; i < ROWS; i++) {
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
    return usual_s;
  qsort(steps, len, sizeof(steps[0]), compare);
  return steps[len / 2];
}
