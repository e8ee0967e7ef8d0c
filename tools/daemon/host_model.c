/* Fetches the values of one host over the unixsock, by one LISTVAL and a GETVAL
 * for each value that is shown, and puts its incidents together from them.
 * Touches the socket and the time zone. */
#include "host_model.h"

#include "fleet.h"
#include "lib/moment.h"
#include "lib/words.h"
#include "verdict/incidents/catalogue.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MACHINE_NAME_MAX = 256 };

/* To whom the list goes. */
struct takers {
  struct listing *listing;
  struct fleet *fleet; /* or NULL */
};

static int take_line(void *context, const char *line) {
  const struct takers *takers = context;
  int rc = listing_take(takers->listing, line);

  return rc == 0 && takers->fleet ? fleet_take(takers->fleet, line) : rc;
}

static int get_values(struct unixsock *daemon, struct host_model *model) {
  char name[5 * LISTING_NAME_MAX];
  int rc = 0;

  for (size_t i = 0; rc == 0 && i < model->values_len; i++) {
    struct host_value *value = &model->values[i];
    snprintf(name, sizeof(name), "%s/%s-%s/%s%s%s", model->host, value->plugin,
             value->instance, value->type,
             value->type_instance[0] == '\0' ? "" : "-", value->type_instance);
    rc = unixsock_want_value(daemon, name, &value->value);
  }
  return rc == 0 ? unixsock_take_values(daemon) : rc;
}

static int fetch(const struct host_query *query, struct takers *takers,
                 char *problem) {
  struct listing *listing = takers->listing;
  struct unixsock *daemon = NULL;
  bool found = true;
  int rc = unixsock_open(query->socket_path, query->limit_s, &daemon);

  if (rc == 0)
    rc = unixsock_list(daemon, take_line, takers);
  if (rc == 0)
    found = listing_end(listing, problem) == 0;
  if (rc == 0 && found)
    rc = get_values(daemon, listing->model);
  unixsock_close(daemon);
  if (rc != 0)
    unixsock_explain(query->socket_path, -rc, problem);
  if (rc != 0 && takers->fleet)
    fleet_release(takers->fleet);
  return rc == 0 && found ? 0 : -1;
}

int host_model_fetch(const struct host_query *query, struct host_model *model,
                     char *problem) {
  return host_model_fetch_beside(query, model, NULL, problem);
}

int host_model_fetch_beside(const struct host_query *query,
                            struct host_model *model, struct fleet *fleet,
                            char *problem) {
  char machine[MACHINE_NAME_MAX] = "";
  struct listing listing = {
      .wanted = query->host, .machine = machine, .model = model};

  model->port[0] = '\0';
  if (query->port > 0)
    snprintf(model->port, sizeof(model->port), "%u-local", query->port);

  if (gethostname(machine, sizeof(machine) - 1) != 0)
    machine[0] = '\0';
  listing_begin(&listing);
  struct takers takers = {&listing, fleet};
  int rc = fetch(query, &takers, problem);
  listing_release(&listing);
  return rc;
}

int host_model_hosts(const struct host_query *query,
                     struct listing_hosts *hosts, char *problem) {
  struct host_model *model = calloc(1, sizeof(*model));
  struct listing listing = {.machine = "", .model = model};
  struct unixsock *daemon = NULL;
  int rc = model ? unixsock_open(query->socket_path, query->limit_s, &daemon)
                 : -ENOMEM;

  if (rc == 0) {
    struct takers takers = {&listing, NULL};
    listing_begin(&listing);
    rc = unixsock_list(daemon, take_line, &takers);
  }
  unixsock_close(daemon);
  free(model);
  *hosts = listing.hosts;
  listing_hosts_sort(hosts);
  if (rc != 0)
    unixsock_explain(query->socket_path, -rc, problem);
  else if (hosts->len == 0)
    listing_no_host(problem);
  return rc == 0 && hosts->len > 0 ? 0 : -1;
}

double host_model_age_limit(double interval_s) {
  return interval_s > 0 ? 2 * interval_s : (double)HOST_MODEL_AGE_MAX_S;
}

int host_model_check_age(const struct host_model *model, double now_s,
                         double interval_s, char *problem) {
  double limit_s = host_model_age_limit(interval_s);
  double age_s = now_s - model->reading_s;

  if (fabs(age_s) <= limit_s)
    return 0;
  if (age_s < 0)
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "the last reading of %.127s is %.0f s in the future: set the "
             "clocks of that host and of this machine",
             model->host, -age_s);
  else
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "the last reading of %.127s is %.0f s old, more than %g s: does "
             "its collectd still run, and are both clocks right?%s",
             model->host, age_s, limit_s,
             interval_s > 0
                 ? " If collectd's Interval is longer, give it with -i"
                 : "");
  return -1;
}

const struct host_value *host_model_value(const struct host_model *model,
                                          const char *plugin,
                                          const char *instance,
                                          const char *type,
                                          const char *type_instance) {
  for (size_t i = 0; i < model->values_len; i++) {
    const struct host_value *value = &model->values[i];
    if (strcmp(value->plugin, plugin) == 0 &&
        strcmp(value->instance, instance) == 0 &&
        strcmp(value->type, type) == 0 &&
        strcmp(value->type_instance, type_instance) == 0)
      return value;
  }
  return NULL;
}

double host_model_find(const struct host_model *model, const char *plugin,
                       const char *instance, const char *type,
                       const char *type_instance) {
  const struct host_value *value =
      host_model_value(model, plugin, instance, type, type_instance);
  return value ? value->value : NAN;
}

double host_model_metric(const struct host_model *model, enum shown_id id) {
  const struct shown_metric *metric = shown_metric(id);

  const char *instance = metric->plugin_instance;

  if (id >= SHOWN_PORT_HALF_OPEN && id < SHOWN_PORT_END)
    instance = model->port;
  return host_model_find(model, metric->plugin, instance, metric->type,
                         metric->type_instance);
}

int host_model_check_port(const struct host_model *model, char *problem) {
  for (size_t i = 0; i < model->values_len; i++)
    if (strcmp(model->values[i].instance, model->port) == 0)
      return 0;
  snprintf(problem, UNIXSOCK_PROBLEM_MAX,
           "the daemon has no values of port %.*s of %.127s: its tcpstates "
           "needs \"ReportListeners true\", and a socket that listens there",
           (int)strcspn(model->port, "-"), model->port, model->host);
  return -1;
}

double host_model_sockets(const struct host_model *model) {
  double sum = 0;

  for (enum shown_id id = 0; id < SHOWN_STATES_END; id++) {
    double count = host_model_metric(model, id);
    sum += isnan(count) ? 0 : count;
  }
  return sum;
}

const char host_incident_unmeasured[] = "open, no longer measured";

enum host_severity host_severity(double gauge) {
  if (isnan(gauge))
    return HOST_NOT_JUDGED;
  if (gauge >= 2)
    return HOST_FAILURE;
  return gauge >= 1 ? HOST_WARNING : HOST_OKAY;
}

const char *host_severity_word(enum host_severity severity) {
  if (severity == HOST_NOT_JUDGED)
    return "unknown";
  return words_severity((enum severity)(severity - HOST_OKAY));
}

static int compare_names(const void *left, const void *right) {
  const char *const *a = left, *const *b = right;
  return strcmp(*a, *b);
}

static const char unjudged_fact[] = "unjudged=";

/* Whether it says that there is such an incident. */
static bool names_incident(const struct host_value *value) {
  return strcmp(value->plugin, "baseline") == 0 &&
         strcmp(value->type, "gauge") == 0 &&
         (strcmp(value->type_instance, "severity") == 0 ||
          strncmp(value->type_instance, unjudged_fact,
                  sizeof(unjudged_fact) - 1) == 0);
}

static bool has_name(const char *const *names, size_t len, const char *name) {
  for (size_t i = 0; i < len; i++)
    if (strcmp(names[i], name) == 0)
      return true;
  return false;
}

/* The names of the incidents, sorted, each once; they point into the model.
 * names: HOST_INCIDENTS_MAX. Returns how many there are. */
static size_t find_incidents(const struct host_model *model,
                             const char **names) {
  size_t len = 0;

  for (size_t i = 0; i < model->values_len && len < HOST_INCIDENTS_MAX; i++) {
    const struct host_value *value = &model->values[i];
    if (names_incident(value) && !has_name(names, len, value->instance))
      names[len++] = value->instance;
  }
  qsort(names, len, sizeof(names[0]), compare_names);
  return len;
}

static double find_figure(const struct host_model *model, const char *incident,
                          const char *figure) {
  return host_model_find(model, "baseline", incident, "gauge", figure);
}

static bool is_open(const struct host_incident *incident) {
  return incident->severity >= HOST_WARNING;
}

/* How long it had been open at the time of its judgement. */
static void read_open(const struct host_model *model,
                      struct host_incident *out) {
  const struct host_value *open =
      host_model_value(model, "baseline", out->name, "duration", "open");

  out->open_s = open ? open->value : NAN;
  out->since_s = open && is_open(out) ? open->time_s - open->value : NAN;
}

/* The daemon may still have this value, and figures, from an earlier judgement:
 * the newer one counts. */
static void read_unmeasured(const struct host_model *model,
                            struct host_incident *out) {
  const struct host_value *unmeasured =
      host_model_value(model, "baseline", out->name, "duration", "unmeasured");
  const struct host_value *severity =
      host_model_value(model, "baseline", out->name, "gauge", "severity");

  if (!unmeasured || !severity || unmeasured->time_s < severity->time_s ||
      !is_open(out))
    return;
  out->unmeasured_s = unmeasured->value;
  out->observed = out->expected = out->score = NAN;
  out->lower = out->upper = NAN;
}

/* The newest "NAME=TEXT" of the incident that is not older than its severity.
 * Returns its text, NULL if there is none. */
static const char *find_text(const struct host_model *model,
                             const char *incident, const char *name,
                             double *number) {
  const struct host_value *severity =
      host_model_value(model, "baseline", incident, "gauge", "severity");
  double newest_s = severity ? severity->time_s : -INFINITY;
  size_t len = strlen(name);
  const char *found = NULL;

  for (size_t i = 0; i < model->values_len; i++) {
    const struct host_value *value = &model->values[i];
    if (strcmp(value->plugin, "baseline") != 0 ||
        strcmp(value->instance, incident) != 0 ||
        strncmp(value->type_instance, name, len) != 0 ||
        value->time_s < newest_s)
      continue;
    newest_s = value->time_s;
    found = value->type_instance + len;
    *number = value->value;
  }
  return found;
}

/* Seconds that are left, of a value no older than the severity. */
static double find_left(const struct host_model *model, const char *incident,
                        const char *name) {
  const struct host_value *left =
      host_model_value(model, "baseline", incident, "duration", name);
  const struct host_value *severity =
      host_model_value(model, "baseline", incident, "gauge", "severity");

  if (!left || isnan(left->value) ||
      (severity && left->time_s < severity->time_s))
    return 0;
  return left->value;
}

static void copy_text(const char *from, char *text) {
  snprintf(text, LISTING_NAME_MAX, "%s", from ? from : "");
}

/* What baseline puts into the daemon's cache beside its values. */
static void read_facts(const struct host_model *model,
                       struct host_incident *out) {
  double number = NAN;

  /* The daemon keeps a severity for two intervals: so long one reading that was
   * not judged does not count. */
  if (!host_model_value(model, "baseline", out->name, "gauge", "severity"))
    copy_text(find_text(model, out->name, unjudged_fact, &number),
              out->unjudged);
  out->learning_s = find_left(model, out->name, "learning");
  if (!is_open(out))
    return;
  copy_text(find_text(model, out->name, "top_source=", &number),
            out->top_source);
  for (char *at = out->top_source; *at != '\0'; at++)
    if (*at == '_')
      *at = '/'; /* which a name cannot have */
  copy_text(find_text(model, out->name, "listener=", &out->backlog),
            out->listener);
}

/* Open, and not notified. The daemon may still have this value from an earlier
 * judgement: the newer one counts. */
static void read_silenced(const struct host_model *model,
                          struct host_incident *out) {
  const struct host_value *silenced =
      host_model_value(model, "baseline", out->name, "duration", "silenced");
  const struct host_value *severity =
      host_model_value(model, "baseline", out->name, "gauge", "severity");
  bool is_now = silenced && severity && silenced->time_s >= severity->time_s &&
                is_open(out);

  out->silenced_until_s = is_now ? silenced->time_s + silenced->value : 0;
}

/* "syn_flood@443-local" as silences name it; an instance has no slash. */
static void name_listener(char *name) {
  char *at = strchr(name, '@');

  if (at)
    *at = '/';
}

static void read_incident(const struct host_model *model, const char *name,
                          struct host_incident *out) {
  *out = (struct host_incident){
      .severity = host_severity(find_figure(model, name, "severity")),
      .observed = find_figure(model, name, "observed"),
      .expected = find_figure(model, name, "expected"),
      .lower = find_figure(model, name, "lower"),
      .upper = find_figure(model, name, "upper"),
      .score = find_figure(model, name, "score"),
      .backlog = NAN,
  };
  snprintf(out->name, sizeof(out->name), "%s", name);
  read_facts(model, out);
  read_open(model, out);
  read_unmeasured(model, out);
  read_silenced(model, out);
  name_listener(out->name);
}

size_t host_incidents_read(const struct host_model *model,
                           struct host_incident *out) {
  const char *names[HOST_INCIDENTS_MAX] = {NULL};
  size_t len = find_incidents(model, names);

  for (size_t i = 0; i < len; i++)
    read_incident(model, names[i], &out[i]);
  return len;
}

enum incident_kind host_incident_kind(const struct host_incident *incident) {
  char name[LISTING_NAME_MAX];

  memcpy(name, incident->name, sizeof(name));
  name[strcspn(name, "/")] = '\0';
  return catalogue_find(name);
}

void host_incident_since(const struct host_incident *incident, double now_s,
                         char *text) {
  char moment[MOMENT_MAX], duration[WORDS_MAX];

  text[0] = '\0';
  if (moment_clock(incident->since_s, now_s, "%m-%d %H:%M", moment,
                   sizeof(moment)))
    snprintf(text, HOST_INCIDENT_SINCE_MAX, "%.20s (%s)", moment,
             words_duration_short(incident->open_s, duration));
}

const char *host_incident_place(const struct host_incident *incident,
                                char *text) {
  char backlog[WORDS_MAX] = "";
  bool has_source = incident->top_source[0] != '\0';
  bool scattered = strcmp(incident->top_source, "scattered") == 0;

  text[0] = '\0';
  if (incident->backlog > 0)
    snprintf(backlog, sizeof(backlog), ", backlog %.0f", incident->backlog);
  if (incident->listener[0] != '\0')
    snprintf(text, HOST_INCIDENT_WORDS_MAX, "at %.64s%s", incident->listener,
             backlog);
  size_t used = strlen(text);
  if (has_source)
    snprintf(text + used, HOST_INCIDENT_WORDS_MAX - used, "%sfrom %.64s",
             used > 0 ? ", " : "",
             scattered ? "scattered sources" : incident->top_source);
  return text;
}

const char *host_incident_hindrance(const struct host_incident *incident,
                                    char *text) {
  char left[WORDS_MAX];

  text[0] = '\0';
  if (incident->unjudged[0] != '\0')
    snprintf(text, HOST_INCIDENT_WORDS_MAX, "not judged: %.64s",
             incident->unjudged);
  else if (incident->learning_s > 0)
    snprintf(text, HOST_INCIDENT_WORDS_MAX, "learning, %s left",
             words_duration_notice(ceil(incident->learning_s), left));
  return text;
}
