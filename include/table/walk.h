/* Which walk a reading needs, and how often. Pure. */
#ifndef TABLE_WALK_H
#define TABLE_WALK_H

#include "table/kernel_counters.h"
#include "table/reading.h"

/* The plan: which sockets the next netlink walk asks for, and whether
 * ESTABLISHED and TIME_WAIT may be taken from the kernel's counters instead. A
 * rule is trusted only while full dumps confirm it: the first reading, the
 * first one with CLOSE_WAIT > 0, and every verify_every-th. If no rule fits,
 * every reading is a full dump from then on. */
enum walk_rule {
  WALK_RULE_UNKNOWN,         /* nothing verified yet */
  WALK_RULE_WITH_CLOSE_WAIT, /* CurrEstab = ESTABLISHED + CLOSE_WAIT */
  WALK_RULE_ESTABLISHED,     /* CurrEstab = ESTABLISHED */
  WALK_RULE_NONE             /* counters cannot be trusted: full dumps */
};

struct walk_plan {
  enum walk_rule rule;
  bool close_wait_seen; /* a full dump showed which of the two rules fits */
  uint64_t close_wait_tried; /* a dump with this many did not: too much opened
                                and closed */
  uint64_t close_wait;       /* of the last walk */
  int lean; /* what those dumps point to: below 0 to WALK_RULE_ESTABLISHED */
  bool full_due;         /* the next walk is a full dump */
  unsigned verify_every; /* readings from one full dump to the next */
  unsigned since_full;   /* readings since the last full dump */
};

/* verify_every: 0 and 1 make every reading a full dump. */
void walk_plan_init(struct walk_plan *plan, unsigned verify_every);

/* Count a reading. Returns whether it must be a full dump. */
bool walk_plan_next(struct walk_plan *plan);

/* Whether all counters are there that verify a dump. */
bool walk_plan_is_told(const struct kernel_counters *counters);

/* After a full dump: reading finished; before and after: the counters read
 * around it. Sockets that opened or closed meanwhile are allowed for. Unknown
 * counters give WALK_RULE_NONE. */
void walk_plan_verify(struct walk_plan *plan, const struct reading *reading,
                      const struct kernel_counters *before,
                      const struct kernel_counters *after);

/* After a filtered walk: set total[ESTABLISHED] and total[TIME_WAIT] of a
 * finished reading, and by_family to false. Returns false, and the reading is
 * as it was, if the counters contradict the walk or the reading needs a full
 * dump after all (first CLOSE_WAIT): walk again, full, and verify. */
bool walk_plan_apply(struct walk_plan *plan, struct reading *reading,
                     const struct kernel_counters *counters);

/* Without a walk (reading_know_only): what the counters show by the rule, the
 * number of timewait sockets, and ESTABLISHED if that needs no other count. */
void walk_plan_tell(const struct walk_plan *plan, struct reading *reading,
                    const struct kernel_counters *counters);

/* After walk_plan_tell, in a reading that knows the half-open entries: what is
 * judged beside them. ESTABLISHED is CurrEstab less the CLOSE_WAIT sockets of
 * the last walk, if nothing better is known. */
void walk_plan_estimate(const struct walk_plan *plan, struct reading *reading,
                        const struct kernel_counters *counters);

/* The pace: how often the tables are walked, so that walks cost no more than a
 * share of the interval: each interval, or every second, third ... one. It
 * changes slowly: after two walks over budget, walks become rarer, after three
 * cheap ones more frequent. Never rarer than every tenth interval: a flood must
 * not go unseen. */
enum { WALK_PACE_SLOWEST = 10 };

struct walk_pace {
  double budget_s;     /* CPU time for each interval, on average; 0 no limit */
  unsigned every;      /* walk once in so many intervals; 1: in each */
  unsigned since;      /* intervals since the last walk, this one included */
  unsigned costly_run; /* walks in a row for which every is too small, */
  unsigned cheap_run;  /* or larger than necessary ... */
  unsigned cheap_slowest; /* ... for any of these */
  double calm_s[2];       /* a socket's cost if nothing disturbs; 0 unknown:
                             in a walk of some states, in a full dump */
};

/* budget_s: not above 0, or NAN: no limit. */
void walk_pace_init(struct walk_pace *pace, double budget_s);

/* Count an interval. Returns whether to walk in it; if so, every later interval
 * is one to walk in until a walk succeeds. least: walk at most once in so many
 * intervals, whatever it costs. */
bool walk_pace_next(struct walk_pace *pace, unsigned least);

/* The part of the CPU time charged to a walk that the walk itself cost. In a
 * heavy flood the kernel receives packets while the walk runs, and many kernels
 * charge that to the walk: a socket is assumed to cost little more than in the
 * cheapest recent walk. sockets: all there are. Call once a walk. */
double walk_pace_own_cost(struct walk_pace *pace, double cost_s,
                          uint64_t sockets, bool full);

/* A walk succeeded and cost so many seconds of CPU. is_usual: false for a full
 * dump that only verifies the counters: the next walk will not cost the same.
 */
void walk_pace_walked(struct walk_pace *pace, double cost_s, bool is_usual);

#endif
