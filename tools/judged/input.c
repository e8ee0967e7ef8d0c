/* Settings and paths of the command line -> rules and an open history. */
#include "input.h"

#include "conf/conf_rules.h"
#include "lib/local_zone.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SAID_MAX = 5 }; /* bad rows and cells shown; all are counted */

_Static_assert((int)CONF_ERROR_MAX <= (int)HISTORY_PROBLEM_MAX,
               "a reason fits");

void judged_input_say(const char *problem) {
  static unsigned said;

  if (said < SAID_MAX)
    fprintf(stderr, "collectd-baseline: skipped: %s\n", problem);
  else if (said == SAID_MAX)
    fputs("collectd-baseline: skipped: more, which are only counted\n", stderr);
  said += said <= SAID_MAX;
}

int judged_input_settings(char *const *files, size_t len, struct rules *rules,
                          char *problem) {
  size_t blocks = 0;

  rules_defaults(rules);
  for (size_t i = 0; i < len; i++) {
    int rc = conf_rules_read_file(files[i], rules, &blocks, NULL, problem);
    if (rc != 0)
      return rc;
  }
  if (len > 0 && blocks == 0)
    fputs("collectd-baseline: no <Plugin baseline> block in the settings; the "
          "defaults are used\n",
          stderr);
  local_zone_settle(rules);
  return 0;
}

int judged_input_open(struct history *history, char *const *paths, size_t len,
                      char *problem) {
  size_t inputs = 0;

  for (size_t i = 0; i < len; i++) {
    inputs += strcmp(paths[i], "-") == 0;
    if (inputs > 1)
      return history_fail(problem, -EINVAL,
                          "standard input can be read only once");
    int rc = history_open(history, paths[i], problem);
    if (rc != 0)
      return rc;
  }
  return 0;
}

void judged_input_losses(const struct judged *judge,
                         const struct history_tally *tally, FILE *out) {
  struct hosts_losses losses;

  hosts_get_losses(engine_hosts(judge->engine), &losses);
  if (losses.late_values > 0)
    fprintf(out, "values that came late or twice: %" PRIu64 "\n",
            losses.late_values);
  if (losses.refused_hosts + judge->refused > 0)
    fprintf(out, "values beyond MaxHosts or MaxWatched: %" PRIu64 "\n",
            losses.refused_hosts + judge->refused);
  if (tally->skipped > 0)
    fprintf(out, "rows and cells skipped: %" PRIu64 "\n", tally->skipped);
  if (tally->passed_over > 0)
    fprintf(out, "files skipped: %" PRIu64 "\n", tally->passed_over);
  if (tally->columns > 0)
    fprintf(out, "ignored series: %" PRIu64 "\n", tally->columns);
}
