/* getopt_long(3) for check, and its help. */
#include "nagios_options.h"

#include "line.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_ALL_HOSTS = 256, OPTION_INCIDENT };

static const char usage[] =
    "Usage: collectd-baseline check [OPTION]...\n"
    "\n"
    "A check for Nagios, Icinga and their kin: one line with the open "
    "incidents, the\nworst first, and performance data.\n"
    "\n" DAEMON_OPTIONS_HELP
    "      --all-hosts      the worst of all hosts that the daemon has values "
    "of\n"
    "      --incident NAME  only this one; may be repeated:\n";

static const char usage_end[] = "  -h, --help           this text\n"
                                "\n"
                                "Exit status: 0 OK, 1 WARNING, 2 CRITICAL "
                                "(FAILURE), 3 UNKNOWN (nothing can "
                                "be\nsaid, or usage).\n";

static const struct option known[] = {
    DAEMON_OPTIONS_LONG,
    {"all-hosts", no_argument, NULL, OPTION_ALL_HOSTS},
    {"incident", required_argument, NULL, OPTION_INCIDENT},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static void print_usage(void) {
  fputs(usage, stdout);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    printf("%s%s%s", i % 3 == 0 ? "                       " : " ",
           rules_incident_name((enum incident_kind)i),
           i % 3 == 2 || i == INCIDENT_COUNT - 1 ? "\n" : "");
  fputs(usage_end, stdout);
}

static int complain(const char *words, const char *what) {
  char problem[UNIXSOCK_PROBLEM_MAX];

  snprintf(problem, sizeof(problem),
           "%s%.200s; try collectd-baseline check --help", words, what);
  return (int)nagios_unknown(stdout, problem);
}

static int take_incident(const char *name, struct nagios_options *out) {
  for (size_t i = 0; i < out->incidents_len; i++)
    if (strcmp(out->incidents[i], name) == 0)
      return -1;
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    if (strcmp(rules_incident_name((enum incident_kind)i), name) != 0)
      continue;
    out->incidents[out->incidents_len++] = name;
    return -1;
  }
  return complain("--incident must be the name of one, not ", name);
}

/* Returns as nagios_options_read. last: the argument the option stands in. */
static int take(int option, const char *last, struct nagios_options *out) {
  const char *wrong = NULL;

  if (daemon_options_take(option, optarg, &out->daemon, &wrong))
    return wrong ? complain(wrong, optarg) : -1;
  switch (option) {
  case OPTION_ALL_HOSTS:
    out->all_hosts = true;
    return -1;
  case OPTION_INCIDENT:
    return take_incident(optarg, out);
  case 'h':
    print_usage();
    return NAGIOS_OK;
  default:
    return complain("unknown option, or one without its value: ", last);
  }
}

int nagios_options_read(int argc, char **argv, struct nagios_options *out) {
  int option = 0, status = -1;

  *out = (struct nagios_options){.all_hosts = false};
  daemon_options_init(&out->daemon);
  opterr = 0;
  while (status < 0 &&
         (option = getopt_long(argc, argv, DAEMON_OPTIONS_SHORT "h", known,
                               NULL)) != -1)
    status = take(option, argv[optind - 1], out);
  if (status < 0 && optind < argc)
    status = complain("no argument is taken: ", argv[optind]);
  if (status < 0 && out->all_hosts && out->daemon.query.host)
    status = complain("--host and --all-hosts exclude each other", "");
  return status;
}
