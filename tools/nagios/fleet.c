/* See nagios_fleet.h. */
#include "fleet.h"

#include "daemon/listing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int grow(struct nagios_fleet *fleet) {
  size_t room = fleet->room > 0 ? 2 * fleet->room : 16;
  struct nagios_host *grown = realloc(fleet->hosts, room * sizeof(*grown));

  if (!grown)
    return -ENOMEM;
  fleet->hosts = grown;
  fleet->room = room;
  return 0;
}

/* The host a line is of: the last one, or another one. Returns 0, -ENOMEM, or
 * -ENOSPC where there are too many. */
static int take_host(struct nagios_fleet *fleet, struct listing_part name,
                     struct nagios_host **out) {
  if (fleet->len == 0 ||
      !listing_part_is(name, fleet->hosts[fleet->len - 1].name)) {
    if (fleet->len >= NAGIOS_HOSTS_MAX)
      return -ENOSPC;
    if (fleet->len == fleet->room && grow(fleet) != 0)
      return -ENOMEM;
    char *copy = strndup(name.at, name.len);
    if (!copy)
      return -ENOMEM;
    fleet->hosts[fleet->len++] = (struct nagios_host){
        .name = copy, .reading_s = NAN, .judged_s = NAN, .silent = NAN};
  }
  *out = &fleet->hosts[fleet->len - 1];
  return 0;
}

static void take_judgement(struct nagios_host *host,
                           const struct listing_value *value) {
  if (!listing_part_is(value->type, "gauge") ||
      !listing_part_is(value->type_instance, "severity"))
    return;
  if (listing_part_is(value->instance, "host_silent")) {
    host->has_silent = true;
    return;
  }
  host->judged_s = fmax(host->judged_s, value->time_s);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (listing_part_is(value->instance,
                        rules_incident_name((enum incident_kind)i)))
      host->has[i] = true;
}

static bool is_judgement(const struct listing_value *value) {
  return listing_is_judgement(value) ||
         (listing_part_is(value->plugin, "baseline") &&
          listing_part_is(value->instance, "host_silent"));
}

int nagios_fleet_take(struct nagios_fleet *fleet, const char *line) {
  struct listing_value value;
  struct nagios_host *host = NULL;

  if (listing_value_read(line, &value) != 0 ||
      value.host.len >= LISTING_NAME_MAX)
    return 0;
  bool is_reading = listing_is_reading(&value);
  if (!is_reading && !is_judgement(&value))
    return 0;
  int rc = take_host(fleet, value.host, &host);
  if (rc != 0)
    return rc == -ENOSPC ? 0 : rc;
  if (is_reading)
    host->reading_s = fmax(host->reading_s, value.time_s);
  else
    take_judgement(host, &value);
  return 0;
}

static int take_line(void *fleet, const char *line) {
  return nagios_fleet_take(fleet, line);
}

static bool is_chosen(const struct nagios_choice *choice, int kind) {
  return nagios_is_chosen(choice,
                          rules_incident_name((enum incident_kind)kind));
}

static int want_host(struct unixsock *daemon,
                     const struct nagios_choice *choice,
                     struct nagios_host *host) {
  char name[3 * LISTING_NAME_MAX];
  int rc = 0;

  if (host->has_silent) {
    snprintf(name, sizeof(name), "%s/baseline-host_silent/gauge-severity",
             host->name);
    rc = unixsock_want_value(daemon, name, &host->silent);
  }
  for (int i = 0; rc == 0 && i < INCIDENT_COUNT; i++) {
    host->severity[i] = NAN;
    if (!host->has[i] || !is_chosen(choice, i))
      continue;
    snprintf(name, sizeof(name), "%s/baseline-%s/gauge-severity", host->name,
             rules_incident_name((enum incident_kind)i));
    rc = unixsock_want_value(daemon, name, &host->severity[i]);
  }
  return rc;
}

int nagios_fleet_fetch(const struct host_query *query,
                       const struct nagios_choice *choice,
                       struct nagios_fleet *fleet) {
  struct unixsock *daemon = NULL;
  int rc = unixsock_open(query->socket_path, query->limit_s, &daemon);

  if (rc == 0)
    rc = unixsock_list(daemon, take_line, fleet);
  for (size_t i = 0; rc == 0 && i < fleet->len; i++)
    rc = want_host(daemon, choice, &fleet->hosts[i]);
  if (rc == 0)
    rc = unixsock_take_values(daemon);
  unixsock_close(daemon);
  return rc;
}

void nagios_fleet_release(struct nagios_fleet *fleet) {
  for (size_t i = 0; i < fleet->len; i++)
    free(fleet->hosts[i].name);
  free(fleet->hosts);
  *fleet = (struct nagios_fleet){0};
}
