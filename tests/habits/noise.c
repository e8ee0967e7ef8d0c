/* Random values. Source for the wandering spread: the stochastic volatility
 * model of Taylor, "Modelling Financial Time Series" (1986). */
#include "noise.h"

#include <math.h>

static const double bursty_memory = 0.95, volatility_memory = 0.995;
static const double volatility_sd = 0.8;
static const double integer_memory = 0.9, integer_sd = 0.7;

static double step_ar(double from, double memory, struct dice *dice) {
  return memory * from + sqrt(1 - memory * memory) * dice_normal(dice);
}

void noise_init(struct noise *noise, enum noise_form form, double parameter,
                double interval_s, struct dice *dice) {
  noise->form = form;
  noise->parameter = parameter;
  noise->interval_s = interval_s;
  noise->wander = dice_normal(dice);
  noise->volatility = 0;
}

double noise_spread(const struct noise *noise, double level) {
  switch (noise->form) {
  case NOISE_LOGNORMAL: {
    double square = noise->parameter * noise->parameter;
    return level * sqrt(expm1(square) * exp(square));
  }
  case NOISE_PARETO:
    return 1.5 * level; /* the exponent 2.5 has 1.49 */
  case NOISE_STUDENT:
    return sqrt(3);
  case NOISE_POISSON:
    return sqrt(fmax(level, 1));
  default:
    return 1;
  }
}

static double student(struct dice *dice) {
  double square = 0, normal = dice_normal(dice);

  for (int i = 0; i < 3; i++) {
    double other = dice_normal(dice);
    square += other * other;
  }
  return normal / sqrt(square / 3);
}

static double bursty(struct noise *noise, struct dice *dice) {
  noise->volatility = step_ar(noise->volatility, volatility_memory, dice);
  double sd = exp(volatility_sd * noise->volatility);
  noise->wander =
      bursty_memory * noise->wander +
      sqrt(1 - bursty_memory * bursty_memory) * sd * dice_normal(dice);
  return noise->wander;
}

static double blip(const struct noise *noise, struct dice *dice) {
  if (!dice_chance(dice, noise->parameter * noise->interval_s / 86400))
    return 0;
  return 2 - 3 * log(dice_unit(dice));
}

double noise_next(struct noise *noise, struct dice *dice, double level) {
  switch (noise->form) {
  case NOISE_NONE:
    return level;
  case NOISE_GAUSSIAN:
    return level + dice_normal(dice);
  case NOISE_LOGNORMAL:
    return level * exp(noise->parameter * dice_normal(dice));
  case NOISE_PARETO:
    return level * pow(dice_unit(dice), -1 / noise->parameter);
  case NOISE_STUDENT:
    return level + student(dice);
  case NOISE_POISSON:
    return (double)dice_poisson(dice, level);
  case NOISE_AR:
    noise->wander = step_ar(noise->wander, noise->parameter, dice);
    return level + noise->wander;
  case NOISE_BURSTY:
    return level + bursty(noise, dice);
  case NOISE_INTEGER:
    noise->wander = step_ar(noise->wander, integer_memory, dice);
    return fmax(0, round(level + integer_sd * noise->wander));
  case NOISE_BLIPS:
    return level + blip(noise, dice);
  }
  return level;
}
