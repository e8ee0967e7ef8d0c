/* One histogram of ln z and what lies beyond it. Pure. */
#include "verdict/watch/tail.h"

#include "extremes.h"

#include <math.h>
#include <string.h>

static const float bins_per_unit = 8, lowest = -1; /* ln z of bin 0 */
static const float share_above = 1 - 0.976F;       /* where the tail begins */
static const float counts_least = 1, counts_most = 250;
static const float memory_blocks = 2 * 5800; /* then the counts are halved */
/* Before the tail has maxima of its own: the mean excess, and how many of them
 * it is worth. */
static const float first_excess = 0.23F, first_weight = 1.8F;
static const float least_excess = 0.05F;
static const float half_a_bin = 0.03F; /* a count lies within its bin */
static const float believed = 10;      /* maxima before it says anything */
static const float empirical_from = 3; /* below it the counts are not asked */
static const float refit_all = 200;    /* from so many on, a sixteenth refits */

void tail_init(struct tail *tail) {
  memset(tail, 0, sizeof(*tail));
  tail->block_max = tail->event_max = TAIL_NONE;
}

static float edge(int bin) { return (float)bin / bins_per_unit + lowest; }

static int bin_of(float log_deviation) {
  float position = (log_deviation - lowest) * bins_per_unit;

  if (!(position > 0))
    return 0;
  return position < TAIL_BINS - 1 ? (int)position : TAIL_BINS - 1;
}

/* -ln of the share of maxima that were counted at or above: what was seen is
 * not rare, whatever the tail says. */
static float seen_rarity(const struct tail *tail, float log_deviation) {
  int bin = bin_of(log_deviation), top = tail->top;

  if (bin > top) {
    float beyond = log_deviation - edge(top + 1);
    return logf((tail->total + 1) / larger(tail->count[top], 1)) +
           beyond / larger(1 / tail->steepness, first_excess);
  }
  float above = 0;
  for (int i = top; i > bin; i--)
    above += tail->count[i];
  float part = smaller((log_deviation - edge(bin)) * bins_per_unit, 1);
  above += (float)tail->count[bin] * (1 - part / 2);
  return logf((tail->total + 1) / larger(above, 0.5F));
}

float tail_rarity(const struct tail *tail, float log_deviation) {
  if (tail->total < believed)
    return 0;
  float fitted =
      tail->rarity + (log_deviation - edge(tail->quantile)) * tail->steepness;
  if (fitted < empirical_from)
    return larger(fitted, 0);
  return smaller(fitted,
                 larger(empirical_from, seen_rarity(tail, log_deviation)));
}

float tail_reach(const struct tail *tail, float rarity) {
  if (tail->total < believed)
    return INFINITY;
  return expf(edge(tail->quantile) + (rarity - tail->rarity) / tail->steepness);
}

bool tail_is_sound(const struct tail *tail) {
  return tail->total >= 0 && tail->total <= memory_blocks &&
         tail->steepness >= 0 && tail->quantile < TAIL_BINS &&
         tail->top < TAIL_BINS &&
         (tail->total < believed ||
          (tail->steepness > 0 && tail->count[tail->top] > 0));
}

/* Odd and even bins round up in turns. A full bin stands for more. */
static void halve(struct tail *tail) {
  tail->halvings++;
  for (int i = 0; i < TAIL_BINS; i++) {
    int count = tail->count[i], up = (i ^ tail->halvings) & 1;
    tail->count[i] = (uint8_t)(count == UINT8_MAX ? 192 : (count + up) / 2);
  }
  tail->total /= 2;
  while (tail->top > 0 && tail->count[tail->top] == 0)
    tail->top--;
}

/* Where the tail begins, and how steep it is. */
static void fit(struct tail *tail) {
  float wanted = share_above * tail->total, above = 0, sum = 0;
  int bin = tail->top;

  wanted = larger(counts_least, smaller(counts_most, wanted));
  for (;; bin--) {
    above += tail->count[bin];
    sum += (float)tail->count[bin] * (float)bin;
    if (above >= wanted || bin == 0)
      break;
  }
  float excess = above > 0 ? (sum / above - (float)bin) / bins_per_unit : 0;
  excess = ((excess + half_a_bin) * above + first_weight * first_excess) /
           (above + first_weight);
  if (bin == 0)
    above = tail->total;
  tail->rarity = logf((tail->total + 1) / above);
  tail->quantile = (uint8_t)bin;
  tail->steepness = 1 / larger(excess, least_excess);
}

void tail_add(struct tail *tail, float log_deviation) {
  int bin = bin_of(log_deviation);

  if (tail->count[bin] < UINT8_MAX)
    tail->count[bin]++;
  if (bin > tail->top)
    tail->top = (uint8_t)bin;
  tail->total++;
  if (tail->total > memory_blocks)
    halve(tail);
  if (tail->total < refit_all || ((int)tail->total & 15) == 0 ||
      bin >= tail->top)
    fit(tail);
}
