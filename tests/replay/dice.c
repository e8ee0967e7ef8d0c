/* Random numbers for the simulator. Touches nothing but its own structure.
 * Sources: see dice.h; the skew correction is the first term of the
 * Cornish-Fisher expansion. */
#include "dice.h"

#include <math.h>

static const double exact_below = 16;

static uint64_t mix(uint64_t *seed) {
  uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void dice_seed(struct dice *dice, uint64_t seed, uint64_t stream) {
  uint64_t mixed = seed;
  uint64_t start = mix(&mixed) ^ (stream * 0xd1342543de82ef95u);
  for (int i = 0; i < 4; i++)
    dice->state[i] = mix(&start);
  dice->has_spare = false;
}

static uint64_t rotate(uint64_t x, int bits) {
  return (x << bits) | (x >> (64 - bits));
}

static uint64_t next(struct dice *dice) {
  uint64_t *s = dice->state;
  uint64_t result = rotate(s[0] + s[3], 23) + s[0];
  uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

double dice_unit(struct dice *dice) {
  return ((double)(next(dice) >> 11) + 0.5) * 0x1p-53;
}

double dice_between(struct dice *dice, double low, double high) {
  return low + (high - low) * dice_unit(dice);
}

double dice_log_between(struct dice *dice, double low, double high) {
  return low * exp(dice_unit(dice) * log(high / low));
}

int dice_pick(struct dice *dice, int count) {
  return (int)(dice_unit(dice) * count);
}

bool dice_chance(struct dice *dice, double probability) {
  return dice_unit(dice) < probability;
}

double dice_normal(struct dice *dice) {
  if (dice->has_spare) {
    dice->has_spare = false;
    return dice->spare_normal;
  }
  double x, y, square;
  do {
    x = 2 * dice_unit(dice) - 1;
    y = 2 * dice_unit(dice) - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  double scale = sqrt(-2 * log(square) / square);
  dice->spare_normal = y * scale;
  dice->has_spare = true;
  return x * scale;
}

double dice_gamma(struct dice *dice, double shape) {
  double d = shape - 1.0 / 3;
  double c = 1 / sqrt(9 * d);
  for (;;) {
    double x = dice_normal(dice);
    double v = 1 + c * x;
    if (v <= 0)
      continue;
    v = v * v * v;
    if (log(dice_unit(dice)) < 0.5 * x * x + d - d * v + d * log(v))
      return d * v / shape;
  }
}

static int64_t nearest_count(double value, int64_t most) {
  if (value <= 0)
    return 0;
  int64_t count = (int64_t)(value + 0.5);
  return count < most ? count : most;
}

int64_t dice_poisson(struct dice *dice, double mean) {
  if (!(mean > 0))
    return 0;
  if (mean >= exact_below) {
    double z = dice_normal(dice);
    return nearest_count(mean + sqrt(mean) * z + (z * z - 1) / 6, INT64_MAX);
  }
  double left = dice_unit(dice);
  double term = exp(-mean);
  int64_t count = 0;
  while (left > term && count < 200) {
    left -= term;
    count++;
    term *= mean / (double)count;
  }
  return count;
}

/* probability at most one half, count * probability below exact_below. */
static int64_t few_of(struct dice *dice, int64_t count, double probability) {
  double left = dice_unit(dice);
  double odds = probability / (1 - probability);
  double term = exp((double)count * log1p(-probability));
  int64_t hits = 0;
  while (left > term && hits < count && hits < 200) {
    left -= term;
    term *= odds * (double)(count - hits) / (double)(hits + 1);
    hits++;
  }
  return hits;
}

int64_t dice_binomial(struct dice *dice, int64_t count, double probability) {
  if (count <= 0 || !(probability > 0))
    return 0;
  if (probability >= 1)
    return count;
  if (probability > 0.5)
    return count - dice_binomial(dice, count, 1 - probability);
  double mean = (double)count * probability;
  if (mean < exact_below)
    return few_of(dice, count, probability);
  double z = dice_normal(dice);
  double variance = mean * (1 - probability);
  double skew = (1 - 2 * probability) * (z * z - 1) / 6;
  return nearest_count(mean + sqrt(variance) * z + skew, count);
}

int64_t dice_portion(struct dice *dice, int64_t part, int64_t whole,
                     int64_t drawn) {
  if (drawn <= 0 || part <= 0)
    return 0;
  if (drawn >= whole)
    return part;
  int64_t least = drawn - (whole - part);
  int64_t most = drawn < part ? drawn : part;
  int64_t taken = dice_binomial(dice, drawn, (double)part / (double)whole);
  if (taken < least)
    taken = least;
  return taken < most ? taken : most;
}
