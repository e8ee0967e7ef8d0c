/* Watched series: the judgement of one value by the habit of its series, and
 * the table of all series. Pure. */
#include "verdict/series.h"

#include "verdict/name_index.h"
#include "verdict/plain_text.h"
#include "verdict/snapshot.h"
#include "verdict/watch/weekend.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double calm_share = 0.5; /* of Sigmas, where they are the limit */
/* Before rarity is known, what an older version left open closes by this. */
static const double first_calm_sigmas = 3;
static const double score_max = 3;     /* limits */
static const double clock_step_s = 60; /* so far back is no late value */

void series_memory_init(struct series_memory *memory) {
  memset(memory, 0, sizeof(*memory));
  habit_init(&memory->habit);
  incident_init(&memory->incident);
}

struct habit_settings series_settings(const struct rules *rules,
                                      const struct series_rules *watch) {
  static const int directions[] = {
      [SERIES_BOTH] = 0, [SERIES_ABOVE] = 1, [SERIES_BELOW] = -1};

  return (struct habit_settings){
      .false_alarms = watch->false_alarms,
      .sigmas = watch->sigmas,
      .season = (enum season_mode)(int)watch->season,
      .weekend = weekend_days((enum weekend)(int)rules->weekend),
      .direction = directions[(int)watch->direction],
  };
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

static bool ratio_reached(const struct series_rules *rules, double value,
                          double expected) {
  double high = fmax(fabs(value), fabs(expected));
  double low = fmin(fabs(value), fabs(expected));

  return high >= rules->min_ratio * low || value * expected < 0;
}

/* One value that is being judged. */
struct case_of {
  const struct series_rules *rules;
  double value, time_s, dt_s;
  struct habit_now now;
};

/* What MinChange and MinRatio ask for, around what is expected. */
static void band(const struct case_of *is, struct finding *finding) {
  double expected = is->now.expected, size = fabs(expected);
  double up = fmax(is->rules->min_change, size * (is->rules->min_ratio - 1));
  double down =
      fmax(is->rules->min_change, size * (1 - 1 / is->rules->min_ratio));

  finding->expected = expected;
  finding->upper = fmax(is->now.upper, expected + up);
  finding->lower = fmin(is->now.lower, expected - down);
  if (isnan(is->now.upper))
    finding->upper = finding->lower = NAN;
}

/* How many times the limit. */
static double score_of(const struct case_of *is) {
  double score = 0;

  if (is->rules->false_alarms <= 0)
    score = (double)is->now.sigmas / is->rules->sigmas;
  else if (is->now.limit > 0)
    score = (double)(is->now.rarity / is->now.limit);
  score = fmin(score, score_max);
  return is->now.towards < 0 ? -score : score;
}

static bool is_far(const struct case_of *is) {
  double off = is->value - is->now.usual;

  return (double)is->now.sigmas >= is->rules->sigmas &&
         fabs(off) >= is->rules->min_change &&
         ratio_reached(is->rules, is->value, is->now.usual);
}

/* Of an event that was told, nothing is told again. */
static bool is_present(const struct series_memory *memory,
                       const struct case_of *is, const struct rules *all) {
  if (!rules_is_warm(all, (double)memory->habit.levels.values,
                     habit_learnt_s(&memory->habit)) ||
      !is_far(is))
    return false;
  if (is->rules->false_alarms <= 0)
    return memory->habit.levels.blocks >= HABIT_BLOCKS;
  return is->now.is_open && is->now.is_beyond &&
         (!memory->told || memory->incident.severity != SEVERITY_OKAY);
}

static struct incident_evidence evidence_of(const struct series_memory *memory,
                                            const struct case_of *is,
                                            const struct rules *all) {
  struct incident_evidence evidence = {
      .present = is_present(memory, is, all),
  };

  if (is->rules->false_alarms > 0) {
    bool rarity_known = memory->habit.levels.blocks >= HABIT_BLOCKS;
    evidence.calm = rarity_known ? is->now.is_calm
                                 : (double)is->now.sigmas < first_calm_sigmas;
    evidence.lasts = !is->now.is_over;
  } else {
    evidence.calm = !evidence.present &&
                    (double)is->now.sigmas < calm_share * is->rules->sigmas;
  }
  evidence.adoptable = !evidence.calm; /* what is passing is not normal */
  return evidence;
}

static enum incident_change step_incident(struct series_memory *memory,
                                          const struct case_of *is,
                                          const struct incident_evidence *of) {
  struct incident *incident = &memory->incident;
  enum incident_change change =
      incident_step(incident, &is->rules->incident, of, is->time_s, is->dt_s);

  if (change == INCIDENT_RAISED) {
    memory->told = 1;
    if ((int)is->rules->severity == SERIES_FAILURE)
      incident->severity = SEVERITY_FAILURE;
  }
  if (!is->now.is_open)
    memory->told = 0;
  return change;
}

static void judge_case(struct series_memory *memory, const struct rules *all,
                       const struct case_of *is, struct finding *finding) {
  struct incident_evidence evidence = evidence_of(memory, is, all);

  memset(finding, 0, sizeof(*finding));
  finding->samples = (double)memory->habit.levels.values;
  finding->change = step_incident(memory, is, &evidence);
  finding->judged = true;
  finding->evidence = evidence.present;
  finding->severity = memory->incident.severity;
  finding->since_s = memory->incident.since_s;
  finding->observed = is->value;
  finding->score = score_of(is);
  finding->failure_max = NAN;
  band(is, finding);
}

/* Judge one value and learn from it. Returns 0, and out's finding and now;
 * -ENODATA or -ESTALE as series_put. */
static int judge_value(struct series_memory *memory, const struct rules *all,
                       const struct series_rules *rules,
                       const struct series_value *value,
                       struct series_judgement *out) {
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
  memory->interval_s = (float)value->interval_s;
  memory->counter = value->counter;
  if (!isfinite(number))
    return -ENODATA;
  if (gap)
    incident_interrupt(&memory->incident);
  if (memory->habit.time_s >= value->time_s)
    habit_set_back(&memory->habit, value->time_s - value->interval_s);
  struct case_of is = {
      .rules = rules, .value = number, .time_s = value->time_s, .dt_s = dt_s};
  struct habit_settings settings = series_settings(all, rules);
  struct habit_value given = {number, value->time_s, value->zone_s,
                              value->interval_s};
  if (!habit_step(&memory->habit, &settings, &given, &is.now))
    return -ENODATA;
  judge_case(memory, all, &is, &out->finding);
  out->now = is.now;
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
  int rc = judge_value(&entry->memory, series->rules, entry->rules, value, out);

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
