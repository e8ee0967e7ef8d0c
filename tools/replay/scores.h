/* The generic baseline drawn along one recorded series. */
#ifndef TOOLS_REPLAY_SCORES_H
#define TOOLS_REPLAY_SCORES_H

#include "history/history.h"
#include "verdict/series.h"

#include <stdio.h>

struct replay_scores {
  struct rules rules;          /* with one <Watch> more */
  struct history_series asked; /* host "": whichever has it */
  const struct history_series *found;
  size_t others; /* further series that would do */
  const struct series_rules *watch;
  struct series *series;
  FILE *out;
};

/* rules: of the <Watch> that the series may belong to; copied. Returns 0; or
 * -errno and why in problem (HISTORY_PROBLEM_MAX bytes). */
int replay_scores_init(struct replay_scores *scores, const struct rules *rules,
                       const char *identifier, FILE *out, char *problem);
void replay_scores_release(struct replay_scores *scores);

/* Who takes the values, and prints "time,value,expected,lower,upper,score" of
 * each. */
struct history_taker replay_scores_taker(struct replay_scores *scores);

/* Once every source is open: the series must be there, and be the only one.
 * Prints the heads. Returns 0, or -EINVAL and why in problem. */
int replay_scores_begin(struct replay_scores *scores, char *problem);

#endif
