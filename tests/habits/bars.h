/* The table: a row a kind, then the bars, a column a judge. */
#ifndef HABITS_BARS_H
#define HABITS_BARS_H

#include "score.h"

#include <stdio.h>

enum { BARS_JUDGES_MAX = 4, BARS_KINDS_MAX = 128 };

/* What one judge came to. */
struct bars_judge {
  const char *name;
  size_t bytes;
  struct score *scores; /* of each kind, in the order of kind_at */
  struct score *fewer;  /* noise at FalseAlarms 0.25, and */
  struct score *more;   /* at 4 */
  double slowness; /* time a value, to the reference's; NAN: not measured */
  double values_a_second;
};

void bars_print_kinds(FILE *to, const struct bars_judge *judges, int len);

/* Noise at other FalseAlarms, if it was run. */
void bars_print_rates(FILE *to, const struct bars_judge *judges, int len);

/* Returns how many bars the first judge misses. */
int bars_print(FILE *to, const struct bars_judge *judges, int len);

#endif
