/* Plans of attacks that take their time, or hide beside something else: floods
 * of days and the same again, floods that double by the hour, pulses, scans, a
 * neighbour that overflows, load that changes beneath a flood. Touches nothing
 * but the list it fills. */
#include "profile_plans.h"

#include <math.h>

static const double minute_s = 60, hour_s = 3600, day_s = 86400;

static int turn_of(const struct profile_plan *plan, int turns) {
  return (int)(plan->seed % (uint64_t)turns);
}

/* Hours or days of a flood, or half a day of pulses; an hour of calm; the same
 * again. */
void profile_plan_again(struct profile_plan *plan) {
  static const double hours[] = {5, 8, 12, 30, 48, 72};
  struct dice *dice = plan->dice;
  int turn = turn_of(plan, 6);
  profile_plan_small_life(plan);
  struct event flood = {.kind = EVENT_FLOOD,
                        .start_s = day_s + dice_between(dice, 0, hour_s),
                        .duration_s = hours[turn] * hour_s,
                        .share = dice_between(dice, 12, 60),
                        .least = 2};
  if (turn == 2) {
    double period_s = dice_between(dice, 30, 40);
    flood.on_s = dice_between(dice, 0.3, 0.5) * period_s;
    flood.off_s = period_s - flood.on_s;
    flood.least = 4;
  }
  profile_add(plan, flood);
  flood.start_s += flood.duration_s + hour_s;
  flood.duration_s = hour_s;
  profile_add(plan, flood);
}

/* Half-open entries double every 1 to 12 hours, or grow by 30 % every 80
 * minutes, from a 250th of what they come to: 2 to 6 times the established. The
 * plan's last hours are those of the full size. */
void profile_plan_creep(struct profile_plan *plan) {
  static const double doubling_h[] = {1, 2, 3, 4, 6, 9, 12, 0};
  static const double full_h = 2, stair_s = 80 * 60, from = 0.004;
  struct dice *dice = plan->dice;
  double hours = doubling_h[turn_of(plan, 8)];
  double stairs_s = hours > 0 ? 0 : stair_s;
  double doubling_s = hours > 0 ? hours * hour_s : stair_s * log(2) / log(1.3);
  double length_s = doubling_s * log2(1 / from) + full_h * hour_s;
  profile_plan_small_life(plan);
  profile_add(plan, (struct event){.kind = EVENT_FLOOD,
                                   .start_s = plan->days * day_s - length_s -
                                              dice_between(dice, 0, hour_s),
                                   .duration_s = length_s,
                                   .share = dice_between(dice, 68, 85),
                                   .from = from,
                                   .doubling_s = doubling_s,
                                   .stair_s = stairs_s});
}

/* Floods that would come to 40 % of the table, and 20 entries at least, but are
 * on for 30 to 60 % of the time only. Some of them grow. */
void profile_plan_pulsed(struct profile_plan *plan) {
  static const double periods_s[] = {20, 30, 45, 60, 120};
  static const double life_s = 63, to_established = 40.0 / 60, least = 20;
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < 5; slot++) {
    double on_s = round(periods_s[slot] * dice_between(dice, 0.3, 0.6));
    double in_pulse = to_established * fmin(1, on_s / life_s);
    struct event flood = {.kind = EVENT_FLOOD,
                          .start_s = day_s + slot * 1.5 * hour_s +
                                     dice_between(dice, 0, 10 * minute_s),
                          .duration_s = dice_between(dice, 20, 40) * minute_s,
                          .share = 100 * in_pulse / (1 + in_pulse),
                          .least = least / life_s,
                          .on_s = on_s,
                          .off_s = periods_s[slot] - on_s};
    if (dice_chance(dice, 0.3))
      flood.ramp_s = 3 * periods_s[slot];
    profile_add(plan, flood);
  }
}

/* Where cookies are all there is: 200 to 500 that nobody returns in each pulse.
 * On hosts to which more clients come in a minute, that is little. */
void profile_plan_pulsed_cookies(struct profile_plan *plan) {
  static const double periods_s[] = {20, 30, 45, 60, 120};
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < 5; slot++) {
    double on_s = 1 + dice_pick(dice, 3);
    profile_add(plan, (struct event){
                          .kind = EVENT_FLOOD,
                          .start_s = day_s + slot * 1.5 * hour_s +
                                     dice_between(dice, 0, 10 * minute_s),
                          .duration_s = dice_between(dice, 20, 40) * minute_s,
                          .rate = dice_log_between(dice, 200, 500) / on_s,
                          .on_s = on_s,
                          .off_s = periods_s[slot] - on_s});
  }
}

/* One source and 5 to 100 SYNs that it never follows up: at once, or in half a
 * minute and more. */
void profile_plan_scans(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  for (int slot = 0; slot < 8; slot++) {
    double brief_s = dice_log_between(dice, 0.5, 10);
    double long_s = dice_between(dice, 20, 60);
    profile_add(plan,
                (struct event){.kind = EVENT_SCAN,
                               .start_s = floor(day_s + slot * 3 * hour_s +
                                                dice_between(dice, 0, hour_s)),
                               .duration_s = slot % 2 == 0 ? brief_s : long_s,
                               .count = round(dice_log_between(dice, 5, 100))});
  }
}

static const double steady_shares[] = {15, 25, 40, 70};

/* Floods beside another listening socket that overflows: now and then, and its
 * queue seldom full when it is looked at; or forgotten, and always full. */
static void plan_beside(struct profile_plan *plan, bool overflows) {
  struct dice *dice = plan->dice;
  bool forgotten = plan->seed % 2 == 0;
  struct event neighbour = {
      .kind = EVENT_OVERFLOW,
      .start_s = 6 * hour_s,
      .duration_s = plan->days * day_s,
      .rate = forgotten ? dice_log_between(dice, 0.01, 1)
                        : dice_log_between(dice, 0.005, 0.05),
      .factor = forgotten ? 1 : dice_between(dice, 0, 0.5)};
  profile_plan_small_life(plan);
  if (overflows)
    profile_add(plan, neighbour);
  for (int slot = 0; slot < 5; slot++) {
    struct event flood = {
        .kind = EVENT_FLOOD,
        .start_s = day_s + slot * hour_s + dice_between(dice, 0, 10 * minute_s),
        .duration_s = dice_between(dice, 8 * minute_s, 20 * minute_s)};
    if (slot < 4) {
      flood.share = steady_shares[slot];
      flood.least = 0.5;
    } else {
      flood.rate = profile_rate_beyond(plan);
    }
    profile_add(plan, flood);
  }
}

void profile_plan_beside(struct profile_plan *plan) { plan_beside(plan, true); }

void profile_plan_beside_twin(struct profile_plan *plan) {
  plan_beside(plan, false);
}

/* Three times the clients, within hours or days. */
void profile_plan_growth(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_small_life(plan);
  profile_add(plan,
              (struct event){.kind = EVENT_SHIFT,
                             .start_s = day_s + dice_between(dice, 0, hour_s),
                             .duration_s = plan->days * day_s,
                             .factor = 3,
                             .ramp_s = dice_log_between(dice, 1, 48) * hour_s});
}

/* Two days of flood; in their middle the load becomes three times as high, or a
 * third, and stays so. */
void profile_plan_beneath(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  double start_s = day_s + dice_between(dice, 0, hour_s);
  profile_plan_small_life(plan);
  profile_add(plan, (struct event){.kind = EVENT_FLOOD,
                                   .start_s = start_s,
                                   .duration_s = 2 * day_s,
                                   .share = dice_between(dice, 40, 80),
                                   .least = 3});
  profile_add(
      plan,
      (struct event){.kind = EVENT_SHIFT,
                     .start_s = start_s + dice_between(dice, 6, 30) * hour_s,
                     .duration_s = plan->days * day_s,
                     .factor = plan->seed % 2 == 0 ? 3 : 1.0 / 3,
                     .ramp_s = dice_log_between(dice, minute_s, 2 * hour_s)});
}
