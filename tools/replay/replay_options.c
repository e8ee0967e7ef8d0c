/* getopt_long(3) for replay, and its help. */
#include "replay_options.h"

#include "lib/options.h"
#include "subcommand.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  OPTION_INTERVAL = 256,
  OPTION_JSON,
  OPTION_SKIP,
  OPTION_STEPS,
  OPTION_PLOT,
  OPTION_SCORES
};

static const char usage[] =
    "Usage: collectd-baseline replay [OPTION]... PATH...\n"
    "       collectd-baseline replay --scores IDENTIFIER [OPTION]... PATH...\n"
    "\n"
    "Runs recorded values through the judgement of the plugin baseline and "
    "prints each\nnotification as it would have been sent, and a summary.\n"
    "\n"
    "PATH is one of, and several are merged by time:\n"
    "  FILE.csv  the first head is time (seconds since 1970), the others are\n"
    "            identifiers [HOST/]PLUGIN[-INSTANCE]/TYPE[-INSTANCE], with "
    ":rate behind\n"
    "            a counter that is a rate already. An empty cell is no value, "
    "nan or U\n"
    "            one without a number. The host is the file's name where no "
    "head has one.\n"
    "  -         the same from standard input; the host is localhost\n"
    "  FOLDER    of collectd's csv plugin (HOST/PLUGIN/TYPE-DATE, or TYPE "
    "alone) or\n"
    "            rrdtool plugin (HOST/PLUGIN/TYPE.rrd, the finest averages)\n"
    "            CSV files may be gzipped.\n"
    "\n"
    "  -C, --config FILE    settings: the <Plugin baseline> blocks of a "
    "collectd.conf\n"
    "                       and of what it includes; may be repeated\n"
    "  -H, --host HOST      the host of heads that name none\n"
    "      --interval S     seconds between two rows (default: the median of "
    "the first)\n"
    "      --json           one JSON object a notification; the summary goes "
    "to stderr\n"
    "      --skip-bad       pass over rows and cells that cannot be read\n"
    "      --strict-times   a time that goes back is a mistake, not a clock "
    "that "
    "was set\n"
    "      --plot FILE      draw it, too, as plot does: FILE.svg or "
    "FILE.png\n"
    "      --scores IDENTIFIER\n"
    "                       print time,value,expected,lower,upper,score of "
    "one series\n"
    "                       under the generic baseline, whatever the metric "
    "is\n"
    "  -h, --help           this text\n"
    "\n"
    "Exit status: 0 done, 1 input that cannot be read, 2 usage.\n";

static const struct option known[] = {
    {"config", required_argument, NULL, 'C'},
    {"host", required_argument, NULL, 'H'},
    {"interval", required_argument, NULL, OPTION_INTERVAL},
    {"json", no_argument, NULL, OPTION_JSON},
    {"skip-bad", no_argument, NULL, OPTION_SKIP},
    {"strict-times", no_argument, NULL, OPTION_STEPS},
    {"plot", required_argument, NULL, OPTION_PLOT},
    {"scores", required_argument, NULL, OPTION_SCORES},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int complain(const char *words, const char *what) {
  fprintf(stderr, "collectd-baseline: replay: %s%s\n%s", words, what,
          "Try collectd-baseline replay --help.\n");
  return SUBCOMMAND_USAGE;
}

static int read_interval(const char *text, double *out) {
  if (!options_interval(text, out))
    return complain("--interval must be a number from 0.001 to 86400, not ",
                    text);
  return -1;
}

/* Returns as replay_options_read. last: the argument the option stands in. */
static int take(int option, const char *last, struct replay_options *out) {
  switch (option) {
  case 'C':
    out->settings[out->settings_len++] = optarg;
    return -1;
  case 'H':
    out->history.host = optarg;
    if (!options_is_host(optarg))
      return complain("--host cannot be ", optarg);
    return -1;
  case OPTION_INTERVAL:
    return read_interval(optarg, &out->history.interval_s);
  case OPTION_JSON:
    out->json = true;
    return -1;
  case OPTION_SKIP:
    out->history.skip_bad = true;
    return -1;
  case OPTION_STEPS:
    out->history.strict_times = true;
    return -1;
  case OPTION_PLOT:
    out->plot = optarg;
    return -1;
  case OPTION_SCORES:
    out->scores = optarg;
    return -1;
  case 'h':
    fputs(usage, stdout);
    return SUBCOMMAND_DONE;
  default:
    return complain("unknown option, or one without its value: ", last);
  }
}

int replay_options_read(int argc, char **argv, struct replay_options *out) {
  int option = 0, status = -1;

  *out = (struct replay_options){
      .settings = calloc((size_t)argc, sizeof(*out->settings))};
  if (!out->settings) {
    fputs("collectd-baseline replay: out of memory\n", stderr);
    return SUBCOMMAND_FAILED;
  }
  opterr = 0;
  while (status < 0 &&
         (option = getopt_long(argc, argv, "C:H:h", known, NULL)) != -1)
    status = take(option, argv[optind - 1], out);
  out->paths = argv + optind;
  out->paths_len = (size_t)(argc - optind);
  if (status < 0 && out->paths_len == 0)
    status = complain("no PATH is given", "");
  if (status < 0 && out->json && out->scores)
    status = complain("--json and --scores exclude each other", "");
  if (status < 0 && out->plot && out->scores)
    status = complain("--plot and --scores exclude each other", "");
  return status;
}

void replay_options_release(struct replay_options *options) {
  free(options->settings);
}
