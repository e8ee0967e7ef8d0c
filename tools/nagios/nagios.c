/* Subcommand check: the open incidents as a Nagios plugin tells them. Nothing
 * goes to standard error: Nagios reads the first line of standard output. */
#include "subcommand.h"

#include "fleet.h"
#include "line.h"
#include "nagios_options.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

static double now_s(void) {
  struct timespec now = {0};

  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A judgement may be two readings behind: values that hang back in a packet are
 * waited for. */
static int check_judged(const struct host_model *model, double limit_s,
                        char *problem) {
  double behind_s = model->reading_s - model->judged_s;

  if (isnan(behind_s) || behind_s <= 2 * limit_s)
    return 0;
  snprintf(problem, UNIXSOCK_PROBLEM_MAX,
           "the last judgement of %.127s is %.0f s older than its last "
           "reading: the log of collectd says what the plugin baseline lacks",
           model->host, behind_s);
  return -1;
}

static enum nagios_state check_host(const struct nagios_options *options,
                                    const struct nagios_choice *choice,
                                    struct host_model *model) {
  const struct daemon_options *daemon = &options->daemon;
  char problem[UNIXSOCK_PROBLEM_MAX];

  if (host_model_fetch(&daemon->query, model, problem) != 0 ||
      host_model_check_age(model, now_s(), daemon->interval_s, problem) != 0 ||
      check_judged(model, host_model_age_limit(daemon->interval_s), problem) !=
          0)
    return nagios_unknown(stdout, problem);
  return nagios_line(stdout, model, choice, now_s());
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
  struct nagios_fleet fleet = {0};
  enum nagios_state state = NAGIOS_UNKNOWN;
  int rc = nagios_fleet_fetch(&daemon->query, choice, &fleet);

  if (rc == 0) {
    state = nagios_fleet_line(stdout, &fleet, choice, now_s(),
                              host_model_age_limit(daemon->interval_s));
  } else {
    unixsock_explain(daemon->query.socket_path, -rc, problem);
    state = nagios_unknown(stdout, problem);
  }
  nagios_fleet_release(&fleet);
  return state;
}

int nagios_check_run(int argc, char **argv) {
  struct nagios_options options;
  int status = nagios_options_read(argc, argv, &options);

  if (status >= 0)
    return status;
  struct nagios_choice choice = {.len = options.incidents_len,
                                 .names = options.incidents};
  enum nagios_state state = options.all_hosts ? check_all(&options, &choice)
                                              : check_one(&options, &choice);
  return (int)(fflush(stdout) == 0 ? state : NAGIOS_UNKNOWN);
}
