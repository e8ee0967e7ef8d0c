/* Recorded values through the judgement: what the plugin baseline would have
 * done with them. */
#ifndef REPLAY_JUDGE_H
#define REPLAY_JUDGE_H

#include "replay_report.h"
#include "replay_value.h"

struct replay_series;

struct replay_judge {
  const struct rules *rules;
  struct watch *watch;
  struct series *series;
  struct replay_clock clock;
  double woken_s; /* the clock when silent hosts were last looked for */
  struct replay_series *known; /* a list */
  uint64_t refused; /* values that could not be judged: too many series */
  struct replay_report *report;
};

/* rules and report are kept by reference. Returns 0 or -ENOMEM. */
int replay_judge_init(struct replay_judge *judge, const struct rules *rules,
                      struct replay_report *report);
void replay_judge_release(struct replay_judge *judge);

/* Who takes the values. */
struct history_taker replay_judge_taker(struct replay_judge *judge);

/* After the last value. */
void replay_judge_finish(struct replay_judge *judge);

#endif
