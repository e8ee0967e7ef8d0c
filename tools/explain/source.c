/* See source.h. Reads files and talks to the plugin unixsock. Source:
 * collectd-unixsock(5); FLUSH answers after the plugin's flush has returned. */
#include "source.h"

#include "conf/conf_state.h"
#include "daemon/listing.h"
#include "io/state_file.h"
#include "lib/local_zone.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static int fail(char *problem,
                                                      const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(problem, EXPLAIN_PROBLEM_MAX, format, arguments);
  va_end(arguments);
  return -1;
}

static int read_settings(const struct explain_wanted *wanted,
                         struct explain_source *out, char *problem) {
  struct conf_state state;

  if (conf_state_find(wanted->config_path, wanted->state_path, &out->rules,
                      &state, problem) != 0)
    return -1;
  out->config_path = state.config_path;
  memcpy(out->state_path, state.path, sizeof(out->state_path));
  local_zone_settle(&out->rules);
  return 0;
}

static int read_answer(const char *line, char *problem) {
  if (strcmp(line, "0 Done: 1 successful, 0 errors") == 0)
    return 0;
  return fail(problem,
              "the daemon could not save its state: it says \"%.200s\"; its "
              "log says why",
              line);
}

static int ask_daemon(const char *path, double limit_s, char *problem) {
  struct unixsock *daemon = NULL;
  const char *line = NULL;
  int rc = unixsock_open(path, limit_s, &daemon);

  if (rc == 0)
    rc = unixsock_send(daemon, "FLUSH plugin=baseline");
  if (rc == 0)
    rc = unixsock_line(daemon, &line);
  if (rc != 0)
    unixsock_explain(path, -rc, problem);
  else
    rc = read_answer(line, problem);
  unixsock_close(daemon);
  return rc == 0 ? 0 : -1;
}

static int explain_missing(const struct explain_source *source, int error,
                           char *problem) {
  const char *path = source->state_path;

  if (error == EACCES || error == EPERM)
    return fail(problem,
                "%.400s: Permission denied: run this as root, or as the user "
                "that collectd runs as",
                path);
  if (error == ENOENT && source->is_asked)
    return fail(
        problem,
        "the daemon has saved nothing at %.400s: is the line \"LoadPlugin "
        "baseline\" in its collectd.conf? If it uses another file, name that "
        "with -C; or name the state with --state",
        path);
  if (error == ENOENT)
    return fail(problem, "there is no state at %.400s", path);
  return fail(problem, "%.400s: %s", path, strerror(error));
}

/* collectd answers FLUSH with success even for plugins that are not loaded. */
static int check_saved(const struct explain_source *source, double before_s,
                       char *problem) {
  if (!source->is_asked || source->saved_s >= before_s - 1)
    return 0;
  return fail(
      problem,
      "the daemon has not saved %.400s now: is the line \"LoadPlugin "
      "baseline\" in its collectd.conf? If it saves elsewhere, name its "
      "collectd.conf with -C. --state %.400s explains that file as it is",
      source->state_path, source->state_path);
}

_Static_assert((int)EXPLAIN_PROBLEM_MAX >= (int)CONF_STATE_PROBLEM_MAX &&
                   (int)EXPLAIN_PROBLEM_MAX >= (int)CONF_SILENCES_PROBLEM_MAX,
               "a problem fits");

/* What is silenced is said if it can be read, and no reason not to explain. */
static void read_silences(struct explain_source *out) {
  char path[CONF_SILENCES_PATH_MAX], problem[CONF_SILENCES_PROBLEM_MAX];

  conf_silences_path(out->state_path, path);
  if (conf_silences_zones(&out->rules, &out->silences, problem) != 0 ||
      conf_silences_read(path, &out->silences.silences.list, problem) != 0)
    fprintf(stderr, "collectd-baseline explain: %s\n", problem);
}

int explain_source_open(const struct explain_wanted *wanted, double now_s,
                        struct explain_source *out, char *problem) {
  const char *socket_path = wanted->socket_path;

  out->text = NULL;
  out->silences = (struct conf_silences){.zones_len = 0};
  if (!socket_path && !wanted->state_path)
    socket_path = UNIXSOCK_DEFAULT_PATH;
  out->is_asked = socket_path != NULL;
  if (read_settings(wanted, out, problem) != 0 ||
      (socket_path && ask_daemon(socket_path, wanted->limit_s, problem) != 0))
    return -1;
  int rc = state_file_read(out->state_path, &out->text, &out->length);
  if (rc != 0)
    return explain_missing(out, -rc, problem);
  out->saved_s = state_text_saved_s(out->text, out->length);
  rc = check_saved(out, now_s, problem);
  if (rc != 0)
    explain_source_release(out);
  else
    read_silences(out);
  return rc;
}

void explain_source_release(struct explain_source *source) {
  free(source->text);
  source->text = NULL;
  conf_silences_release(&source->silences);
}

/* --- the host ------------------------------------------------------------- */

struct host_search {
  const char *wanted;
  struct listing_hosts names;
  struct hosts_host *out;
  bool found;
};

static int take_host(void *to, const struct hosts_host *host) {
  struct host_search *search = to;
  struct listing_part name = {host->name, strlen(host->name)};

  if (search->wanted ? strcmp(host->name, search->wanted) == 0
                     : search->names.len == 0) {
    *search->out = *host;
    search->found = true;
  }
  return listing_hosts_add(&search->names, name);
}

static int fail_host(struct host_search *search, const char *path,
                     char *problem) {
  char known[EXPLAIN_PROBLEM_MAX / 2];

  listing_hosts_sort(&search->names);
  listing_hosts_text(&search->names, known, sizeof(known));
  if (search->names.len == 0)
    snprintf(problem, EXPLAIN_PROBLEM_MAX,
             "%.300s has no host: nothing has been judged yet; after a start "
             "the first reading takes one interval. If this lasts: is the line "
             "\"LoadPlugin tcpstates\" in collectd.conf?",
             path);
  else if (search->wanted)
    snprintf(problem, EXPLAIN_PROBLEM_MAX,
             "%.300s has no host %.128s; it has %s", path, search->wanted,
             known);
  else
    snprintf(problem, EXPLAIN_PROBLEM_MAX,
             "%.300s has %zu hosts; name one with -H: %s", path,
             search->names.len, known);
  return -1;
}

int explain_source_host(const struct explain_source *source, const char *wanted,
                        struct hosts_host *out, char *problem) {
  struct host_search search = {.wanted = wanted, .out = out};
  struct state_text_reader reader = {take_host, NULL, &search};
  char error[STATE_TEXT_ERROR_MAX];
  int rc = state_text_read(source->text, source->length, &reader, error);

  if (rc != 0)
    snprintf(problem, EXPLAIN_PROBLEM_MAX, "%.400s cannot be read: %s",
             source->state_path, error);
  else if (!search.found || (!wanted && search.names.len > 1))
    rc = fail_host(&search, source->state_path, problem);
  listing_hosts_release(&search.names);
  return rc == 0 ? 0 : -1;
}

/* --- its last judgement --------------------------------------------------- */

const struct incident *explain_view_incident(const struct explain_view *view,
                                             enum incident_kind kind) {
  /* judge_incident changes nothing. */
  return judge_incident((struct judge *)&view->host.judge, kind);
}

enum severity explain_view_severity(const struct explain_view *view) {
  enum severity worst = SEVERITY_OKAY;

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum severity is =
        explain_view_incident(view, (enum incident_kind)i)->severity;
    if (is > worst)
      worst = is;
  }
  return worst;
}

static bool same_incident(const struct incident *a, const struct incident *b) {
  return a->severity == b->severity && a->votes == b->votes &&
         a->failure_run == b->failure_run && a->calm_run == b->calm_run;
}

/* What depends on the settings: evidence in a row, and which readings were
 * learned. */
static bool same_flood(const struct syn_flood *a, const struct syn_flood *b) {
  return a->excess_run == b->excess_run && a->cookies_run == b->cookies_run &&
         a->queue_run == b->queue_run && a->collapse_run == b->collapse_run &&
         a->model.learnt == b->model.learnt;
}

static bool same_overflow(const struct accept_overflow *a,
                          const struct accept_overflow *b) {
  return a->full_run == b->full_run && a->learnt == b->learnt;
}

static bool same_excess(const struct excess *a, const struct excess *b) {
  return a->model.learnt == b->model.learnt;
}

static bool same_off_baseline(const struct off_baseline *a,
                              const struct off_baseline *b) {
  return a->run == b->run && a->baseline.learnt == b->baseline.learnt;
}

static bool same_held(const struct held_connections *a,
                      const struct held_connections *b) {
  return a->acks == b->acks && a->zero_window.met == b->zero_window.met &&
         a->drip.met == b->drip.met && a->mute.met == b->mute.met &&
         a->usual.learnt == b->usual.learnt;
}

static bool same_counts(const struct judge *saved, const struct judge *redone,
                        enum incident_kind kind) {
  const void *a = catalogue_memory(saved, kind);
  const void *b = catalogue_memory(redone, kind);

  switch (catalogue[kind].shape) {
  case CATALOGUE_SYN_FLOOD:
    return same_flood(a, b);
  case CATALOGUE_ACCEPT_OVERFLOW:
    return same_overflow(a, b);
  case CATALOGUE_EXCESS:
    return same_excess(a, b);
  case CATALOGUE_OFF_BASELINE:
    return same_off_baseline(a, b);
  case CATALOGUE_HELD:
    return same_held(a, b);
  }
  return true;
}

/* An incident whose values stopped coming is closed without a judgement. */
static enum explain_odds compare(struct judge *saved, struct judge *redone,
                                 enum incident_kind kind) {
  const struct incident *is = judge_incident(saved, kind);
  const struct incident *was = judge_incident(redone, kind);

  if (!same_counts(saved, redone, kind))
    return EXPLAIN_DIFFERS;
  if (same_incident(is, was))
    return EXPLAIN_AGREES;
  if (is->severity == SEVERITY_OKAY && is->votes == 0 &&
      was->severity != SEVERITY_OKAY)
    return EXPLAIN_CLOSED;
  return EXPLAIN_DIFFERS;
}

void explain_view_make(const struct hosts_host *saved,
                       const struct rules *rules, struct explain_view *out) {
  struct observation seen;

  memset(out, 0, sizeof(*out));
  out->rules = rules;
  out->host = *saved;
  out->is_judged = saved->last.have != 0;
  if (!out->is_judged)
    return;
  hosts_observe(saved, &seen);
  out->redone = saved->before.judge;
  memcpy(out->judgement.host, saved->name, sizeof(out->judgement.host));
  judge_trace(&out->redone, rules, &seen, &out->judgement, &out->trace);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    out->odds[i] =
        compare(&out->host.judge, &out->redone, (enum incident_kind)i);
}

/* --- watched series ------------------------------------------------------- */

struct series_search {
  const struct rules *rules;
  double saved_s;
  const char *host, *watch;
  int (*take)(void *to, const struct explain_series *series);
  void *to;
};

/* When a next value could come. A series learned from history has had none. */
static double next_time(const struct series_memory *memory, double interval_s,
                        double saved_s) {
  double last_s = fmax(memory->time_s, memory->habit.time_s);

  return (last_s > 0 ? last_s : saved_s) + interval_s;
}

static double interval_of(const struct series_memory *memory) {
  static const double usual_s = 10;

  if (memory->interval_s > 0)
    return memory->interval_s;
  return memory->habit.interval_s > 0 ? (double)memory->habit.interval_s
                                      : usual_s;
}

/* Judge the last value once more, in a copy of the series: its limits are those
 * of any next value. A counter's value is judged as a rate. */
static int look_ahead(const struct series_search *search,
                      const struct series_name *name,
                      struct explain_series *series) {
  const struct series_memory *memory = series->memory;
  struct series *table = series_create(search->rules);
  double interval_s = interval_of(memory);
  const char *identifier, *watch;

  if (!table)
    return -ENOMEM;
  series->next_s = next_time(memory, interval_s, search->saved_s);
  struct series_value value = {
      .kind = memory->counter != 0 ? SERIES_RATE : SERIES_GAUGE,
      .gauge = memory->habit.levels.previous,
      .time_s = series->next_s,
      .interval_s = interval_s,
      .now_s = memory->seen_s + interval_s,
      .zone_s = local_zone_offset(series->next_s),
  };
  int rc = series_restore(table, series->identifier, memory);
  if (rc == 0)
    rc = series_put(table, series->rules, name, &value, &series->next);
  series->is_ahead = rc == 0;
  if (rc == 0)
    series->after = *series_at(table, 0, &identifier, &watch);
  series_destroy(table);
  return rc == -ENOMEM ? rc : 0;
}

static int take_series(void *to, const char *identifier,
                       const struct series_memory *memory) {
  const struct series_search *search = to;
  char parts[SERIES_IDENTIFIER_MAX];
  struct series_name name;
  struct explain_series series = {.identifier = identifier, .memory = memory};

  if (identifier_split(identifier, parts, &name) != 0 ||
      (search->host && strcmp(name.host, search->host) != 0))
    return 0;
  series.rules = identifier_match(search->rules, &name);
  if (!series.rules ||
      (search->watch && strcmp(series.rules->name, search->watch) != 0))
    return 0;
  series.weekend = series_settings(search->rules, series.rules).weekend;
  int rc = look_ahead(search, &name, &series);
  return rc == 0 ? search->take(search->to, &series) : rc;
}

int explain_source_series(
    const struct explain_source *source, const char *host, const char *watch,
    int (*take_one)(void *to, const struct explain_series *series), void *to) {
  struct series_search search = {&source->rules, source->saved_s, host,
                                 watch,          take_one,        to};
  struct state_text_reader reader = {NULL, take_series, &search};
  char error[STATE_TEXT_ERROR_MAX];

  return state_text_read(source->text, source->length, &reader, error);
}
