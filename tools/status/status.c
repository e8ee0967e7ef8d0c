/* Subcommand status: what one host's values are now, and how all hosts are. */
#include "subcommand.h"

#include "daemon/daemon_options.h"
#include "daemon/host_pattern.h"
#include "draw.h"
#include "fleet.h"
#include "json.h"
#include "lib/moment.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

struct status_options {
  struct daemon_options daemon;
  bool json, hosts, all_hosts;
  size_t limit; /* of all hosts, so many are shown; 0: not given */
};

enum { LIMIT_DEFAULT = 100 };

static int take_port(const struct options_command *command, const char *text,
                     void *out) {
  struct status_options *options = out;

  (void)command;
  return daemon_options_port(text, &options->daemon.query.port);
}

static int take_limit(const struct options_command *command, const char *text,
                      void *out) {
  struct status_options *options = out;
  char *end = NULL;

  (void)command;
  errno = 0;
  unsigned long limit = strtoul(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
    return OPTIONS_REFUSED;
  options->limit = limit > 0 ? limit : SIZE_MAX;
  return OPTIONS_GO_ON;
}

static const struct options_row rows[] = {
    DAEMON_OPTIONS(struct status_options, daemon),
    {"json", 0, NULL, "one JSON object instead of the table",
     .kind = OPTIONS_FLAG, .at = offsetof(struct status_options, json)},
    {"hosts", 0, NULL,
     "only the names of the hosts that the daemon has values of",
     .kind = OPTIONS_FLAG, .at = offsetof(struct status_options, hosts)},
    {"all-hosts", 0, NULL,
     "all hosts, a line each, the worst first; with -H those\n"
     "that match it: 'web*,*@web1'",
     .kind = OPTIONS_FLAG, .at = offsetof(struct status_options, all_hosts)},
    {"limit", 0, "N", "with --all-hosts: so many (default 100; 0: all)",
     .kind = OPTIONS_OWN, .take = take_limit,
     .wrong = "--limit must be a whole number, not "},
    {"port", 0, "PORT",
     "also the listener on this local port: half-open, queues, drops",
     .kind = OPTIONS_OWN, .take = take_port, .wrong = PORT_REFUSED},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "status",
    .usage =
        "Usage: collectd-baseline status [OPTION]...\n"
        "\n"
        "Shows the TCP states, ratios, queues, counters and incidents of one "
        "host, as the\ncollectd daemon behind SOCKET has them; or all hosts, a "
        "line "
        "each.\n"
        "\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end = "\n"
                 "Exit status: 0 shown, whatever the incidents are; 1 nothing "
                 "to show; 2 usage.\n"
                 "See also collectd-baseline check (monitoring), "
                 "collectd-baseline watch (live).\n",
};

struct status_view {
  const struct status_options *options;
  struct host_model *model;
  bool colour;
};

/* Returns 0, or -1 with *problem filled. */
static int fetch(const struct status_view *view, char *problem) {
  const struct daemon_options *daemon = &view->options->daemon;

  if (host_model_fetch(&daemon->query, view->model, problem) != 0)
    return -1;
  if (daemon->query.port > 0 &&
      host_model_check_port(view->model, problem) != 0)
    return -1;
  return host_model_check_age(view->model, moment_now(), daemon->interval_s,
                              problem);
}

static int complain(const char *problem) {
  fprintf(stderr, "collectd-baseline status: %s\n", problem);
  return SUBCOMMAND_FAILED;
}

static int show_hosts(const struct host_query *query) {
  char problem[UNIXSOCK_PROBLEM_MAX];
  struct listing_hosts hosts = {0};
  struct fleet none = {.patterns = query->host};
  size_t shown = 0;
  int rc = host_model_hosts(query, &hosts, problem);

  for (size_t i = 0; i < hosts.len; i++) {
    if (query->host && !host_pattern_takes(query->host, hosts.name[i]))
      continue;
    puts(hosts.name[i]);
    shown++;
  }
  none.known = hosts.len;
  listing_hosts_release(&hosts);
  if (rc == 0 && shown == 0)
    fleet_no_host(&none, problem);
  return rc == 0 && shown > 0 ? SUBCOMMAND_DONE : complain(problem);
}

static void print_fleet(const struct status_view *view,
                        const struct fleet *fleet) {
  size_t limit = view->options->limit;
  struct status_fleet shown = {
      .fleet = fleet,
      .shown = limit < fleet->len ? limit : fleet->len,
      .now_s = moment_now(),
      .colour = view->colour,
  };

  if (view->options->json)
    status_fleet_json(stdout, &shown);
  else
    status_fleet_draw(stdout, &shown);
}

static int show_fleet(const struct status_view *view) {
  const struct daemon_options *daemon = &view->options->daemon;
  char problem[UNIXSOCK_PROBLEM_MAX];
  struct fleet fleet = {0};
  int rc = fleet_fetch(&daemon->query, NULL, &fleet);

  if (rc == 0) {
    fleet_sort(&fleet, moment_now(), host_model_age_limit(daemon->interval_s));
    rc = fleet_fetch_open(&daemon->query, &fleet, view->options->limit);
  }
  bool shown = rc == 0 && fleet.len > 0;
  if (shown)
    print_fleet(view, &fleet);
  else if (rc == 0)
    fleet_no_host(&fleet, problem);
  else
    unixsock_explain(daemon->query.socket_path, -rc, problem);
  fleet_release(&fleet);
  return shown ? SUBCOMMAND_DONE : complain(problem);
}

static int show_once(const struct status_view *view) {
  char problem[UNIXSOCK_PROBLEM_MAX];

  if (fetch(view, problem) != 0)
    return complain(problem);
  if (view->options->json)
    status_json(stdout, view->model, moment_now(),
                view->options->daemon.interval_s);
  else
    status_draw(stdout, view->model, moment_now(), view->colour);
  return SUBCOMMAND_DONE;
}

static int show(const struct status_view *view) {
  const struct status_options *options = view->options;
  int status = SUBCOMMAND_DONE;

  if (options->hosts)
    status = show_hosts(&options->daemon.query);
  else if (options->all_hosts)
    status = show_fleet(view);
  else
    status = show_once(view);
  if (fflush(stdout) == 0 && !ferror(stdout))
    return status;
  return complain("what was found cannot be written to standard output");
}

static int check_together(struct status_options *options) {
  if (options->json && options->hosts)
    return options_complain(&command, "--json and --hosts exclude each other",
                            "");
  if (options->all_hosts && (options->hosts || options->daemon.query.port > 0))
    return options_complain(&command, "--all-hosts excludes --hosts and --port",
                            "");
  if (options->limit > 0 && !options->all_hosts)
    return options_complain(&command, "--limit is for --all-hosts", "");
  return daemon_options_finish(&command, options->all_hosts || options->hosts,
                               &options->daemon.query);
}

int status_run(int argc, char **argv) {
  struct status_options options = {.daemon = DAEMON_OPTIONS_DEFAULTS};
  int status = options_read(&command, argc, argv, &options);

  if (status < 0)
    status = check_together(&options);
  if (status >= 0)
    return status;
  if (options.limit == 0)
    options.limit = LIMIT_DEFAULT;
  struct status_view view = {
      .options = &options,
      .model = calloc(1, sizeof(*view.model)),
      .colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL,
  };
  if (view.model == NULL)
    return complain("out of memory");
  status = show(&view);
  free(view.model);
  return status;
}
