/* getopt_long(3) for status, and its help. */
#include "status_options.h"

#include "history_number.h"
#include "subcommand.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_JSON = 256, OPTION_HOSTS, WATCH_MAX_S = 86400 };

static const char usage[] =
    "Usage: collectd-baseline status [OPTION]...\n"
    "\n"
    "Shows the TCP states, ratios, queues, counters and incidents of one host, "
    "as the\ncollectd daemon behind SOCKET has them.\n"
    "\n" DAEMON_OPTIONS_HELP
    "      --json           one JSON object instead of the table\n"
    "      --hosts          only the names of the hosts that the daemon has "
    "values of\n"
    "  -w, --watch S        draw again every S seconds until interrupted\n"
    "  -h, --help           this text\n"
    "\n"
    "Exit status: 0 shown, whatever the incidents are; 1 nothing to show; 2 "
    "usage.\nFor monitoring there is collectd-baseline check.\n";

static const struct option known[] = {
    DAEMON_OPTIONS_LONG,
    {"json", no_argument, NULL, OPTION_JSON},
    {"hosts", no_argument, NULL, OPTION_HOSTS},
    {"watch", required_argument, NULL, 'w'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int complain(const char *words, const char *what) {
  fprintf(stderr, "collectd-baseline status: %s%s\n%s", words, what,
          "Try collectd-baseline status --help.\n");
  return SUBCOMMAND_USAGE;
}

static int take_watch(const char *text, double *out) {
  struct history_number number;
  const char *end = text + strlen(text);

  if (history_number_read(text, end, &number) != end || !number.is_whole ||
      number.value < 1 || number.value > WATCH_MAX_S)
    return complain("--watch must be a whole number from 1 to 86400, not ",
                    text);
  *out = number.value;
  return -1;
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
  case 'w':
    return take_watch(optarg, &out->watch_s);
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
         (option = getopt_long(argc, argv, DAEMON_OPTIONS_SHORT "w:h", known,
                               NULL)) != -1)
    status = take(option, argv[optind - 1], out);
  if (status < 0 && optind < argc)
    status = complain("no argument is taken: ", argv[optind]);
  if (status < 0 && out->json + out->hosts + (out->watch_s > 0) > 1)
    status = complain("--json, --hosts and --watch exclude each other", "");
  return status;
}
