/* Means over 25 minutes, 5 hours and 3.5 days, winsorised; the departures from
 * them; the range of all values. Pure. Source: winsorising as in Huber, Robust
 * Statistics (1981). */
#include "verdict/watch/levels.h"

#include "extremes.h"

#include <math.h>
#include <string.h>

enum { RECENT, SLOW, ROUGH, USUAL, MEMORIES };

/* Time constants in ticks of five minutes. */
static const float memory[MEMORIES] = {
    [RECENT] = 5, [SLOW] = 57, [ROUGH] = 37, [USUAL] = 1000};
static const float weight_max = 0.5F;
static const float clip_spreads = 2.9F;      /* what one value may pull */
static const float slow_clip_spreads = 6.3F; /* and the slow mean */
static const float clipped_from = 30;        /* values; then it is clipped */
static const float least_of_range = 0.0092F;
static const float roughness_scale = 4;
static const float slow_explains = 1.67F;
static const float records_kept = 6, record_blocks = 20;
static const float record_least = 0.019F, overshoot_max = 1;
static const float first_overshoot = 0.15F, first_records = 3;
static const float overshoot_means = 5, overshoot_caution = 0.9F;
static const float record_memory = 3450, record_offset = 1.1F;
static const double range_fades_s = 90 * 86400.0;
static const double range_growth = 10; /* at most tenfold at once */
static const float values_max = 1e7F;
static const float unknown = 1e30F; /* nothing is explained */
static const float size_max = 1e30F;

const char *levels_deviation_name(enum deviation deviation) {
  static const char *const names[] = {
      [DEVIATION_LEVEL] = "level",     [DEVIATION_STEP] = "step",
      [DEVIATION_SLOW] = "slow",       [DEVIATION_ROUGHNESS] = "roughness",
      [DEVIATION_DAY] = "time_of_day", [DEVIATION_SPIKE] = "spike",
      [DEVIATION_SHIFT] = "shift",     [DEVIATION_RECORD] = "record",
  };

  return names[deviation];
}

void levels_init(struct levels *levels, double value) {
  memset(levels, 0, sizeof(*levels));
  levels->recent = levels->slow = levels->usual = value;
  levels->previous = levels->before = value;
  levels->low = levels->high = value;
  levels->values = 1;
  levels->unexplained = levels->unexplained_before = unknown;
}

float levels_floor(const struct levels *levels) {
  return least_of_range * (float)(levels->high - levels->low) +
         1e-9F * (float)fabs(levels->usual) + 1e-12F;
}

static float weight_in(const struct levels *levels, float ticks, int mean) {
  float of = memory[mean];

  return larger(smaller(ticks / of, weight_max), 1 / (levels->values + 1));
}

float levels_weight(const struct levels *levels, float ticks) {
  return weight_in(levels, ticks, USUAL);
}

static float clip(float value, float reach) {
  return smaller(larger(value, -reach), reach);
}

static signed char sign_of(float value) {
  return (signed char)(value > 0 ? 1 : value < 0 ? -1 : 0);
}

static void depart(struct levels_departure *out, enum deviation deviation,
                   float distance, float explained, float unit) {
  out->size[deviation] =
      smaller(smaller(fabsf(distance), explained) / unit, size_max);
  out->towards[deviation] = sign_of(distance);
}

/* The mean of five hours; a step of it is bounded, so that one value beyond all
 * measure does not move it. */
static void measure_slow(struct levels *levels,
                         const struct levels_value *value, float floor,
                         struct levels_departure *out) {
  float reach = slow_clip_spreads * (levels->usual_spread + floor);
  float off = (float)(value->value - levels->slow);
  float weight = weight_in(levels, value->ticks, SLOW);
  float explained = unknown;

  if (levels->values > clipped_from)
    off = clip(off, reach);
  levels->slow += (double)(weight * off);
  if (value->is_explained) {
    levels->slow_unexplained +=
        weight * (clip(value->beyond, reach) - levels->slow_unexplained);
    explained = slow_explains * fabsf(levels->slow_unexplained);
  }
  depart(out, DEVIATION_SLOW, (float)(levels->slow - levels->usual), explained,
         levels->usual_spread + floor);
}

static void measure_steps(const struct levels *levels,
                          const struct levels_value *value, float unexplained,
                          float floor, struct levels_departure *out) {
  float step = (float)(value->value - levels->previous);
  float bend = (float)(value->value - 2 * levels->previous + levels->before);

  if (value->gap)
    return;
  depart(out, DEVIATION_STEP, step, unexplained + levels->unexplained,
         levels->step_spread + floor);
  depart(out, DEVIATION_SPIKE, bend,
         unexplained + 2 * levels->unexplained + levels->unexplained_before,
         levels->step_spread + floor);
}

static void measure_range(const struct levels *levels, double value,
                          float floor, struct levels_departure *out) {
  float range = (float)(levels->high - levels->low) + floor;
  float over = value > levels->high  ? (float)(value - levels->high)
               : value < levels->low ? (float)(levels->low - value)
                                     : 0;

  out->overshoot = over > 0 ? log1pf(smaller(over / range, size_max)) : 0;
  out->towards[DEVIATION_RECORD] = value > levels->high ? 1 : -1;
}

void levels_measure(struct levels *levels, const struct levels_value *value,
                    float day, struct levels_departure *out) {
  float floor = levels_floor(levels);
  float unexplained = value->is_explained ? fabsf(value->beyond) : unknown;
  float shift_explained =
      value->is_explained ? larger(fabsf(levels->slow_unexplained), unexplained)
                          : unknown;

  memset(out, 0, sizeof(*out));
  out->size[DEVIATION_DAY] = day;
  out->towards[DEVIATION_DAY] = sign_of(value->beyond);
  depart(out, DEVIATION_LEVEL, (float)(value->value - levels->recent),
         unexplained, levels->recent_spread + floor);
  depart(out, DEVIATION_SHIFT, (float)(levels->recent - levels->usual),
         shift_explained, levels->usual_spread + floor);
  measure_steps(levels, value, unexplained, floor, out);
  levels->unexplained_before = levels->unexplained;
  levels->unexplained = unexplained;
  measure_slow(levels, value, floor, out);
  measure_range(levels, value->value, floor, out);
  out->log_step =
      logf(fabsf((float)(value->value - levels->previous)) + floor * 0.1F);
  levels->roughness += weight_in(levels, value->ticks, ROUGH) *
                       (out->log_step - levels->roughness);
  out->size[DEVIATION_ROUGHNESS] =
      roughness_scale * fabsf(levels->roughness - levels->usual_roughness);
}

/* Of any distribution, value n of a row is a record with a chance of 2 / n; how
 * far it goes beyond is measured in what records usually do. The fewer alarms
 * are wanted, the farther that is extrapolated, and the more carefully. */
float levels_record_rarity(const struct levels *levels,
                           const struct levels_departure *departure,
                           float false_alarms) {
  if (departure->overshoot <= record_least || levels->blocks <= record_blocks)
    return 0;
  float first = first_overshoot * powf(false_alarms, -overshoot_caution);
  float mean = (levels->overshoot + first * first_records) /
               (levels->records + first_records);
  float rarity = logf(smaller(levels->blocks, record_memory) * 0.5F) -
                 record_offset +
                 smaller(departure->overshoot / mean, overshoot_means);
  return larger(rarity, 0);
}

static void learn_range(struct levels *levels, double value, double passed_s) {
  double most = levels->high > levels->low
                    ? range_growth * (levels->high - levels->low)
                    : INFINITY;
  double fading = passed_s / range_fades_s;

  if (value > levels->high) {
    levels->high = fmin(value, levels->high + most);
  } else if (value < levels->low) {
    levels->low = fmax(value, levels->low - most);
  } else {
    if (levels->high > levels->usual)
      levels->high -= (levels->high - fmax(levels->usual, value)) * fading;
    if (levels->low < levels->usual)
      levels->low += (fmin(levels->usual, value) - levels->low) * fading;
  }
}

void levels_learn(struct levels *levels, const struct levels_value *value,
                  const struct levels_departure *departure, double passed_s) {
  float floor = levels_floor(levels);
  float weight = weight_in(levels, value->ticks, USUAL);
  float clips = levels->values < clipped_from ? INFINITY : clip_spreads;
  float recent_reach = clips * (levels->recent_spread + floor);
  float usual_reach = clips * (levels->usual_spread + floor);
  float step_reach = clips * (levels->step_spread + floor);
  float off = (float)(value->value - levels->recent);
  float far = (float)(value->value - levels->usual);
  float step = fabsf((float)(value->value - levels->previous));

  levels->recent += (double)(weight_in(levels, value->ticks, RECENT) * off);
  levels->recent_spread +=
      weight * (smaller(fabsf(off), recent_reach) - levels->recent_spread);
  levels->usual_spread +=
      weight * (smaller(fabsf(far), usual_reach) - levels->usual_spread);
  levels->usual += (double)(weight * clip(far, usual_reach));
  if (!value->gap)
    levels->step_spread += larger(1 / memory[USUAL], 1 / (levels->values + 1)) *
                           (smaller(step, step_reach) - levels->step_spread);
  levels->usual_roughness +=
      weight * (departure->log_step - levels->usual_roughness);
  if (departure->overshoot > levels->block_overshoot &&
      levels->blocks > record_blocks)
    levels->block_overshoot = departure->overshoot;
  learn_range(levels, value->value, passed_s);
  levels->before = value->gap ? value->value : levels->previous;
  levels->previous = value->value;
  levels->values = smaller(levels->values + 1, values_max);
}

void levels_end_block(struct levels *levels) {
  levels->blocks++;
  if (levels->block_overshoot <= 0)
    return;
  levels->records++;
  levels->overshoot += smaller(levels->block_overshoot, overshoot_max);
  if (levels->records > records_kept) {
    levels->overshoot *= records_kept / levels->records;
    levels->records = records_kept;
  }
  levels->block_overshoot = 0;
}

bool levels_is_sound(const struct levels *levels) {
  return levels->high >= levels->low && levels->recent_spread >= 0 &&
         levels->usual_spread >= 0 && levels->step_spread >= 0 &&
         levels->unexplained >= 0 && levels->unexplained_before >= 0 &&
         levels->values >= 0 && levels->blocks >= 0 && levels->records >= 0 &&
         levels->overshoot >= 0 && levels->block_overshoot >= 0;
}
