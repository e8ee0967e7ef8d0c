/* Values in, notifications out, in the order the plugin keeps: each value is
 * put, what is ready is judged, and once an interval silent hosts are looked
 * for. A gap in all of the history at once is no silence but the recorder's. */
#include "judged.h"

#include "history/file_names.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is done with one series. */
struct replay_series {
  enum signal signal;               /* SIGNAL_COUNT: none */
  const struct series_rules *watch; /* the <Watch>; NULL: none */
  bool looked_at;
  void *use; /* the onlooker's own */
  struct replay_series *next;
};

int judged_init(struct judged *judge, const struct rules *rules,
                struct judged_report *report) {
  *judge = (struct judged){.rules = rules, .report = report};
  judge->engine = engine_create(rules);
  return judge->engine ? 0 : -ENOMEM;
}

void judged_release(struct judged *judge) {
  while (judge->known) {
    struct replay_series *next = judge->known->next;
    free(judge->known);
    judge->known = next;
  }
  engine_destroy(judge->engine);
}

/* What is to be done with a series; nothing: the plugin's own are not judged.
 */
static struct replay_series find_use(struct judged *judge,
                                     struct history_series *series) {
  const struct replay_onlooker *onlooker = judge->onlooker;
  struct series_name name = replay_series_name(series);
  struct replay_series found = {.signal = SIGNAL_COUNT};

  if (strcmp(series->plugin, "baseline") != 0 &&
      (!judge->host || strcmp(series->host, judge->host) == 0)) {
    found.signal = history_identifier_signal(series);
    found.watch = identifier_match(judge->rules, &name);
  }
  if (onlooker)
    found.looked_at =
        onlooker->wants(onlooker->context, series, found.watch, &found.use);
  return found;
}

static bool wants(void *context, struct history_series *series) {
  struct judged *judge = context;
  struct replay_series found = find_use(judge, series);

  if (found.signal == SIGNAL_COUNT && !found.watch && !found.looked_at)
    return false;
  struct replay_series *known = malloc(sizeof(*known));
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
  if (judge->onlooker)
    judge->onlooker->notice(judge->onlooker->context, notice, subject);
}

static void announce_host(struct judged *judge,
                          const struct judgement *judgement) {
  struct judged_report *report = judge->report;
  double time_s = judgement->seen.time_s;
  struct notice notice;

  if (judgement->away && !judgement->fell_silent)
    return;
  report->readings += !(judgement->silent_s > 0);
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum incident_kind kind = (enum incident_kind)i;
    if (notice_compose(judgement, kind, &notice))
      give_notice(judge, &notice, judgement->host);
    judged_report_open(report, &judgement->finding[i], time_s,
                       rules_incident_name(kind), judgement->host);
  }
  if (judge->onlooker)
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
                      enum signal signal) {
  struct hosts_value given =
      replay_watch_value(value, signal, judge->clock.now_s);
  int rc = engine_put_host(judge->engine, &given);

  if (rc == -EAGAIN) {
    announce_all(judge);
    rc = engine_put_host(judge->engine, &given);
  }
  announce_all(judge);
  return rc == -ENOMEM ? rc : 0;
}

static int judge_series(struct judged *judge, const struct history_value *value,
                        struct replay_series *known) {
  struct series_name name = replay_series_name(value->series);
  struct series_value given = replay_series_value(value, judge->clock.now_s);
  int rc = engine_put_series(judge->engine, known->watch, &name, &given);

  judge->refused += rc == -ENOSPC;
  announce_all(judge);
  return rc == -ENOMEM ? rc : 0;
}

static int take(void *context, const struct history_value *value) {
  struct judged *judge = context;
  struct replay_series *known = value->series->use;
  int rc = 0;

  if (!known)
    return -ENOMEM;
  bool first = judge->clock.time_s <= 0;
  bool moved = replay_clock_move(&judge->clock, value);
  if (first)
    judge->report->first_s = value->time_s;
  judge->report->last_s = judge->clock.time_s;
  if (moved && judge->clock.now_s >= judge->ticked_s + value->interval_s)
    tick(judge, judge->clock.now_s);
  if (known->looked_at)
    rc = judge->onlooker->value(judge->onlooker->context, value, known->use);
  if (rc == 0 && known->signal != SIGNAL_COUNT)
    rc = judge_host(judge, value, known->signal);
  if (rc == 0 && known->watch)
    rc = judge_series(judge, value, known);
  return rc;
}

struct history_taker judged_taker(struct judged *judge) {
  return (struct history_taker){wants, take, judge};
}

void judged_finish(struct judged *judge) { tick(judge, INFINITY); }
