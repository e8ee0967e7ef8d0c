/* The line of all hosts; see nagios_fleet.h. */
#include "fleet.h"

#include "daemon/listing.h"

#include <math.h>

enum { SHOWN_MAX = 8 };

struct tally {
  size_t hosts, by_state[NAGIOS_UNKNOWN + 1];
};

static enum nagios_state state_of(double gauge) {
  return nagios_state_of(host_severity(gauge));
}

static bool is_current(const struct nagios_host *host, double now_s,
                       double limit_s) {
  return fabs(now_s - host->reading_s) <= limit_s &&
         fabs(host->reading_s - host->judged_s) <= 2 * limit_s;
}

/* One that has readings, or is known and has none any more. */
static bool counts(const struct nagios_host *host) {
  return !isnan(host->reading_s) || host->silent > 0;
}

/* Of one host; an incident that is chosen by name must be judged. */
static enum nagios_state host_state(const struct nagios_host *host,
                                    const struct nagios_choice *choice,
                                    double now_s, double limit_s) {
  bool any = false, silent = host->silent > 0;
  enum nagios_state worst = silent ? NAGIOS_UNKNOWN : NAGIOS_OK;

  if (!silent && !is_current(host, now_s, limit_s))
    return NAGIOS_UNKNOWN;
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    if (!nagios_is_chosen(choice, rules_incident_name((enum incident_kind)i)))
      continue;
    if (host->has[i] || choice->len > 0)
      worst = nagios_worst(worst, state_of(host->severity[i]));
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
    const char *name = rules_incident_name((enum incident_kind)i);
    if (!host->has[i] || !nagios_is_chosen(choice, name) ||
        state_of(host->severity[i]) != state)
      continue;
    fprintf(out, "%s%s", separator, name);
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
  write_data(out, &tally);
  return worst;
}
