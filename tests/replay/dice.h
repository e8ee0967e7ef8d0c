/* Random numbers for the simulator: streams that a seed determines for ever,
 * (up to the last bit of libm). Touches nothing but its own structure. Source:
 * Blackman and Vigna, "Scrambled linear pseudorandom number generators"
 * (xoshiro256++); Marsaglia and Tsang, "A simple method for generating gamma
 * variables". */
#ifndef REPLAY_DICE_H
#define REPLAY_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
  uint64_t state[4];
  double spare_normal;
  bool has_spare;
};

/* Streams of one seed are independent of each other. */
void dice_seed(struct dice *dice, uint64_t seed, uint64_t stream);

/* Uniform in 0..1, both ends excluded. */
double dice_unit(struct dice *dice);
double dice_between(struct dice *dice, double low, double high);
/* Uniform on a logarithmic scale; both ends above 0. */
double dice_log_between(struct dice *dice, double low, double high);
/* 0 .. count - 1; count above 0. */
int dice_pick(struct dice *dice, int count);
bool dice_chance(struct dice *dice, double probability);

/* Mean 0, standard deviation 1. */
double dice_normal(struct dice *dice);
/* Mean 1, variance 1 / shape; shape at least 1. */
double dice_gamma(struct dice *dice, double shape);

/* Exact below a mean of 16, above it a normal with the skew corrected. */
int64_t dice_poisson(struct dice *dice, double mean);
/* How many of count happen, each with the probability. Exact for a mean below
 * 16, else a normal with the skew corrected. */
int64_t dice_binomial(struct dice *dice, int64_t count, double probability);
/* How many of the drawn ones are of a part, when drawn are taken without
 * regard from whole: about hypergeometric, and never impossible. */
int64_t dice_portion(struct dice *dice, int64_t part, int64_t whole,
                     int64_t drawn);

#endif
