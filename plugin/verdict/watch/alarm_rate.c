/* Declustered excursions steer the limit. Pure. */
#include "verdict/watch/alarm_rate.h"

#include "extremes.h"

#include <math.h>

static const float month_s = 30 * 86400.0F;
static const float months_kept = 3;
static const float below_base = 3.18F; /* the lower level */
static const float excess_max = 4;
static const float prior_events = 10.7F;
static const float steepness = 0.72F;   /* how much the mean excess counts */
static const float lowest_limit = 2.5F; /* below the base, at most */
static const float least_limit = 0.5F;  /* where more is wanted than there is */
static const float few_blocks = 0.15F;  /* long blocks have fewer by chance */
static const float usual_block_s = 300;

bool alarm_rate_take(struct alarm_rate *rate, float rarity, float passed_s) {
  rate->months += passed_s / month_s;
  if (rate->months > months_kept) {
    float part = months_kept / rate->months;
    rate->months = months_kept;
    rate->events *= part;
    rate->excess *= part;
  }
  if (rate->limit <= 0)
    return false;
  if (rarity > rate->level) {
    rate->peak = rate->is_event ? larger(rate->peak, rarity) : rarity;
    rate->is_event = true;
    rate->below_s = 0;
    return false;
  }
  if (!rate->is_event)
    return false;
  rate->below_s += passed_s;
  if (rate->below_s <= ALARM_RATE_HOLD_S)
    return false;
  rate->is_event = false;
  rate->events++;
  rate->excess += smaller(rate->peak - rate->level, excess_max);
  return true;
}

void alarm_rate_set(struct alarm_rate *rate, float wanted, float block_s) {
  float want = wanted * powf(usual_block_s / block_s, few_blocks);
  float base = logf(month_s / block_s / want);
  float expected = expf(below_base) * want; /* events a month */
  float found =
      (rate->events + prior_events) / (rate->months + prior_events / expected);
  float mean_excess =
      (rate->excess + prior_events) / (rate->events + prior_events);
  float limit = base - below_base +
                (1 + steepness * (mean_excess - 1)) * logf(found / want);

  rate->level = base - below_base;
  rate->limit = larger(least_limit, larger(limit, base - lowest_limit));
}
