/* When to walk, by what walks cost. Touches nothing but its arguments.
 * Source: the man page collectd-tcpstates(5), ReadBudget; for what a walk is
 * charged, account_process_tick() and CONFIG_IRQ_TIME_ACCOUNTING of the kernel:
 * without it, a thread's time holds the softirqs that interrupt it. */
#include "table/walk_pace.h"

#include <math.h>

enum { DEAR_RUN = 2, CHEAP_RUN = 3 };

/* More frequent walks are to fit the budget with this much to spare. */
static const double spare = 1.25;

/* Below so many sockets the walk itself is not what it costs. A socket may cost
 * more than in the cheapest walk, and more and more, if only slowly. */
static const uint64_t sockets_min = 5000;
static const double dearer = 1.5, drift = 1.002;

void walk_pace_init(struct walk_pace *pace, double budget_s) {
  *pace =
      (struct walk_pace){.budget_s = budget_s > 0 ? budget_s : 0, .every = 1};
}

bool walk_pace_next(struct walk_pace *pace) {
  if (pace->since < WALK_PACE_SLOWEST)
    pace->since++;
  return pace->since >= pace->every;
}

/* In how many intervals a walk of this cost fits. */
static unsigned intervals_for(const struct walk_pace *pace, double cost_s) {
  double intervals = ceil(cost_s / pace->budget_s);
  if (!(intervals > 1))
    return 1;
  return intervals < (double)WALK_PACE_SLOWEST ? (unsigned)intervals
                                               : WALK_PACE_SLOWEST;
}

static void note_dear(struct walk_pace *pace, unsigned needed) {
  pace->dear_run = needed > pace->every ? pace->dear_run + 1 : 0;
  if (pace->dear_run < DEAR_RUN)
    return;
  pace->every = needed;
  pace->dear_run = 0;
}

/* Of several cheap walks the dearest one decides. */
static void note_cheap(struct walk_pace *pace, unsigned needed) {
  if (needed >= pace->every) {
    pace->cheap_run = pace->cheap_slowest = 0;
    return;
  }
  if (needed > pace->cheap_slowest)
    pace->cheap_slowest = needed;
  if (++pace->cheap_run < CHEAP_RUN)
    return;
  pace->every = pace->cheap_slowest;
  pace->cheap_run = pace->cheap_slowest = 0;
}

double walk_pace_own_cost(struct walk_pace *pace, double cost_s,
                          uint64_t sockets, bool full) {
  double *calm_s = &pace->calm_s[full];

  if (sockets < sockets_min)
    return cost_s;
  double each_s = cost_s / (double)sockets;
  *calm_s = *calm_s > 0 ? fmin(each_s, drift * *calm_s) : each_s;
  return fmin(cost_s, dearer * *calm_s * (double)sockets);
}

void walk_pace_walked(struct walk_pace *pace, double cost_s, bool is_usual) {
  pace->since = 0;
  if (!is_usual || pace->budget_s <= 0)
    return;
  note_dear(pace, intervals_for(pace, cost_s));
  note_cheap(pace, intervals_for(pace, spare * cost_s));
}
