/* See fleet.h. */
#include "fleet.h"

#include "host_pattern.h"
#include "listing.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int grow(struct fleet *fleet) {
  size_t room = fleet->room > 0 ? 2 * fleet->room : 16;
  struct fleet_host *grown = realloc(fleet->hosts, room * sizeof(*grown));

  if (!grown)
    return -ENOMEM;
  fleet->hosts = grown;
  fleet->room = room;
  return 0;
}

static int add_host(struct fleet *fleet) {
  struct fleet_host host = {.reading_s = NAN, .judged_s = NAN, .silent = NAN};

  if (fleet->len == fleet->room && grow(fleet) != 0)
    return -ENOMEM;
  host.name = strdup(fleet->last);
  if (!host.name)
    return -ENOMEM;
  for (int i = 0; i < INCIDENT_COUNT; i++)
    host.severity[i] = host.open_s[i] = NAN;
  fleet->hosts[fleet->len++] = host;
  fleet->silenced = INCIDENT_COUNT;
  return 0;
}

/* The host of a line, the last one again or a new one: the newest of the fleet,
 * or NULL for one that is not taken. */
static int take_host(struct fleet *fleet, struct listing_part name,
                     struct fleet_host **out) {
  int rc = 0;

  if (!listing_part_is(name, fleet->last)) {
    memcpy(fleet->last, name.at, name.len);
    fleet->last[name.len] = '\0';
    fleet->last_known = false;
    fleet->last_taken =
        fleet->len < FLEET_HOSTS_MAX &&
        (!fleet->patterns || host_pattern_takes(fleet->patterns, fleet->last));
    if (fleet->last_taken)
      rc = add_host(fleet);
  }
  if (rc == 0)
    *out = fleet->last_taken ? &fleet->hosts[fleet->len - 1] : NULL;
  return rc;
}

/* An enum incident_kind; INCIDENT_COUNT: none of them. */
static int kind_of(const struct listing_value *value) {
  int kind = 0;

  while (kind < INCIDENT_COUNT &&
         !listing_part_is(value->instance,
                          rules_incident_name((enum incident_kind)kind)))
    kind++;
  return kind;
}

/* Of one incident, "duration-silenced" comes before "gauge-severity". */
static void take_silenced(struct fleet *fleet,
                          const struct listing_value *value) {
  if (!listing_part_is(value->type, "duration") ||
      !listing_part_is(value->type_instance, "silenced"))
    return;
  fleet->silenced_s = value->time_s;
  fleet->silenced = kind_of(value);
}

static void take_severity(struct fleet *fleet, struct fleet_host *host,
                          const struct listing_value *value) {
  int kind = kind_of(value);

  if (kind == INCIDENT_COUNT)
    return;
  host->has[kind] = true;
  host->silenced[kind] =
      fleet->silenced == kind && fleet->silenced_s >= value->time_s;
}

static void take_judgement(struct fleet *fleet, struct fleet_host *host,
                           const struct listing_value *value) {
  take_silenced(fleet, value);
  if (!listing_part_is(value->type, "gauge") ||
      !listing_part_is(value->type_instance, "severity"))
    return;
  if (listing_part_is(value->instance, "host_silent")) {
    host->has_silent = true;
    return;
  }
  host->judged_s = fmax(host->judged_s, value->time_s);
  take_severity(fleet, host, value);
}

static bool is_judgement(const struct listing_value *value) {
  return listing_is_judgement(value) ||
         (listing_part_is(value->plugin, "baseline") &&
          listing_part_is(value->instance, "host_silent"));
}

static void take_value(struct fleet *fleet, struct fleet_host *host,
                       const struct listing_value *value, bool is_reading) {
  if (is_reading && !fleet->last_known) {
    fleet->last_known = true;
    fleet->known++;
  }
  if (!host)
    return;
  if (is_reading)
    host->reading_s = fmax(host->reading_s, value->time_s);
  else
    take_judgement(fleet, host, value);
}

int fleet_take(struct fleet *fleet, const char *line) {
  struct listing_value value;
  struct fleet_host *host = NULL;

  if (listing_value_read(line, &value) != 0 ||
      value.host.len >= LISTING_NAME_MAX)
    return 0;
  bool is_reading = listing_is_reading(&value);
  if (!is_reading && !is_judgement(&value))
    return 0;
  int rc = take_host(fleet, value.host, &host);
  if (rc == 0)
    take_value(fleet, host, &value, is_reading);
  return rc;
}

static int take_line(void *fleet, const char *line) {
  return fleet_take(fleet, line);
}

static int want(struct unixsock *daemon, const struct fleet_host *host,
                const char *incident, const char *figure, double *value) {
  char name[3 * LISTING_NAME_MAX];

  snprintf(name, sizeof(name), "%s/baseline-%s/%s", host->name, incident,
           figure);
  return unixsock_want_value(daemon, name, value);
}

static int want_host(struct unixsock *daemon, const bool *wanted,
                     struct fleet_host *host) {
  int rc = 0;

  if (host->has_silent)
    rc = want(daemon, host, "host_silent", "gauge-severity", &host->silent);
  for (int i = 0; rc == 0 && i < INCIDENT_COUNT; i++)
    if (host->has[i] && (!wanted || wanted[i]))
      rc = want(daemon, host, rules_incident_name((enum incident_kind)i),
                "gauge-severity", &host->severity[i]);
  return rc;
}

int fleet_fetch_list(const struct host_query *query, struct fleet *fleet) {
  struct unixsock *daemon = NULL;
  int rc = unixsock_open(query->socket_path, query->limit_s, &daemon);

  fleet->patterns = query->host;
  if (rc == 0)
    rc = unixsock_list(daemon, take_line, fleet);
  unixsock_close(daemon);
  return rc;
}

int fleet_fetch_severities(const struct host_query *query, const bool *wanted,
                           struct fleet *fleet) {
  struct unixsock *daemon = NULL;

  if (fleet->len == 0)
    return 0;
  int rc = unixsock_open(query->socket_path, query->limit_s, &daemon);
  for (size_t i = 0; rc == 0 && i < fleet->len; i++)
    rc = want_host(daemon, wanted, &fleet->hosts[i]);
  if (rc == 0)
    rc = unixsock_take_values(daemon);
  unixsock_close(daemon);
  return rc;
}

int fleet_fetch(const struct host_query *query, const bool *wanted,
                struct fleet *fleet) {
  int rc = fleet_fetch_list(query, fleet);

  return rc == 0 ? fleet_fetch_severities(query, wanted, fleet) : rc;
}

bool fleet_is_current(const struct fleet_host *host, double now_s,
                      double limit_s) {
  return fabs(now_s - host->reading_s) <= limit_s &&
         fabs(host->reading_s - host->judged_s) <= 2 * limit_s;
}

bool fleet_counts(const struct fleet_host *host) {
  return !isnan(host->reading_s) || host->silent > 0;
}

bool fleet_is_open(const struct fleet_host *host, int kind) {
  return host_severity(host->severity[kind]) >= HOST_WARNING;
}

enum host_severity fleet_severity(const struct fleet_host *host, double now_s,
                                  double limit_s) {
  enum host_severity worst = HOST_NOT_JUDGED;
  bool silent = host->silent > 0;

  if (!silent && !fleet_is_current(host, now_s, limit_s))
    return HOST_NOT_JUDGED;
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum host_severity severity = host_severity(host->severity[i]);
    if (severity > worst)
      worst = severity;
  }
  return silent && worst == HOST_OKAY ? HOST_NOT_JUDGED : worst;
}

bool fleet_is_silenced(const struct fleet_host *host) {
  bool any = false;

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    if (!fleet_is_open(host, i))
      continue;
    if (!host->silenced[i])
      return false;
    any = true;
  }
  return any;
}

/* What needs somebody comes first. */
static int rank(const struct fleet_host *host) {
  static const int ranks[] = {
      [HOST_FAILURE] = 0,
      [HOST_WARNING] = 1,
      [HOST_NOT_JUDGED] = 2,
      [HOST_OKAY] = 3,
  };
  return 2 * ranks[host->worst] + fleet_is_silenced(host);
}

static int compare_hosts(const void *left, const void *right) {
  const struct fleet_host *a = left, *b = right;
  int by_rank = rank(a) - rank(b);

  return by_rank != 0 ? by_rank : strcmp(a->name, b->name);
}

void fleet_sort(struct fleet *fleet, double now_s, double limit_s) {
  size_t kept = 0;

  for (size_t i = 0; i < fleet->len; i++) {
    struct fleet_host *host = &fleet->hosts[i];
    if (!fleet_counts(host)) {
      free(host->name);
      continue;
    }
    host->worst = fleet_severity(host, now_s, limit_s);
    fleet->hosts[kept++] = *host;
  }
  fleet->len = kept;
  if (kept > 1)
    qsort(fleet->hosts, kept, sizeof(fleet->hosts[0]), compare_hosts);
}

static bool has_open(const struct fleet_host *host) {
  return host->worst >= HOST_WARNING;
}

static int want_open(struct unixsock *daemon, struct fleet_host *host) {
  int rc = 0;

  for (int i = 0; rc == 0 && i < INCIDENT_COUNT; i++)
    if (fleet_is_open(host, i))
      rc = want(daemon, host, rules_incident_name((enum incident_kind)i),
                "duration-open", &host->open_s[i]);
  return rc;
}

int fleet_fetch_open(const struct host_query *query, struct fleet *fleet,
                     size_t len) {
  struct unixsock *daemon = NULL;

  if (len > fleet->len)
    len = fleet->len;
  if (len == 0 || !has_open(&fleet->hosts[0]))
    return 0;
  int rc = unixsock_open(query->socket_path, query->limit_s, &daemon);
  for (size_t i = 0; rc == 0 && i < len && has_open(&fleet->hosts[i]); i++)
    rc = want_open(daemon, &fleet->hosts[i]);
  if (rc == 0)
    rc = unixsock_take_values(daemon);
  unixsock_close(daemon);
  return rc;
}

void fleet_no_host(const struct fleet *fleet, char *problem) {
  if (fleet->patterns && fleet->known > 0)
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "none of the %zu hosts that send readings matches %.200s; "
             "collectd-baseline status --hosts lists them",
             fleet->known, fleet->patterns);
  else
    listing_no_host(problem);
}

void fleet_release(struct fleet *fleet) {
  for (size_t i = 0; i < fleet->len; i++)
    free(fleet->hosts[i].name);
  free(fleet->hosts);
  *fleet = (struct fleet){0};
}
