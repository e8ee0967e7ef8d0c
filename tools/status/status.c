/* Subcommand status: what one host's values are now. */
#include "subcommand.h"

#include "daemon/daemon_options.h"
#include "draw.h"
#include "json.h"
#include "lib/moment.h"

#include <stdlib.h>
#include <unistd.h>

struct status_options {
  struct daemon_options daemon;
  bool json, hosts;
};

static int take_port(const struct options_command *command, const char *text,
                     void *out) {
  struct status_options *options = out;

  (void)command;
  return daemon_options_port(text, &options->daemon.query.port);
}

static const struct options_row rows[] = {
    DAEMON_OPTIONS(struct status_options, daemon),
    {"json", 0, NULL, "one JSON object instead of the table",
     .kind = OPTIONS_FLAG, .at = offsetof(struct status_options, json)},
    {"hosts", 0, NULL,
     "only the names of the hosts that the daemon has values of",
     .kind = OPTIONS_FLAG, .at = offsetof(struct status_options, hosts)},
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
        "host, as the\ncollectd daemon behind SOCKET has them.\n"
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
  int rc = host_model_hosts(query, &hosts, problem);

  for (size_t i = 0; i < hosts.len; i++)
    puts(hosts.name[i]);
  listing_hosts_release(&hosts);
  return rc == 0 ? SUBCOMMAND_DONE : complain(problem);
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
  else
    status = show_once(view);
  if (fflush(stdout) == 0 && !ferror(stdout))
    return status;
  return complain("what was found cannot be written to standard output");
}

int status_run(int argc, char **argv) {
  struct status_options options = {.daemon = DAEMON_OPTIONS_DEFAULTS};
  int status = options_read(&command, argc, argv, &options);

  if (status < 0 && options.json && options.hosts)
    status =
        options_complain(&command, "--json and --hosts exclude each other", "");
  if (status >= 0)
    return status;
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
