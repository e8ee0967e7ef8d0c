/* One series, value by value: measure, weigh, limit, learn. Pure. */
#include "verdict/watch/habit.h"

#include "extremes.h"

#include <math.h>
#include <string.h>

static const double value_max = 1e30;
static const float weight[DEVIATION_COUNT] = {
    [DEVIATION_LEVEL] = 0.88F, [DEVIATION_STEP] = 0.79F,
    [DEVIATION_SLOW] = 1.08F,  [DEVIATION_ROUGHNESS] = 0.6F,
    [DEVIATION_DAY] = 1.13F,   [DEVIATION_SPIKE] = 0.77F,
    [DEVIATION_SHIFT] = 0.9F,  [DEVIATION_RECORD] = 0.95F,
};
static const float together = 0.35F; /* part of the root of all squares */
static const float rarity_max = 15.5F;
static const float first_block = 10;
static const float event_block_s = 4.3F * 3600;
static const float envelope_s = 12 * 3600;
static const float envelope_first = 1.3F, envelope_most = 1.4F; /* limits */
static const float calm_below = 0.68F;                          /* limits */
static const float unlimited_alarms = 1;    /* when they are not the limit */
static const float fewest_alarms = 1e-6F;   /* a month: a limit has to be */
static const double values_of_others = 300; /* then its own count */
static const float remembered_from = 0.8F;  /* limits */
static const float mean_to_deviation = 1.2533F;
static const double gap_intervals = 5, gap_blocks = 2, passed_blocks = 3;

void habit_init(struct habit *habit) {
  memset(habit, 0, sizeof(*habit));
  season_init(&habit->season);
  for (int i = 0; i < DEVIATION_TAILS; i++)
    tail_init(&habit->tail[i]);
}

static float wanted_alarms(const struct habit_settings *settings) {
  return settings->false_alarms > 0
             ? larger(fewest_alarms, (float)settings->false_alarms)
             : unlimited_alarms;
}

static void begin(struct habit *habit, const struct habit_value *value,
                  struct habit_now *out) {
  levels_init(&habit->levels, value->value);
  habit->time_s = value->time_s;
  habit->interval_s = (float)value->interval_s;
  memset(out, 0, sizeof(*out));
  out->expected = out->lower = out->upper = out->usual = value->value;
}

static void learn_interval(struct habit *habit, double passed_s) {
  float interval_s = habit->interval_s, passed = (float)fmin(passed_s, 86400);

  if (interval_s <= 0)
    habit->interval_s = passed;
  else if (passed < 0.8F * interval_s)
    habit->interval_s += 0.2F * (passed - interval_s);
  else if (passed < 4 * interval_s)
    habit->interval_s += 0.02F * (passed - interval_s);
  else
    habit->interval_s += 0.002F * (passed - interval_s);
}

/* One value on its way. */
struct passage {
  double passed_s; /* bounded */
  float block_s, ticks, weight, floor;
  bool gap;
  struct levels_value value;
  struct levels_departure departure;
  struct season_stand stand;
  struct weekly_time week_time;
  double recent, usual, recent_unit; /* before it is learned */
};

static void enter(struct habit *habit, const struct habit_value *value,
                  struct passage *is) {
  double passed_s = value->time_s - habit->time_s;

  memset(is, 0, sizeof(*is));
  learn_interval(habit, passed_s);
  is->block_s = larger(habit->interval_s, HABIT_BLOCK_S);
  is->gap = passed_s > gap_intervals * (double)habit->interval_s &&
            passed_s > gap_blocks * (double)is->block_s;
  is->passed_s = fmin(passed_s, passed_blocks * (double)is->block_s);
  is->ticks =
      (is->gap ? habit->interval_s : (float)is->passed_s) / HABIT_BLOCK_S;
  is->weight = levels_weight(&habit->levels, is->ticks);
  is->floor = levels_floor(&habit->levels);
  is->value = (struct levels_value){
      .value = value->value, .ticks = is->ticks, .gap = is->gap};
  is->recent = habit->levels.recent;
  is->usual = habit->levels.usual;
  is->recent_unit = (double)(habit->levels.recent_spread + is->floor);
  habit->time_s = value->time_s;
}

/* Once the time of day explains what was rare before, it no longer counts: a
 * job must not raise the limit for months. */
static void forgive(struct habit *habit) {
  if (habit->season.chosen && !habit->had_day)
    habit->rate.events = habit->rate.excess = habit->rate.months = 0;
  habit->had_day |= habit->season.chosen;
}

/* What happened at this time of the week before is expected, too. */
static void widen_by_week(struct habit *habit, double value, struct passage *is,
                          struct habit_now *out) {
  struct season_hull *hull = &out->hull;
  float above, below, beyond = (float)(value - hull->expected);

  weekly_look(&habit->weekly, &is->week_time, beyond, &above, &below);
  if (above > 0)
    hull->highest = fmax(hull->highest, hull->expected + (double)above);
  if (below > 0)
    hull->lowest = fmin(hull->lowest, hull->expected - (double)below);
}

/* What the time of day says. Returns the size of DEVIATION_DAY. */
static float compare_day(struct habit *habit,
                         const struct habit_settings *settings,
                         const struct habit_value *value, double passed_s,
                         struct passage *is, struct habit_now *out) {
  struct levels *levels = &habit->levels;
  struct season *season = &habit->season;
  struct season_time now;

  if (settings->season == SEASON_NONE)
    return 0;
  season_turn(season, value->zone_s);
  season_clock(value->time_s + value->zone_s, settings->weekend, &now);
  season_move(season, settings->season, &now, settings->weekend, levels->usual,
              levels->usual_spread, (float)(levels->high - levels->low),
              passed_s);
  forgive(habit);
  season_take(season, value->value);
  is->week_time = weekly_time(now.day, now.slot);
  season_hull(season, &out->hull);
  if (out->hull.days < 2)
    return 0;
  widen_by_week(habit, value->value, is, out);
  season_compare(season, &out->hull, value->value, is->floor, is->ticks,
                 is->weight, levels->usual, &is->stand);
  is->value.is_explained = true;
  is->value.beyond =
      is->stand.beyond *
      smaller(1, (season->spread + is->floor) / is->stand.spread);
  return season->chosen ? 1 + fabsf(is->stand.beyond) / is->stand.spread : 0;
}

/* Values on the side that nobody asked for are not rare. */
static bool is_wanted(const struct habit_settings *settings,
                      const struct levels_departure *departure, int deviation) {
  if (settings->direction == 0)
    return true;
  if (deviation == DEVIATION_ROUGHNESS)
    return false;
  return departure->towards[deviation] * settings->direction > 0;
}

/* The largest departure in standard deviations, of a normal distribution: 1.25
 * times the mean size. */
static float sigmas_of(const struct habit_settings *settings,
                       const struct levels_departure *departure) {
  static const signed char counted[] = {DEVIATION_LEVEL, DEVIATION_STEP,
                                        DEVIATION_SLOW, DEVIATION_SHIFT,
                                        DEVIATION_DAY};
  float most = 0;

  for (size_t i = 0; i < sizeof(counted); i++) {
    float size = departure->size[counted[i]];
    if (counted[i] == DEVIATION_DAY)
      size -= 1;
    if (is_wanted(settings, departure, counted[i]))
      most = larger(most, size / mean_to_deviation);
  }
  return most;
}

/* What the leading deviation is a distance from. */
static double usual_of(const struct levels *levels, enum deviation leading,
                       const struct season_hull *hull) {
  switch (leading) {
  case DEVIATION_LEVEL:
    return levels->recent;
  case DEVIATION_STEP:
  case DEVIATION_SPIKE:
  case DEVIATION_ROUGHNESS:
    return levels->previous;
  case DEVIATION_DAY:
    return hull->expected;
  default:
    return hull->days >= 2 ? hull->expected : levels->usual;
  }
}

static float log_size(float size) { return logf(size + 1e-6F); }

/* The largest rarity and all of them together. */
struct fusion {
  float most, squares;
};

static void fuse(struct fusion *fusion, float rarity) {
  fusion->most = larger(fusion->most, rarity);
  fusion->squares += rarity * rarity;
}

static float fused(const struct fusion *fusion) {
  return (1 - together) * fusion->most + together * sqrtf(fusion->squares);
}

/* Means of hours: they tell of an event for hours after it. */
static bool is_slow(int deviation) {
  return deviation == DEVIATION_SLOW || deviation == DEVIATION_ROUGHNESS;
}

/* How rare is what was measured. */
static void weigh(struct habit *habit, const struct habit_settings *settings,
                  const struct levels_departure *departure,
                  struct habit_now *out) {
  struct fusion all = {0, 0}, quick = {0, 0};

  out->leading = DEVIATION_LEVEL;
  for (int i = 0; i < DEVIATION_COUNT; i++) {
    float rarity;
    if (i == DEVIATION_RECORD) {
      rarity = levels_record_rarity(&habit->levels, departure,
                                    wanted_alarms(settings));
    } else {
      float size = log_size(departure->size[i]);
      struct tail *tail = &habit->tail[i];
      out->size[i] = departure->size[i];
      tail->block_max = larger(tail->block_max, size);
      rarity = tail_rarity(tail, size);
    }
    out->rarities[i] = rarity = smaller(rarity, rarity_max);
    if (!is_wanted(settings, departure, i))
      continue;
    rarity *= weight[i];
    if (rarity > all.most)
      out->leading = (enum deviation)i;
    fuse(&all, rarity);
    if (!is_slow(i))
      fuse(&quick, rarity);
  }
  if (habit->levels.blocks >= HABIT_BLOCKS) {
    out->rarity = fused(&all);
    out->quick_rarity = fused(&quick);
  }
  out->towards = departure->towards[out->leading];
  out->sigmas = sigmas_of(settings, departure);
  out->usual = usual_of(&habit->levels, out->leading, &out->hull);
}

/* The maxima of a block join the tails; of an event only one in four hours. */
static void end_block(struct habit *habit, float block_s) {
  bool event = habit->rate.is_event;

  levels_end_block(&habit->levels);
  if (event)
    habit->held_s += block_s;
  bool join = habit->held_s > 0 && (!event || habit->held_s > event_block_s);
  if (join)
    habit->held_s = 0;
  for (int i = 0; i < DEVIATION_TAILS; i++) {
    struct tail *tail = &habit->tail[i];
    if (i == DEVIATION_DAY && !habit->season.chosen) {
      tail->event_max = TAIL_NONE;
    } else if (event || join) {
      tail->event_max = larger(tail->event_max, tail->block_max);
      if (join) {
        tail_add(tail, tail->event_max);
        tail->event_max = TAIL_NONE;
      }
    } else if (habit->levels.blocks > first_block) {
      tail_add(tail, tail->block_max);
    }
    tail->block_max = TAIL_NONE;
  }
}

/* An event that was about as rare as an alarm is remembered by its time. */
static void note_event(struct habit *habit, const struct passage *is,
                       double value, bool ended, const struct habit_now *out) {
  struct alarm_rate *rate = &habit->rate;
  float off =
      (float)(value - (out->hull.days >= 2 ? out->hull.expected : is->usual));

  if (ended && rate->peak > remembered_from * rate->limit) {
    struct weekly_time begin = {habit->event_slot, habit->event_week};
    struct weekly_time end = {habit->event_last_slot, habit->event_last_week};
    weekly_remember(&habit->weekly, &begin, &end, habit->event_height);
  }
  if (ended || !rate->is_event)
    habit->event_height = 0;
  if (!rate->is_event || out->rarity <= rate->level)
    return;
  if (habit->event_height == 0) {
    habit->event_slot = is->week_time.slot;
    habit->event_week = is->week_time.week;
  }
  if (fabsf(off) > fabsf(habit->event_height))
    habit->event_height = off;
  habit->event_last_slot = is->week_time.slot;
  habit->event_last_week = is->week_time.week;
}

/* So long calm, if it still is. */
static float calm_for(float calm_s, float rarity, float limit, float passed_s) {
  return rarity < calm_below * limit ? calm_s + passed_s : 0;
}

/* One event, one alarm; what comes back in its shadow is no other one. Its
 * means of hours are off for hours after it: an OKAY does not wait for them,
 * unless the event began by them. */
static void step_event(struct habit *habit, float passed_s, bool gap,
                       double silent_s, struct habit_now *out) {
  float limit = habit->rate.limit;

  habit->envelope *= 1 - smaller(1, passed_s / envelope_s);
  if (gap && silent_s > ALARM_RATE_HOLD_S)
    habit->is_open = false;
  out->is_beyond = out->rarity > limit;
  if (out->is_beyond) {
    out->begins = !habit->is_open && out->rarity > habit->envelope;
    if (out->begins) {
      habit->is_open = true;
      habit->is_slow = is_slow((int)out->leading);
    }
    float height =
        out->begins ? larger(out->rarity, envelope_first * limit) : out->rarity;
    habit->envelope =
        larger(habit->envelope, smaller(height, envelope_most * limit));
  }
  float rarity = habit->is_slow ? out->rarity : out->quick_rarity;
  habit->over_s = calm_for(habit->over_s, rarity, limit, passed_s);
  habit->calm_s = calm_for(habit->calm_s, out->rarity, limit, passed_s);
  if (habit->calm_s > ALARM_RATE_HOLD_S)
    habit->is_open = false;
  out->is_calm = habit->over_s > 0;
  out->is_over = !habit->is_open || habit->over_s > ALARM_RATE_HOLD_S;
  out->is_open = habit->is_open;
  out->limit = limit;
}

/* So far from what is expected, in units of the deviation's spread, a value is
 * beyond the limit. */
static double reach_of(const struct habit *habit,
                       const struct habit_settings *settings,
                       enum deviation deviation, float limit) {
  double reach = 0;

  if (settings->false_alarms > 0)
    reach =
        (double)tail_reach(&habit->tail[deviation], limit / weight[deviation]);
  if (deviation == DEVIATION_DAY)
    reach = fmax(reach - 1, 0);
  return fmax(reach, settings->sigmas * (double)mean_to_deviation);
}

static void band(const struct habit *habit,
                 const struct habit_settings *settings,
                 const struct passage *is, struct habit_now *out) {
  bool days = out->hull.days >= 2, chosen = days && habit->season.chosen;
  double high = days ? out->hull.highest : -INFINITY;
  double low = days ? out->hull.lowest : INFINITY;
  double reach =
      is->recent_unit * reach_of(habit, settings, DEVIATION_LEVEL, out->limit);

  out->upper = fmax(is->recent, high) + reach;
  out->lower = fmin(is->recent, low) - reach;
  if (chosen) {
    reach = (double)is->stand.spread *
            reach_of(habit, settings, DEVIATION_DAY, out->limit);
    out->upper = fmin(out->upper, high + reach);
    out->lower = fmax(out->lower, low - reach);
  }
  out->expected = chosen ? out->hull.expected : is->usual;
  if (isfinite(out->upper) && isfinite(out->lower))
    out->expected = fmin(out->upper, fmax(out->lower, out->expected));
  else
    out->upper = out->lower = NAN;
}

bool habit_step(struct habit *habit, const struct habit_settings *settings,
                const struct habit_value *value, struct habit_now *out) {
  struct passage is;

  if (!(fabs(value->value) <= value_max))
    return false;
  if (habit->levels.values <= 0) {
    begin(habit, value, out);
    return true;
  }
  if (habit->time_s <= 0) { /* taken over, and no value since */
    habit->interval_s = (float)value->interval_s;
    habit->time_s = value->time_s - value->interval_s;
  }
  double silent_s = value->time_s - habit->time_s;
  if (!(silent_s > 0))
    return false;
  memset(out, 0, sizeof(*out));
  enter(habit, value, &is);
  float day = compare_day(habit, settings, value, silent_s, &is, out);
  levels_measure(&habit->levels, &is.value, day, &is.departure);
  weigh(habit, settings, &is.departure, out);
  uint32_t block =
      (uint32_t)fmin(value->time_s / (double)is.block_s, UINT32_MAX);
  bool ended = block != habit->block, set = ended || habit->rate.limit <= 0;
  habit->block = block;
  if (ended)
    end_block(habit, is.block_s);
  levels_learn(&habit->levels, &is.value, &is.departure, is.passed_s);
  ended = alarm_rate_take(&habit->rate, out->rarity, (float)is.passed_s);
  note_event(habit, &is, value->value, ended, out);
  if (ended || set)
    alarm_rate_set(&habit->rate, wanted_alarms(settings), is.block_s);
  step_event(habit, (float)is.passed_s, is.gap, silent_s, out);
  band(habit, settings, &is, out);
  return true;
}

void habit_set_back(struct habit *habit, double time_s) {
  habit->time_s = fmin(habit->time_s, time_s);
}

double habit_learnt_s(const struct habit *habit) {
  float block_s = larger(habit->interval_s, HABIT_BLOCK_S);

  return fmin((double)(habit->levels.blocks * block_s), 90.0 * 86400);
}

void habit_take_over(struct habit *habit, const struct habit_known *known) {
  float mean_size = (float)known->deviation / mean_to_deviation;
  struct levels *levels = &habit->levels;

  habit_init(habit);
  levels_init(levels, known->level);
  levels->recent_spread = levels->usual_spread = mean_size;
  levels->step_spread = mean_size * sqrtf(2);
  levels->low = known->level - known->deviation;
  levels->high = known->level + known->deviation;
  levels->roughness = levels->usual_roughness =
      logf(mean_size + levels_floor(levels));
  levels->values = (float)fmin(known->values, values_of_others);
  if (known->day)
    season_take_over(&habit->season, known->level, mean_size, known->day,
                     known->day_seen_s);
}

void habit_coarsen(struct habit *habit, double ratio, double values) {
  struct levels *levels = &habit->levels;
  float factor = (float)sqrt(ratio);

  levels->recent_spread *= factor;
  levels->step_spread *= factor;
  levels->usual_spread *= factor;
  levels->values = (float)fmin((double)levels->values, values);
  levels->blocks = 0;
  season_widen(&habit->season, factor);
  for (int i = 0; i < DEVIATION_TAILS; i++)
    tail_init(&habit->tail[i]);
  memset(&habit->rate, 0, sizeof(habit->rate));
  habit->interval_s = 0;
  habit->envelope = 0;
  habit->is_open = 0;
}

bool habit_is_sound(const struct habit *habit) {
  for (int i = 0; i < DEVIATION_TAILS; i++)
    if (!tail_is_sound(&habit->tail[i]))
      return false;
  return season_is_sound(&habit->season) && levels_is_sound(&habit->levels) &&
         weekly_is_sound(&habit->weekly) && habit->interval_s >= 0 &&
         habit->envelope >= 0 && habit->event_slot < WEEKLY_SLOTS &&
         habit->event_last_slot < WEEKLY_SLOTS;
}
