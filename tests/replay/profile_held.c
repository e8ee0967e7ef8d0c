/* Plans of connections that are held: each attack, each innocent twin, and a
 * month with all of the twins in it. Touches nothing but the list it fills. */
#include "profile_plans.h"

#include <math.h>

static const double minute_s = 60, hour_s = 3600, day_s = 86400;

/* An attack of each kind, half an hour apart. */
void profile_plan_held(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  struct event attacks[] = {
      {.kind = EVENT_SLOWREAD},
      {.kind = EVENT_SLOWLORIS, .line_s = 5},
      {.kind = EVENT_SLOWLORIS, .line_s = 15},
      {.kind = EVENT_SLOWPOST, .line_s = 5},
      {.kind = EVENT_SILENT, .rate = 10},
      {.kind = EVENT_SILENT, .rate = 200},
      {.kind = EVENT_SILENT, .rate = 200, .life_s = 5}, /* it has no room */
  };

  for (int i = 0; i < (int)(sizeof(attacks) / sizeof(attacks[0])); i++) {
    struct event *event = &attacks[i];
    bool counted = event->kind != EVENT_SILENT;
    event->start_s = 2 * hour_s + i * hour_s + dice_between(dice, 0, 600);
    event->duration_s = dice_between(dice, 5, 12) * minute_s;
    if (counted) {
      event->count = round(dice_log_between(dice, 300, 1100));
      event->rate = event->count / dice_between(dice, 4, 12);
    }
    profile_add(plan, *event);
  }
}

/* Small ones, by their share of the established. */
void profile_plan_held_small(struct profile_plan *plan) {
  static const double shares[] = {5, 10, 20, 30, 50};
  static const struct event kinds[] = {
      {.kind = EVENT_SLOWREAD},
      {.kind = EVENT_SLOWLORIS, .line_s = 5},
      {.kind = EVENT_SLOWLORIS, .line_s = 15},
      {.kind = EVENT_SILENT},
      {.kind = EVENT_SILENT, .life_s = 5},
  };
  enum { SHARES = sizeof(shares) / sizeof(shares[0]) };
  enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

  for (int i = 0; i < SHARES * KINDS; i++) {
    struct event event = kinds[i % KINDS];
    event.share = shares[i / KINDS];
    event.start_s = 2 * hour_s + i * hour_s + dice_between(plan->dice, 0, 600);
    event.duration_s = dice_between(plan->dice, 5, 12) * minute_s;
    profile_add(plan, event);
  }
}

static struct event draw_twin(struct profile_plan *plan, int turn) {
  struct dice *dice = plan->dice;
  struct event event = {.kind = (enum event_kind)(EVENT_KEEPALIVE + turn),
                        .duration_s = dice_between(dice, 5, 30) * minute_s};

  event.count = round(dice_log_between(dice, 40, 700));
  event.rate = event.count / dice_between(dice, 3, 60);
  if (event.kind == EVENT_BACKEND)
    event.factor = dice_between(dice, 2, 15);
  if (event.kind == EVENT_CHECKS) {
    event.count = 0;
    event.rate = dice_log_between(dice, 10, 200);
  }
  return event;
}

enum { TWINS = EVENT_CHECKS - EVENT_KEEPALIVE + 1 };

/* Each twin, and a crowd of ten times the clients. */
void profile_plan_held_twins(struct profile_plan *plan) {
  struct dice *dice = plan->dice;

  if (plan->seed % 2 == 1) /* on a path that loses packets */
    profile_add(plan, (struct event){.kind = EVENT_LOSS,
                                     .start_s = hour_s,
                                     .duration_s = day_s,
                                     .factor = dice_between(dice, 0.01, 0.05)});
  for (int i = 0; i <= TWINS; i++) {
    struct event event = draw_twin(plan, i % TWINS);
    if (i == TWINS)
      event = (struct event){.kind = EVENT_CROWD,
                             .duration_s = 20 * minute_s,
                             .factor = 10,
                             .ramp_s = dice_between(dice, 5, 60)};
    event.start_s = 2 * hour_s + i * hour_s + dice_between(dice, 0, 600);
    profile_add(plan, event);
  }
}

/* A twin every half a day, of any kind, also while another lasts. */
void profile_plan_held_month(struct profile_plan *plan) {
  struct dice *dice = plan->dice;
  int64_t twins = dice_poisson(dice, 2 * plan->days);

  profile_plan_month(plan);
  for (int64_t i = 0; i < twins; i++) {
    struct event event = draw_twin(plan, dice_pick(dice, TWINS));
    event.start_s = dice_between(dice, hour_s, plan->days * day_s);
    profile_add(plan, event);
  }
}
