/* See fleet.h. Touches the stream it is given. */
#include "fleet.h"

#include <math.h>

enum { SHOWN_MAX = 8 };

struct tally {
  size_t hosts, by_state[NAGIOS_UNKNOWN + 1];
};

static bool is_chosen(const struct nagios_choice *choice, int kind) {
  return nagios_is_chosen(choice,
                          rules_incident_name((enum incident_kind)kind));
}

/* A silenced incident is no alarm. */
static enum nagios_state state_of(const struct fleet_host *host, int kind) {
  if (host->silenced[kind] && host->severity[kind] > 0)
    return NAGIOS_OK;
  return nagios_state_of(host_severity(host->severity[kind]));
}

static bool has_silenced(const struct fleet_host *host,
                         const struct nagios_choice *choice) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (is_chosen(choice, i) && host->silenced[i] && host->severity[i] > 0)
      return true;
  return false;
}

/* The state of one host; an incident that is chosen by name must be judged. */
static enum nagios_state host_state(const struct fleet_host *host,
                                    const struct nagios_choice *choice,
                                    double now_s, double limit_s) {
  bool any = false, silent = host->silent > 0;
  enum nagios_state worst = silent ? NAGIOS_UNKNOWN : NAGIOS_OK;

  if (!silent && !fleet_is_current(host, now_s, limit_s))
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

static void write_host(FILE *out, const struct fleet_host *host,
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
static void write_hosts(FILE *out, const struct fleet *fleet,
                        const struct nagios_choice *choice,
                        enum nagios_state state) {
  size_t shown = 0, all = 0;

  for (size_t i = 0; i < fleet->len; i++) {
    if (!fleet_counts(&fleet->hosts[i]) || fleet->hosts[i].state != (int)state)
      continue;
    if (all++ >= SHOWN_MAX)
      continue;
    fputs(shown++ > 0 ? ", " : " ", out);
    write_host(out, &fleet->hosts[i], choice, state);
  }
  if (all > shown)
    fprintf(out, " and %zu more", all - shown);
}

static void write_text(FILE *out, const struct fleet *fleet,
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
static void write_silenced(FILE *out, const struct fleet *fleet,
                           const struct nagios_choice *choice) {
  size_t all = 0;

  for (size_t i = 0; i < fleet->len; i++) {
    const struct fleet_host *host = &fleet->hosts[i];
    if (!fleet_counts(host) || !has_silenced(host, choice) ||
        all++ >= SHOWN_MAX)
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

enum nagios_state nagios_fleet_line(FILE *out, struct fleet *fleet,
                                    const struct nagios_choice *choice,
                                    double now_s, double limit_s) {
  char problem[UNIXSOCK_PROBLEM_MAX];
  enum nagios_state worst = NAGIOS_OK;
  struct tally tally = {0};
  bool judges = false;

  for (size_t i = 0; i < fleet->len; i++) {
    struct fleet_host *host = &fleet->hosts[i];
    if (!fleet_counts(host))
      continue;
    host->state = (int)host_state(host, choice, now_s, limit_s);
    worst = nagios_worst(worst, (enum nagios_state)host->state);
    judges = judges || !isnan(host->judged_s) || host->silent > 0;
    tally.hosts++;
    tally.by_state[host->state]++;
  }
  if (tally.hosts == 0) {
    fleet_no_host(fleet, problem);
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
