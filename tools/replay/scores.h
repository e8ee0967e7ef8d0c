/* The scores that the generic baseline gives one recorded series. */
#ifndef TOOLS_REPLAY_SCORES_H
#define TOOLS_REPLAY_SCORES_H

#include "history/history.h"
#include "verdict/series.h"

#include <stdio.h>

struct replay_scores {
  struct rules rules;          /* with one <Watch> more */
  struct history_series asked; /* host "*": any host */
  const struct history_series *found;
  size_t others; /* further series that match */
  const struct series_rules *watch;
  struct series *series;
  FILE *out;
};

/* rules: copied; one of its <Watch> may match the series. Returns 0; or -errno
 * and why in problem (HISTORY_PROBLEM_MAX bytes). */
int replay_scores_init(struct replay_scores *scores, const struct rules *rules,
                       const char *identifier, FILE *out, char *problem);
void replay_scores_release(struct replay_scores *scores);

/* The taker of the values, which prints "time,value,expected,lower,upper,score,
 * rarity,limit,deviation" for each. */
struct history_taker replay_scores_taker(struct replay_scores *scores);

/* To be called once every source is open: exactly one series must match. Prints
 * the heads. Returns 0, or -EINVAL and why in problem. */
int replay_scores_begin(struct replay_scores *scores, char *problem);

#endif
