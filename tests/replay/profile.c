/* The names of the plans. Touches nothing but the list that is filled. */
#include "profile_plans.h"

#include <string.h>

static const struct {
  const char *name;
  double days;
  void (*fill)(struct profile_plan *plan);
} profiles[] = {
    {"calm", 1, profile_plan_calm},
    {"month", 30, profile_plan_month},
    {"first48", 2, profile_plan_month},
    {"shift", 2, profile_plan_shift},
    {"roundtrip", 1.5, profile_plan_roundtrip},
    {"floods", 1.5, profile_plan_floods},
    {"beyond", 1.25, profile_plan_beyond},
    {"resets", 1.17, profile_plan_resets},
    {"pulses", 1.125, profile_plan_pulses},
    {"long", 1.17, profile_plan_long},
    {"long-twin", 1.17, profile_plan_long_twin},
    {"first", 0.05, profile_plan_first},
    {"leak", 1.3, profile_plan_leak},
    {"stall", 1.17, profile_plan_stall},
    {"outbound", 1.17, profile_plan_outbound},
    {"again", 4.3, profile_plan_again},
    {"creep", 5.8, profile_plan_creep},
    {"pulsed", 1.35, profile_plan_pulsed},
    {"pulsed-cookies", 1.35, profile_plan_pulsed_cookies},
    {"scans", 2.05, profile_plan_scans},
    {"beside", 1.25, profile_plan_beside},
    {"beside-twin", 1.25, profile_plan_beside_twin},
    {"growth", 3.3, profile_plan_growth},
    {"beneath", 3.5, profile_plan_beneath},
    {"held", 0.4, profile_plan_held},
    {"held-small", 1.4, profile_plan_held_small},
    {"held-twins", 0.6, profile_plan_held_twins},
    {"held-month", 30, profile_plan_held_month},
    {"soak", 30, profile_plan_soak},
};

enum { PROFILES = sizeof(profiles) / sizeof(profiles[0]) };

const char *profile_name(int i) {
  return i >= 0 && i < PROFILES ? profiles[i].name : NULL;
}

static int find(const char *name) {
  for (int i = 0; i < PROFILES; i++) {
    if (strcmp(name, profiles[i].name) == 0)
      return i;
  }
  return -1;
}

double profile_days(const char *name) {
  int i = find(name);
  return i < 0 ? 0 : profiles[i].days;
}

void profile_add(struct profile_plan *plan, struct event event) {
  if (!event_list_add(plan->events, &event))
    plan->overfull = true;
}

bool profile_fill(const char *name, struct profile_plan *plan) {
  int i = find(name);
  if (i < 0)
    return false;
  plan->overfull = false;
  profiles[i].fill(plan);
  return !plan->overfull;
}
