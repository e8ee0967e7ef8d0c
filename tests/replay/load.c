/* How much is asked of a host at a time. Touches nothing but its own
 * structure. */
#include "load.h"

#include <math.h>

static const double minutes_s = 300, hours_s = 7200;
static const double day_s = 86400, week_s = 604800;
static const double two_pi = 6.283185307179586;

void load_init(struct load *load, struct dice *dice) {
  load->minutes = dice_normal(dice);
  load->hours = dice_normal(dice);
}

double load_curve(const struct load_settings *settings, double wall_s) {
  double phase = two_pi * (wall_s - settings->peak_hour * 3600) / day_s;
  double day = 1 + settings->day_swing * cos(phase) +
               settings->half_day_swing * cos(2 * phase);
  bool weekend = fmod(wall_s, week_s) >= 5 * day_s;
  double growth = pow(1 + settings->growth_per_week, wall_s / week_s);
  return (day > 0.05 ? day : 0.05) * (weekend ? settings->weekend : 1) * growth;
}

static void drift(double *value, double length_s, double memory_s,
                  struct dice *dice) {
  double keep = exp(-length_s / memory_s);
  *value = *value * keep + dice_normal(dice) * sqrt(1 - keep * keep);
}

double load_step(struct load *load, const struct load_settings *settings,
                 double wall_s, double length_s, struct dice *dice) {
  drift(&load->minutes, length_s, minutes_s, dice);
  drift(&load->hours, length_s, hours_s, dice);
  double noise = exp(settings->minutes_noise * load->minutes +
                     settings->hours_noise * load->hours) *
                 dice_gamma(dice, settings->gamma_shape);
  return settings->inbound_per_s * load_curve(settings, wall_s) * noise;
}

int64_t load_arrivals(const struct load_settings *settings, double per_s,
                      struct dice *dice) {
  int64_t visits = dice_poisson(dice, per_s / settings->clump);
  double more = (double)visits * (settings->clump - 1);
  return visits + dice_poisson(dice, more);
}
