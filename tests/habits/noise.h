/* What varies without any habit: random values of one series, one after the
 * other. Pure. */
#ifndef HABITS_NOISE_H
#define HABITS_NOISE_H

#include "replay/dice.h"

enum noise_form {
  NOISE_NONE,
  NOISE_GAUSSIAN,
  NOISE_LOGNORMAL, /* parameter: sigma of the logarithm */
  NOISE_PARETO,    /* parameter: the exponent */
  NOISE_STUDENT,   /* three degrees of freedom */
  NOISE_POISSON,   /* parameter: the mean where nothing is loaded */
  NOISE_AR,        /* parameter: the correlation of neighbours */
  NOISE_BURSTY,    /* AR 0.95 whose spread itself wanders */
  NOISE_INTEGER,   /* a small count that changes now and then */
  NOISE_BLIPS      /* constant; parameter: blips a day, one reading long */
};

struct noise {
  enum noise_form form;
  double parameter, interval_s;
  double wander, volatility; /* what is remembered */
};

void noise_init(struct noise *noise, enum noise_form form, double parameter,
                double interval_s, struct dice *dice);

/* How far single values usually are off that level: a standard deviation. */
double noise_spread(const struct noise *noise, double level);

/* The next value around a level. Counts are never below 0. */
double noise_next(struct noise *noise, struct dice *dice, double level);

#endif
