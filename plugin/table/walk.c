/* Which walk a reading needs. The plan: when to walk the whole table, and when
 * CurrEstab and sockstat's tw replace its two largest states. The pace: how
 * often to walk, by what walks cost. Touches nothing but its arguments.
 * Source: tcp_set_state() in net/ipv4/tcp.c and commit a46d0ea5c942 ("tcp:
 * count CLOSE_WAIT sockets for TCP_MIB_CURRESTAB"),
 * net/ipv4/inet_timewait_sock.c; the man page collectd-tcpstates(5),
 * ReadBudget; for what a walk is charged, account_process_tick() and
 * CONFIG_IRQ_TIME_ACCOUNTING of the kernel: without it, a thread's time holds
 * the softirqs that interrupt it. */
#include "table/walk.h"

#include <math.h>
#include <stdlib.h>

enum {
  SLACK = 2, /* sockets between two states while the counters are read */
  LEAN_MAX = 8,
  COSTLY_RUN = 2,
  CHEAP_RUN = 3,
  INTERVALS_MAX = 1000000,
};

/* A gauge above this is wrong: memory has no room for so many sockets. */
static const int64_t gauge_max = INT64_C(1) << 40;

/* Walks become more frequent only if they fit the budget with this margin. */
static const double spare = 1.25;

/* With fewer sockets than this, most of the cost is not the walk itself. A
 * socket may cost more than in the cheapest walk, and slowly more over time. */
static const uint64_t sockets_min = 5000;
static const double costlier = 1.5, drift = 1.002;

void walk_plan_init(struct walk_plan *plan, unsigned verify_every) {
  *plan = (struct walk_plan){.rule = WALK_RULE_UNKNOWN,
                             .full_due = true,
                             .verify_every = verify_every};
}

bool walk_plan_next(struct walk_plan *plan) {
  plan->since_full++;
  if (plan->rule == WALK_RULE_UNKNOWN || plan->rule == WALK_RULE_NONE ||
      plan->since_full >= plan->verify_every)
    plan->full_due = true;
  return plan->full_due;
}

static bool gauge_known(const struct kernel_counters *counters,
                        enum kernel_counter gauge) {
  return counters->known[gauge] && counters->value[gauge] >= 0 &&
         counters->value[gauge] <= gauge_max;
}

static bool gauges_known(const struct kernel_counters *counters) {
  return gauge_known(counters, COUNTER_CURR_ESTAB) &&
         gauge_known(counters, COUNTER_TIMEWAIT);
}

bool walk_plan_is_told(const struct kernel_counters *counters) {
  return gauges_known(counters) && counters->known[COUNTER_PASSIVE_OPENS] &&
         counters->known[COUNTER_ACTIVE_OPENS];
}

/* Increase of a counter, or -1 if it went backwards or cannot be right. */
static int64_t increase(const struct kernel_counters *before,
                        const struct kernel_counters *after,
                        enum kernel_counter counter) {
  uint64_t step =
      (uint64_t)after->value[counter] - (uint64_t)before->value[counter];
  return step <= (uint64_t)gauge_max ? (int64_t)step : -1;
}

/* How many sockets may have entered or left ESTABLISHED while the dump ran:
 * those opened, those that waited in SYN_SENT, and the difference of the
 * gauges. -1 if the counters do not show it. */
static int64_t sockets_changed(const struct reading *reading,
                               const struct kernel_counters *before,
                               const struct kernel_counters *after) {
  int64_t passive = increase(before, after, COUNTER_PASSIVE_OPENS);
  int64_t active = increase(before, after, COUNTER_ACTIVE_OPENS);
  if (passive < 0 || active < 0)
    return -1;
  return passive + active + (int64_t)reading->total[TCP_STATE_SYN_SENT] +
         llabs(after->value[COUNTER_CURR_ESTAB] -
               before->value[COUNTER_CURR_ESTAB]) +
         llabs(after->value[COUNTER_TIMEWAIT] -
               before->value[COUNTER_TIMEWAIT]);
}

/* How far a count is outside the range of a gauge during the dump. */
static int64_t distance(uint64_t count, enum kernel_counter gauge,
                        const struct kernel_counters *before,
                        const struct kernel_counters *after) {
  int64_t low = before->value[gauge], high = after->value[gauge];
  if (low > high) {
    low = after->value[gauge];
    high = before->value[gauge];
  }
  if ((int64_t)count < low)
    return low - (int64_t)count;
  return (int64_t)count > high ? (int64_t)count - high : 0;
}

/* Mini-sockets come from the closing states: sockets there may have become one
 * meanwhile. */
static bool timewait_fits(const struct reading *reading,
                          const struct kernel_counters *before,
                          const struct kernel_counters *after,
                          int64_t changed) {
  const uint64_t *total = reading->total;
  uint64_t closing = total[TCP_STATE_FIN_WAIT1] + total[TCP_STATE_CLOSING] +
                     total[TCP_STATE_FIN_WAIT2] - reading->timewait_fin_wait2;
  uint64_t mini_sockets =
      total[TCP_STATE_TIME_WAIT] + reading->timewait_fin_wait2;
  return distance(mini_sockets, COUNTER_TIMEWAIT, before, after) <=
         changed + (int64_t)closing + SLACK;
}

/* One dump during which many sockets opened and closed says little; many such
 * dumps show which rule is nearer. Negative: CurrEstab is ESTABLISHED alone. */
static int lean_towards(int lean, int64_t alone, int64_t with) {
  if (alone < with && lean > -LEAN_MAX)
    return lean - 1;
  return with < alone && lean < LEAN_MAX ? lean + 1 : lean;
}

/* alone and with: how far each rule is off. */
static void judge_rules(struct walk_plan *plan, uint64_t close_wait,
                        int64_t alone, int64_t with, int64_t changed) {
  bool alone_fits = alone <= changed + SLACK;
  bool with_fits = with <= changed + SLACK;
  if (plan->close_wait_seen) {
    bool fits = plan->rule == WALK_RULE_ESTABLISHED ? alone_fits : with_fits;
    plan->rule = fits ? plan->rule : WALK_RULE_NONE;
    return;
  }
  if (!alone_fits && !with_fits) {
    plan->rule = WALK_RULE_NONE;
    return;
  }
  bool exact = changed == 0 && alone != with && (alone == 0 || with == 0);
  bool told_apart = !alone_fits || !with_fits || exact;
  plan->lean = lean_towards(told_apart ? 0 : plan->lean, alone, with);
  plan->rule =
      plan->lean < 0 ? WALK_RULE_ESTABLISHED : WALK_RULE_WITH_CLOSE_WAIT;
  plan->close_wait_seen = told_apart;
  if (close_wait > plan->close_wait_tried)
    plan->close_wait_tried = close_wait;
}

void walk_plan_verify(struct walk_plan *plan, const struct reading *reading,
                      const struct kernel_counters *before,
                      const struct kernel_counters *after) {
  plan->full_due = false;
  plan->since_full = 0;
  plan->close_wait = reading->total[TCP_STATE_CLOSE_WAIT];
  if (!walk_plan_is_told(before) || !walk_plan_is_told(after))
    plan->rule = WALK_RULE_NONE;
  if (plan->rule == WALK_RULE_NONE)
    return;
  int64_t changed = sockets_changed(reading, before, after);
  if (changed < 0) {
    plan->full_due = true; /* this dump proves nothing: make another one */
    return;
  }
  if (!timewait_fits(reading, before, after, changed)) {
    plan->rule = WALK_RULE_NONE;
    return;
  }
  uint64_t established = reading->total[TCP_STATE_ESTABLISHED];
  uint64_t close_wait = reading->total[TCP_STATE_CLOSE_WAIT];
  judge_rules(
      plan, close_wait,
      distance(established, COUNTER_CURR_ESTAB, before, after),
      distance(established + close_wait, COUNTER_CURR_ESTAB, before, after),
      changed);
}

/* The counts that the rule computes from the counters. Returns false if it
 * gives none, or one that is more negative than the time between walk and
 * counters explains. */
static bool counts_of_rule(const struct walk_plan *plan,
                           const struct reading *reading,
                           const struct kernel_counters *counters,
                           int64_t *established, int64_t *time_wait) {
  uint64_t close_wait = reading->total[TCP_STATE_CLOSE_WAIT];
  if (plan->rule == WALK_RULE_UNKNOWN || plan->rule == WALK_RULE_NONE ||
      !gauges_known(counters))
    return false;
  if (!plan->close_wait_seen && close_wait > plan->close_wait_tried)
    return false;
  *established = counters->value[COUNTER_CURR_ESTAB];
  if (plan->rule == WALK_RULE_WITH_CLOSE_WAIT)
    *established -= (int64_t)close_wait;
  *time_wait =
      counters->value[COUNTER_TIMEWAIT] - (int64_t)reading->timewait_fin_wait2;
  return *established >= -SLACK && *time_wait >= -SLACK;
}

bool walk_plan_apply(struct walk_plan *plan, struct reading *reading,
                     const struct kernel_counters *counters) {
  int64_t established, time_wait;
  if (!counts_of_rule(plan, reading, counters, &established, &time_wait)) {
    plan->full_due = true;
    return false;
  }
  reading->total[TCP_STATE_ESTABLISHED] =
      established > 0 ? (uint64_t)established : 0;
  reading->total[TCP_STATE_TIME_WAIT] = time_wait > 0 ? (uint64_t)time_wait : 0;
  reading->mini_sockets =
      reading->total[TCP_STATE_TIME_WAIT] + reading->timewait_fin_wait2;
  reading->by_family = false;
  plan->close_wait = reading->total[TCP_STATE_CLOSE_WAIT];
  return true;
}

void walk_plan_tell(const struct walk_plan *plan, struct reading *reading,
                    const struct kernel_counters *counters) {
  if (plan->rule == WALK_RULE_UNKNOWN || plan->rule == WALK_RULE_NONE)
    return;
  if (gauge_known(counters, COUNTER_TIMEWAIT)) {
    reading->mini_sockets = (uint64_t)counters->value[COUNTER_TIMEWAIT];
    reading->mini_sockets_known = true;
  }
  if (plan->rule != WALK_RULE_ESTABLISHED || !plan->close_wait_seen ||
      !gauge_known(counters, COUNTER_CURR_ESTAB))
    return;
  reading->total[TCP_STATE_ESTABLISHED] =
      (uint64_t)counters->value[COUNTER_CURR_ESTAB];
  reading->known |= UINT32_C(1) << TCP_STATE_ESTABLISHED;
}

void walk_plan_estimate(const struct walk_plan *plan, struct reading *reading,
                        const struct kernel_counters *counters) {
  if (reading_knows(reading, TCP_STATE_ESTABLISHED) ||
      plan->rule == WALK_RULE_UNKNOWN || plan->rule == WALK_RULE_NONE ||
      !gauge_known(counters, COUNTER_CURR_ESTAB))
    return;
  uint64_t both = (uint64_t)counters->value[COUNTER_CURR_ESTAB];
  reading->total[TCP_STATE_ESTABLISHED] =
      both > plan->close_wait ? both - plan->close_wait : 0;
  reading->known |= UINT32_C(1) << TCP_STATE_ESTABLISHED;
}

void walk_pace_init(struct walk_pace *pace, double budget_s) {
  *pace = (struct walk_pace){.budget_s = budget_s > 0 ? budget_s : 0,
                             .every = 1,
                             .since = INTERVALS_MAX}; /* the first is due */
}

bool walk_pace_next(struct walk_pace *pace, unsigned least) {
  if (pace->since < INTERVALS_MAX)
    pace->since++;
  return pace->since >= pace->every && pace->since >= least;
}

/* How many intervals a walk of this cost needs. */
static unsigned intervals_for(const struct walk_pace *pace, double cost_s) {
  double intervals = ceil(cost_s / pace->budget_s);
  if (!(intervals > 1))
    return 1;
  return intervals < (double)WALK_PACE_SLOWEST ? (unsigned)intervals
                                               : WALK_PACE_SLOWEST;
}

static void note_costly(struct walk_pace *pace, unsigned needed) {
  pace->costly_run = needed > pace->every ? pace->costly_run + 1 : 0;
  if (pace->costly_run < COSTLY_RUN)
    return;
  pace->every = needed;
  pace->costly_run = 0;
}

/* Of several cheap walks the costliest decides. */
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
  return fmin(cost_s, costlier * *calm_s * (double)sockets);
}

void walk_pace_walked(struct walk_pace *pace, double cost_s, bool is_usual) {
  pace->since = 0;
  if (!is_usual || pace->budget_s <= 0)
    return;
  note_costly(pace, intervals_for(pace, cost_s));
  note_cheap(pace, intervals_for(pace, spare * cost_s));
}
