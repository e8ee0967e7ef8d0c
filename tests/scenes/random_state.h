/* Seeded random hosts and series, every member set to what it may hold; and a
 * reader that keeps what it is handed. For tests of what is saved. */
#ifndef TESTS_SCENES_RANDOM_STATE_H
#define TESTS_SCENES_RANDOM_STATE_H

#include "random_load.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/state/state_text.h"

#include <string.h>

enum { STATE_PIECES = 20 };

/* What was read, in order. */
struct kept {
  size_t hosts, series;
  struct hosts_host host[STATE_PIECES];
  struct series_memory memory[STATE_PIECES];
  char identifier[STATE_PIECES][SERIES_IDENTIFIER_MAX];
};

static inline double random_size(struct random_load *random) {
  return pow(10, 60 * random_unit(random) - 30);
}

/* A struct that has doubles only. */
static inline void fill_doubles(struct random_load *random, void *at,
                                size_t size) {
  double *values = at;
  for (size_t i = 0; i < size / sizeof(double); i++)
    values[i] = random_unit(random) < 0.1 ? 0 : random_size(random);
}

static inline uint8_t random_byte(struct random_load *random) {
  return (uint8_t)random_bits(random);
}

static inline void fill_incident(struct random_load *random,
                                 struct incident *incident) {
  incident->severity = (enum severity)(random_bits(random) % 3);
  incident->since_s = random_size(random);
  incident->open_s = random_size(random);
  incident->reminded_s = random_size(random);
  incident->votes = random_byte(random);
  incident->failure_run = random_byte(random);
  incident->calm_run = (uint16_t)random_bits(random);
  incident->clear_factor = (uint8_t)(1 << random_bits(random) % 7);
  incident->closed_s =
      random_unit(random) < 0.5 ? INFINITY : random_size(random);
  incident->calm_s = random_size(random);
  incident->attack = random_bits(random) & 1;
  incident->told = (uint8_t)(random_bits(random) % 4);
  incident->told_since_s = random_size(random);
}

/* What may be negative is so half of the time. */
static inline void fill_baseline(struct random_load *random,
                                 struct baseline *baseline) {
  fill_doubles(random, baseline, sizeof(*baseline));
  if (random_unit(random) < 0.5) {
    baseline->level = -baseline->level;
    baseline->offset = -baseline->offset;
    baseline->shadow = -baseline->shadow;
  }
}

static inline void fill_flood(struct random_load *random,
                              struct syn_flood *flood) {
  fill_doubles(random, &flood->model, sizeof(flood->model));
  flood->model.overdispersion -= 0.1;
  fill_baseline(random, &flood->entropy);
  fill_doubles(random, &flood->unreturned,
               offsetof(struct syn_flood, excess_run) -
                   offsetof(struct syn_flood, unreturned));
  flood->cookies_s = random_unit(random) < 0.5 ? INFINITY : random_size(random);
  flood->hour_peak = random_unit(random) < 0.5 ? -1 : flood->hour_peak;
  flood->excess_run = random_byte(random);
  flood->cookies_run = random_byte(random);
  flood->queue_run = random_byte(random);
  flood->collapse_run = random_byte(random);
}

static inline void fill_overflow(struct random_load *random,
                                 struct accept_overflow *overflow) {
  overflow->usual = random_size(random);
  overflow->learnt = random_size(random);
  overflow->full_run = random_byte(random);
}

static inline void fill_excess(struct random_load *random,
                               struct excess *excess) {
  fill_doubles(random, &excess->model, sizeof(excess->model));
  excess->lasting_s = random_size(random);
}

static inline void fill_off_baseline(struct random_load *random,
                                     struct off_baseline *memory) {
  fill_baseline(random, &memory->baseline);
  memory->run = random_byte(random);
}

static inline void fill_sight(struct random_load *random,
                              struct held_sight *sight) {
  sight->value = random_size(random);
  sight->age_s = random_unit(random) < 0.5 ? INFINITY : random_size(random);
  sight->since_s = random_unit(random) < 0.5 ? INFINITY : random_size(random);
  sight->met_s = random_size(random);
  sight->usual = random_unit(random);
  sight->looks = random_size(random);
  sight->met = random_byte(random);
}

static inline void fill_held(struct random_load *random,
                             struct held_connections *held) {
  fill_baseline(random, &held->usual);
  held->suspect_s = random_size(random);
  held->acks_s = random_size(random);
  held->quiet_s = random_size(random);
  fill_sight(random, &held->zero_window);
  fill_sight(random, &held->starved);
  fill_sight(random, &held->drip);
  fill_sight(random, &held->mute);
  held->acks = random_byte(random);
  held->kind = random_byte(random);
}

static inline void fill_judge(struct random_load *random, struct judge *judge) {
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    void *memory = catalogue_memory(judge, (enum incident_kind)i);
    fill_incident(random, judge_incident(judge, (enum incident_kind)i));
    switch (catalogue[i].shape) {
    case CATALOGUE_SYN_FLOOD:
      fill_flood(random, memory);
      break;
    case CATALOGUE_ACCEPT_OVERFLOW:
      fill_overflow(random, memory);
      break;
    case CATALOGUE_EXCESS:
      fill_excess(random, memory);
      break;
    case CATALOGUE_OFF_BASELINE:
      fill_off_baseline(random, memory);
      break;
    case CATALOGUE_HELD:
      fill_held(random, memory);
      break;
    }
  }
}

/* Any bytes but none that ends it; at most size - 1 of them. */
static inline void fill_name(struct random_load *random, char *name,
                             size_t size, size_t least) {
  size_t length = least + (size_t)(random_bits(random) % (size - least));
  memset(name, 0, size);
  for (size_t i = 0; i < length; i++)
    name[i] = (char)(1 + random_bits(random) % 255);
}

static inline double random_gauge(struct random_load *random) {
  static const double odd[] = {NAN, INFINITY, -INFINITY, -1, 0, -0.0, 4e-324};
  if (random_unit(random) < 0.3)
    return odd[random_bits(random) % 7];
  return random_size(random);
}

static inline void fill_queue(struct random_load *random,
                              struct snapshot_queue *queue) {
  fill_name(random, queue->listener, SNAPSHOT_ADDRESS_MAX, 0);
  queue->backlog = (int64_t)random_bits(random);
  queue->others = (int64_t)random_bits(random);
}

static inline void fill_snapshot(struct random_load *random,
                                 struct snapshot *snapshot) {
  snapshot->time_s = 1.7e9 + random_unit(random);
  snapshot->interval_s = random_size(random);
  snapshot->have = (uint32_t)random_bits(random) & SIGNALS_ALL;
  snapshot->rates = snapshot->have & (uint32_t)random_bits(random) &
                    ~((1u << SIGNAL_FIRST_COUNTER) - 1);
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    bool whole = i >= SIGNAL_FIRST_COUNTER && !(snapshot->rates >> i & 1);
    if (!(snapshot->have >> i & 1))
      continue;
    if (whole)
      snapshot->value[i].counter = (int64_t)random_bits(random);
    else
      snapshot->value[i].gauge = random_gauge(random);
  }
  fill_queue(random, &snapshot->syn_queue);
  fill_queue(random, &snapshot->accept_queue);
  fill_name(random, snapshot->top_source, SNAPSHOT_ADDRESS_MAX, 0);
  fill_name(random, snapshot->held.listener, SNAPSHOT_ADDRESS_MAX, 0);
  fill_name(random, snapshot->held_source, SNAPSHOT_ADDRESS_MAX, 0);
}

static inline void fill_host(struct random_load *random,
                             struct hosts_host *host) {
  memset(host, 0, sizeof(*host));
  fill_name(random, host->name, sizeof(host->name), 1);
  host->seen_s = 1.7e9 + (double)(random_bits(random) % 1000000) / 1000;
  fill_snapshot(random, &host->last);
  fill_judge(random, &host->judge);
  struct snapshot earlier = {0};
  fill_snapshot(random, &earlier);
  snapshot_take_mark(&earlier, &host->before.last);
  fill_judge(random, &host->before.judge);
  if (random_unit(random) < 0.5) /* what has not changed */
    host->before.judge.close_wait_leak = host->judge.close_wait_leak;
}

static inline float random_float(struct random_load *random) {
  return (float)random_size(random);
}

/* Any that habit_is_sound takes: what it holds together is so. */
static inline void fill_tail(struct random_load *random, struct tail *tail) {
  tail->total = (float)(11000 * random_unit(random));
  tail->rarity = random_float(random);
  tail->steepness = random_float(random);
  tail->block_max = -random_float(random);
  tail->event_max = random_float(random);
  for (int i = 0; i < TAIL_BINS; i++)
    tail->count[i] = random_unit(random) < 0.5
                         ? 0
                         : (uint8_t)(1 + random_bits(random) % 255);
  tail->quantile = (uint8_t)(random_bits(random) % TAIL_BINS);
  tail->top = (uint8_t)(random_bits(random) % TAIL_BINS);
  tail->count[tail->top] = 1;
  tail->halvings = random_byte(random);
}

static inline void fill_levels(struct random_load *random,
                               struct levels *levels) {
  fill_doubles(random, levels, offsetof(struct levels, low));
  levels->recent = -levels->recent;
  levels->low = -random_size(random);
  levels->high = random_size(random);
  levels->recent_spread = random_float(random);
  levels->usual_spread = random_float(random);
  levels->step_spread = random_float(random);
  levels->roughness = -random_float(random);
  levels->usual_roughness = random_float(random);
  levels->unexplained = random_float(random);
  levels->unexplained_before = random_float(random);
  levels->slow_unexplained = -random_float(random);
  levels->values = (float)(1 + random_bits(random) % 1000);
  levels->blocks = (float)(random_bits(random) % 1000);
  levels->records = 6 * (float)random_unit(random);
  levels->overshoot = random_float(random);
  levels->block_overshoot = random_float(random);
}

static inline void fill_rate(struct random_load *random,
                             struct alarm_rate *rate) {
  rate->months = 3 * (float)random_unit(random);
  rate->events = random_float(random);
  rate->excess = random_float(random);
  rate->peak = random_float(random);
  rate->below_s = random_float(random);
  rate->level = -random_float(random);
  rate->limit = random_float(random);
  rate->is_event = random_bits(random) & 1;
}

static inline void fill_weekly(struct random_load *random,
                               struct weekly *weekly) {
  for (int i = 0; i < WEEKLY_EVENTS; i++)
    if (random_unit(random) < 0.5) {
      struct weekly_event *event = &weekly->event[i];
      event->height = -random_float(random);
      event->begin = (uint16_t)(random_bits(random) % WEEKLY_SLOTS);
      event->week = (uint16_t)random_bits(random);
      event->slots = (uint8_t)(random_bits(random) % 97);
      event->weeks = random_byte(random);
    }
}

static inline void fill_season(struct random_load *random,
                               struct season *season) {
  season->center = -random_size(random);
  season->sum = random_size(random);
  season->count = random_float(random);
  season->step = random_float(random);
  season->day = (int64_t)(random_bits(random) % 30000);
  season->kept_day = (int64_t)(random_bits(random) % 30000) - 100;
  season->curve_error = random_float(random);
  season->level_error = random_float(random);
  season->apart_error = random_float(random);
  season->pool_error = random_float(random);
  season->slots = random_float(random);
  season->spread = random_float(random);
  for (int i = 0; i < SEASON_SLOTS; i++) {
    for (int k = 0; k < SEASON_WEEKDAYS; k++)
      season->weekday[i][k] = (int16_t)random_bits(random);
    for (int k = 0; k < SEASON_WEEKEND_DAYS; k++)
      season->weekend[i][k] = (int16_t)(random_bits(random) % 3);
    season->slot_spread[i / 2] = (uint16_t)(random_bits(random) % 0x7f80);
  }
  season->slot = (uint8_t)(random_bits(random) % (SEASON_SLOTS + 1));
  season->kept_slot = (uint8_t)(random_bits(random) % (SEASON_SLOTS + 1));
  season->is_weekend = random_bits(random) & 1;
  season->chosen = random_bits(random) & 1;
  season->apart = random_bits(random) & 1;
  season->utc = random_bits(random) & 1;
}

static inline void fill_habit(struct random_load *random, struct habit *habit) {
  habit->time_s = random_size(random);
  habit->interval_s = random_float(random);
  habit->block = (uint32_t)random_bits(random);
  habit->held_s = random_float(random);
  habit->envelope = random_float(random);
  habit->calm_s = random_float(random);
  habit->over_s = random_float(random);
  habit->is_open = random_bits(random) & 1;
  habit->is_slow = random_bits(random) & 1;
  habit->had_day = random_bits(random) & 1;
  fill_levels(random, &habit->levels);
  fill_rate(random, &habit->rate);
  for (int i = 0; i < DEVIATION_TAILS; i++)
    fill_tail(random, &habit->tail[i]);
  habit->event_height = -random_float(random);
  habit->event_slot = (uint16_t)(random_bits(random) % WEEKLY_SLOTS);
  habit->event_week = (uint16_t)random_bits(random);
  habit->event_last_slot = (uint16_t)(random_bits(random) % WEEKLY_SLOTS);
  habit->event_last_week = (uint16_t)random_bits(random);
  fill_weekly(random, &habit->weekly);
  fill_season(random, &habit->season);
}

static inline void fill_series(struct random_load *random,
                               struct series_memory *memory) {
  memset(memory, 0, sizeof(*memory));
  memory->time_s = random_size(random);
  memory->seen_s = random_size(random);
  memory->interval_s = (float)random_size(random);
  memory->counter = (int64_t)random_bits(random);
  memory->told = random_bits(random) & 1;
  fill_habit(random, &memory->habit);
  fill_incident(random, &memory->incident);
  memory->incident.attack = 0; /* a series is never attacked */
}

static inline int keep_host(void *to, const struct hosts_host *host) {
  struct kept *kept = to;
  if (kept->hosts < STATE_PIECES)
    kept->host[kept->hosts] = *host;
  kept->hosts++;
  return 0;
}

static inline int keep_series(void *to, const char *identifier,
                              const struct series_memory *memory) {
  struct kept *kept = to;
  if (kept->series < STATE_PIECES) {
    kept->memory[kept->series] = *memory;
    strcpy(kept->identifier[kept->series], identifier);
  }
  kept->series++;
  return 0;
}

/* CRC-32 of IEEE 802.3, as zlib and gzip have it. */
static inline uint32_t crc32_of(const char *from, size_t size) {
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < 8 * size; i++) {
    if (i % 8 == 0)
      crc ^= (unsigned char)from[i / 8];
    crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

#endif
