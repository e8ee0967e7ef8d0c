/* One series, value by value: measure, weigh, limit, learn. Pure. */
#include "verdict/watch/habit.h"

#include <math.h>
#include <string.h>

static const double value_max = 1e30;
static const float weight[DEVIATION_COUNT] = {
    [DEVIATION_LEVEL] = 0.88F,     [DEVIATION_STEP] = 0.79F,
    [DEVIATION_SLOW] = 1.1F,       [DEVIATION_ROUGHNESS] = 0.6F,
    [DEVIATION_DAY] = 1.13F,       [DEVIATION_SPIKE] = 0.77F,
    [DEVIATION_SHIFT] = 0.96F,     [DEVIATION_RECORD] = 0.95F,
};
static const float together = 0.35F; /* part of the root of all squares */
static const float rarity_max = 15.5F;
static const float long_memory = 1000; /* ticks, as in levels.c */
static const float first_block = 10;
static const float event_block_s = 4.3F * 3600;
static const float envelope_s = 24 * 3600;
static const float envelope_first = 1.3F, envelope_most = 1.4F; /* limits */
static const float calm_below = 0.68F;                          /* limits */
static const double gap_intervals = 5, gap_blocks = 2, passed_blocks = 3;

void habit_init(struct habit *habit) {
  memset(habit, 0, sizeof(*habit));
  season_init(&habit->season);
  for (int i = 0; i < DEVIATION_TAILS; i++)
    tail_init(&habit->tail[i]);
}

static void begin(struct habit *habit, const struct habit_value *value,
                  struct habit_now *out) {
  levels_init(&habit->levels, value->value);
  habit->time_s = value->time_s;
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
};

static void enter(struct habit *habit, const struct habit_value *value,
                  struct passage *is) {
  double passed_s = value->time_s - habit->time_s;

  memset(is, 0, sizeof(*is));
  learn_interval(habit, passed_s);
  is->block_s = fmaxf(habit->interval_s, HABIT_BLOCK_S);
  is->gap = passed_s > gap_intervals * (double)habit->interval_s &&
            passed_s > gap_blocks * (double)is->block_s;
  is->passed_s = fmin(passed_s, passed_blocks * (double)is->block_s);
  is->ticks = (is->gap ? habit->interval_s : (float)is->passed_s) / HABIT_BLOCK_S;
  is->weight = levels_weight(&habit->levels, is->ticks, long_memory);
  is->floor = levels_floor(&habit->levels);
  is->value = (struct levels_value){
      .value = value->value, .ticks = is->ticks, .gap = is->gap};
  habit->time_s = value->time_s;
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
  season_clock(value->time_s + value->zone_s, settings->weekend, &now);
  season_move(season, settings->season, &now, settings->weekend, levels->usual,
              levels->usual_spread, (float)(levels->high - levels->low),
              passed_s);
  season_take(season, value->value);
  season_hull(season, &out->hull);
  if (out->hull.days < 2)
    return 0;
  season_compare(season, &out->hull, value->value, is->floor, is->ticks,
                 is->weight, levels->usual, &is->stand);
  is->value.is_explained = true;
  is->value.beyond = is->stand.beyond *
                     fminf(1, (season->spread + is->floor) / is->stand.spread);
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

static float log_size(float size) { return logf(size + 1e-6F); }

/* How rare is what was measured. */
static void weigh(struct habit *habit, const struct habit_settings *settings,
                  const struct levels_departure *departure,
                  struct habit_now *out) {
  float most = 0, squares = 0;

  out->leading = DEVIATION_LEVEL;
  for (int i = 0; i < DEVIATION_COUNT; i++) {
    float rarity;
    if (i == DEVIATION_RECORD) {
      rarity = levels_record_rarity(&habit->levels, departure);
    } else {
      float size = log_size(departure->size[i]);
      struct tail *tail = &habit->tail[i];
      out->size[i] = departure->size[i];
      tail->block_max = fmaxf(tail->block_max, size);
      rarity = tail_rarity(tail, size);
    }
    out->rarities[i] = rarity = fminf(rarity, rarity_max);
    if (!is_wanted(settings, departure, i))
      continue;
    rarity *= weight[i];
    squares += rarity * rarity;
    if (rarity > most) {
      most = rarity;
      out->leading = (enum deviation)i;
    }
  }
  out->rarity = (1 - together) * most + together * sqrtf(squares);
  if (habit->levels.blocks < HABIT_BLOCKS)
    out->rarity = 0;
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
      tail->event_max = fmaxf(tail->event_max, tail->block_max);
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

/* One event, one alarm; what comes back in its shadow is no other one. */
static void step_event(struct habit *habit, float passed_s, bool gap,
                       double silent_s, struct habit_now *out) {
  float limit = habit->rate.limit;

  habit->envelope *= 1 - fminf(1, passed_s / envelope_s);
  if (gap && silent_s > ALARM_RATE_HOLD_S)
    habit->is_open = false;
  out->is_beyond = out->rarity > limit;
  out->is_calm = out->rarity < calm_below * limit;
  if (out->is_beyond) {
    out->begins = !habit->is_open && out->rarity > habit->envelope;
    if (out->begins)
      habit->is_open = true;
    float height = out->begins ? fmaxf(out->rarity, envelope_first * limit)
                               : out->rarity;
    habit->envelope =
        fmaxf(habit->envelope, fminf(height, envelope_most * limit));
    habit->calm_s = 0;
  } else if (habit->is_open) {
    habit->calm_s = out->is_calm ? habit->calm_s + passed_s : 0;
    if (habit->calm_s > ALARM_RATE_HOLD_S)
      habit->is_open = false;
  }
  out->is_open = habit->is_open;
  out->limit = limit;
}

static void band(const struct habit *habit, const struct passage *is,
                 double recent, double recent_unit, struct habit_now *out) {
  bool days = out->hull.days >= 2;
  double high = days ? out->hull.highest : -INFINITY;
  double low = days ? out->hull.lowest : INFINITY;
  float reach = tail_reach(&habit->tail[DEVIATION_LEVEL],
                           out->limit / weight[DEVIATION_LEVEL]);

  out->upper = fmax(recent, high) + (double)reach * recent_unit;
  out->lower = fmin(recent, low) - (double)reach * recent_unit;
  if (days && habit->season.chosen) {
    reach = tail_reach(&habit->tail[DEVIATION_DAY],
                       out->limit / weight[DEVIATION_DAY]);
    double beyond = (double)(fmaxf(reach - 1, 0) * is->stand.spread);
    out->upper = fmin(out->upper, high + beyond);
    out->lower = fmax(out->lower, low - beyond);
  }
  double usual = habit->season.chosen && days ? out->hull.expected
                                              : habit->levels.usual;
  out->expected = fmin(out->upper, fmax(out->lower, usual));
}

bool habit_step(struct habit *habit, const struct habit_settings *settings,
                const struct habit_value *value, struct habit_now *out) {
  double silent_s = value->time_s - habit->time_s;
  struct passage is;

  if (!(fabs(value->value) <= value_max))
    return false;
  if (habit->time_s <= 0) {
    begin(habit, value, out);
    return true;
  }
  if (!(silent_s > 0))
    return false;
  memset(out, 0, sizeof(*out));
  enter(habit, value, &is);
  float day = compare_day(habit, settings, value, silent_s, &is, out);
  double recent = habit->levels.recent;
  double recent_unit = (double)(habit->levels.recent_spread + is.floor);
  levels_measure(&habit->levels, &is.value, day, &is.departure);
  weigh(habit, settings, &is.departure, out);
  int64_t block = (int64_t)(value->time_s / (double)is.block_s);
  bool ended = block != habit->block, set = ended || habit->rate.limit <= 0;
  habit->block = block;
  if (ended)
    end_block(habit, is.block_s);
  levels_learn(&habit->levels, &is.value, &is.departure, is.passed_s);
  if (alarm_rate_take(&habit->rate, out->rarity, (float)is.passed_s) || set)
    alarm_rate_set(&habit->rate, (float)settings->false_alarms, is.block_s);
  step_event(habit, (float)is.passed_s, is.gap, silent_s, out);
  band(habit, &is, recent, recent_unit, out);
  return true;
}
