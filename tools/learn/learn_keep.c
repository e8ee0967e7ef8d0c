/* Only what is named here is kept: a member that is added to a model later
 * begins as on a new host. Pure. */
#include "learn_keep.h"

#include "verdict/incidents/catalogue.h"

#include <math.h>
#include <string.h>

/* Rows that are so much farther apart than the readings will be. */
static const double average_ratio = 1.5;
/* What averages say of the scatter counts for so many seconds of readings. */
static const double scatter_belief_s = 3600;

/* Rows that may be averages, against the readings they are to judge. */
struct rows {
  double ratio; /* readings in a row; 1: rows are readings */
  double live_s;
};

static struct rows rows_of(double rows_s, double live_s) {
  double ratio = rows_s / live_s;

  return (struct rows){ratio > average_ratio ? ratio : 1, live_s};
}

/* The scatter of averages says nothing of the readings' overdispersion but the
 * least that it may be: what is assumed before anything is known holds. */
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

/* The mean of n readings scatters at least a root of n-th as they do, and as
 * much where they go together: the most it may be is taken, and believed for an
 * hour, so that the readings soon correct it. */
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
        fmin(from->learnt, fmax(RULES_WARM_UP_READINGS,
                                ceil(scatter_belief_s / rows->live_s)));
}

static bool all_of(uint32_t have, uint32_t needed) {
  return (have & needed) == needed;
}

/* Without the handshakes the dwell would come out without bounds, and with it
 * what the load explains once there are handshakes. */
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
      keep_off_baseline(known, rows, kept);
      break;
    }
  }
}

void learn_keep_host(const struct hosts_host *host, uint32_t have,
                     double live_s, double now_s, struct hosts_host *out) {
  struct rows rows = rows_of(host->last.interval_s, live_s);

  *out = *host;
  if (!host->last.have) /* was kept before, and nothing has come since */
    return;
  memset(out, 0, sizeof(*out));
  memcpy(out->name, host->name, sizeof(out->name));
  /* The receiver's clock of a history stands still in its gaps. */
  out->seen_s = fmin(host->last.time_s, now_s);
  keep_judge(&host->judge, have, &rows, &out->judge);
  judge_init(&out->before.judge); /* no reading was judged by it */
}

void learn_keep_series(const struct series_memory *memory, double live_s,
                       double now_s, struct series_memory *out) {
  struct rows rows = rows_of(memory->interval_s, live_s);

  *out = *memory;
  if (memory->time_s <= 0) /* likewise */
    return;
  memset(out, 0, sizeof(*out));
  out->seen_s = fmin(memory->time_s, now_s);
  keep_baseline(&memory->baseline, &rows, &out->baseline);
  out->day = memory->day;
  incident_init(&out->incident);
}

bool learn_keep_is_warm(const struct hosts_host *kept,
                        const struct rules *rules, double *learnt_s) {
  const struct expectation *model = &kept->judge.syn_flood.model;

  *learnt_s = model->learnt_s;
  return rules_is_warm(rules, model->learnt, model->learnt_s);
}

bool learn_keep_series_is_warm(const struct series_memory *kept,
                               const struct rules *rules) {
  return rules_is_warm(rules, kept->baseline.learnt, kept->baseline.learnt_s);
}
