/* Seeded random counts for tests of statistics: every run draws the same. */
#ifndef TESTS_SCENES_RANDOM_LOAD_H
#define TESTS_SCENES_RANDOM_LOAD_H

#include <math.h>
#include <stdint.h>

struct random_load {
  uint64_t state;
};

/* splitmix64 (S. Vigna, public domain). */
static inline uint64_t random_bits(struct random_load *random) {
  uint64_t z = random->state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

/* 0 <= x < 1. */
static inline double random_unit(struct random_load *random) {
  return (double)(random_bits(random) >> 11) * 0x1p-53;
}

static inline double random_normal(struct random_load *random) {
  double u = 1 - random_unit(random), v = random_unit(random);
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* Poisson: by arrivals where the mean is small, else rounded from the normal.
 */
static inline double random_count(struct random_load *random, double mean) {
  if (mean > 50)
    return fmax(0, round(mean + sqrt(mean) * random_normal(random)));
  double count = 0, left = exp(-mean);
  for (double p = 1 - random_unit(random); p > left;
       p *= 1 - random_unit(random))
    count++;
  return count;
}

/* A count whose mean itself varies: by about `spread` of itself. */
static inline double random_bursty(struct random_load *random, double mean,
                                   double spread) {
  double factor = exp(spread * random_normal(random) - spread * spread / 2);
  return random_count(random, mean * factor);
}

#endif
