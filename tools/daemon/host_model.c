/* Fetches the values of one host over the unixsock: LISTVAL once, GETVAL for
 * what is shown. */
#include "host_model.h"

#include "listing.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MACHINE_NAME_MAX = 256 };

static int take_line(void *listing, const char *line) {
  return listing_take(listing, line);
}

static int get_values(struct unixsock *daemon, struct host_model *model) {
  char name[5 * STATUS_NAME_MAX];
  int rc = 0;

  for (size_t i = 0; rc == 0 && i < model->values_len; i++) {
    struct status_value *value = &model->values[i];
    snprintf(name, sizeof(name), "%s/%s-%s/%s%s%s", model->host, value->plugin,
             value->instance, value->type,
             value->type_instance[0] == '\0' ? "" : "-", value->type_instance);
    rc = unixsock_want_value(daemon, name, &value->value);
  }
  return rc == 0 ? unixsock_take_values(daemon) : rc;
}

static int fetch(const struct status_query *query, struct listing *listing,
                 char *problem) {
  struct unixsock *daemon = NULL;
  bool found = true;
  int rc = unixsock_open(query->socket_path, query->limit_s, &daemon);

  if (rc == 0)
    rc = unixsock_list(daemon, take_line, listing);
  if (rc == 0)
    found = listing_end(listing, problem) == 0;
  if (rc == 0 && found)
    rc = get_values(daemon, listing->model);
  unixsock_close(daemon);
  if (rc != 0)
    unixsock_explain(query->socket_path, -rc, problem);
  return rc == 0 && found ? 0 : -1;
}

int host_model_fetch(const struct status_query *query, struct host_model *model,
                     char *problem) {
  char machine[MACHINE_NAME_MAX] = "";
  struct listing listing = {
      .wanted = query->host, .machine = machine, .model = model};

  if (gethostname(machine, sizeof(machine) - 1) != 0)
    machine[0] = '\0';
  listing_begin(&listing);
  int rc = fetch(query, &listing, problem);
  listing_release(&listing);
  return rc;
}

int host_model_hosts(const struct status_query *query, struct host_names *hosts,
                     char *problem) {
  struct host_model *model = calloc(1, sizeof(*model));
  struct listing listing = {.machine = "", .model = model};
  struct unixsock *daemon = NULL;
  int rc = model ? unixsock_open(query->socket_path, query->limit_s, &daemon)
                 : -ENOMEM;

  if (rc == 0) {
    listing_begin(&listing);
    rc = unixsock_list(daemon, take_line, &listing);
  }
  unixsock_close(daemon);
  free(model);
  *hosts = listing.hosts;
  host_names_sort(hosts);
  if (rc != 0)
    unixsock_explain(query->socket_path, -rc, problem);
  else if (hosts->len == 0)
    listing_no_host(problem);
  return rc == 0 && hosts->len > 0 ? 0 : -1;
}

double host_model_age_limit(double interval_s) {
  return interval_s > 0 ? 2 * interval_s : (double)STATUS_AGE_MAX_S;
}

int host_model_check_age(const struct host_model *model, double now_s,
                         double interval_s, char *problem) {
  double limit_s = host_model_age_limit(interval_s);
  double age_s = now_s - model->reading_s;

  if (fabs(age_s) <= limit_s)
    return 0;
  if (age_s < 0)
    snprintf(problem, STATUS_PROBLEM_MAX,
             "the last reading of %.127s is %.0f s in the future: set the "
             "clocks of that host and of this machine",
             model->host, -age_s);
  else
    snprintf(problem, STATUS_PROBLEM_MAX,
             "the last reading of %.127s is %.0f s old, more than %g s: does "
             "its collectd still run, are the clocks of both machines set?%s",
             model->host, age_s, limit_s,
             interval_s > 0 ? " A longer Interval of collectd is told with -i"
                            : "");
  return -1;
}

const struct status_value *host_model_value(const struct host_model *model,
                                            const char *plugin,
                                            const char *instance,
                                            const char *type,
                                            const char *type_instance) {
  for (size_t i = 0; i < model->values_len; i++) {
    const struct status_value *value = &model->values[i];
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
  const struct status_value *value =
      host_model_value(model, plugin, instance, type, type_instance);
  return value ? value->value : NAN;
}

static int compare_names(const void *left, const void *right) {
  const char *const *a = left, *const *b = right;
  return strcmp(*a, *b);
}

size_t host_model_incidents(const struct host_model *model, const char **names,
                            size_t names_max) {
  size_t len = 0;

  for (size_t i = 0; i < model->values_len && len < names_max; i++) {
    const struct status_value *value = &model->values[i];
    if (strcmp(value->plugin, "baseline") == 0 &&
        strcmp(value->type, "gauge") == 0 &&
        strcmp(value->type_instance, "severity") == 0)
      names[len++] = value->instance;
  }
  qsort(names, len, sizeof(names[0]), compare_names);
  return len;
}
