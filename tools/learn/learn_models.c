/* What learn takes from history, in three steps: the feed notes which signals
 * each host has and passes the values on to be judged; keep reduces a host or
 * series to what a new daemon can use; the harvest goes through all of them and
 * counts. Memory and the terminal's progress line only.
 * Keep copies only the members named here: a member added to a model later
 * begins as on a new host. */
#include "learn_models.h"

#include "history/file_names.h"
#include "lib/moment.h"
#include "verdict/incidents/catalogue.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOW_EVERY = 1024 }; /* values, a power of two */

/* --- the signals of each host --------------------------------------------- */

static const char *name_of(const void *owner, uint32_t number) {
  const struct learn_hosts *hosts = owner;

  return hosts->hosts[number].name;
}

static void hosts_init(struct learn_hosts *hosts) {
  *hosts = (struct learn_hosts){.len = 0};
  name_index_init(&hosts->index, name_of, hosts);
}

static void hosts_release(struct learn_hosts *hosts) {
  name_index_free(&hosts->index);
  free(hosts->hosts);
}

static int make_room(struct learn_hosts *hosts) {
  size_t capacity = hosts->capacity > 0 ? 2 * hosts->capacity : 16;

  if (hosts->len < hosts->capacity)
    return 0;
  struct learn_host *larger = realloc(hosts->hosts, capacity * sizeof(*larger));
  if (!larger)
    return -ENOMEM;
  hosts->hosts = larger;
  hosts->capacity = capacity;
  return 0;
}

static int add_host(struct learn_hosts *hosts, const char *name) {
  if (make_room(hosts) != 0)
    return -ENOMEM;
  struct learn_host *host = &hosts->hosts[hosts->len];
  snprintf(host->name, sizeof(host->name), "%s", name);
  host->have = 0;
  if (name_index_add(&hosts->index, host->name, (uint32_t)hosts->len) != 0)
    return -ENOMEM;
  hosts->len++;
  return 0;
}

/* The host has this signal. Returns 0 or -ENOMEM. */
static int add_signal(struct learn_hosts *hosts, const char *name,
                      enum signal signal) {
  uint32_t number = name_index_find(&hosts->index, name);

  if (number == NAME_INDEX_NONE) {
    number = (uint32_t)hosts->len;
    if (add_host(hosts, name) != 0)
      return -ENOMEM;
  }
  hosts->hosts[number].have |= 1u << signal;
  return 0;
}

/* 0 for an unknown host. */
static uint32_t signals_of(const struct learn_hosts *hosts, const char *name) {
  uint32_t number = name_index_find(&hosts->index, name);

  return number == NAME_INDEX_NONE ? 0 : hosts->hosts[number].have;
}

/* --- the feed ------------------------------------------------------------- */

int learn_feed_init(struct learn_feed *feed, struct history *history,
                    const struct rules *rules, struct judged_report *report,
                    struct progress *progress) {
  *feed = (struct learn_feed){.history = history,
                              .since_s = -INFINITY,
                              .until_s = INFINITY,
                              .progress = progress};
  if (judged_init(&feed->judge, rules, report) != 0) {
    *feed = (struct learn_feed){.history = history};
    return -ENOMEM;
  }
  feed->inner = judged_taker(&feed->judge);
  hosts_init(&feed->hosts);
  return 0;
}

void learn_feed_release(struct learn_feed *feed) {
  hosts_release(&feed->hosts);
  judged_release(&feed->judge);
}

static bool wants(void *context, struct history_series *series) {
  struct learn_feed *feed = context;
  enum signal signal = history_identifier_signal(series);

  if (!feed->inner.wants(feed->inner.context, series))
    return false;
  if (signal != SIGNAL_COUNT &&
      add_signal(&feed->hosts, series->host, signal) != 0)
    feed->no_memory = true;
  return true;
}

static void show(struct learn_feed *feed, double time_s) {
  const struct history_tally *tally = &feed->history->tally;
  char day[MOMENT_MAX];

  moment_format(time_s, "%Y-%m-%d", day, sizeof(day));
  progress_show(feed->progress, feed->bytes_before + tally->bytes,
                feed->bytes_total, day);
}

static int take(void *context, const struct history_value *value) {
  struct learn_feed *feed = context;

  if ((++feed->values & (SHOW_EVERY - 1)) == 0)
    show(feed, value->time_s);
  if (feed->no_memory)
    return -ENOMEM;
  if (value->time_s < feed->since_s || value->time_s > feed->until_s) {
    feed->outside++;
    return 0;
  }
  return feed->inner.take(feed->inner.context, value);
}

struct history_taker learn_feed_taker(struct learn_feed *feed) {
  return (struct history_taker){wants, take, feed};
}

/* --- what a new daemon can use -------------------------------------------- */

/* Rows that much farther apart than the readings will be are averages. */
static const double average_ratio = 1.5;
/* The scatter of averages counts as much as so many seconds of readings. */
static const double scatter_belief_s = 3600;

/* The rows of the history, compared with the readings of the daemon. */
struct rows {
  double ratio; /* readings averaged in a row; 1: rows are readings */
  double live_s;
};

static struct rows rows_of(double rows_s, double live_s) {
  double ratio = rows_s / live_s;

  return (struct rows){ratio > average_ratio ? ratio : 1, live_s};
}

/* The scatter of averages is only a lower bound for the readings'
 * overdispersion: the value assumed before anything is known stays, unless this
 * is larger. */
static void keep_model(const struct expectation *from, const struct rows *rows,
                       struct expectation *to) {
  expectation_init(to);
  if (rows->ratio > 1)
    to->overdispersion = fmax(to->overdispersion, from->overdispersion);
  else
    to->overdispersion = from->overdispersion;
  to->learnt = from->learnt;
  to->learnt_s = from->learnt_s;
  to->slow = from->slow;
}

/* The mean of n independent readings scatters 1/sqrt(n) as much as they do; of
 * dependent ones, more. The largest scatter this allows is assumed, with the
 * weight of an hour, so that readings soon correct it. */
static void keep_baseline(const struct baseline *from, const struct rows *rows,
                          struct baseline *to) {
  baseline_init(to);
  to->level = from->level;
  to->offset = from->offset;
  to->variance = from->variance * rows->ratio;
  to->wander = from->wander;
  to->learnt = from->learnt;
  to->learnt_s = from->learnt_s;
  if (rows->ratio > 1)
    to->learnt =
        fmin(from->learnt, fmax((double)RULES_WARM_UP_READINGS,
                                ceil(scatter_belief_s / rows->live_s)));
}

static bool all_of(uint32_t have, uint32_t needed) {
  return (have & needed) == needed;
}

/* Without handshakes the dwell would be unbounded, and so would what the load
 * explains once there are handshakes. */
static void keep_syn_flood(const struct syn_flood *from, bool counted,
                           const struct rows *rows, struct syn_flood *to) {
  keep_baseline(&from->entropy, rows, &to->entropy);
  if (!counted)
    return;
  keep_model(&from->model, rows, &to->model);
  to->unreturned = from->unreturned;
  to->resets = from->resets;
}

static void keep_overflow(const struct accept_overflow *from,
                          struct accept_overflow *to) {
  to->usual = from->usual;
  to->learnt = from->learnt;
}

static void keep_excess(const struct excess *from, const struct rows *rows,
                        struct excess *to) {
  keep_model(&from->model, rows, &to->model);
}

static void keep_off_baseline(const struct off_baseline *from,
                              const struct rows *rows,
                              struct off_baseline *to) {
  keep_baseline(&from->baseline, rows, &to->baseline);
}

static void keep_held(const struct held_connections *from,
                      const struct rows *rows, struct held_connections *to) {
  keep_baseline(&from->usual, rows, &to->usual);
}

static void keep_judge(const struct judge *from, uint32_t have,
                       const struct rows *rows, struct judge *to) {
  judge_init(to);
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    const void *known = catalogue_memory(from, (enum incident_kind)i);
    void *kept = catalogue_memory(to, (enum incident_kind)i);
    bool counted = all_of(have, catalogue[i].counters);

    switch (catalogue[i].shape) {
    case CATALOGUE_SYN_FLOOD:
      keep_syn_flood(known, counted, rows, kept);
      break;
    case CATALOGUE_ACCEPT_OVERFLOW:
      keep_overflow(known, kept);
      break;
    case CATALOGUE_EXCESS:
      if (counted)
        keep_excess(known, rows, kept);
      break;
    case CATALOGUE_OFF_BASELINE:
      if (counted)
        keep_off_baseline(known, rows, kept);
      break;
    case CATALOGUE_HELD:
      keep_held(known, rows, kept);
      break;
    }
  }
}

void learn_keep_host(const struct hosts_host *host, uint32_t have,
                     double live_s, double now_s, struct hosts_host *out) {
  struct rows rows = rows_of(host->last.interval_s, live_s);

  *out = *host;
  if (!host->last.have) /* kept before, and no value since */
    return;
  memset(out, 0, sizeof(*out));
  memcpy(out->name, host->name, sizeof(out->name));
  /* Not host->seen_s: the receiver's clock stands still in gaps of a history.
   */
  out->seen_s = fmin(host->last.time_s, now_s);
  keep_judge(&host->judge, have, &rows, &out->judge);
  judge_init(&out->before.judge); /* no reading was judged by it */
}

void learn_keep_series(const struct series_memory *memory, double live_s,
                       double now_s, struct series_memory *out) {
  struct rows rows = rows_of(memory->interval_s, live_s);

  *out = *memory;
  if (memory->time_s <= 0) /* kept before, and no value since */
    return;
  memset(out, 0, sizeof(*out));
  out->seen_s = fmin(memory->time_s, now_s);
  out->habit = memory->habit;
  out->habit.is_open = 0;
  if (rows.ratio > 1)
    habit_coarsen(&out->habit, rows.ratio, scatter_belief_s / live_s);
  incident_init(&out->incident);
}

bool learn_keep_is_warm(const struct hosts_host *kept,
                        const struct rules *rules, double *learnt_s) {
  const struct expectation *model = &kept->judge.syn_flood.model;

  *learnt_s = model->learnt_s;
  return rules_is_warm(rules, model->learnt, model->learnt_s);
}

bool learn_keep_series_is_warm(const struct series_memory *judged,
                               const struct rules *rules) {
  return rules_is_warm(rules, (double)judged->habit.levels.values,
                       habit_learnt_s(&judged->habit));
}

/* --- the harvest ---------------------------------------------------------- */

static void note(struct learn_harvest *harvest, enum learn_lack lack,
                 const char *name, double figure) {
  struct learn_lacking *lacking = &harvest->lacking[lack];

  if (lacking->count++ > 0)
    return;
  snprintf(lacking->name, sizeof(lacking->name), "%s", name);
  lacking->figure = figure;
}

static bool is_too_old(struct learn_harvest *harvest, const char *name,
                       double seen_s) {
  if (harvest->any_age || harvest->now_s - seen_s <= harvest->rules->max_age_s)
    return false;
  note(harvest, LEARN_TOO_OLD, name, seen_s);
  return true;
}

/* Whether to use the host; notes what it lacks. */
static bool weigh_host(struct learn_harvest *harvest,
                       const struct hosts_host *kept, uint32_t have) {
  double learnt_s = 0;

  if (is_too_old(harvest, kept->name, kept->seen_s))
    return false;
  if (!all_of(have, catalogue[INCIDENT_SYN_FLOOD].counters))
    note(harvest, LEARN_NO_HANDSHAKE, kept->name, 0);
  else if (!learn_keep_is_warm(kept, harvest->rules, &learnt_s))
    note(harvest, LEARN_TOO_SHORT, kept->name, learnt_s);
  return true;
}

static bool choose_host(void *context, struct hosts_host *host) {
  struct learn_harvest *harvest = context;
  struct hosts_host judged = *host;
  uint32_t have = signals_of(harvest->known, host->name);

  if (host->seen_s <= 0) /* nothing was judged */
    return false;
  learn_keep_host(&judged, have, harvest->live_s, harvest->now_s, host);
  if (!weigh_host(harvest, host, have))
    return false;
  harvest->rows_s = fmax(harvest->rows_s, judged.last.interval_s);
  harvest->hosts++;
  return true;
}

/* One that an earlier stage has kept had its averages. */
static void weigh_series(struct learn_harvest *harvest, const char *identifier,
                         const struct series_memory *judged,
                         const struct series_memory *kept) {
  double learnt_s = habit_learnt_s(&judged->habit);

  if (judged->time_s > 0 && !learn_keep_series_is_warm(judged, harvest->rules))
    note(harvest, LEARN_TOO_SHORT, identifier, learnt_s);
  else if (kept->habit.levels.blocks < HABIT_BLOCKS)
    note(harvest, LEARN_NOT_RARE, identifier, learnt_s);
}

static bool choose_series(void *context, const char *identifier,
                          struct series_memory *memory) {
  struct learn_harvest *harvest = context;
  struct series_memory judged = *memory;

  if (memory->habit.levels.values <= 0)
    return false;
  learn_keep_series(&judged, harvest->live_s, harvest->now_s, memory);
  if (is_too_old(harvest, identifier, memory->seen_s))
    return false;
  weigh_series(harvest, identifier, &judged, memory);
  harvest->rows_s = fmax(harvest->rows_s, judged.interval_s);
  harvest->series++;
  return true;
}

/* Of a listener the daemon itself learns within WarmUp. */
static bool choose_no_listener(__attribute__((unused)) void *context) {
  return false;
}

struct engine_filter learn_harvest_filter(struct learn_harvest *harvest) {
  return (struct engine_filter){choose_host, choose_series, harvest,
                                choose_no_listener};
}

void learn_harvest_count(struct learn_harvest *harvest) {
  struct engine_filter filter = learn_harvest_filter(harvest);

  engine_show(harvest->judge->engine, &filter);
}

/* A harvest on its way into another engine. */
struct handing {
  struct engine_filter filter;
  struct engine *to;
  bool no_memory;
};

static bool hand_host(void *context, struct hosts_host *host) {
  struct handing *handing = context;

  if (!handing->no_memory &&
      handing->filter.host(handing->filter.context, host))
    handing->no_memory =
        hosts_restore(engine_hosts(handing->to), host) == -ENOMEM;
  return false;
}

static bool hand_series(void *context, const char *identifier,
                        struct series_memory *memory) {
  struct handing *handing = context;

  if (!handing->no_memory &&
      handing->filter.series(handing->filter.context, identifier, memory))
    handing->no_memory = series_restore(engine_series(handing->to), identifier,
                                        memory) == -ENOMEM;
  return false;
}

int learn_harvest_hand_over(struct learn_harvest *harvest, struct engine *to) {
  struct handing handing = {learn_harvest_filter(harvest), to, false};
  struct engine_filter filter = {hand_host, hand_series, &handing, NULL};

  engine_show(harvest->judge->engine, &filter);
  return handing.no_memory ? -ENOMEM : 0;
}
