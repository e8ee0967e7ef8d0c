/* Between the history and the judgement: leaves out what is not to be learnt
 * from, notes what each host has, shows how far the work has come. */
#ifndef TOOLS_LEARN_LEARN_MODELS_H
#define TOOLS_LEARN_LEARN_MODELS_H

#include "judged/judged.h"
#include "learn_hosts.h"
#include "lib/progress.h"

struct learn_feed {
  struct history *history;
  struct judged judge;
  struct history_taker inner; /* of the judge */
  struct learn_hosts hosts;
  double since_s, until_s;
  uint64_t values, outside; /* taken; before since_s and behind until_s */
  uint64_t bytes_before, bytes_total; /* of other work, and of all */
  struct progress *progress;
  bool no_memory;
};

/* All are kept by reference; the feed is not to be moved until it is released.
 * Returns 0 or -ENOMEM, when it may be released, too. */
int learn_feed_init(struct learn_feed *feed, struct history *history,
                    const struct rules *rules, struct judged_report *report,
                    struct progress *progress);
void learn_feed_release(struct learn_feed *feed);

/* Who takes the values. */
struct history_taker learn_feed_taker(struct learn_feed *feed);

#endif
