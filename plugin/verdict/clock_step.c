/* A time by the old clock or the new one -> by the new one. Pure. */
#include "verdict/clock_step.h"

#include <math.h>

double clock_step_follow(double seen_s, double step_s, double now_s) {
  if (step_s < 0 && seen_s <= now_s)
    return seen_s;
  return fmin(seen_s + step_s, now_s);
}
