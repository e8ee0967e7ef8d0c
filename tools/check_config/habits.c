/* What works, but is probably not meant: nobody is told, nothing comes to be
 * judged, the interval is long. And the programs that exec is to run. */
#include "site.h"

#include "conf/conf_look.h"

#include <errno.h>
#include <math.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Seconds; a flood is noticed after one to three readings. */
static const double usual_interval_s = 10, long_interval_s = 60;

/* As of a plugin: its own, else that of the lines before its LoadPlugin. */
static double interval_of(const struct site *site, const char *plugin,
                          const struct conf_node **where) {
  const struct conf_node *load = conf_look_load(site->tree, plugin);
  const struct conf_node *own = conf_node_is(load, "LoadPlugin")
                                    ? conf_node_last(load, "Interval")
                                    : NULL;

  *where = own;
  for (const struct conf_node *node = site->tree->root.children;
       !own && node < load; node++)
    if (conf_node_is(node, "Interval"))
      *where = node;
  double interval_s = *where ? conf_look_number(*where) : usual_interval_s;
  return isnan(interval_s) || interval_s <= 0 ? usual_interval_s : interval_s;
}

static void check_interval(struct site *site) {
  const struct conf_node *where = NULL;

  if (!site->has_tcpstates)
    return;
  double interval_s = interval_of(site, "tcpstates", &where);
  if (interval_s > long_interval_s)
    findings_warning(site->findings, where,
                     "Interval is %.15g s: an incident is noticed after one to "
                     "three readings, and one that is shorter than that may "
                     "not be; 10 s is usual",
                     interval_s);
  if (site->has_baseline && site->rules.silent_after_s < 2 * interval_s)
    findings_warning(site->findings,
                     conf_look_option(site->tree, "baseline", "SilentAfter"),
                     "SilentAfter is %.15g s, less than two intervals of "
                     "%.15g s: a host falls silent between its readings",
                     site->rules.silent_after_s, interval_s);
}

static void check_global_interval(struct site *site) {
  const struct conf_node *root = &site->tree->root;

  for (size_t i = 0; i < root->children_len; i++) {
    const struct conf_node *node = &root->children[i];
    double interval_s = conf_node_is(node, "Interval") ? conf_look_number(node)
                                                       : usual_interval_s;
    if (isnan(interval_s) || interval_s <= 0)
      findings_error(site->findings, node,
                     "Interval must be a number of seconds above 0; collectd "
                     "takes 10 for anything else");
  }
}

static bool listens(const struct site *site, const char *key) {
  return conf_look_load(site->tree, "network") &&
         conf_look_option(site->tree, "network", key);
}

/* What is to be judged, and by whom. */
static void check_partners(struct site *site) {
  const struct conf_node *network = conf_look_load(site->tree, "network");
  const struct conf_node *baseline = conf_look_load(site->tree, "baseline");

  if (network && !listens(site, "Server") && !listens(site, "Listen"))
    findings_warning(site->findings, network,
                     "network is loaded with neither Server nor Listen: it "
                     "sends and receives nothing");
  if (baseline && !site->has_tcpstates && !listens(site, "Listen") &&
      site->rules.series_len == 0)
    findings_warning(site->findings, baseline,
                     "baseline has nothing to judge: neither tcpstates is "
                     "loaded, nor does network listen for other hosts");
  if (site->has_tcpstates && !baseline && !listens(site, "Server"))
    findings_warning(site->findings, conf_look_load(site->tree, "tcpstates"),
                     "baseline is not loaded, and network does not send to a "
                     "server that may have it: nothing is judged");
  if (site->has_tcpstates && baseline && !site->reading.metrics.counters)
    findings_warning(
        site->findings,
        conf_look_option(site->tree, "tcpstates", "ReportCounters"),
        "ReportCounters is false: baseline judges with less evidence");
  if (site->has_tcpstates && baseline && site->rules.syn_flood.per_listener &&
      !site->reading.metrics.listeners)
    findings_warning(
        site->findings,
        conf_look_option(site->tree, "tcpstates", "ReportListeners"),
        "PerListener is true, and ReportListeners of tcpstates is false: "
        "no listener of this host is judged by itself");
}

static void check_told(struct site *site) {
  struct conf_look_told told;

  if (site->has_baseline && !conf_look_told(site->tree, 0, &told))
    findings_warning(site->findings, NULL,
                     "no plugin passes notifications on (exec, notify_email, "
                     "logfile, syslog with NotifyLevel, ...): nobody is told "
                     "of an incident but who asks");
}

static void check_user(struct site *site, const struct conf_node *option,
                       const char *name) {
  char user[128];

  snprintf(user, sizeof(user), "%.*s", (int)strcspn(name, ":"), name);
  const struct passwd *found = getpwnam(user);
  if (!found)
    findings_error(site->findings, option,
                   "%.60s: there is no user %.100s: the program is never run",
                   option->key, user);
  else if (found->pw_uid == 0)
    findings_error(site->findings, option,
                   "%.60s: collectd refuses to run a program as root",
                   option->key);
}

static void check_program(struct site *site, const struct conf_node *option,
                          const char *path) {
  struct stat file;

  if (stat(path, &file) != 0) {
    if (errno != EACCES)
      findings_error(site->findings, option, "%.60s: %.300s: %s", option->key,
                     path, strerror(errno));
    return;
  }
  if (!S_ISREG(file.st_mode) || (file.st_mode & 0111) == 0)
    findings_error(site->findings, option, "%.60s: %.300s is no program",
                   option->key, path);
}

static void check_exec(struct site *site, const struct conf_node *block) {
  for (size_t i = 0; i < block->children_len; i++) {
    const struct conf_node *option = &block->children[i];
    if (!conf_node_is(option, "NotificationExec"))
      continue;
    if (option->values_len < 2 || !option->values[0].text ||
        !option->values[1].text) {
      findings_error(site->findings, option,
                     "NotificationExec needs a user and a program, in quotes");
      continue;
    }
    check_user(site, option, option->values[0].text);
    check_program(site, option, option->values[1].text);
  }
}

void habits_check(struct site *site) {
  const struct conf_node *block = NULL;

  check_global_interval(site);
  check_interval(site);
  check_partners(site);
  check_told(site);
  while (conf_look_load(site->tree, "exec") &&
         (block = conf_look_block(site->tree, "exec", block)) != NULL)
    check_exec(site, block);
}
