/* Time of a value with 20,000 series in turn, to the time of a reference that
 * is measured beside it, round by round: a walk over as many blocks of 2,048
 * bytes that reads all of a block, writes to it and takes some logarithms. The
 * bar is where a value takes as long as the reference; that was 1 us where it
 * was set. */
#include "speed.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  SERIES = 20000,
  BLOCK = 2048 / sizeof(float),
  WARM_UP = 900, /* three days: all that is learnt takes part */
  ROUNDS = 9,
  WALKS = 3,
  LOGARITHMS = 44
};

static const double interval_s = 300;

static double cpu_s(void) {
  struct timespec now;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double walk_reference(float *blocks) {
  double begin_s = cpu_s();

  for (size_t i = 0; i < SERIES; i++) {
    float *block = blocks + i * BLOCK, sum = 0;
    for (size_t j = 0; j < BLOCK; j++)
      sum += block[j];
    for (int j = 0; j < LOGARITHMS; j++)
      sum += logf(2 + fabsf(sum));
    block[i % BLOCK] = sum * 1e-6f;
  }
  return cpu_s() - begin_s;
}

/* The next value of each series. */
static double walk_judge(const struct habits_judge *judge, void *made,
                         int round, const double *noise) {
  double begin_s = cpu_s();

  for (size_t i = 0; i < SERIES; i++) {
    struct habits_value value = {
        .time_s = 1767571200 + interval_s * round,
        .interval_s = interval_s,
        .value = 100 + noise[(i * 7 + (size_t)round * 13) % SERIES],
    };
    struct habits_answer answer;
    judge->put(made, i, &value, &answer);
  }
  return cpu_s() - begin_s;
}

static double measure_one(const struct habits_judge *judge, float *blocks,
                          const double *noise, double *values_a_second) {
  double ratios[ROUNDS], times[ROUNDS];
  char error[512];
  void *made = judge->create(SERIES, NULL, 0, error);
  int round = 0;

  if (!made) {
    fprintf(stderr, "habits: %s: %s\n", judge->name, error);
    return NAN;
  }
  while (round < WARM_UP)
    walk_judge(judge, made, round++, noise);
  for (int i = 0; i < ROUNDS; i++) {
    double ours_s = 0, reference_s = 0;
    for (int walk = 0; walk < WALKS; walk++) {
      reference_s += walk_reference(blocks);
      ours_s += walk_judge(judge, made, round++, noise);
    }
    ratios[i] = ours_s / reference_s;
    times[i] = ours_s / (WALKS * SERIES);
  }
  judge->destroy(made);
  *values_a_second = 1 / score_quantile(times, ROUNDS, 0.5);
  return score_quantile(ratios, ROUNDS, 0.5);
}

void speed_measure(const struct habits_judge *const *judges, int len,
                   struct bars_judge *out) {
  float *blocks = calloc((size_t)SERIES * BLOCK, sizeof(*blocks));
  double *noise = calloc(SERIES, sizeof(*noise));
  struct dice dice;

  dice_seed(&dice, 1, 1);
  for (size_t i = 0; noise && i < SERIES; i++)
    noise[i] = dice_normal(&dice);
  for (size_t i = 0; blocks && i < (size_t)SERIES * BLOCK; i++)
    blocks[i] = 1;
  for (int j = 0; blocks && noise && j < len; j++)
    out[j].slowness =
        measure_one(judges[j], blocks, noise, &out[j].values_a_second);
  free(blocks);
  free(noise);
}
