/* Subcommand explain: prints the current judgement of one host step by step,
 * from the saved state of the plugin baseline. Source: getopt_long(3). */
#include "subcommand.h"

#include "daemon/daemon_options.h"
#include "json.h"
#include "text.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* --- the command line ----------------------------------------------------- */

struct explain_options {
  struct explain_wanted wanted;
  const char *host;  /* NULL: the only one */
  const char *watch; /* a <Watch>; NULL: the incidents */
  int incident;      /* an enum incident_kind; -1: all */
  bool json;
};

enum { OPTION_STATE = 256, OPTION_INCIDENT, OPTION_WATCH, OPTION_JSON };

static const char usage[] =
    "Usage: collectd-baseline explain [OPTION]...\n"
    "\n"
    "Explains the current judgement of one host step by step: what was seen, "
    "what is\nusual, what the load explains, each evidence with its figures "
    "and limits, and\nwhat would have to change for the next severity and for "
    "an OKAY. The daemon\nbehind SOCKET is asked to save its state first.\n"
    "\n"
    "  -s, --socket SOCKET  the plugin unixsock's socket\n"
    "                       (default " UNIXSOCK_DEFAULT_PATH ")\n"
    "  -C, --config FILE    the daemon's collectd.conf (default:\n"
    "                       /etc/collectd/collectd.conf or "
    "/etc/collectd.conf)\n"
    "      --state FILE     this saved state as it is, without a daemon unless "
    "-s is\n"
    "                       given, too\n"
    "  -H, --host HOST      which host (default: the only one)\n"
    "  -t, --timeout S      how long to wait for the daemon (default 10)\n"
    "      --incident NAME  this incident only, and in full\n"
    "      --watch NAME     the series of this <Watch> instead of the "
    "incidents\n"
    "      --json           one JSON object instead of text\n"
    "  -h, --help           this text\n"
    "\n"
    "Exit status: 0 explained, whatever the incidents are; 1 it cannot be; 2 "
    "usage.\n";

static const struct option known[] = {
    {"socket", required_argument, NULL, 's'},
    {"config", required_argument, NULL, 'C'},
    {"state", required_argument, NULL, OPTION_STATE},
    {"host", required_argument, NULL, 'H'},
    {"timeout", required_argument, NULL, 't'},
    {"incident", required_argument, NULL, OPTION_INCIDENT},
    {"watch", required_argument, NULL, OPTION_WATCH},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int complain(const char *words, const char *what) {
  fprintf(stderr, "collectd-baseline explain: %s%s\n%s", words, what,
          "Try collectd-baseline explain --help.\n");
  return SUBCOMMAND_USAGE;
}

static int take_incident(const char *name, struct explain_options *out) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (strcmp(name, rules_incident_name((enum incident_kind)i)) == 0) {
      out->incident = i;
      return -1;
    }
  fprintf(stderr,
          "collectd-baseline explain: there is no incident %s; there "
          "are",
          name);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    fprintf(stderr, " %s", rules_incident_name((enum incident_kind)i));
  fputc('\n', stderr);
  return SUBCOMMAND_USAGE;
}

/* -s, -H and -t as the other subcommands have them. */
static int take_of_daemon(int option, struct explain_options *out) {
  struct daemon_options daemon;
  const char *wrong = NULL;

  daemon_options_init(&daemon);
  daemon_options_take(option, optarg, &daemon, &wrong);
  if (wrong)
    return complain(wrong, optarg);
  if (option == 's')
    out->wanted.socket_path = optarg;
  else if (option == 'H')
    out->host = optarg;
  else
    out->wanted.limit_s = daemon.query.limit_s;
  return -1;
}

/* Returns as read_options. last: the argument the option stands in. */
static int take(int option, const char *last, struct explain_options *out) {
  switch (option) {
  case 's':
  case 'H':
  case 't':
    return take_of_daemon(option, out);
  case 'C':
    out->wanted.config_path = optarg;
    return -1;
  case OPTION_STATE:
    out->wanted.state_path = optarg;
    return -1;
  case OPTION_INCIDENT:
    return take_incident(optarg, out);
  case OPTION_WATCH:
    out->watch = optarg;
    return -1;
  case OPTION_JSON:
    out->json = true;
    return -1;
  case 'h':
    fputs(usage, stdout);
    return SUBCOMMAND_DONE;
  default:
    return complain("unknown option, or one without its value: ", last);
  }
}

/* Returns -1 to go on, or the exit status. */
static int read_options(int argc, char **argv, struct explain_options *out) {
  int option = 0, status = -1;

  *out = (struct explain_options){
      .wanted = {.limit_s = UNIXSOCK_DEFAULT_LIMIT_S}, .incident = -1};
  opterr = 0;
  while (status < 0 &&
         (option = getopt_long(argc, argv, "s:C:H:t:h", known, NULL)) != -1)
    status = take(option, argv[optind - 1], out);
  if (status < 0 && optind < argc)
    status = complain("no argument is taken: ", argv[optind]);
  if (status < 0 && out->watch && out->incident >= 0)
    status = complain("--incident and --watch exclude each other", "");
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

static double now_s(void) {
  struct timespec now = {0};

  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

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
    explain_json_series(work->page.out, series);
  else
    explain_page_series(&work->page, series);
  work->shown++;
  return 0;
}

static int explain_watch(struct work *work) {
  const char *watch = work->options->watch;
  char problem[EXPLAIN_PROBLEM_MAX];
  int rc = explain_source_series(&work->source, work->options->host, watch,
                                 show_series, work);

  if (rc == 0 && work->shown > 0)
    return SUBCOMMAND_DONE;
  snprintf(problem, sizeof(problem),
           rc == 0 ? "%.400s has no series of <Watch \"%.60s\">: is that its "
                     "name in the settings, and has one of its values come?"
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
  if (options->incident < 0 &&
      explain_page_list(&work->page, &work->source, work->host.name) != 0)
    return fail("out of memory");
  return SUBCOMMAND_DONE;
}

static int explain(struct work *work) {
  char problem[EXPLAIN_PROBLEM_MAX];
  double began_s = now_s();

  if (explain_source_open(&work->options->wanted, began_s, &work->source,
                          problem) != 0)
    return fail(problem);
  work->page.now_s = now_s();
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
  work->page.colour =
      isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL && !options.json;
  status = explain(work);
  free(work);
  return status;
}
