/* getopt_long(3) for status, and its help. */
#include "status_options.h"

#include "subcommand.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_JSON = 256, OPTION_HOSTS };

static const char usage[] =
    "Usage: collectd-baseline status [OPTION]...\n"
    "\n"
    "Shows the TCP states, ratios, queues, counters and incidents of one host, "
    "as the\ncollectd daemon behind SOCKET has them.\n"
    "\n" DAEMON_OPTIONS_HELP
    "      --json           one JSON object instead of the table\n"
    "      --hosts          only the names of the hosts that the daemon has "
    "values of\n"
    "  -h, --help           this text\n"
    "\n"
    "Exit status: 0 shown, whatever the incidents are; 1 nothing to show; 2 "
    "usage.\nFor monitoring there is collectd-baseline check, live "
    "collectd-baseline watch.\n";

static const struct option known[] = {
    DAEMON_OPTIONS_LONG,
    {"json", no_argument, NULL, OPTION_JSON},
    {"hosts", no_argument, NULL, OPTION_HOSTS},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int complain(const char *words, const char *what) {
  fprintf(stderr, "collectd-baseline status: %s%s\n%s", words, what,
          "Try collectd-baseline status --help.\n");
  return SUBCOMMAND_USAGE;
}

/* Returns as status_options_read. last: the argument the option stands in. */
static int take(int option, const char *last, struct status_options *out) {
  const char *wrong = NULL;

  if (daemon_options_take(option, optarg, &out->daemon, &wrong))
    return wrong ? complain(wrong, optarg) : -1;
  switch (option) {
  case OPTION_JSON:
    out->json = true;
    return -1;
  case OPTION_HOSTS:
    out->hosts = true;
    return -1;
  case 'h':
    fputs(usage, stdout);
    return SUBCOMMAND_DONE;
  default:
    return complain("unknown option, or one without its value: ", last);
  }
}

int status_options_read(int argc, char **argv, struct status_options *out) {
  int option = 0, status = -1;

  *out = (struct status_options){.json = false};
  daemon_options_init(&out->daemon);
  opterr = 0;
  while (status < 0 &&
         (option = getopt_long(argc, argv, DAEMON_OPTIONS_SHORT "h", known,
                               NULL)) != -1)
    status = take(option, argv[optind - 1], out);
  if (status < 0 && optind < argc)
    status = complain("no argument is taken: ", argv[optind]);
  if (status < 0 && out->json && out->hosts)
    status = complain("--json and --hosts exclude each other", "");
  return status;
}
