/* Which sockets the next netlink walk asks for, and whether ESTABLISHED and
 * TIME_WAIT may be taken from the kernel's counters instead. A rule is trusted
 * only while full dumps confirm it: the first reading, the first one with
 * CLOSE_WAIT > 0, and every verify_every-th. Where no rule fits, every reading
 * is a full dump from then on. Pure. */
#ifndef TABLE_WALK_H
#define TABLE_WALK_H

#include "table/kernel_counters.h"
#include "table/reading.h"

enum walk_rule {
  WALK_RULE_UNKNOWN,         /* nothing verified yet */
  WALK_RULE_WITH_CLOSE_WAIT, /* CurrEstab = ESTABLISHED + CLOSE_WAIT */
  WALK_RULE_ESTABLISHED,     /* CurrEstab = ESTABLISHED */
  WALK_RULE_NONE             /* counters cannot be trusted: full dumps */
};

struct walk_plan {
  enum walk_rule rule;
  bool close_wait_seen;      /* a full dump has told the two rules apart */
  uint64_t close_wait_tried; /* so many did not: too much opened and closed */
  int lean; /* what those dumps point to: below 0 to WALK_RULE_ESTABLISHED */
  bool full_due;         /* the next walk is a full dump */
  unsigned verify_every; /* readings from one full dump to the next */
  unsigned since_full;   /* readings since the last full dump */
};

/* verify_every: 0 and 1 make every reading a full dump. */
void walk_plan_init(struct walk_plan *plan, unsigned verify_every);

/* Count a reading. Returns whether it is to be a full dump. */
bool walk_plan_next(struct walk_plan *plan);

/* Whether the counters are all there that a dump is verified with. */
bool walk_plan_is_told(const struct kernel_counters *counters);

/* After a full dump: reading finished; before and after: the counters read
 * around it. Sockets that opened or closed meanwhile are allowed for. Counters
 * that are not known give WALK_RULE_NONE. */
void walk_plan_verify(struct walk_plan *plan, const struct reading *reading,
                      const struct kernel_counters *before,
                      const struct kernel_counters *after);

/* After a filtered walk: set total[ESTABLISHED] and total[TIME_WAIT] of a
 * finished reading, and by_family to false. Returns false, and the reading is
 * as it was, where the counters contradict the walk or the reading needs a full
 * dump after all (first CLOSE_WAIT): walk again, full, and verify. */
bool walk_plan_apply(struct walk_plan *plan, struct reading *reading,
                     const struct kernel_counters *counters);

/* Without a walk (reading_know_only): what the counters tell by the rule, the
 * number of timewait sockets, and ESTABLISHED where that needs no other count.
 */
void walk_plan_tell(const struct walk_plan *plan, struct reading *reading,
                    const struct kernel_counters *counters);

#endif
