/* The curve of the day: its slots, which days are asked, and whether to believe
 * it. Pure. */
#include "verdict/watch/season.h"

#include "extremes.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double day_s = 86400, half_a_day_s = 43200;
static const int64_t days_max = 40000000; /* a hundred thousand years */
static const int16_t none = INT16_MIN;
static const float most_steps = 32000, few_steps = 16000;
static const float steps_per_spread = 64;
static const float clip_spreads = 2.9F; /* how far one distance may pull */
static const float slot_clip_spreads = 3.2F;
static const float on_the_way = 1;
static const float chosen_below = 0.67F, chosen_margin = 1.2F;
static const float believed_slots = 30;
static const float capped_from = 20, error_cap = 100;
static const float two_days = 192, a_week = 672; /* slots */
static const float apart_below = 0.9F;
static const float least_level_error = 0.0046F; /* of the range */
static const float spread_pull = 0.045F, spread_pull_max = 0.3F;
static const float unsaved_change = 0.002F;
static const float least_of_mean = 0.5F, level_ratio_max = 9;

void season_init(struct season *season) {
  memset(season, 0, sizeof(*season));
  for (int i = 0; i < SEASON_SLOTS; i++) {
    for (int j = 0; j < SEASON_WEEKDAYS; j++)
      season->weekday[i][j] = none;
    for (int j = 0; j < SEASON_WEEKEND_DAYS; j++)
      season->weekend[i][j] = none;
  }
  season->slot = season->kept_slot = SEASON_SLOTS;
}

void season_clock(double local_s, unsigned weekend, struct season_time *out) {
  double days = floor(local_s / day_s);
  int slot = (int)((local_s - days * day_s) / SEASON_SLOT_S);

  out->day = (int64_t)days;
  out->slot = slot < SEASON_SLOTS ? slot : SEASON_SLOTS - 1;
  out->weekday = (int)(((out->day + 3) % 7 + 7) % 7);
  out->weekend = weekend >> out->weekday & 1;
}

/* --- the days of one slot ------------------------------------------------- */

static float median(const float *values, int len) {
  if (len == 1)
    return values[0];
  if (len == 2)
    return (values[0] + values[1]) / 2;
  return larger(smaller(values[0], values[1]),
                smaller(larger(values[0], values[1]), values[2]));
}

/* A slot of a day, as it is asked for. */
struct place {
  int slot, weekday;
  unsigned weekend; /* its bits */
  int ends; /* the first day of the weekend to ask: 1 once it has today */
};

static bool is_weekend(const struct place *at) {
  return at->weekend >> at->weekday & 1;
}

/* The last days before this one, whatever they were. */
static int pool(const struct season *season, const struct place *at,
                float *out) {
  int len = 0, weekdays = 0, ends = at->ends;

  for (int back = 1; back <= 7 && len < SEASON_DAYS; back++) {
    int16_t value = none;
    if (at->weekend >> ((at->weekday + 7 - back) % 7) & 1) {
      if (ends < SEASON_WEEKEND_DAYS)
        value = season->weekend[at->slot][ends++];
    } else if (weekdays < SEASON_WEEKDAYS) {
      value = season->weekday[at->slot][weekdays++];
    }
    if (value != none)
      out[len++] = (float)value * season->step;
  }
  return len;
}

/* The last days of the same kind. */
static int alike(const struct season *season, const struct place *at,
                 float *out) {
  bool weekend = is_weekend(at);
  const int16_t *values =
      weekend ? season->weekend[at->slot] : season->weekday[at->slot];
  int most = weekend ? SEASON_WEEKEND_DAYS : SEASON_WEEKDAYS, len = 0;

  for (int i = weekend ? at->ends : 0; i < most; i++)
    if (values[i] != none)
      out[len++] = (float)values[i] * season->step;
  return len;
}

/* own: those are days of the same kind. */
static int ask(const struct season *season, const struct place *at, bool *own,
               float *out) {
  int len = season->apart ? alike(season, at, out) : 0;

  *own = len > 0;
  return *own ? len : pool(season, at, out);
}

int season_days(const struct season *season, int slot, int weekday,
                unsigned weekend, double *out) {
  struct place at = {slot, weekday, weekend, 0};
  float values[SEASON_DAYS];
  bool own;
  int len = ask(season, &at, &own, values);

  for (int i = 0; i < len; i++)
    out[i] = season->center + (double)values[i];
  return len;
}

struct reach {
  float expected, lowest, highest; /* about center */
};

/* What a slot expects. Two days that differ leave open which one it will be.
 * Returns how many days it knows. */
static int reach_of(const struct season *season, const struct place *at,
                    struct reach *out) {
  float days[SEASON_DAYS], ends[SEASON_DAYS];
  bool own;
  int len = ask(season, at, &own, days);

  if (len == 0)
    return 0;
  out->expected = out->lowest = out->highest = median(days, len);
  if (len == 2) {
    out->lowest = smaller(days[0], days[1]);
    out->highest = larger(days[0], days[1]);
  }
  if (is_weekend(at) && !own && alike(season, at, ends) == 2)
    for (int i = 0; i < 2; i++) {
      out->lowest = smaller(out->lowest, ends[i]);
      out->highest = larger(out->highest, ends[i]);
    }
  return len;
}

/* The slot so many after the one of now. Of a weekend, which knows two days,
 * the newest may be today: an event must not explain itself. */
static int reach_near(const struct season *season,
                      const struct season_time *now, int near, unsigned weekend,
                      struct reach *out) {
  int slot = (now->slot + SEASON_SLOTS + near) % SEASON_SLOTS;
  bool today = slot == now->slot + near;
  struct place at = {slot, now->weekday, weekend, 0};

  if (!today) /* yesterday's, tomorrow's */
    at.weekday = (now->weekday + 7 + (near < 0 ? -1 : 1)) % 7;
  else if (season->kept_day == now->day && season->kept_slot < SEASON_SLOTS &&
           slot <= season->kept_slot)
    at.ends = 1;
  return reach_of(season, &at, out);
}

static void widen(struct season *season, const struct reach *reach) {
  season->lowest = smaller(season->lowest, reach->lowest);
  season->highest = larger(season->highest, reach->highest);
}

/* A neighbour. Where a job begins or ends within it, its mean lies between the
 * job and the base; a job that ends early is at the base: that is the neighbour
 * behind it. */
static void widen_towards(struct season *season, const struct season_time *now,
                          int side, unsigned weekend,
                          const struct reach *here) {
  struct reach next, behind;

  if (reach_near(season, now, side, weekend, &next) == 0)
    return;
  widen(season, &next);
  float step = next.expected - here->expected;
  if (reach_near(season, now, 2 * side, weekend, &behind) == 0)
    return;
  float onward = behind.expected - next.expected;
  if (step * onward > 0 && fabsf(onward) <= on_the_way * fabsf(step))
    widen(season, &behind);
}

/* Of a slot and its neighbours. */
static void look(struct season *season, const struct season_time *now,
                 unsigned weekend) {
  struct reach here;

  season->looked = true;
  season->days = 0;
  season->lowest = INFINITY;
  season->highest = -INFINITY;
  if (season->step <= 0)
    return;
  int days = reach_near(season, now, 0, weekend, &here);
  if (days == 0)
    return;
  season->days = (uint8_t)days;
  season->expected = here.expected;
  widen(season, &here);
  widen_towards(season, now, -1, weekend, &here);
  widen_towards(season, now, 1, weekend, &here);
}

void season_hull(const struct season *season, struct season_hull *out) {
  out->days = season->days;
  out->expected = season->center + (double)season->expected;
  out->lowest = season->center + (double)season->lowest;
  out->highest = season->center + (double)season->highest;
}

/* --- a slot is complete --------------------------------------------------- */

static void rescale(int16_t *values, size_t len, bool coarser) {
  for (size_t i = 0; i < len; i++)
    if (values[i] != none)
      values[i] = (int16_t)(coarser ? values[i] / 2 : values[i] * 2);
}

static void rescale_all(struct season *season, bool coarser) {
  rescale(season->weekday[0], SEASON_SLOTS * SEASON_WEEKDAYS, coarser);
  rescale(season->weekend[0], SEASON_SLOTS * SEASON_WEEKEND_DAYS, coarser);
  season->step *= coarser ? 2 : 0.5F;
}

static int largest(const int16_t *values, size_t len) {
  int most = 0;

  for (size_t i = 0; i < len; i++) {
    int size = values[i] < 0 ? -(int)values[i] : values[i];
    if (values[i] != none && size > most)
      most = size;
  }
  return most;
}

/* After an outlier has left: finer steps again. */
static void refine(struct season *season) {
  if (season->spread <= 0 || season->step <= season->spread / 8)
    return;
  if (largest(season->weekday[0], SEASON_SLOTS * SEASON_WEEKDAYS) <
          (int)few_steps &&
      largest(season->weekend[0], SEASON_SLOTS * SEASON_WEEKEND_DAYS) <
          (int)few_steps)
    rescale_all(season, false);
}

static void keep(struct season *season, float mean) {
  int slot = season->slot;
  int16_t *values =
      season->is_weekend ? season->weekend[slot] : season->weekday[slot];
  int last = season->is_weekend ? SEASON_WEEKEND_DAYS - 1 : SEASON_WEEKDAYS - 1;

  while (fabsf(mean / season->step) > most_steps)
    rescale_all(season, true);
  for (int i = last; i > 0; i--)
    values[i] = values[i - 1];
  values[0] = (int16_t)lrintf(mean / season->step);
}

static float approach(float mean, float weight, float value) {
  return mean + weight * (value - mean);
}

/* Days of the same kind, if two are known: their error, else the pool's. */
static float error_apart(struct season *season, float mean, float pool_error) {
  struct place at = {season->slot, 0, season->is_weekend ? 1 : 0, 0};
  float days[SEASON_DAYS];
  int len = alike(season, &at, days);

  if (len < 2)
    return pool_error;
  float weight = larger(1 / a_week, 1 / season->slots);
  float error = season->is_weekend
                    ? smaller(fabsf(mean - days[0]), fabsf(mean - days[1]))
                    : fabsf(mean - median(days, len));
  season->apart_error = approach(season->apart_error, weight, error);
  season->pool_error = approach(season->pool_error, weight, pool_error);
  return error;
}

static bool is_apart(const struct season *season, enum season_mode mode) {
  if (mode == SEASON_DAY)
    return false;
  if (season->weekend[season->slot][1] == none)
    return false;
  return mode == SEASON_WEEK ||
         season->apart_error < apart_below * season->pool_error;
}

/* Compare the slot's mean with what the curve and the long mean said. */
static void compare_slot(struct season *season, enum season_mode mode,
                         unsigned weekend, int weekday, float mean,
                         double usual, float range) {
  struct place at = {season->slot, weekday, weekend, 0};
  float days[SEASON_DAYS];
  int len = pool(season, &at, days);

  if (len < 2)
    return;
  season->slots++;
  float pool_error = fabsf(mean - median(days, len));
  float apart = error_apart(season, mean, pool_error);
  float weight = larger(1 / two_days, 1 / season->slots);
  float cap = season->slots < capped_from
                  ? INFINITY
                  : error_cap * (season->level_error + 1e-9F);
  float error = season->apart ? apart : pool_error;
  float of_level = fabsf((float)(season->center + (double)mean - usual));

  season->curve_error =
      approach(season->curve_error, weight, smaller(error, cap));
  season->level_error =
      approach(season->level_error, weight, smaller(of_level, cap));
  season->apart = is_apart(season, mode);
  float below =
      smaller(1, season->chosen ? chosen_below * chosen_margin : chosen_below);
  season->chosen = season->slots > believed_slots &&
                   season->curve_error < below * season->level_error &&
                   season->level_error > least_level_error * range;
}

/* An hour that comes twice, when clocks are set back, is kept once. */
static bool is_kept(const struct season *season) {
  return season->kept_slot < SEASON_SLOTS &&
         (season->day < season->kept_day ||
          (season->day == season->kept_day &&
           season->slot <= season->kept_slot));
}

static void complete(struct season *season, enum season_mode mode,
                     unsigned weekend, double usual, float usual_spread,
                     float range) {
  double mean = season->sum / (double)season->count;

  if (is_kept(season))
    return;
  if (season->step <= 0) {
    season->center = mean;
    season->step =
        larger(usual_spread, (float)fabs(mean) * 1e-6F) / steps_per_spread +
        1e-12F;
  }
  float off = (float)(mean - season->center);
  int weekday = (int)(((season->day + 3) % 7 + 7) % 7);
  compare_slot(season, mode, weekend, weekday, off, usual, range);
  keep(season, off);
  season->kept_day = season->day;
  season->kept_slot = season->slot;
  if (season->slot == 0)
    refine(season);
}

static void begin_slot(struct season *season, const struct season_time *now) {
  /* A clock that was a day and more ahead: go on by the one of now. */
  if (season->kept_slot < SEASON_SLOTS && now->day + 1 < season->kept_day)
    season->kept_slot = SEASON_SLOTS;
  season->day = now->day;
  season->slot = (uint8_t)now->slot;
  season->is_weekend = now->weekend;
  season->sum = 0;
  season->count = 0;
  season->looked = false;
}

void season_move(struct season *season, enum season_mode mode,
                 const struct season_time *now, unsigned weekend, double usual,
                 float usual_spread, float range, double passed_s) {
  if (now->slot != season->slot || now->day != season->day) {
    if (season->slot < SEASON_SLOTS && season->count > 0 &&
        passed_s < half_a_day_s)
      complete(season, mode, weekend, usual, usual_spread, range);
    begin_slot(season, now);
  }
  if (!season->looked)
    look(season, now, weekend);
}

void season_take(struct season *season, double value) {
  season->sum += value;
  season->count++;
}

/* --- a value -------------------------------------------------------------- */

static float unpack(uint16_t half) {
  uint32_t bits = (uint32_t)half << 16;
  float number;

  memcpy(&number, &bits, sizeof(number));
  return number;
}

static uint16_t pack(float number) {
  uint32_t bits;

  memcpy(&bits, &number, sizeof(bits));
  return (uint16_t)((bits + 0x8000) >> 16);
}

/* Two slots share a spread. */
static float spread_at(const struct season *season, int slot) {
  return unpack(season->slot_spread[slot / 2]);
}

/* Of this slot and its neighbours; a level above the mean scatters more. */
static float spread_here(const struct season *season, double expected,
                         float floor, double usual) {
  int slot = season->slot;
  int before = slot > 0 ? slot - 1 : SEASON_SLOTS - 1;
  int after = slot < SEASON_SLOTS - 1 ? slot + 1 : 0;
  float near = (spread_at(season, before) + spread_at(season, after)) / 4 +
               spread_at(season, slot) / 2;
  float spread = larger(near, least_of_mean * season->spread) + floor;
  float ratio = fabsf((float)expected) / (fabsf((float)usual) + floor);

  if (ratio > 1)
    spread =
        larger(spread, season->spread * sqrtf(smaller(ratio, level_ratio_max)));
  return spread;
}

static void learn_spread(struct season *season, float distance, float floor,
                         float ticks) {
  float spread = spread_at(season, season->slot);

  if (spread <= 0) {
    spread = season->spread > 0 ? season->spread : distance;
  } else {
    float pull = smaller(spread_pull_max, ticks * spread_pull);
    float change =
        pull *
        (smaller(distance, slot_clip_spreads * (spread + floor)) - spread);
    if (fabsf(change) >= spread * unsaved_change)
      spread += change;
  }
  season->slot_spread[season->slot / 2] = pack(spread);
}

void season_compare(struct season *season, const struct season_hull *hull,
                    double value, float floor, float ticks, float weight,
                    double usual, struct season_stand *out) {
  float distance = fabsf((float)(value - hull->expected));

  out->beyond = value > hull->highest  ? (float)(value - hull->highest)
                : value < hull->lowest ? (float)(value - hull->lowest)
                                       : 0;
  out->spread = spread_here(season, hull->expected, floor, usual);
  learn_spread(season, distance, floor, ticks);
  float clip =
      season->spread > 0 ? clip_spreads * (season->spread + floor) : INFINITY;
  season->spread = approach(season->spread, weight, smaller(distance, clip));
}

/* --- from elsewhere ------------------------------------------------------- */

void season_take_over(struct season *season, double center, float spread,
                      const float *means, const uint16_t *seen_s) {
  season->center = center;
  season->spread = spread;
  season->step =
      larger(spread, (float)fabs(center) * 1e-6F) / steps_per_spread + 1e-12F;
  season->utc = 1;
  for (int slot = 0; slot < SEASON_SLOTS; slot++) {
    if (seen_s[slot] == 0)
      continue;
    season->slot = (uint8_t)slot;
    season->is_weekend = 0;
    for (int i = 0; i < SEASON_WEEKDAYS; i++)
      keep(season, means[slot] - (float)center);
    season->is_weekend = 1;
    for (int i = 0; i < SEASON_WEEKEND_DAYS; i++)
      keep(season, means[slot] - (float)center);
  }
  season->slot = SEASON_SLOTS;
}

static void turn(void *rows, size_t row_size, int by) {
  unsigned char turned[SEASON_SLOTS * sizeof(int16_t) * SEASON_WEEKDAYS];

  for (int slot = 0; slot < SEASON_SLOTS; slot++)
    memcpy(turned + (size_t)((slot + by) % SEASON_SLOTS) * row_size,
           (const unsigned char *)rows + (size_t)slot * row_size, row_size);
  memcpy(rows, turned, SEASON_SLOTS * row_size);
}

void season_turn(struct season *season, double zone_s) {
  int by = (int)lrint(zone_s / SEASON_SLOT_S) % SEASON_SLOTS;

  if (!season->utc)
    return;
  by = (by + SEASON_SLOTS) % SEASON_SLOTS;
  turn(season->weekday, sizeof(season->weekday[0]), by);
  turn(season->weekend, sizeof(season->weekend[0]), by);
  season->utc = 0;
}

void season_widen(struct season *season, float factor) {
  season->spread *= factor;
  for (int i = 0; i < SEASON_SPREADS; i++)
    season->slot_spread[i] = pack(unpack(season->slot_spread[i]) * factor);
}

static bool is_least(float value) { return value >= 0 && value <= FLT_MAX; }

bool season_is_sound(const struct season *season) {
  for (int i = 0; i < SEASON_SPREADS; i++)
    if (!is_least(unpack(season->slot_spread[i])))
      return false;
  return season->slot <= SEASON_SLOTS && season->kept_slot <= SEASON_SLOTS &&
         is_least(season->count) && is_least(season->step) &&
         is_least(season->curve_error) && is_least(season->level_error) &&
         is_least(season->apart_error) && is_least(season->pool_error) &&
         is_least(season->slots) && is_least(season->spread) &&
         season->day >= -days_max && season->day <= days_max &&
         season->kept_day >= -days_max && season->kept_day <= days_max;
}
