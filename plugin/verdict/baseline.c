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
static const double join_s = 2 * 86400; /* then the day's curve joins in */
static const double slot_memory_s = 4 * BASELINE_SLOT_S; /* four days' visits */
static const double slot_belief_s = 3 * BASELINE_SLOT_S; /* then it is enough */
/* Beyond it nothing is measured, and squares and floats would overflow. */
static const double value_max = 1e30;
static const double first_spread_ratio = 0.1; /* before any is known */
static const double least_spread_ratio = 0.01;
static const double first_weight = 10; /* values the first spread counts for */

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
  return least * least + 1e-12;
}

static double slot_position(double time_s) {
  double of_day = fmod(time_s, day_s);
  double position = (of_day < 0 ? of_day + day_s : of_day) / BASELINE_SLOT_S;

  return position >= 0.5 ? position - 0.5 : position + BASELINE_SLOTS - 0.5;
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
  return fmin(1, seen / slot_belief_s);
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
  double first = first_spread_ratio * level;
  double known = baseline->learnt;

  out->expected = belief * (curve + baseline->offset) + (1 - belief) * level;
  double variance =
      (known * baseline->variance + first_weight * first * first) /
      (known + first_weight);
  if (known > 10 * first_weight)
    variance = baseline->variance;
  out->spread = sqrt(fmax(variance, floor_variance(kind, out->expected, dt_s)));
  out->sigmas = (value - out->expected) / out->spread;
  out->rise = accumulate(baseline->rise, out->sigmas);
  out->fall = accumulate(baseline->fall, -out->sigmas);
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

static void learn_slow(struct baseline *baseline, struct baseline_day *day,
                       double value, double time_s, double dt_s,
                       const struct baseline_now *now) {
  double reach = clip_sigmas * now->spread, curve = 0;
  double pull = fmin(reach, fmax(-reach, value - now->expected));
  double clipped = now->expected + pull;
  double young = 1 / (baseline->learnt + 1);
  double weight = fmin(1, fmax(dt_s / level_s, young));
  double belief = curve_at(baseline, day, time_s, &curve);

  baseline->level += weight * (clipped - baseline->level);
  if (belief > 0)
    baseline->offset +=
        fmin(1, dt_s / level_s) * (clipped - curve - baseline->offset);
  baseline->variance += fmin(1, fmax(dt_s / spread_s, young)) *
                        (pull * pull - baseline->variance);
  if (day)
    learn_slot(day, clipped, time_s, dt_s);
  baseline->learnt++;
  baseline->learnt_s += dt_s;
}

static void learn_shadow(struct baseline *baseline, double value, double dt_s) {
  double weight =
      fmin(1, fmax(dt_s / shadow_s, 1 / (baseline->shadow_learnt + 1)));
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
