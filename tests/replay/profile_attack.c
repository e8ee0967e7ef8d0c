/* Plans of floods, leaks and stalls, each after a day of ordinary life. Touches
 * nothing but the list it fills. */
#include "profile_plans.h"

#include <math.h>

static const double minute_s = 60, hour_s = 3600, day_s = 86400;

static const double shares[] = {10, 15, 25, 40, 70, 95};
enum { SHARES = sizeof(shares) / sizeof(shares[0]), BIG_SHARES = 3 };

/* Attacks begin an hour apart: what one left behind is gone before the next. */
static double slot_start_s(struct profile_plan *plan, int slot) {
  return day_s + slot * hour_s + dice_between(plan->dice, 0, 10 * minute_s);
}

/* One flood an hour, the shares in turn. Those that grow slowly and those in
 * pulses come last, so that the others find an undisturbed host. */
void profile_plan_floods(struct profile_plan *plan) {
  enum { SLOTS = 12, RAMPS_FROM = 8, PULSES_FROM = 10 };
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < SLOTS; slot++) {
    int turn = (int)((plan->seed + (uint64_t)slot) % SHARES);
    struct event flood = {.kind = EVENT_FLOOD,
                          .start_s = slot_start_s(plan, slot),
                          .duration_s =
                              dice_between(dice, 8 * minute_s, 20 * minute_s),
                          .share = shares[turn]};
    if (slot >= PULSES_FROM) {
      flood.on_s = dice_between(dice, 30, 90);
      flood.off_s = dice_between(dice, 30, 90);
    } else if (slot >= RAMPS_FROM) {
      flood.ramp_s = dice_between(dice, 2 * minute_s, 8 * minute_s);
    }
    profile_add(plan, flood);
  }
}

/* SYNs a second that fill the queue, which sheds its old entries after 7
 * seconds. Where every client is sent a cookie there is no queue to fill: there
 * the flood is larger than the clients are many. */
double profile_rate_beyond(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  double clients = plan->settings->load.inbound_per_s;
  double limit = (double)plan->settings->backlog;
  if (plan->settings->cookies == 0)
    limit = fmin(limit, 0.75 * (double)plan->settings->max_syn_backlog);
  double rate = limit / 7 * dice_log_between(dice, 1.5, 30);
  if (plan->settings->cookies == 2)
    rate = fmax(rate, 2 * clients * dice_log_between(dice, 1, 10));
  return fmax(rate, 40);
}

void profile_plan_beyond(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < 6; slot++) {
    double rate = profile_rate_beyond(plan);
    profile_add(plan, (struct event){.kind = EVENT_FLOOD,
                                     .start_s = slot_start_s(plan, slot),
                                     .duration_s = dice_between(
                                         dice, 3 * minute_s, 15 * minute_s),
                                     .rate = rate});
  }
}

void profile_plan_resets(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  double clients = plan->settings->load.inbound_per_s;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < 4; slot++) {
    double rate = dice_log_between(dice, 20, 500) + 4 * clients;
    profile_add(plan, (struct event){.kind = EVENT_FLOOD,
                                     .start_s = slot_start_s(plan, slot),
                                     .duration_s = dice_between(
                                         dice, 3 * minute_s, 15 * minute_s),
                                     .rate = rate,
                                     .resets = dice_between(dice, 0.9, 1)});
  }
}

static double big_share(struct profile_plan *plan) {
  return shares[SHARES - 1 - (int)(plan->seed % BIG_SHARES)];
}

void profile_plan_pulses(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  profile_add(
      plan, (struct event){.kind = EVENT_FLOOD,
                           .start_s = slot_start_s(plan, 0),
                           .duration_s = dice_between(dice, hour_s, 2 * hour_s),
                           .share = big_share(plan),
                           .least = 2,
                           .on_s = dice_log_between(dice, 20, 90),
                           .off_s = dice_log_between(dice, 30, 240)});
}

/* Two hours of flood, and an hour later a short one that shows what was
 * expected by then. */
static void plan_long(struct profile_plan *plan, bool flooded) {
  profile_plan_small_life(plan);
  double start_s = slot_start_s(plan, 0);
  if (flooded)
    profile_add(plan, (struct event){.kind = EVENT_FLOOD,
                                     .start_s = start_s,
                                     .duration_s = 2 * hour_s,
                                     .share = big_share(plan),
                                     .least = 1});
  profile_add(plan, (struct event){.kind = EVENT_FLOOD,
                                   .start_s = start_s + 3 * hour_s,
                                   .duration_s = 10 * minute_s,
                                   .share = 80,
                                   .least = 3});
}

void profile_plan_long(struct profile_plan *plan) { plan_long(plan, true); }

void profile_plan_long_twin(struct profile_plan *plan) {
  plan_long(plan, false);
}

void profile_plan_first(struct profile_plan *plan) {
  profile_add(plan, (struct event){.kind = EVENT_FLOOD,
                                   .start_s = 0,
                                   .duration_s = hour_s,
                                   .share = big_share(plan),
                                   .least = 1});
}

void profile_plan_leak(struct profile_plan *plan) {
  static const double per_hour[] = {40, 40, 100, 400};
  static const double hours[] = {6, 6, 4, 2};
  int turn = (int)(plan->seed % 4);
  profile_plan_small_life(plan);
  profile_add(plan, (struct event){.kind = EVENT_LEAK,
                                   .start_s = slot_start_s(plan, 0),
                                   .duration_s = hours[turn] * hour_s,
                                   .rate = per_hour[turn]});
}

/* The application stands still, or accepts fewer than come. */
void profile_plan_stall(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < 4; slot++) {
    double slow = dice_between(dice, 0.3, 0.9);
    profile_add(plan, (struct event){.kind = EVENT_STALL,
                                     .start_s = slot_start_s(plan, slot),
                                     .duration_s = dice_between(
                                         dice, 2 * minute_s, 12 * minute_s),
                                     .factor = slot % 2 == 0 ? 0 : slow});
  }
}

void profile_plan_outbound(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < 4; slot++)
    profile_add(plan, (struct event){.kind = EVENT_OUTBOUND,
                                     .start_s = slot_start_s(plan, slot),
                                     .duration_s = dice_between(
                                         dice, 5 * minute_s, 15 * minute_s)});
}
