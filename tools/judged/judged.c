/* Values in, notifications out, as the plugin does it: every value goes to the
 * engine, and once an interval the engine looks for silent hosts. A gap in all
 * of the history at once means that the recorder was off, not that hosts fell
 * silent. */
#include "judged.h"

#include "history/file_names.h"
#include "lib/local_zone.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double late_intervals = 5;

/* What to do with the values of one series. */
struct known_series {
  enum signal signal;               /* SIGNAL_COUNT: none */
  uint16_t port;                    /* of this listener; 0: of the host */
  const struct series_rules *watch; /* the <Watch>; NULL: none */
  bool looked_at;
  void *use; /* the onlooker's */
  struct known_series *next;
};

/* A value has come. Returns whether the clock has moved. */
static bool move_clock(struct judged_clock *clock,
                       const struct history_value *value) {
  double step_s = value->time_s - clock->time_s;

  if (step_s <= 0 && step_s >= -late_intervals * value->interval_s)
    return false;
  if (clock->time_s <= 0)
    clock->now_s = value->time_s;
  else
    clock->now_s += step_s > 0 ? step_s : value->interval_s;
  clock->time_s = value->time_s;
  return true;
}

struct series_name judged_series_name(const struct history_series *series) {
  return (struct series_name){
      series->host, series->plugin,        series->plugin_instance,
      series->type, series->type_instance, series->source};
}

struct series_value judged_series_value(const struct history_value *value,
                                        double now_s) {
  struct series_value out = {
      .kind = SERIES_GAUGE,
      .gauge = value->number,
      .time_s = value->time_s,
      .interval_s = value->interval_s,
      .now_s = now_s,
      .zone_s = local_zone_offset(value->time_s),
  };

  if (value->kind == HISTORY_COUNTER) {
    out.kind = SERIES_COUNTER;
    out.counter = value->counter;
  } else if (value->kind == HISTORY_RATE) {
    out.kind = SERIES_RATE;
  }
  return out;
}

static struct hosts_value host_value(const struct history_value *value,
                                     const struct known_series *known,
                                     double now_s) {
  enum signal signal = known->signal;
  bool is_counter = signal >= SIGNAL_FIRST_COUNTER;
  struct hosts_value out = {
      .host = value->series->host,
      .signal = signal,
      .port = known->port,
      .time_s = value->time_s,
      .interval_s = value->interval_s,
      .now_s = now_s,
      .is_rate = is_counter && value->kind != HISTORY_COUNTER,
      .value = {.gauge = value->number},
  };

  if (is_counter && !out.is_rate)
    out.value.counter = value->counter;
  return out;
}

int judged_init(struct judged *judge, const struct rules *rules,
                struct judged_report *report) {
  *judge = (struct judged){.rules = rules, .report = report};
  judge->engine = engine_create(rules);
  return judge->engine ? 0 : -ENOMEM;
}

void judged_release(struct judged *judge) {
  while (judge->known) {
    struct known_series *next = judge->known->next;
    free(judge->known);
    judge->known = next;
  }
  engine_destroy(judge->engine);
  conf_silences_release(&judge->silences);
}

int judged_silence(struct judged *judge, char *problem) {
  int rc = conf_silences_zones(judge->rules, &judge->silences, problem);

  if (rc == 0)
    engine_set_silences(judge->engine, &judge->silences.silences);
  return rc;
}

/* The plugin's own series are never judged. */
static struct known_series find_use(struct judged *judge,
                                    struct history_series *series) {
  const struct judged_onlooker *onlooker = judge->onlooker;
  struct series_name name = judged_series_name(series);
  struct known_series found = {.signal = SIGNAL_COUNT};

  if (strcmp(series->plugin, "baseline") != 0 &&
      (!judge->host || strcmp(series->host, judge->host) == 0)) {
    found.signal = history_identifier_signal(series);
    if (judge->rules->syn_flood.per_listener && found.signal == SIGNAL_COUNT)
      found.signal = history_identifier_port_signal(series, &found.port);
    found.watch = identifier_match(judge->rules, &name);
  }
  if (onlooker && onlooker->wants)
    found.looked_at =
        onlooker->wants(onlooker->context, series, found.watch, &found.use);
  return found;
}

static bool wants(void *context, struct history_series *series) {
  struct judged *judge = context;
  struct known_series found = find_use(judge, series);

  if (found.signal == SIGNAL_COUNT && !found.watch && !found.looked_at)
    return false;
  struct known_series *known = malloc(sizeof(*known));
  series->use = known;
  if (!known)
    return true; /* its first value ends the replay */
  *known = found;
  known->next = judge->known;
  judge->known = known;
  return true;
}

static void give_notice(struct judged *judge, const struct notice *notice,
                        const char *subject) {
  judged_report_notice(judge->report, notice);
  if (judge->onlooker && judge->onlooker->notice)
    judge->onlooker->notice(judge->onlooker->context, notice, subject);
}

static void announce_host(struct judged *judge,
                          const struct judgement *judgement) {
  struct judged_report *report = judge->report;
  double time_s = judgement->seen.time_s;
  char subject[JUDGE_HOST_MAX + JUDGE_LISTENER_MAX];
  struct notice notice;

  bool nothing_came = judgement->away && !judgement->fell_silent;

  listeners_subject(judgement->host, judgement->listener, subject,
                    sizeof(subject));
  report->readings +=
      !(judgement->silent_s > 0) && judgement->listener[0] == '\0';
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum incident_kind kind = (enum incident_kind)i;
    if (notice_compose(judgement, kind, &notice))
      give_notice(judge, &notice, subject);
    judged_report_open(report, &judgement->finding[i], time_s,
                       rules_incident_name(kind), subject);
  }
  if (judge->onlooker && !nothing_came)
    judge->onlooker->judged(judge->onlooker->context, judgement);
}

static void announce_series(struct judged *judge,
                            const struct series_judgement *judgement) {
  struct notice notice;

  judge->report->watched += !(judgement->silent_s > 0);
  if (notice_compose_series(judgement, &notice))
    give_notice(judge, &notice, judgement->identifier);
  judged_report_open(judge->report, &judgement->finding, judgement->time_s,
                     judgement->rules->name, judgement->identifier);
  if (judge->onlooker)
    judge->onlooker->judged_series(judge->onlooker->context, judgement);
}

static void announce_all(struct judged *judge) {
  struct engine_judgement judgement;

  while (engine_next(judge->engine, &judgement))
    if (judgement.of_series)
      announce_series(judge, &judgement.series);
    else
      announce_host(judge, &judgement.host);
}

/* As the plugin does once an interval. */
static void tick(struct judged *judge, double now_s) {
  judge->ticked_s = now_s;
  engine_tick(judge->engine, now_s);
  announce_all(judge);
}

static int judge_host(struct judged *judge, const struct history_value *value,
                      const struct known_series *known) {
  struct hosts_value given = host_value(value, known, judge->clock.now_s);
  int rc = engine_put_host(judge->engine, &given);

  if (rc == -EAGAIN) {
    announce_all(judge);
    rc = engine_put_host(judge->engine, &given);
  }
  announce_all(judge);
  return rc == -ENOMEM ? rc : 0;
}

static int judge_series(struct judged *judge, const struct history_value *value,
                        struct known_series *known) {
  struct series_name name = judged_series_name(value->series);
  struct series_value given = judged_series_value(value, judge->clock.now_s);
  int rc = engine_put_series(judge->engine, known->watch, &name, &given);

  judge->refused += rc == -ENOSPC;
  announce_all(judge);
  return rc == -ENOMEM ? rc : 0;
}

static int take(void *context, const struct history_value *value) {
  struct judged *judge = context;
  struct known_series *known = value->series->use;
  int rc = 0;

  if (!known)
    return -ENOMEM;
  bool first = judge->clock.time_s <= 0;
  bool moved = move_clock(&judge->clock, value);
  if (first)
    judge->report->first_s = value->time_s;
  judge->report->last_s = judge->clock.time_s;
  if (moved && judge->clock.now_s >= judge->ticked_s + value->interval_s)
    tick(judge, judge->clock.now_s);
  if (known->looked_at)
    rc = judge->onlooker->value(judge->onlooker->context, value, known->use);
  if (rc == 0 && known->signal != SIGNAL_COUNT)
    rc = judge_host(judge, value, known);
  if (rc == 0 && known->watch)
    rc = judge_series(judge, value, known);
  return rc;
}

struct history_taker judged_taker(struct judged *judge) {
  return (struct history_taker){wants, take, judge};
}

void judged_finish(struct judged *judge) { tick(judge, INFINITY); }
