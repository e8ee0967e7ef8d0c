/* Subcommand explain: prints the current judgement of one host step by step,
 * from the saved state of the plugin baseline. */
#include "subcommand.h"

#include "json.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "listeners.h"
#include "text.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/plain_text.h"
#include "watched.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the command line ----------------------------------------------------- */

struct explain_options {
  struct explain_wanted wanted;
  const char *host;  /* NULL: the only one */
  const char *watch; /* a <Watch>; NULL: the incidents */
  int incident;      /* an enum incident_kind; -1: all */
  bool json, verbose;
};

/* Of --incident. */
static int take_incident(const struct options_command *command,
                         const char *name, void *out) {
  struct explain_options *options = out;

  options->incident = (int)catalogue_find(name);
  if (options->incident != INCIDENT_COUNT)
    return OPTIONS_GO_ON;
  fprintf(stderr, "collectd-baseline %s: there is no incident %s; known are",
          command->name, name);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    fprintf(stderr, " %s", rules_incident_name((enum incident_kind)i));
  fputc('\n', stderr);
  return SUBCOMMAND_USAGE;
}

#define AT(member) .at = offsetof(struct explain_options, member)
static const struct options_row rows[] = {
    {"socket", 's', "SOCKET",
     "socket of collectd's plugin unixsock\n(default " UNIXSOCK_DEFAULT_PATH
     ")",
     .kind = OPTIONS_TEXT, AT(wanted.socket_path)},
    {"config", 'C', "FILE",
     "the daemon's collectd.conf (default:\n"
     "/etc/collectd/collectd.conf or /etc/collectd.conf)",
     .kind = OPTIONS_TEXT, AT(wanted.config_path)},
    {"state", 0, "FILE",
     "explain this saved state as it is; ask no daemon, unless\n"
     "-s is given, too",
     .kind = OPTIONS_TEXT, AT(wanted.state_path)},
    {"host", 'H', "HOST", "which host (default: the only one)",
     .kind = OPTIONS_LIVE_HOST, AT(host)},
    {"timeout", 't', "S",
     "how many seconds to wait for the daemon (default 10)",
     .kind = OPTIONS_SECONDS, .least = 0.1, AT(wanted.limit_s)},
    {"incident", 0, "NAME", "explain this incident only", .kind = OPTIONS_OWN,
     .take = take_incident},
    {"watch", 0, "NAME",
     "explain the series of this <Watch>, not the incidents",
     .kind = OPTIONS_TEXT, AT(watch)},
    {"verbose", 'v', NULL,
     "every test with its figure, limit and result, not only\n"
     "what is open, why, and what clears it",
     .kind = OPTIONS_FLAG, AT(verbose)},
    {"json", 0, NULL, "one JSON object instead of text", .kind = OPTIONS_FLAG,
     AT(json)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};
#undef AT

static const struct options_command command = {
    .name = "explain",
    .usage = "Usage: collectd-baseline explain [OPTION]...\n\n"
             "Explains the current judgement of one host: what is open, why, "
             "and what clears\n"
             "it. With --verbose step by step: the last reading, the learned "
             "normal, what the\n"
             "load explains, each evidence with its figures and limits, and "
             "what would have\n"
             "to change for the next severity and for an OKAY.\n"
             "It first asks the daemon behind SOCKET to save its state.\n\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end = "\n"
                 "Exit status: 0 explained, whatever the incidents are; 1 not "
                 "explained; 2 usage.\n",
};

/* Returns OPTIONS_GO_ON, or the exit status. */
static int read_options(int argc, char **argv, struct explain_options *out) {
  *out = (struct explain_options){
      .wanted = {.limit_s = UNIXSOCK_DEFAULT_LIMIT_S}, .incident = -1};
  int status = options_read(&command, argc, argv, out);
  if (status == OPTIONS_GO_ON && out->watch && out->incident >= 0)
    status = options_complain(&command,
                              "--incident and --watch exclude each other", "");
  return status;
}

/* --- the work ------------------------------------------------------------- */

struct work {
  const struct explain_options *options;
  struct explain_page page;
  struct explain_source source;
  struct hosts_host host;
  struct explain_view view;
  size_t shown; /* series */
};

/* problem: may hold names from the network. */
static int fail(const char *problem) {
  char text[EXPLAIN_PROBLEM_MAX];

  fflush(stdout);
  snprintf(text, sizeof(text), "%s", problem);
  fprintf(stderr, "collectd-baseline explain: %s\n", plain_text_make(text));
  return SUBCOMMAND_FAILED;
}

static int show_series(void *to, const struct explain_series *series) {
  struct work *work = to;

  if (work->options->json)
    explain_watched_json(work->page.out, series);
  else
    explain_watched_text(&work->page, series);
  work->shown++;
  return 0;
}

static void say_more(const struct work *work) {
  if (!work->options->verbose && !work->options->json)
    explain_page_say(&work->page, 0, "--verbose shows every test.");
}

static int explain_watch(struct work *work) {
  const char *watch = work->options->watch;
  char problem[EXPLAIN_PROBLEM_MAX];
  int rc = explain_source_series(&work->source, work->options->host, watch,
                                 show_series, work);

  if (rc == 0 && work->shown > 0) {
    say_more(work);
    return SUBCOMMAND_DONE;
  }
  snprintf(problem, sizeof(problem),
           rc == 0 ? "%.400s has no series of <Watch \"%.60s\">: is that its "
                     "name in the settings, and have values arrived?"
                   : "%.400s: the series of %.60s cannot be read",
           work->source.state_path, watch);
  return fail(problem);
}

static int explain_host(struct work *work) {
  const struct explain_options *options = work->options;
  char problem[EXPLAIN_PROBLEM_MAX];

  if (explain_source_host(&work->source, options->host, &work->host, problem) !=
      0)
    return fail(problem);
  explain_view_make(&work->host, &work->source.rules, &work->view);
  if (options->json) {
    explain_json_host(work->page.out, &work->source, &work->view,
                      options->incident);
    return SUBCOMMAND_DONE;
  }
  explain_text_host(&work->page, &work->source, &work->view, options->incident);
  if ((options->incident < 0 || options->incident == INCIDENT_SYN_FLOOD) &&
      explain_listeners(&work->page, &work->source, work->host.name) != 0)
    return fail("out of memory");
  if (options->incident < 0 &&
      explain_page_list(&work->page, &work->source, work->host.name) != 0)
    return fail("out of memory");
  say_more(work);
  return SUBCOMMAND_DONE;
}

static int explain(struct work *work) {
  char problem[EXPLAIN_PROBLEM_MAX];
  double began_s = moment_now();

  if (explain_source_open(&work->options->wanted, began_s, &work->source,
                          problem) != 0)
    return fail(problem);
  work->page.now_s = moment_now();
  int status = work->options->watch ? explain_watch(work) : explain_host(work);
  explain_source_release(&work->source);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    snprintf(problem, sizeof(problem), "cannot write: %s", strerror(errno));
    return fail(problem);
  }
  return status;
}

int explain_run(int argc, char **argv) {
  struct explain_options options;
  int status = read_options(argc, argv, &options);

  if (status >= 0)
    return status;
  struct work *work = calloc(1, sizeof(*work));
  if (!work)
    return fail("out of memory");
  work->options = &options;
  work->page.out = stdout;
  work->page.verbose = options.verbose;
  work->page.colour =
      isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL && !options.json;
  status = explain(work);
  free(work);
  return status;
}
