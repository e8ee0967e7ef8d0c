/* Watched series: the judgement of one value by its baseline, and the table of
 * all series. Pure. */
#include "verdict/series.h"

#include "verdict/name_index.h"
#include "verdict/plain_text.h"
#include "verdict/snapshot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double excess_drift = 10;
static const double calm_share = 0.5;
static const double restart_values = 10;
static const double clock_step_s = 60; /* so far back is no late value */

void series_memory_init(struct series_memory *memory) {
  memset(memory, 0, sizeof(*memory));
  baseline_init(&memory->baseline);
  baseline_day_init(&memory->day);
  incident_init(&memory->incident);
}

/* The value to judge: what counts as a rate. Not finite: none yet. */
static double amount(const struct series_memory *memory,
                     const struct series_value *value, double dt_s, bool gap) {
  if (value->kind == SERIES_GAUGE || value->kind == SERIES_RATE)
    return value->gauge;
  if (value->kind == SERIES_INCREMENT)
    return value->gauge / dt_s;
  if (gap || memory->counter < 0 || value->counter < memory->counter)
    return NAN;
  return (double)(value->counter - memory->counter) / dt_s;
}

/* Types of types.db that count things; of tcpstates, of processes ... */
static bool counts_things(const char *identifier) {
  static const char *const counts[] = {
      "tcp_connections", "current_connections",
      "connections",     "users",
      "ps_count",        "ps_state",
      "threads",         "current_sessions",
      "files",
  };
  const char *type = strchr(identifier, '/') + 1; /* the plugin */

  type = strchr(type, '/') + 1;
  size_t length = strcspn(type, "-:");
  for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
    if (strlen(counts[i]) == length && strncmp(type, counts[i], length) == 0)
      return true;
  return false;
}

static enum baseline_kind kind_of(const char *identifier,
                                  const struct series_value *value) {
  if (value->kind != SERIES_GAUGE)
    return BASELINE_RATE;
  return counts_things(identifier) ? BASELINE_COUNT : BASELINE_PLAIN;
}

static bool in_direction(const struct series_rules *rules, double off) {
  if ((int)rules->direction == SERIES_ABOVE)
    return off > 0;
  return (int)rules->direction == SERIES_BOTH || off < 0;
}

static bool ratio_reached(const struct series_rules *rules, double value,
                          double expected) {
  double high = fmax(fabs(value), fabs(expected));
  double low = fmin(fabs(value), fabs(expected));

  return high >= rules->min_ratio * low || value * expected < 0;
}

static void band(const struct series_rules *rules,
                 const struct baseline_now *now, struct finding *finding) {
  double reach = fmax(rules->sigmas * now->spread, rules->min_change);
  double by_ratio = fabs(now->expected) * (rules->min_ratio - 1);

  finding->upper = now->expected + fmax(reach, by_ratio);
  finding->lower = now->expected - fmax(reach, fabs(now->expected) *
                                                   (1 - 1 / rules->min_ratio));
}

/* One value that is being judged. */
struct case_of {
  const struct series_rules *rules;
  double value, time_s, dt_s;
  struct baseline_now now;
  bool present;
};

static bool is_far(const struct case_of *is) {
  return fabs(is->now.sigmas) > is->rules->sigmas ||
         (fmax(is->now.rise, is->now.fall) > excess_drift &&
          fabs(is->now.slow_sigmas) > is->rules->sigmas);
}

static bool is_present(const struct case_of *is,
                       const struct baseline *baseline,
                       const struct rules *all) {
  double off = is->value - is->now.expected;

  return rules_is_warm(all, baseline->learnt, baseline->learnt_s) &&
         is_far(is) && in_direction(is->rules, off) &&
         fabs(off) >= is->rules->min_change &&
         ratio_reached(is->rules, is->value, is->now.expected);
}

static enum incident_change step_incident(struct series_memory *memory,
                                          const struct case_of *is) {
  struct incident *incident = &memory->incident;
  struct incident_evidence evidence = {
      .present = is->present,
      .calm =
          !is->present && fabs(is->now.sigmas) < calm_share * is->rules->sigmas,
      .adoptable = true,
  };
  enum incident_change change = incident_step(incident, &is->rules->incident,
                                              &evidence, is->time_s, is->dt_s);

  if (change == INCIDENT_RAISED && (int)is->rules->severity == SERIES_FAILURE)
    incident->severity = SEVERITY_FAILURE;
  return change;
}

/* Before it is warm, so many values in a row unlike the first ones say that
 * these were not the usual ones: a sensor's 0, a peak at the start. */
static bool begins_anew(const struct baseline *baseline, double dt_s) {
  return baseline->learnt < (double)RULES_WARM_UP_READINGS &&
         baseline->frozen_s >= restart_values * dt_s;
}

static void learn(struct series_memory *memory, const struct case_of *is,
                  enum incident_change change) {
  struct baseline *baseline = &memory->baseline;
  bool open = memory->incident.severity != SEVERITY_OKAY;
  bool drifts =
      fmax(is->now.rise, is->now.fall) > (double)BASELINE_FREEZE_DRIFT &&
      fabs(is->now.slow_sigmas) > (double)BASELINE_FREEZE_SLOW;

  if (change == INCIDENT_CLEARED)
    baseline->frozen_s = 0; /* its time does not count for the thaw */
  baseline_learn(baseline, &memory->day, is->value, is->time_s, is->dt_s,
                 &is->now, open || is->present || drifts);
  if (!open && begins_anew(baseline, is->dt_s)) {
    baseline_init(baseline);
    baseline_day_init(&memory->day);
  } else if (change == INCIDENT_ADOPTED ||
             (!open && baseline->frozen_s >= (double)BASELINE_THAW_S)) {
    baseline_adopt(baseline, &memory->day, is->time_s);
  }
}

static void judge_case(struct series_memory *memory, const struct case_of *is,
                       struct finding *finding) {
  finding->samples = memory->baseline.learnt;
  finding->change = step_incident(memory, is);
  finding->judged = true;
  finding->evidence = is->present;
  finding->severity = memory->incident.severity;
  finding->since_s = memory->incident.since_s;
  finding->observed = is->value;
  finding->expected = is->now.expected;
  finding->score = incident_score(is->now.sigmas);
  finding->failure_max = NAN;
  band(is->rules, &is->now, finding);
  learn(memory, is, finding->change);
}

/* Judge one value and learn from it. Returns 0 and *finding; -ENODATA or
 * -ESTALE as series_put. */
static int judge_value(struct series_memory *memory, const struct rules *all,
                       const struct series_rules *rules, const char *identifier,
                       const struct series_value *value,
                       struct finding *finding) {
  double passed_s = value->time_s - memory->time_s;
  bool first = memory->time_s <= 0;

  if (!first && passed_s <= 0 && passed_s > -clock_step_s)
    return -ESTALE;
  bool gap = first || passed_s <= 0 ||
             passed_s > SNAPSHOT_GAP_INTERVALS * value->interval_s;
  double dt_s = gap ? value->interval_s : passed_s;
  double number = amount(memory, value, dt_s, gap);
  memory->time_s = value->time_s;
  memory->seen_s = value->now_s;
  memory->interval_s = value->interval_s;
  memory->counter = value->counter;
  if (!isfinite(number))
    return -ENODATA;
  if (gap) {
    incident_interrupt(&memory->incident);
    baseline_interrupt(&memory->baseline);
  }
  struct case_of is = {
      .rules = rules, .value = number, .time_s = value->time_s, .dt_s = dt_s};
  baseline_judge(&memory->baseline, &memory->day, kind_of(identifier, value),
                 number, value->time_s, dt_s, &is.now);
  is.present = is_present(&is, &memory->baseline, all);
  memset(finding, 0, sizeof(*finding));
  judge_case(memory, &is, finding);
  return 0;
}

enum { ENTRIES_START = 16 };

struct entry {
  struct series_memory memory;
  const struct series_rules *rules;
  bool silent; /* said so */
  char identifier[];
};

struct series {
  const struct rules *rules;
  const struct silences *silences;
  struct entry **entries; /* len of them */
  size_t len, capacity;
  struct name_index index;
  size_t cursor;          /* next to look at after series_wake */
  double wake_s, begin_s; /* begin_s: the first of them */
  bool held;
};

static const char *name_of(const void *owner, uint32_t number) {
  const struct series *series = owner;

  return series->entries[number]->identifier;
}

struct series *series_create(const struct rules *rules) {
  struct series *series = calloc(1, sizeof(*series));

  if (!series)
    return NULL;
  series->rules = rules;
  name_index_init(&series->index, name_of, series);
  return series;
}

void series_destroy(struct series *series) {
  if (!series)
    return;
  for (size_t i = 0; i < series->len; i++)
    free(series->entries[i]);
  free(series->entries);
  name_index_free(&series->index);
  free(series);
}

static int make_room(struct series *series) {
  size_t capacity = series->capacity ? 2 * series->capacity : ENTRIES_START;

  if ((double)series->len >= series->rules->max_watched)
    return -ENOSPC;
  if (series->len < series->capacity)
    return 0;
  struct entry **entries =
      realloc(series->entries, capacity * sizeof(*entries));
  if (!entries)
    return -ENOMEM;
  series->entries = entries;
  series->capacity = capacity;
  return 0;
}

static int add(struct series *series, const char *identifier,
               const struct series_rules *rules, struct entry **out) {
  size_t length = strlen(identifier);
  int rc = plain_text_is(identifier, length) ? make_room(series) : -EILSEQ;

  if (rc != 0)
    return rc;
  struct entry *entry = calloc(1, sizeof(*entry) + length + 1);
  if (!entry ||
      name_index_add(&series->index, identifier, (uint32_t)series->len) != 0) {
    free(entry);
    return -ENOMEM;
  }
  memcpy(entry->identifier, identifier, length + 1);
  entry->rules = rules;
  series_memory_init(&entry->memory);
  series->entries[series->len++] = entry;
  *out = entry;
  return 0;
}

static void forget(struct series *series, size_t i) {
  struct entry *entry = series->entries[i];
  struct entry *last = series->entries[series->len - 1];

  name_index_remove(&series->index, entry->identifier);
  series->entries[i] = last;
  if (last != entry)
    name_index_renumber(&series->index, last->identifier, (uint32_t)i);
  series->len--;
  free(entry);
}

static char *append(char *at, char separator, const char *text) {
  if (separator)
    *at++ = separator;
  size_t length = strnlen(text, SERIES_PART_MAX - 1);
  memcpy(at, text, length);
  return at + length;
}

static void join(const struct series_name *name,
                 char identifier[SERIES_IDENTIFIER_MAX]) {
  char *at = append(identifier, 0, name->host);

  at = append(at, '/', name->plugin);
  if (*name->plugin_instance)
    at = append(at, '-', name->plugin_instance);
  at = append(at, '/', name->type);
  if (*name->type_instance)
    at = append(at, '-', name->type_instance);
  if (*name->data_source)
    at = append(at, ':', name->data_source);
  *at = '\0';
}

static void report(const struct entry *entry, double time_s,
                   struct series_judgement *out) {
  out->rules = entry->rules;
  memcpy(out->identifier, entry->identifier, strlen(entry->identifier) + 1);
  out->time_s = time_s;
  out->interval_s = entry->memory.interval_s;
  out->silent_s = 0;
}

void series_set_silences(struct series *series,
                         const struct silences *silences) {
  series->silences = silences;
}

static double silenced_until(const struct series *series,
                             const struct entry *entry, double now_s) {
  char host[SERIES_PART_MAX];
  size_t len = strcspn(entry->identifier, "/");

  len = len < sizeof(host) ? len : sizeof(host) - 1;
  memcpy(host, entry->identifier, len);
  host[len] = '\0';
  return silences_find(series->silences, host, entry->rules->name, now_s)
      .until_s;
}

/* Looked for only where there is something to hold back or to show. */
static void gate(const struct series *series, struct entry *entry, double now_s,
                 struct finding *finding) {
  struct incident *incident = &entry->memory.incident;
  bool matters = incident->severity != SEVERITY_OKAY || incident->told > 0 ||
                 finding->change != INCIDENT_UNCHANGED;

  silences_gate(incident, finding,
                matters ? silenced_until(series, entry, now_s) : 0);
}

static int put(struct series *series, struct entry *entry,
               const struct series_value *value, struct series_judgement *out) {
  int rc = judge_value(&entry->memory, series->rules, entry->rules,
                       entry->identifier, value, &out->finding);

  entry->silent = false;
  if (rc != 0)
    return rc;
  gate(series, entry, value->now_s, &out->finding);
  report(entry, value->time_s, out);
  return 0;
}

int series_put(struct series *series, const struct series_rules *rules,
               const struct series_name *name, const struct series_value *value,
               struct series_judgement *out) {
  char identifier[SERIES_IDENTIFIER_MAX];
  struct entry *entry;

  if (!snapshot_time_is_possible(value->time_s, value->interval_s,
                                 series->rules->max_age_s))
    return -ENODATA;
  join(name, identifier);
  uint32_t number = name_index_find(&series->index, identifier);
  if (number != NAME_INDEX_NONE) {
    series->entries[number]->rules = rules;
    return put(series, series->entries[number], value, out);
  }
  int rc = add(series, identifier, rules, &entry);
  return rc == 0 ? put(series, entry, value, out) : rc;
}

/* The receiver's clock was set, or the machine slept. */
static void shift_clock(struct series *series, double step_s, double now_s) {
  series->begin_s += step_s;
  for (size_t i = 0; i < series->len; i++) {
    struct series_memory *memory = &series->entries[i]->memory;
    memory->seen_s = snapshot_follow_clock(memory->seen_s, step_s, now_s);
  }
}

void series_wake(struct series *series, double now_s) {
  double step_s = now_s - series->wake_s;

  if (series->wake_s <= 0)
    series->begin_s = now_s;
  else if (step_s < 0 || step_s > series->rules->silent_after_s / 2)
    shift_clock(series, step_s, now_s);
  series->wake_s = now_s;
  series->cursor = 0;
}

/* While the receiver itself was down, no series was silent. */
static bool is_silent(const struct series *series, const struct entry *entry) {
  double silent_s =
      series->wake_s - fmax(series->begin_s, entry->memory.seen_s);

  return !entry->silent && silent_s >= series->rules->silent_after_s &&
         silent_s >=
             fmin(3 * entry->memory.interval_s, series->rules->max_age_s);
}

static bool close_silent(const struct series *series, struct entry *entry,
                         double silent_s, struct series_judgement *out) {
  struct incident *incident = &entry->memory.incident;

  entry->silent = true;
  if (incident->severity == SEVERITY_OKAY)
    return false;
  report(entry, entry->memory.time_s + silent_s, out);
  out->silent_s = silent_s;
  incident_silence(&out->finding, incident);
  gate(series, entry, series->wake_s, &out->finding);
  return true;
}

/* What was silenced, of a series that has no other judgement any more. */
static bool give_owed(const struct series *series, struct entry *entry,
                      double silent_s, struct series_judgement *out) {
  struct incident *incident = &entry->memory.incident;

  if (!entry->silent || !silences_owes_close(incident) ||
      silenced_until(series, entry, series->wake_s) > 0)
    return false;
  report(entry, entry->memory.time_s + silent_s, out);
  out->silent_s = silent_s;
  silences_give_close(incident, &out->finding);
  return true;
}

bool series_next(struct series *series, struct series_judgement *out) {
  while (series->cursor < series->len) {
    struct entry *entry = series->entries[series->cursor];
    double silent_s = series->wake_s - entry->memory.seen_s;
    if ((is_silent(series, entry) &&
         close_silent(series, entry, silent_s, out)) ||
        give_owed(series, entry, silent_s, out))
      return true;
    if (!series->held && silent_s > series->rules->max_age_s)
      forget(series, series->cursor);
    else
      series->cursor++;
  }
  return false;
}

size_t series_count(const struct series *series) { return series->len; }

const struct series_memory *series_at(const struct series *series, size_t i,
                                      const char **identifier,
                                      const char **watch) {
  *identifier = series->entries[i]->identifier;
  *watch = series->entries[i]->rules->name;
  return &series->entries[i]->memory;
}

void series_hold(struct series *series, bool hold) { series->held = hold; }

/* The <Watch> of what was saved. A colon may stand before the data source or
 * within the instance. */
static int find_rules(const struct series *series, const char *identifier,
                      const struct series_rules **out) {
  char parts[SERIES_IDENTIFIER_MAX];
  struct series_name name;

  if (identifier_split(identifier, parts, &name) != 0)
    return -EINVAL;
  *out = identifier_match(series->rules, &name);
  if (!*out && *name.data_source) {
    parts[name.data_source - parts - 1] = ':';
    *out = identifier_match(series->rules, &name);
  }
  return *out ? 0 : -ENOENT;
}

int series_restore(struct series *series, const char *identifier,
                   const struct series_memory *memory) {
  const struct series_rules *rules;
  struct entry *entry;
  int rc = find_rules(series, identifier, &rules);

  if (rc != 0)
    return rc;
  if (name_index_find(&series->index, identifier) != NAME_INDEX_NONE)
    return -EEXIST;
  rc = add(series, identifier, rules, &entry);
  if (rc == 0)
    entry->memory = *memory;
  return rc;
}
