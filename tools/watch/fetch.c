/* See watch_fetch.h. */
#include "fetch.h"

#include "daemon/host_names.h"
#include "daemon/status_incident.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum watch_severity severity_of(const struct status_incident *incident) {
  if (!incident->known)
    return WATCH_UNKNOWN;
  switch (incident->severity) {
  case SEVERITY_OKAY:
    return WATCH_OKAY;
  case SEVERITY_WARNING:
    return WATCH_WARNING;
  default:
    return WATCH_FAILURE;
  }
}

/* Beyond WATCH_INCIDENTS_MAX, which the plugin does not reach, the last names
 * of the alphabet are left out. */
static void read_incidents(const struct host_model *model,
                           struct watch_reading *out) {
  struct status_incident incidents[STATUS_INCIDENTS_MAX];
  size_t len = status_incidents_read(model, incidents);
  if (len > WATCH_INCIDENTS_MAX)
    len = WATCH_INCIDENTS_MAX;
  for (size_t i = 0; i < len; i++) {
    struct watch_incident *incident = &out->incidents[i];
    *incident = (struct watch_incident){
        .severity = severity_of(&incidents[i]),
        .observed = incidents[i].observed,
        .expected = incidents[i].expected,
        .lower = incidents[i].lower,
        .upper = incidents[i].upper,
        .score = incidents[i].score,
        .open_s = incidents[i].open_s,
        .unmeasured_s = incidents[i].unmeasured_s,
    };
    snprintf(incident->name, sizeof(incident->name), "%s", incidents[i].name);
  }
  out->incidents_len = len;
  watch_reading_sort(out);
}

static void read_model(const struct host_model *model,
                       struct watch_reading *out) {
  snprintf(out->host, sizeof(out->host), "%s", model->host);
  out->time_s = model->reading_s;
  for (enum watch_metric i = 0; i < WATCH_METRICS; i++) {
    const struct catalogue_name *name = catalogue_name(i);
    out->values[i] = host_model_find(model, name->plugin, name->plugin_instance,
                                     name->type, name->type_instance);
  }
  read_incidents(model, out);
}

static void copy_hosts(const struct host_names *names,
                       struct hosts_count *hosts) {
  hosts->names = calloc(names->len > 0 ? names->len : 1, WATCH_NAME_MAX);
  if (hosts->names == NULL)
    return;
  hosts->len = names->len;
  for (size_t i = 0; i < names->len; i++)
    snprintf(hosts->names[i], WATCH_NAME_MAX, "%s", names->name[i]);
}

static void fetch_hosts(const struct status_query *query,
                        struct watch_answer *answer) {
  char problem[STATUS_PROBLEM_MAX];
  struct host_names names = {0};
  if (host_model_hosts(query, &names, problem) == 0) {
    copy_hosts(&names, &answer->hosts);
    answer->has_hosts = answer->hosts.names != NULL;
  }
  host_names_release(&names);
}

/* Where no host is named and several are none of them this machine, one must be
 * the first to be shown. */
static bool fetch_model(const struct status_query *query,
                        struct host_model *model, struct watch_answer *answer) {
  struct status_query named = *query;
  if (host_model_fetch(query, model, answer->problem) == 0)
    return true;
  if (query->host != NULL)
    return false;
  if (!answer->has_hosts)
    fetch_hosts(query, answer);
  if (answer->hosts.len < 2)
    return false;
  named.host = answer->hosts.names[0];
  return host_model_fetch(&named, model, answer->problem) == 0;
}

void watch_fetch(const struct status_query *query, bool wants_hosts,
                 struct watch_answer *answer) {
  _Static_assert((int)STATUS_PROBLEM_MAX <= (int)WATCH_PROBLEM_MAX,
                 "a problem fits");
  *answer = (struct watch_answer){0};
  struct host_model *model = calloc(1, sizeof(*model));
  if (model == NULL) {
    answer->failed = true;
    snprintf(answer->problem, sizeof(answer->problem), "out of memory");
    return;
  }
  if (wants_hosts)
    fetch_hosts(query, answer);
  answer->failed = !fetch_model(query, model, answer);
  if (!answer->failed)
    read_model(model, &answer->reading);
  free(model);
}

void watch_fetch_release(struct watch_answer *answer) {
  free(answer->hosts.names);
  answer->hosts = (struct hosts_count){0};
}
