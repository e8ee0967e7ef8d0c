/* Plans of an ordinary life and of changes that are no incident. Touches
 * nothing but the list it fills. Rates of mishaps are those of a host that is
 * looked after: a deploy every two days, a crowd every three. */
#include "profile_plans.h"

static const double minute_s = 60, hour_s = 3600, day_s = 86400;

static double any_time(struct profile_plan *plan, double from_s) {
  return dice_between(plan->dice, from_s, plan->days * day_s);
}

static void add_crowd(struct profile_plan *plan, double from_s) {
  struct dice *dice = plan->dice;
  bool steep = dice_chance(dice, 0.5);
  double ramp_s = steep ? dice_between(dice, 5, minute_s)
                        : dice_log_between(dice, 5 * minute_s, hour_s);
  double hold_s = dice_log_between(dice, 5 * minute_s, 3 * hour_s);
  profile_add(plan, (struct event){.kind = EVENT_CROWD,
                                   .start_s = any_time(plan, from_s),
                                   .duration_s = hold_s + 2 * ramp_s,
                                   .factor = dice_between(dice, 3, 10),
                                   .ramp_s = ramp_s});
}

static void add_deploy(struct profile_plan *plan) {
  profile_add(
      plan, (struct event){.kind = EVENT_DEPLOY,
                           .start_s = any_time(plan, 0),
                           .duration_s = dice_log_between(plan->dice, 1, 20)});
}

static void add_batches(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  double at_s = dice_between(dice, 0, 5 * hour_s);
  double rate = dice_log_between(dice, 1, 60);
  double length_s = dice_log_between(dice, 5 * minute_s, hour_s);
  for (double day = 0; day < plan->days; day++)
    profile_add(plan, (struct event){
                          .kind = EVENT_BATCH,
                          .start_s = day * day_s + at_s,
                          .duration_s = length_s * dice_between(dice, 0.7, 1.4),
                          .rate = rate * dice_between(dice, 0.7, 1.4),
                          .ramp_s = dice_between(dice, 0, minute_s)});
}

/* 5 to 50 probes a second over many ports: few of them meet an open one, and
 * most scanners' own kernels answer the SYN-ACK with RST. */
static void add_scan(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  double probes = dice_log_between(dice, 5, 50);
  double hits = dice_log_between(dice, 0.003, 0.03);
  profile_add(plan, (struct event){.kind = EVENT_SCAN,
                                   .start_s = any_time(plan, 0),
                                   .duration_s = dice_log_between(
                                       dice, minute_s, 20 * minute_s),
                                   .rate = probes * hits,
                                   .resets = dice_between(dice, 0.85, 1)});
}

static void add_loss(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_add(plan, (struct event){.kind = EVENT_LOSS,
                                   .start_s = any_time(plan, 0),
                                   .duration_s = dice_log_between(
                                       dice, 2 * minute_s, 20 * minute_s),
                                   .factor = dice_log_between(dice, 0.05, 0.2),
                                   .ramp_s = dice_between(dice, 0, minute_s)});
}

static void add_mishap(struct profile_plan *plan, enum event_kind kind,
                       double shortest_s, double longest_s) {
  struct dice *dice = plan->dice;
  double factor = dice_log_between(dice, 0.2, hour_s);
  profile_add(plan,
              (struct event){
                  .kind = kind,
                  .start_s = any_time(plan, hour_s),
                  .duration_s = dice_log_between(dice, shortest_s, longest_s),
                  .factor = dice_chance(dice, 0.5) ? factor : -factor / 60});
}

/* count events on average. */
static int64_t times(struct profile_plan *plan, double per_day) {
  return dice_poisson(plan->dice, per_day * plan->days);
}

void profile_plan_small_life(struct profile_plan *plan) {
  add_batches(plan);
  for (int64_t i = times(plan, 2); i > 0; i--)
    add_scan(plan);
  for (int64_t i = times(plan, 0.4); i > 0; i--)
    add_loss(plan);
}

void profile_plan_month(struct profile_plan *plan) {
  profile_plan_small_life(plan);
  for (int64_t i = times(plan, 0.35); i > 0; i--)
    add_crowd(plan, 0);
  for (int64_t i = times(plan, 0.5); i > 0; i--)
    add_deploy(plan);
  for (int64_t i = times(plan, 0.1); i > 0; i--)
    add_mishap(plan, EVENT_GAP, 2 * minute_s, 6 * hour_s);
  for (int64_t i = times(plan, 0.05); i > 0; i--)
    add_mishap(plan, EVENT_REBOOT, 40, 4 * minute_s);
  for (int64_t i = times(plan, 0.05); i > 0; i--)
    add_mishap(plan, EVENT_CLOCK, 1, 1.5);
}

void profile_plan_calm(struct profile_plan *plan) { (void)plan; }

void profile_plan_shift(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  profile_add(plan,
              (struct event){.kind = EVENT_SHIFT,
                             .start_s = day_s + dice_between(dice, 0, hour_s),
                             .duration_s = plan->days * day_s,
                             .factor = 3,
                             .ramp_s = dice_log_between(dice, 5, hour_s)});
}

void profile_plan_roundtrip(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  profile_add(plan,
              (struct event){.kind = EVENT_ROUNDTRIP,
                             .start_s = day_s + dice_between(dice, 0, hour_s),
                             .duration_s = plan->days * day_s,
                             .factor = 3,
                             .ramp_s = dice_chance(dice, 0.5) ? 0 : 300});
}
