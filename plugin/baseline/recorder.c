/* See recorder.h. */
#include "recorder.h"

#include "verdict/state/record_text.h"

#include "collectd_api.h"

#include <errno.h>

enum { COPIES_MAX = 4 };
static const double period_s = 10, incidents_a_second = 100;

struct recorder {
  struct recorder_charge charge;
  char path[RULES_PATH_MAX + 16];
  double begun_s;
  bool ours;       /* the file was written since the start */
  bool in_the_way; /* a file of no use, to be moved aside before a save */
  int spares_file; /* why it could not be read: nothing is written */
  int last_error;
  uint64_t written; /* the record's changes when the file was written */
  struct record_incident copies[COPIES_MAX];
  char text[RECORD_TEXT_LINE_MAX];
};

/* --- writing -------------------------------------------------------------- */

static size_t copy(struct recorder *recorder, size_t from) {
  pthread_mutex_lock(recorder->charge.lock);
  size_t len =
      record_copy(recorder->charge.record, from, recorder->copies, COPIES_MAX);
  pthread_mutex_unlock(recorder->charge.lock);
  return len;
}

static bool is_kept(const struct rules *rules,
                    const struct record_incident *incident, double now_s) {
  return incident->identity[0] != '\0' &&
         (incident->end == RECORD_OPEN ||
          incident->end_s >= now_s - rules->keep_incidents_s);
}

static int append(struct recorder *recorder, size_t length) {
  return state_file_append(recorder->charge.file, recorder->text, length);
}

static int write_incidents(struct recorder *recorder, double now_s) {
  size_t len, written = 0;
  int rc = 0;

  for (size_t from = 0; rc == 0 && (len = copy(recorder, from)) > 0;
       from += len)
    for (size_t i = 0; rc == 0 && i < len; i++)
      if (is_kept(recorder->charge.rules, &recorder->copies[i], now_s)) {
        rc = append(recorder,
                    record_text_incident(&recorder->copies[i], recorder->text));
        written++;
      }
  return rc == 0 ? append(recorder, record_text_end(written, recorder->text))
                 : rc;
}

static int write_file(struct recorder *recorder, bool stopped) {
  struct record_text_head head = {
      .saved_s = CDTIME_T_TO_DOUBLE(cdtime()),
      .every_s = recorder->charge.rules->save_interval_s,
      .begun_s = recorder->begun_s,
      .stopped = stopped,
  };
  int rc = state_file_begin(recorder->charge.file, recorder->path);

  if (rc != 0)
    return rc;
  rc = append(recorder, record_text_begin(&head, recorder->text));
  if (rc == 0)
    rc = write_incidents(recorder, head.saved_s);
  if (rc == 0)
    return state_file_commit(recorder->charge.file);
  state_file_abandon(recorder->charge.file);
  return rc;
}

/* What could not be moved aside at the start. */
static int clear_way(struct recorder *recorder) {
  if (!recorder->in_the_way)
    return 0;
  int rc = state_file_set_aside(recorder->path);
  recorder->in_the_way = rc != 0 && rc != -ENOENT;
  return recorder->in_the_way ? rc : 0;
}

void recorder_say(const struct recorder *recorder, int rc) {
  if (rc != 0)
    ERROR("baseline: cannot write the record of incidents %s: %s; the last one "
          "stays, and the next try writes all that it lacks",
          recorder->path, STRERROR(-rc));
  else
    NOTICE("baseline: the record of incidents %s is written again",
           recorder->path);
}

/* What has changed up to now will be in the file. */
static bool is_due(struct recorder *recorder, enum recorder_reason reason,
                   uint64_t *changes) {
  const struct record *record = recorder->charge.record;

  pthread_mutex_lock(recorder->charge.lock);
  *changes = record_changes(record);
  bool open = record_count_open(record) > 0;
  pthread_mutex_unlock(recorder->charge.lock);
  return !recorder->ours || *changes != recorder->written ||
         recorder->last_error != 0 || reason == RECORDER_LAST ||
         (reason == RECORDER_REGULAR && open);
}

int recorder_save(struct recorder *recorder, enum recorder_reason reason,
                  bool *say) {
  uint64_t changes;

  *say = false;

  if (recorder->spares_file != 0)
    return recorder->spares_file; /* said when it was to be loaded */
  if (!is_due(recorder, reason, &changes))
    return 0;
  int rc = clear_way(recorder);
  if (rc == 0)
    rc = write_file(recorder, reason == RECORDER_LAST);
  if (rc == 0) {
    recorder->written = changes;
    recorder->ours = true;
  }
  *say = rc != recorder->last_error;
  recorder->last_error = rc;
  return rc;
}

double recorder_period_s(const struct recorder *recorder) {
  pthread_mutex_lock(recorder->charge.lock);
  size_t incidents = record_count(recorder->charge.record);
  pthread_mutex_unlock(recorder->charge.lock);
  return period_s + (double)incidents / incidents_a_second;
}

/* --- loading -------------------------------------------------------------- */

struct loading {
  struct recorder *recorder;
  double now_s;
};

/* Nobody else uses the record yet. Only lack of memory stops the loading. */
static int load_incident(void *to, const struct record_incident *incident) {
  const struct loading *loading = to;
  const struct recorder_charge *charge = &loading->recorder->charge;

  if (!is_kept(charge->rules, incident, loading->now_s))
    return 0;
  int rc = record_restore(charge->record, incident);
  return rc == -ENOMEM ? rc : 0;
}

static void set_aside(struct recorder *recorder, const char *why) {
  int rc =
      recorder->charge.may_move ? state_file_set_aside(recorder->path) : -EBUSY;

  recorder->in_the_way = rc != 0;
  if (rc == 0)
    ERROR("baseline: the record of incidents %s: %s; it is kept as %s.bad",
          recorder->path, why, recorder->path);
  else
    ERROR("baseline: the record of incidents %s: %s; it stays as it is until "
          "it can be renamed",
          recorder->path, why);
}

static int load_text(struct recorder *recorder, const char *text, size_t length,
                     double now_s) {
  struct loading loading = {recorder, now_s};
  struct record_text_reader reader = {load_incident, &loading};
  struct record_text_head head;
  char why[RECORD_TEXT_ERROR_MAX];
  size_t damaged;
  int rc = record_text_read(text, length, &reader, &head, &damaged, why);

  if (rc == -ENOMEM)
    return rc;
  if (rc == 0 && damaged > 0)
    snprintf(why, sizeof(why),
             "%zu lines are damaged or missing; the others "
             "are loaded",
             damaged);
  if (rc != 0 || damaged > 0)
    set_aside(recorder, why);
  if (rc == 0 && head.begun_s > 0 && head.begun_s <= now_s)
    recorder->begun_s = head.begun_s;
  return 0;
}

/* Whether what stands there can never be a record. */
static bool is_no_record(int rc) {
  return rc == -EINVAL || rc == -EFBIG || rc == -ENOTDIR || rc == -EISDIR;
}

static int load_file(struct recorder *recorder, double now_s) {
  char *text = NULL;
  size_t length;
  int rc = state_file_read(recorder->path, &text, &length);

  if (rc == 0)
    rc = load_text(recorder, text, length, now_s);
  else if (is_no_record(rc))
    set_aside(recorder, STRERROR(-rc));
  free(text);
  return rc == -ENOENT || rc == -ELOOP || is_no_record(rc) ? 0 : rc;
}

static void load(struct recorder *recorder, double now_s) {
  int rc = load_file(recorder, now_s);

  recorder->spares_file = rc;
  if (rc != 0)
    ERROR("baseline: the record of incidents %s cannot be loaded now: %s; it "
          "stays as it is, and nothing is recorded until the daemon is started "
          "again",
          recorder->path, STRERROR(-rc));
}

/* What is open in the state that was loaded goes on. */
static void confirm_listeners(const struct recorder_charge *charge, size_t i,
                              const char *host) {
  char name[JUDGE_LISTENER_MAX], subject[JUDGE_HOST_MAX + JUDGE_LISTENER_MAX];
  const struct hosts *hosts = engine_hosts(charge->engine);
  struct listeners_one one = {.port = 0};

  while (hosts_listener_from(hosts, i, one.port + 1u, &one)) {
    if (one.flood.incident.severity == SEVERITY_OKAY)
      continue;
    listeners_name(one.port, name);
    listeners_subject(host, name, subject, sizeof(subject));
    record_confirm(charge->record, rules_incident_name(INCIDENT_SYN_FLOOD),
                   subject, one.flood.incident.since_s);
  }
}

static void confirm_hosts(const struct recorder_charge *charge,
                          struct hosts_host *host) {
  const struct hosts *hosts = engine_hosts(charge->engine);

  for (size_t i = 0; i < hosts_count(hosts); i++) {
    hosts_at(hosts, i, host);
    for (int k = 0; k < INCIDENT_COUNT; k++) {
      enum incident_kind kind = (enum incident_kind)k;
      const struct incident *is = judge_incident(&host->judge, kind);
      if (is->severity != SEVERITY_OKAY)
        record_confirm(charge->record, rules_incident_name(kind), host->name,
                       is->since_s);
    }
    confirm_listeners(charge, i, host->name);
  }
}

static void confirm_series(const struct recorder_charge *charge) {
  const struct series *series = engine_series(charge->engine);
  const char *identifier, *watch;

  for (size_t i = 0; i < series_count(series); i++) {
    const struct series_memory *memory =
        series_at(series, i, &identifier, &watch);
    if (memory->incident.severity != SEVERITY_OKAY)
      record_confirm(charge->record, watch, identifier,
                     memory->incident.since_s);
  }
}

static int settle(const struct recorder_charge *charge) {
  struct hosts_host *host = malloc(sizeof(*host));

  if (host == NULL)
    return -ENOMEM;
  confirm_hosts(charge, host);
  confirm_series(charge);
  record_settle(charge->record);
  free(host);
  return 0;
}

int recorder_create(const struct recorder_charge *charge, double now_s,
                    struct recorder **out) {
  struct recorder *recorder = calloc(1, sizeof(*recorder));

  if (recorder == NULL)
    return -ENOMEM;
  recorder->charge = *charge;
  recorder->begun_s = now_s;
  snprintf(recorder->path, sizeof(recorder->path), "%s.incidents",
           charge->rules->state_file);
  load(recorder, now_s);
  recorder->written = record_changes(charge->record);
  int rc = settle(charge);
  if (rc != 0)
    free(recorder);
  else
    *out = recorder;
  return rc;
}

void recorder_destroy(struct recorder *recorder) { free(recorder); }
