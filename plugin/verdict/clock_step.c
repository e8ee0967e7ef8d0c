/* Which times can be; and a time by the old clock or the new one -> by the new
 * one. Pure. */
#include "verdict/clock_step.h"

#include <math.h>

static const double latest_s = 17179869184; /* 2^34: the year 2514 */
static const double week_s = 604800;

bool clock_is_possible(double time_s, double interval_s, double max_age_s) {
  return time_s > 0 && time_s <= latest_s && interval_s > 0 &&
         interval_s <= fmax(week_s, max_age_s);
}

double clock_step_follow(double seen_s, double step_s, double now_s) {
  if (step_s < 0 && seen_s <= now_s)
    return seen_s;
  return fmin(seen_s + step_s, now_s);
}
