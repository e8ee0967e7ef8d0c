/* The plan of a long life: that of an ordinary month for as many days as there
 * are, and among it an attack of any kind every day and a half. No leak lasts
 * so long (AdoptAfter, 4 h) that it becomes the new normal. Touches nothing but
 * the list it fills. */
#include "profile_plans.h"

static const double minute_s = 60, hour_s = 3600, day_s = 86400;

enum soak_attack {
  ATTACK_STEADY,
  ATTACK_BEYOND, /* more than the backlog holds */
  ATTACK_RAMP,
  ATTACK_PULSES,
  ATTACK_RESETS,
  ATTACK_LEAK,
  ATTACK_STALL,
  ATTACK_OUTBOUND,
  ATTACKS
};

/* A flood of which the table is to hold a good share. */
static struct event draw_share(struct dice *dice) {
  return (struct event){
      .kind = EVENT_FLOOD, .share = dice_between(dice, 30, 95), .least = 2};
}

static void draw_flood(struct profile_plan *plan, enum soak_attack attack,
                       struct event *event) {
  struct dice *dice = plan->dice;
  double clients = plan->settings->load.inbound_per_s;
  *event = draw_share(dice);
  event->duration_s = dice_log_between(dice, 3 * minute_s, 40 * minute_s);
  if (attack == ATTACK_RAMP)
    event->ramp_s = dice_between(dice, 0.1, 0.4) * event->duration_s;
  if (attack == ATTACK_PULSES) {
    event->on_s = dice_between(dice, 30, 90);
    event->off_s = dice_between(dice, 10, 40);
  }
  if (attack == ATTACK_BEYOND || attack == ATTACK_RESETS)
    event->share = 0;
  if (attack == ATTACK_BEYOND)
    event->rate = profile_rate_beyond(plan);
  if (attack == ATTACK_RESETS) {
    event->rate = dice_log_between(dice, 50, 500) + 4 * clients;
    event->resets = dice_between(dice, 0.9, 1);
  }
}

static struct event draw_attack(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  enum soak_attack attack = (enum soak_attack)dice_pick(dice, ATTACKS);
  struct event event = {0};
  switch (attack) {
  case ATTACK_LEAK:
    event.kind = EVENT_LEAK;
    event.duration_s = dice_between(dice, 2.5, 3.8) * hour_s;
    event.rate = dice_log_between(dice, 80, 600);
    break;
  case ATTACK_STALL:
    event.kind = EVENT_STALL;
    event.duration_s = dice_between(dice, 3, 12) * minute_s;
    event.factor = dice_chance(dice, 0.5) ? 0 : dice_between(dice, 0.3, 0.8);
    break;
  case ATTACK_OUTBOUND:
    event.kind = EVENT_OUTBOUND;
    event.duration_s = dice_between(dice, 5, 15) * minute_s;
    break;
  default:
    draw_flood(plan, attack, &event);
  }
  return event;
}

/* The first after two days of learning; each has its half a day, so that no two
 * meet. */
void profile_plan_soak(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  profile_plan_month(plan);
  for (double day = 2; day + 1 <= plan->days; day += dice_between(dice, 1, 2)) {
    struct event event = draw_attack(plan);
    event.start_s = (day + dice_between(dice, 0, 0.5)) * day_s;
    profile_add(plan, event);
  }
}
