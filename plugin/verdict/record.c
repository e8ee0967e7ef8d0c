/* Judgements -> a bounded set of incidents. A place of the set is used again in
 * the order of time, so that incidents keep their numbers until one makes room.
 * Then those behind it move up: whoever copies the set in steps may miss as
 * many, and copies again, for record_changes has grown. Pure. */
#include "verdict/record.h"

#include "verdict/identifier.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/listeners.h"
#include "verdict/name_index.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double same_s = 1; /* a begin that was saved with milliseconds */

struct record {
  size_t max;
  struct record_incident **places;
  size_t len, capacity;
  size_t hand; /* the place that is used next, once all are */
  size_t open;
  uint64_t changes;
  struct record_losses losses;
  struct name_index newest; /* of each identity */
};

static const char *name_of(const void *owner, uint32_t number) {
  const struct record *record = owner;

  return record->places[number]->identity;
}

const char *record_subject(const struct record_incident *incident) {
  const char *slash = strchr(incident->identity, '/');

  return slash ? slash + 1 : incident->identity;
}

static const char *const end_names[RECORD_ENDS] = {
    [RECORD_OPEN] = "",           [RECORD_CLEARED] = "cleared",
    [RECORD_GONE] = "gone",       [RECORD_ADOPTED] = "adopted",
    [RECORD_SILENT] = "silent",   [RECORD_DISABLED] = "disabled",
    [RECORD_UNKNOWN] = "unknown",
};

const char *record_end_name(enum record_end end) { return end_names[end]; }

enum record_end record_end_find(const char *name) {
  int end = 0;

  while (end < RECORD_ENDS && strcmp(end_names[end], name) != 0)
    end++;
  return (enum record_end)end;
}

struct record *record_create(size_t incidents_max) {
  struct record *record = calloc(1, sizeof(*record));

  if (!record)
    return NULL;
  record->max = incidents_max;
  name_index_init(&record->newest, name_of, record);
  return record;
}

void record_destroy(struct record *record) {
  if (!record)
    return;
  for (size_t i = 0; i < record->len; i++)
    free(record->places[i]);
  free(record->places);
  name_index_free(&record->newest);
  free(record);
}

/* --- places ------------------------------------------------------------- */

static bool is_open(const struct record_incident *incident) {
  return incident->end == RECORD_OPEN;
}

static int grow(struct record *record) {
  size_t wanted = record->capacity > 0 ? 2 * record->capacity : 16;
  size_t capacity = wanted < record->max ? wanted : record->max;
  struct record_incident **grown =
      realloc(record->places, capacity * sizeof(struct record_incident *));

  if (!grown)
    return -ENOMEM;
  record->places = grown;
  record->capacity = capacity;
  return 0;
}

/* An empty place behind the last. */
static int add_place(struct record *record, size_t *out) {
  int rc = record->len == record->capacity ? grow(record) : 0;

  if (rc != 0)
    return rc;
  record->places[record->len] = calloc(1, sizeof(struct record_incident));
  if (!record->places[record->len])
    return -ENOMEM;
  *out = record->len++;
  return 0;
}

/* The place of the oldest incident that is over. */
static int find_place(struct record *record, size_t *out) {
  if (record->len < record->max)
    return add_place(record, out);
  if (record->open == record->max)
    return -ENOSPC;
  while (is_open(record->places[record->hand]))
    record->hand = (record->hand + 1) % record->max;
  *out = record->hand;
  return 0;
}

/* What is in the place makes room. */
static void vacate(struct record *record, size_t place) {
  const char *identity = record->places[place]->identity;

  if (identity[0] == '\0')
    return;
  record->losses.dropped++;
  if (name_index_find(&record->newest, identity) == place)
    name_index_remove(&record->newest, identity);
}

/* It could not be indexed. An empty place is used next. */
static void drop_place(struct record *record, size_t place) {
  *record->places[place] = (struct record_incident){.end = RECORD_UNKNOWN};
  if (record->len == record->max)
    record->hand = place;
  else
    free(record->places[--record->len]);
}

/* A copy of *incident in a place of its own: *out. */
static int put(struct record *record, const struct record_incident *incident,
               struct record_incident **out) {
  size_t place;
  int rc = find_place(record, &place);

  if (rc != 0)
    return rc;
  vacate(record, place);
  *record->places[place] = *incident;
  if (name_index_find(&record->newest, incident->identity) != NAME_INDEX_NONE)
    name_index_renumber(&record->newest, incident->identity, (uint32_t)place);
  else
    rc = name_index_add(&record->newest, incident->identity, (uint32_t)place);
  if (rc != 0) {
    drop_place(record, place);
    return rc;
  }
  if (record->len == record->max)
    record->hand = (place + 1) % record->max;
  record->open += is_open(incident);
  record->changes++;
  *out = record->places[place];
  return 0;
}

static struct record_incident *find(const struct record *record,
                                    const char *identity) {
  uint32_t number = name_index_find(&record->newest, identity);

  return number == NAME_INDEX_NONE ? NULL : record->places[number];
}

static void end(struct record *record, struct record_incident *incident,
                enum record_end why, double time_s) {
  record->open -= is_open(incident);
  record->changes++;
  incident->end = why;
  incident->end_s = fmax(time_s, incident->begin_s);
}

/* --- judgements --------------------------------------------------------- */

/* What a judgement says of one incident. */
struct news {
  const struct finding *finding;
  double time_s;
  bool of_series, disabled;
  const char *host, *port, *name, *subject;
  const char *listener, *top_source; /* "" unknown */
  const struct notice *notice;       /* NULL: nothing has changed */
};

static struct record_incident fresh(const struct news *news) {
  struct record_incident is = {
      .begin_s = news->finding->since_s,
      .seen_s = news->time_s,
      .of_series = news->of_series,
      .peak = {0, NAN, NAN, NAN, NAN, NAN},
  };

  snprintf(is.identity, sizeof(is.identity), "%s/%s", news->name,
           news->subject);
  snprintf(is.host, sizeof(is.host), "%s", news->host);
  snprintf(is.port, sizeof(is.port), "%s", news->port);
  snprintf(is.name, sizeof(is.name), "%s", news->name);
  return is;
}

/* Listeners and sources come from the network. */
static void copy_plain(char *to, size_t size, const char *text) {
  snprintf(to, size, "%s", text);
  plain_text_make(to);
}

static double or_zero(double number) { return isnan(number) ? 0 : number; }

/* A series that comes back from where it was is judged as far off as when it
 * went there: but not by what was expected then. */
static bool comes_back(const struct finding *now,
                       const struct record_peak *before) {
  return before->time_s > 0 && fabs(now->observed - before->expected) <
                                   fabs(before->observed - before->expected);
}

/* The largest deviation; where there is no score, or it is as large as it can
 * be, the value that is farthest off. */
static bool is_farther(const struct finding *now,
                       const struct record_peak *before) {
  double score = or_zero(fabs(now->score));
  double old_score = or_zero(fabs(before->score));

  if (isnan(now->observed))
    return false;
  if (before->time_s <= 0 || score != old_score)
    return before->time_s <= 0 || score > old_score;
  return fabs(now->observed - or_zero(now->expected)) >
         fabs(before->observed - or_zero(before->expected));
}

/* Unless it is there. */
static void add_word(char *words, size_t size, const char *word) {
  size_t used = strlen(words);

  if (!strstr(words, word))
    snprintf(words + used, size - used, "%s%s", used > 0 ? "," : "", word);
}

/* What was seen stays listed. */
static void add_evidence(struct record_incident *is, uint32_t bits) {
  char names[RECORD_WORDS_MAX], *rest = NULL;

  if ((bits & ~is->evidence_bits) == 0)
    return;
  is->evidence_bits |= bits;
  notice_list_evidence(bits, names, sizeof(names));
  for (char *name = strtok_r(names, ",", &rest); name;
       name = strtok_r(NULL, ",", &rest))
    add_word(is->evidence, sizeof(is->evidence), name);
}

static void take_figures(struct record_incident *is, const struct news *news) {
  const struct finding *now = news->finding;
  bool farther = is_farther(now, &is->peak) &&
                 !(news->of_series && comes_back(now, &is->peak));

  if (farther)
    is->peak = (struct record_peak){news->time_s, now->observed, now->expected,
                                    now->lower,   now->upper,    now->score};
  if (news->listener[0] != '\0' && (farther || is->listener[0] == '\0'))
    copy_plain(is->listener, sizeof(is->listener), news->listener);
  if (news->top_source[0] != '\0' && (farther || is->top_source[0] == '\0'))
    copy_plain(is->top_source, sizeof(is->top_source), news->top_source);
  if (!news->of_series &&
      strcmp(is->name, catalogue[INCIDENT_SYN_FLOOD].name) == 0)
    add_evidence(is, now->evidence);
}

static enum record_end end_of(const struct news *news) {
  switch (news->finding->change) {
  case INCIDENT_ADOPTED:
    return RECORD_ADOPTED;
  case INCIDENT_SILENT:
    return news->disabled ? RECORD_DISABLED : RECORD_SILENT;
  default:
    return news->finding->gone ? RECORD_GONE : RECORD_CLEARED;
  }
}

static void take_text(struct record_incident *is, const struct news *news) {
  const char *text = news->notice ? news->notice->text : "";
  enum incident_change change = news->finding->change;

  if (change == INCIDENT_RAISED)
    snprintf(is->first, sizeof(is->first), "%s", text);
  else if (change == INCIDENT_WORSENED)
    snprintf(is->worst, sizeof(is->worst), "%s", text);
  else if (news->finding->severity == SEVERITY_OKAY)
    snprintf(is->last, sizeof(is->last), "%s", text);
}

/* One that is open, or ends now. */
static void update(struct record *record, struct record_incident *is,
                   const struct news *news) {
  enum severity severity = news->finding->severity;

  is->seen_s = news->time_s;
  if (news->finding->silenced_until_s > 0)
    add_word(is->flags, sizeof(is->flags), "silenced");
  if (severity > is->severity) {
    if (is->severity != SEVERITY_OKAY)
      is->worsened_s = news->time_s;
    is->severity = severity;
    record->changes++;
  }
  take_text(is, news);
  if (severity == SEVERITY_OKAY)
    end(record, is, end_of(news), news->time_s);
  else
    take_figures(is, news);
}

/* It is recorded as over, and it goes on: the record was saved later than the
 * state that was restored. */
static void open_again(struct record *record, struct record_incident *is) {
  is->end = RECORD_OPEN;
  is->end_s = 0;
  record->open++;
  record->changes++;
}

static int take(struct record *record, const struct news *news) {
  struct record_incident is = fresh(news);
  struct record_incident *known = find(record, is.identity);
  bool same = known && news->finding->change != INCIDENT_RAISED &&
              fabs(known->begin_s - is.begin_s) < same_s;
  int rc = 0;

  if (known && !same && is_open(known))
    end(record, known, RECORD_UNKNOWN, known->seen_s);
  if (!same)
    rc = put(record, &is, &known);
  if (rc != 0) {
    record->losses.refused += news->finding->change == INCIDENT_RAISED;
    return rc;
  }
  bool ends = news->finding->severity == SEVERITY_OKAY;
  if (!is_open(known) && !ends)
    open_again(record, known);
  if (is_open(known))
    update(record, known, news);
  return 0;
}

/* What listeners explain is recorded as theirs. */
static bool has_news(const struct finding *finding) {
  return finding->judged && !finding->explained &&
         (finding->severity != SEVERITY_OKAY ||
          finding->change != INCIDENT_UNCHANGED);
}

/* As if nothing were silenced: what happened is told here all the same. */
static struct finding aloud(const struct finding *finding) {
  struct finding is = *finding;

  is.silenced_until_s = 0;
  is.late = false;
  return is;
}

static int take_kind(struct record *record, const struct judgement *judgement,
                     enum incident_kind kind) {
  const struct finding *finding = &judgement->finding[kind];
  const struct snapshot_queue *queue = catalogue_queue(&judgement->seen, kind);
  char subject[JUDGE_HOST_MAX + JUDGE_LISTENER_MAX];
  struct notice notice;
  struct news news = {
      .finding = finding,
      .time_s = judgement->seen.time_s,
      .disabled = !(judgement->silent_s > 0 || finding->missing_s > 0),
      .host = judgement->host,
      .port = judgement->listener,
      .name = rules_incident_name(kind),
      .subject = subject,
      .listener = queue ? queue->listener : "",
      .top_source = catalogue_source(&judgement->seen, kind),
  };

  listeners_subject(judgement->host, judgement->listener, subject,
                    sizeof(subject));
  if (finding->change != INCIDENT_UNCHANGED) {
    struct judgement plain = *judgement;
    plain.finding[kind] = aloud(finding);
    news.notice = notice_compose(&plain, kind, &notice) ? &notice : NULL;
  }
  return take(record, &news);
}

int record_take(struct record *record, const struct judgement *judgement) {
  int rc = 0;

  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (has_news(&judgement->finding[i])) {
      int one = take_kind(record, judgement, (enum incident_kind)i);
      rc = one != 0 ? one : rc;
    }
  return rc;
}

int record_take_series(struct record *record,
                       const struct series_judgement *judgement) {
  char parts[SERIES_IDENTIFIER_MAX];
  struct series_name name;
  struct notice notice;

  if (!has_news(&judgement->finding) ||
      identifier_split(judgement->identifier, parts, &name) != 0)
    return 0;
  struct news news = {
      .finding = &judgement->finding,
      .time_s = judgement->time_s,
      .of_series = true,
      .host = name.host,
      .port = "",
      .name = judgement->rules->name,
      .subject = judgement->identifier,
      .listener = "",
      .top_source = "",
  };
  if (judgement->finding.change != INCIDENT_UNCHANGED) {
    struct series_judgement plain = *judgement;
    plain.finding = aloud(&judgement->finding);
    news.notice = notice_compose_series(&plain, &notice) ? &notice : NULL;
  }
  return take(record, &news);
}

/* --- what was saved ----------------------------------------------------- */

int record_restore(struct record *record,
                   const struct record_incident *incident) {
  struct record_incident *known = find(record, incident->identity), *put_at;

  if (known && is_open(known)) /* two of them: only the newer may go on */
    end(record, known, RECORD_UNKNOWN, known->seen_s);
  return put(record, incident, &put_at);
}

void record_confirm(struct record *record, const char *name,
                    const char *subject, double since_s) {
  char identity[RECORD_IDENTITY_MAX];

  snprintf(identity, sizeof(identity), "%s/%s", name, subject);
  struct record_incident *is = find(record, identity);
  if (is && fabs(is->begin_s - since_s) < same_s)
    is->confirmed = true;
}

void record_settle(struct record *record) {
  for (size_t i = 0; i < record->len; i++) {
    struct record_incident *is = record->places[i];
    if (is_open(is) && !is->confirmed)
      end(record, is, RECORD_UNKNOWN, is->seen_s);
  }
}

void record_get_losses(const struct record *record, struct record_losses *out) {
  *out = record->losses;
}

size_t record_count(const struct record *record) { return record->len; }

size_t record_count_open(const struct record *record) { return record->open; }

uint64_t record_changes(const struct record *record) { return record->changes; }

size_t record_copy(const struct record *record, size_t from,
                   struct record_incident *out, size_t len) {
  size_t count = 0;

  for (; count < len && from + count < record->len; count++)
    out[count] = *record->places[(record->hand + from + count) % record->len];
  return count;
}
