/* Subcommand check: the open incidents as a Nagios plugin reports them. Nothing
 * goes to standard error: Nagios reads the first line of standard output. */
#include "subcommand.h"

#include "daemon/daemon_options.h"
#include "fleet.h"
#include "lib/moment.h"
#include "line.h"
#include "verdict/incidents/catalogue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nagios_options {
  struct daemon_options daemon;
  bool all_hosts;
  size_t incidents_len; /* 0: all that are judged */
  const char *incidents[INCIDENT_COUNT];
};

static void print_incidents(FILE *out) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    fprintf(out, "%s%s%s", i % 3 == 0 ? "                       " : " ",
            rules_incident_name((enum incident_kind)i),
            i % 3 == 2 || i == INCIDENT_COUNT - 1 ? "\n" : "");
}

static int take_incident(const struct options_command *command,
                         const char *name, void *out) {
  struct nagios_options *options = out;
  (void)command;

  for (size_t i = 0; i < options->incidents_len; i++)
    if (strcmp(options->incidents[i], name) == 0)
      return OPTIONS_GO_ON;
  if (catalogue_find(name) == INCIDENT_COUNT)
    return OPTIONS_REFUSED;
  options->incidents[options->incidents_len++] = name;
  return OPTIONS_GO_ON;
}

static int complain(const char *words, const char *what) {
  char problem[UNIXSOCK_PROBLEM_MAX];

  snprintf(problem, sizeof(problem),
           "%s%.200s; try collectd-baseline check --help", words, what);
  return (int)nagios_unknown(stdout, problem);
}

static const struct options_row rows[] = {
    DAEMON_OPTIONS(struct nagios_options, daemon),
    {"all-hosts", 0, NULL,
     "the worst of all hosts that the daemon has values of;\n"
     "with -H of those that match it: 'web*,*@web1'",
     .kind = OPTIONS_FLAG, .at = offsetof(struct nagios_options, all_hosts)},
    {"incident", 0, "NAME", "this incident only; may be repeated:",
     .kind = OPTIONS_OWN, .take = take_incident, .help_more = print_incidents,
     .wrong = "--incident must be the name of an incident, not "},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "check",
    .usage = "Usage: collectd-baseline check [OPTION]...\n\n"
             "A check for Nagios, Icinga and similar programs: one line with "
             "the open\n"
             "incidents, the worst first, and performance data.\n\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end = "\n"
                 "Exit status: 0 OK, 1 WARNING, 2 CRITICAL (FAILURE), 3 "
                 "UNKNOWN (nothing\n"
                 "known, or usage).\n",
    .complain = complain,
};

/* A judgement may be two readings behind: baseline waits for values that are
 * still in a network packet. */
static int check_judged(const struct host_model *model, double limit_s,
                        char *problem) {
  double behind_s = model->reading_s - model->judged_s;

  if (isnan(behind_s) || behind_s <= 2 * limit_s)
    return 0;
  snprintf(problem, UNIXSOCK_PROBLEM_MAX,
           "the last judgement of %.127s is %.0f s older than its last "
           "reading: collectd's log says what the plugin baseline is missing",
           model->host, behind_s);
  return -1;
}

static enum nagios_state check_host(const struct nagios_options *options,
                                    const struct nagios_choice *choice,
                                    struct host_model *model) {
  const struct daemon_options *daemon = &options->daemon;
  char problem[UNIXSOCK_PROBLEM_MAX];

  if (host_model_fetch(&daemon->query, model, problem) != 0 ||
      host_model_check_age(model, moment_now(), daemon->interval_s, problem) !=
          0 ||
      check_judged(model, host_model_age_limit(daemon->interval_s), problem) !=
          0)
    return nagios_unknown(stdout, problem);
  return nagios_line(stdout, model, choice, moment_now());
}

static enum nagios_state check_one(const struct nagios_options *options,
                                   const struct nagios_choice *choice) {
  struct host_model *model = calloc(1, sizeof(*model));

  if (!model)
    return nagios_unknown(stdout, "out of memory");
  enum nagios_state state = check_host(options, choice, model);
  free(model);
  return state;
}

static enum nagios_state check_all(const struct nagios_options *options,
                                   const struct nagios_choice *choice) {
  const struct daemon_options *daemon = &options->daemon;
  char problem[UNIXSOCK_PROBLEM_MAX];
  struct fleet fleet = {0};
  enum nagios_state state = NAGIOS_UNKNOWN;
  bool wanted[INCIDENT_COUNT];

  for (int i = 0; i < INCIDENT_COUNT; i++)
    wanted[i] =
        nagios_is_chosen(choice, rules_incident_name((enum incident_kind)i));
  int rc = fleet_fetch(&daemon->query, wanted, &fleet);

  if (rc == 0) {
    state = nagios_fleet_line(stdout, &fleet, choice, moment_now(),
                              host_model_age_limit(daemon->interval_s));
  } else {
    unixsock_explain(daemon->query.socket_path, -rc, problem);
    state = nagios_unknown(stdout, problem);
  }
  fleet_release(&fleet);
  return state;
}

int nagios_check_run(int argc, char **argv) {
  struct nagios_options options = {.daemon = DAEMON_OPTIONS_DEFAULTS};
  int status = options_read(&command, argc, argv, &options);

  if (status < 0)
    status = daemon_options_finish(&command, options.all_hosts,
                                   &options.daemon.query);
  if (status >= 0)
    return status;
  struct nagios_choice choice = {.len = options.incidents_len,
                                 .names = options.incidents};
  enum nagios_state state = options.all_hosts ? check_all(&options, &choice)
                                              : check_one(&options, &choice);
  return (int)(fflush(stdout) == 0 ? state : NAGIOS_UNKNOWN);
}
