/* One rolling baseline: winsorised mean, spread, the curve of the day. Pure.
 * Sources: winsorising as in Huber, Robust Statistics (1981); cumulative sums
 * as in Page, Biometrika 41 (1954). */
#include "verdict/baseline.h"

#include <math.h>
#include <string.h>

static const double level_s = 6 * 3600, spread_s = 24 * 3600, shadow_s = 1800;
static const double day_s = 86400;
static const double clip_sigmas = 3.5; /* what one value may pull */
static const double drift_allowance = 2, drift_step_max = 8, drift_max = 20;
static const double join_s = 2 * 86400; /* then the day's curve joins in, */
                                        /* for a day more and more */
static const double slot_memory_s = 4 * BASELINE_SLOT_S; /* four days' visits */
static const double slot_belief_s = 3 * BASELINE_SLOT_S; /* then it is enough */
/* Beyond it nothing is measured, and squares and floats would overflow. */
static const double value_max = 1e30;
static const double first_spread_ratio = 0.1; /* before any is known */
static const double least_spread_ratio = 0.01;
static const double least_spread_percent = 0.5, least_spread_share = 0.005;
static const double first_weight = 10; /* values the first spread counts for */
static const double young_s = 3600; /* what varies slower is not seen before */
static const double wander_first_s = 6 * 3600;  /* the spread stands for it */
static const double wander_young_s = 24 * 3600; /* few waves were seen before */

void baseline_init(struct baseline *baseline) {
  memset(baseline, 0, sizeof(*baseline));
}

void baseline_day_init(struct baseline_day *day) {
  memset(day, 0, sizeof(*day));
}

static double held(double value) {
  return fmin(value_max, fmax(-value_max, value));
}

static double floor_variance(enum baseline_kind kind, double expected,
                             double dt_s) {
  double size = fabs(expected), least = least_spread_ratio * size;

  if (kind == BASELINE_COUNT)
    return size + 4;
  if (kind == BASELINE_RATE)
    return (size * dt_s + 4) / (dt_s * dt_s);
  if (kind == BASELINE_PERCENT)
    least = fmax(least, least_spread_percent);
  if (kind == BASELINE_SHARE)
    least = fmax(least, least_spread_share);
  return least * least + 1e-12;
}

static double slot_position(double time_s) {
  double of_day = fmod(time_s, day_s);
  double position =
      (of_day < 0 ? of_day + day_s : of_day) / (double)BASELINE_SLOT_S;

  return position >= 0.5 ? position - 0.5
                         : position + (double)BASELINE_SLOTS - 0.5;
}

/* The day's curve at a time, between the middles of two slots. Returns how much
 * it is to be believed, 0..1. */
static double curve_at(const struct baseline *baseline,
                       const struct baseline_day *day, double time_s,
                       double *curve) {
  if (!day || baseline->learnt_s < join_s)
    return 0;
  double position = slot_position(time_s);
  int a = (int)position % BASELINE_SLOTS, b = (a + 1) % BASELINE_SLOTS;
  double part = position - floor(position);
  double seen_a = (1 - part) * day->seen_s[a], seen_b = part * day->seen_s[b];
  double seen = seen_a + seen_b;

  if (!(seen > 0))
    return 0;
  *curve =
      (seen_a * (double)day->level[a] + seen_b * (double)day->level[b]) / seen;
  double joined = fmin(1, (baseline->learnt_s - join_s) / day_s);
  return joined * fmin(1, seen / slot_belief_s);
}

static double young_weight(double dt_s, double memory_s, double learnt) {
  return fmin(1, fmax(dt_s / memory_s, 1 / (learnt + 1)));
}

/* Standard deviation of what was not expected. */
static double spread_of(const struct baseline *baseline, double level) {
  double first = first_spread_ratio * level, known = baseline->learnt;
  double young = baseline->learnt_s > 0 ? 1 + young_s / baseline->learnt_s : 1;
  double variance = young * baseline->variance;

  if (known <= 10 * first_weight)
    variance = (known * variance + first_weight * first * first) /
               (known + first_weight);
  return sqrt(variance);
}

/* For how long what is expected has been what it is now; before the day's curve
 * joins in it merely follows. */
static double expected_s(const struct baseline *baseline,
                         const struct baseline_day *day) {
  return fmax(0, baseline->learnt_s - (day ? join_s : 0));
}

/* How far the mean of half an hour is off, in standard deviations of what it
 * usually is. Noise that comes in long waves adds up in rise and fall as a
 * shift does; this tells them apart. */
static double slow_sigmas(const struct baseline *baseline,
                          const struct baseline_day *day, double value,
                          double dt_s, const struct baseline_now *now) {
  double weight = young_weight(dt_s, shadow_s, baseline->shadow_learnt);
  double mean = baseline->shadow + weight * (value - baseline->shadow);
  double known_s = expected_s(baseline, day);
  double unknown = wander_first_s / (wander_first_s + known_s);
  double young = 1 + wander_young_s / fmax(known_s, dt_s);
  double variance = young * baseline->wander +
                    (unknown * unknown + weight) * now->spread * now->spread;

  return (mean - now->expected) / sqrt(variance);
}

static double accumulate(double sum, double sigmas) {
  double step = fmin(sigmas, drift_step_max) - drift_allowance;

  return fmin(drift_max, fmax(0, sum + step));
}

void baseline_judge(const struct baseline *baseline,
                    const struct baseline_day *day, enum baseline_kind kind,
                    double value, double time_s, double dt_s,
                    struct baseline_now *out) {
  double curve = 0, belief = curve_at(baseline, day, time_s, &curve);
  value = held(value);
  double level = baseline->learnt > 0 ? baseline->level : value;

  out->expected = belief * (curve + baseline->offset) + (1 - belief) * level;
  out->spread = fmax(spread_of(baseline, level),
                     sqrt(floor_variance(kind, out->expected, dt_s)));
  out->sigmas = (value - out->expected) / out->spread;
  out->rise = accumulate(baseline->rise, out->sigmas);
  out->fall = accumulate(baseline->fall, -out->sigmas);
  out->slow_sigmas = slow_sigmas(baseline, day, value, dt_s, out);
}

static void learn_slot(struct baseline_day *day, double value, double time_s,
                       double dt_s) {
  int slot = ((int)(slot_position(time_s) + 0.5)) % BASELINE_SLOTS;
  double seen = day->seen_s[slot];
  double taken = fmin(dt_s, BASELINE_SLOT_S);

  day->level[slot] +=
      (float)(taken / (seen + taken) * (value - (double)day->level[slot]));
  day->seen_s[slot] = (uint16_t)fmin(slot_memory_s, ceil(seen + taken));
}

/* Before the day is known the level follows the day's course. */
static double level_memory_s(const struct baseline *baseline,
                             const struct baseline_day *day) {
  return day && baseline->learnt_s < join_s + day_s ? shadow_s : level_s;
}

static double clip(double value, double reach) {
  return fmin(reach, fmax(-reach, value));
}

static void learn_slow(struct baseline *baseline, struct baseline_day *day,
                       double value, double time_s, double dt_s,
                       const struct baseline_now *now) {
  double reach = clip_sigmas * now->spread, curve = 0;
  double pull = clip(value - now->expected, reach);
  double clipped = now->expected + pull;
  double wander = clip(baseline->shadow - now->expected, reach);
  double belief = curve_at(baseline, day, time_s, &curve);
  double spread_weight = young_weight(dt_s, spread_s, baseline->learnt);

  baseline->level +=
      young_weight(dt_s, level_memory_s(baseline, day), baseline->learnt) *
      (clipped - baseline->level);
  if (belief > 0)
    baseline->offset +=
        fmin(1, dt_s / level_s) * (clipped - curve - baseline->offset);
  baseline->variance += spread_weight * (pull * pull - baseline->variance);
  baseline->wander +=
      fmin(1, dt_s / fmin(spread_s, expected_s(baseline, day) + dt_s)) *
      (wander * wander - baseline->wander);
  if (day)
    learn_slot(day, clipped, time_s, dt_s);
  baseline->learnt++;
  baseline->learnt_s += dt_s;
}

static void learn_shadow(struct baseline *baseline, double value, double dt_s) {
  double weight = young_weight(dt_s, shadow_s, baseline->shadow_learnt);
  double off = value - baseline->shadow;

  baseline->shadow += weight * off;
  baseline->shadow_variance +=
      weight * ((1 - weight) * off * off - baseline->shadow_variance);
  baseline->shadow_learnt++;
}

void baseline_learn(struct baseline *baseline, struct baseline_day *day,
                    double value, double time_s, double dt_s,
                    const struct baseline_now *now, bool frozen) {
  value = held(value);
  learn_shadow(baseline, value, dt_s);
  baseline->rise = now->rise;
  baseline->fall = now->fall;
  baseline->frozen_s = frozen ? baseline->frozen_s + dt_s : 0;
  if (!frozen)
    learn_slow(baseline, day, value, time_s, dt_s, now);
}

void baseline_adopt(struct baseline *baseline, const struct baseline_day *day,
                    double time_s) {
  double curve = 0;

  if (curve_at(baseline, day, time_s, &curve) > 0)
    baseline->offset = baseline->shadow - curve;
  baseline->level = baseline->shadow;
  baseline->variance = fmax(baseline->variance, baseline->shadow_variance);
  baseline->learnt = fmax(baseline->learnt, 1);
  baseline->rise = baseline->fall = 0;
  baseline->frozen_s = 0;
}

void baseline_interrupt(struct baseline *baseline) {
  baseline->rise = baseline->fall = 0;
}
