/* See fleet.h. Touches the daemon's socket and the stream it is given. */
#include "fleet.h"

#include "daemon/listing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 8 };

struct tally {
  size_t hosts, by_state[NAGIOS_UNKNOWN + 1];
};

static int grow(struct nagios_fleet *fleet) {
  size_t room = fleet->room > 0 ? 2 * fleet->room : 16;
  struct nagios_host *grown = realloc(fleet->hosts, room * sizeof(*grown));

  if (!grown)
    return -ENOMEM;
  fleet->hosts = grown;
  fleet->room = room;
  return 0;
}

/* The host of a line: the last one again, or a new one. Returns 0, -ENOMEM, or
 * -ENOSPC if there are too many hosts. */
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
    fleet->silenced = INCIDENT_COUNT;
  }
  *out = &fleet->hosts[fleet->len - 1];
  return 0;
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
static void take_silenced(struct nagios_fleet *fleet,
                          const struct listing_value *value) {
  if (!listing_part_is(value->type, "duration") ||
      !listing_part_is(value->type_instance, "silenced"))
    return;
  fleet->silenced_s = value->time_s;
  fleet->silenced = kind_of(value);
}

static void take_severity(struct nagios_fleet *fleet, struct nagios_host *host,
                          const struct listing_value *value) {
  int kind = kind_of(value);

  if (kind == INCIDENT_COUNT)
    return;
  host->has[kind] = true;
  host->silenced[kind] =
      fleet->silenced == kind && fleet->silenced_s >= value->time_s;
}

static void take_judgement(struct nagios_fleet *fleet, struct nagios_host *host,
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
    take_judgement(fleet, host, &value);
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

/* A silenced incident is no alarm. */
static enum nagios_state state_of(const struct nagios_host *host, int kind) {
  if (host->silenced[kind] && host->severity[kind] > 0)
    return NAGIOS_OK;
  return nagios_state_of(host_severity(host->severity[kind]));
}

static bool has_silenced(const struct nagios_host *host,
                         const struct nagios_choice *choice) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (is_chosen(choice, i) && host->silenced[i] && host->severity[i] > 0)
      return true;
  return false;
}

static bool is_current(const struct nagios_host *host, double now_s,
                       double limit_s) {
  return fabs(now_s - host->reading_s) <= limit_s &&
         fabs(host->reading_s - host->judged_s) <= 2 * limit_s;
}

/* A host that sends readings, or is known and no longer sends any. */
static bool counts(const struct nagios_host *host) {
  return !isnan(host->reading_s) || host->silent > 0;
}

/* The state of one host; an incident that is chosen by name must be judged. */
static enum nagios_state host_state(const struct nagios_host *host,
                                    const struct nagios_choice *choice,
                                    double now_s, double limit_s) {
  bool any = false, silent = host->silent > 0;
  enum nagios_state worst = silent ? NAGIOS_UNKNOWN : NAGIOS_OK;

  if (!silent && !is_current(host, now_s, limit_s))
    return NAGIOS_UNKNOWN;
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    if (!is_chosen(choice, i))
      continue;
    if (host->has[i] || choice->len > 0)
      worst = nagios_worst(worst, state_of(host, i));
    any = any || host->has[i];
  }
  return any ? worst : NAGIOS_UNKNOWN;
}

static void write_host(FILE *out, const struct nagios_host *host,
                       const struct nagios_choice *choice,
                       enum nagios_state state) {
  const char *separator = " ";

  nagios_text(out, host->name);
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    if (!host->has[i] || !is_chosen(choice, i) || state_of(host, i) != state)
      continue;
    fprintf(out, "%s%s", separator, rules_incident_name((enum incident_kind)i));
    separator = "+";
  }
}

/* "web1 syn_flood, web2 syn_flood+close_wait_leak and 12 more" */
static void write_hosts(FILE *out, const struct nagios_fleet *fleet,
                        const struct nagios_choice *choice,
                        enum nagios_state state) {
  size_t shown = 0, all = 0;

  for (size_t i = 0; i < fleet->len; i++) {
    if (!counts(&fleet->hosts[i]) || fleet->hosts[i].state != state)
      continue;
    if (all++ >= SHOWN_MAX)
      continue;
    fputs(shown++ > 0 ? ", " : " ", out);
    write_host(out, &fleet->hosts[i], choice, state);
  }
  if (all > shown)
    fprintf(out, " and %zu more", all - shown);
}

static void write_text(FILE *out, const struct nagios_fleet *fleet,
                       const struct nagios_choice *choice,
                       const struct tally *tally) {
  static const struct {
    enum nagios_state state;
    const char *words;
  } parts[] = {
      {NAGIOS_CRITICAL, "FAILURE on"},
      {NAGIOS_WARNING, "WARNING on"},
      {NAGIOS_UNKNOWN, "not judged now:"},
  };
  const char *separator = "";

  for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
    if (tally->by_state[parts[i].state] == 0)
      continue;
    fprintf(out, "%s%s", separator, parts[i].words);
    write_hosts(out, fleet, choice, parts[i].state);
    separator = "; ";
  }
  if (tally->by_state[NAGIOS_OK] == tally->hosts)
    fprintf(out, "no incident on %zu host%s", tally->hosts,
            tally->hosts == 1 ? "" : "s");
}

/* "; silenced on web1, web2 and 12 more" */
static void write_silenced(FILE *out, const struct nagios_fleet *fleet,
                           const struct nagios_choice *choice) {
  size_t all = 0;

  for (size_t i = 0; i < fleet->len; i++) {
    const struct nagios_host *host = &fleet->hosts[i];
    if (!counts(host) || !has_silenced(host, choice) || all++ >= SHOWN_MAX)
      continue;
    fputs(all == 1 ? "; silenced on " : ", ", out);
    nagios_text(out, host->name);
  }
  if (all > SHOWN_MAX)
    fprintf(out, " and %zu more", all - (size_t)SHOWN_MAX);
}

static void write_data(FILE *out, const struct tally *tally) {
  const size_t *count = tally->by_state;

  fputs(" |", out);
  nagios_figure(out, "hosts", (double)tally->hosts, "", ";;;0");
  nagios_figure(out, "warning", (double)count[NAGIOS_WARNING], "", ";0;;0");
  nagios_figure(out, "critical", (double)count[NAGIOS_CRITICAL], "", ";;0;0");
  nagios_figure(out, "not_judged", (double)count[NAGIOS_UNKNOWN], "", ";;;0");
  fputc('\n', out);
}

enum nagios_state nagios_fleet_line(FILE *out, struct nagios_fleet *fleet,
                                    const struct nagios_choice *choice,
                                    double now_s, double limit_s) {
  char problem[UNIXSOCK_PROBLEM_MAX];
  enum nagios_state worst = NAGIOS_OK;
  struct tally tally = {0};
  bool judges = false;

  for (size_t i = 0; i < fleet->len; i++) {
    struct nagios_host *host = &fleet->hosts[i];
    if (!counts(host))
      continue;
    host->state = host_state(host, choice, now_s, limit_s);
    worst = nagios_worst(worst, host->state);
    judges = judges || !isnan(host->judged_s) || host->silent > 0;
    tally.hosts++;
    tally.by_state[host->state]++;
  }
  if (tally.hosts == 0) {
    listing_no_host(problem);
    return nagios_unknown(out, problem);
  }
  if (!judges)
    return nagios_unknown(out, nagios_not_judged);
  nagios_head(out, worst);
  write_text(out, fleet, choice, &tally);
  write_silenced(out, fleet, choice);
  write_data(out, &tally);
  return worst;
}

void nagios_fleet_release(struct nagios_fleet *fleet) {
  for (size_t i = 0; i < fleet->len; i++)
    free(fleet->hosts[i].name);
  free(fleet->hosts);
  *fleet = (struct nagios_fleet){0};
}
