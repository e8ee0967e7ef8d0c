/* getopt_long(3) for learn, and its help. */
#include "learn_options.h"

#include "lib/moment.h"
#include "lib/options.h"
#include "subcommand.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  OPTION_FROM = 256,
  OPTION_STATE,
  OPTION_INTERVAL,
  OPTION_LIVE,
  OPTION_SINCE,
  OPTION_UNTIL,
  OPTION_SKIP,
  OPTION_FORCE
};

static const double usual_interval_s = 10; /* collectd's own default */

static const char usage[] =
    "Usage: collectd-baseline learn --from PATH... --state FILE [OPTION]...\n"
    "\n"
    "Builds the saved state of the plugin baseline from recorded values, so "
    "that it\n"
    "needs no warm-up. Stop collectd before: it saves its own over the file.\n"
    "\n"
    "      --from PATH          history, as for replay: FILE.csv, - (standard\n"
    "                           input), HOST/PLUGIN/TYPE.rrd, or a FOLDER of "
    "the\n"
    "                           csv or rrdtool plugin; may be repeated, and\n"
    "                           further PATHs may stand behind\n"
    "      --state FILE         what is written: the StateFile of the "
    "settings\n"
    "  -C, --config FILE        settings: the <Plugin baseline> blocks of a\n"
    "                           collectd.conf and of what it includes; may be\n"
    "                           repeated\n"
    "  -H, --host HOST          the host of heads that name none\n"
    "      --interval S         seconds between two rows (default: the median "
    "of\n"
    "                           the first)\n"
    "      --live-interval S    the Interval of the daemon (default 10); rows\n"
    "                           farther apart are taken for averages\n"
    "      --since TIME         leave out what is before; TIME is such as\n"
    "                           2026-11-22T10:00, seconds since 1970 or -3d\n"
    "      --until TIME         leave out what is after\n"
    "      --skip-bad           pass over rows and cells that cannot be read\n"
    "      --force              write over FILE\n"
    "  -h, --help               this text\n"
    "\n"
    "Exit status: 0 written, 1 not written, 2 usage.\n";

static const struct option known[] = {
    {"from", required_argument, NULL, OPTION_FROM},
    {"state", required_argument, NULL, OPTION_STATE},
    {"config", required_argument, NULL, 'C'},
    {"host", required_argument, NULL, 'H'},
    {"interval", required_argument, NULL, OPTION_INTERVAL},
    {"live-interval", required_argument, NULL, OPTION_LIVE},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"skip-bad", no_argument, NULL, OPTION_SKIP},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int complain(const char *words, const char *what) {
  fprintf(stderr, "collectd-baseline learn: %s%s\n%s", words, what,
          "Try collectd-baseline learn --help.\n");
  return SUBCOMMAND_USAGE;
}

static int read_interval(const char *text, double *out) {
  if (!options_interval(text, out))
    return complain("an interval is a number from 0.001 to 86400, not ", text);
  return -1;
}

static int read_time(const char *text, double *out) {
  struct moment moment;

  if (!moment_read(text, &moment))
    return complain("a time is such as 2026-11-22T10:00, seconds since 1970 or "
                    "-3d, not ",
                    text);
  *out = moment.relative ? (double)time(NULL) - moment.seconds : moment.seconds;
  return -1;
}

static int take_host(const char *text, struct learn_options *out) {
  out->history.host = text;
  if (!options_is_host(text))
    return complain("--host cannot be ", text);
  return -1;
}

/* Returns as learn_options_read. last: the argument the option stands in. */
static int take(int option, const char *last, struct learn_options *out) {
  switch (option) {
  case OPTION_FROM:
    out->paths[out->paths_len++] = optarg;
    return -1;
  case OPTION_STATE:
    out->state = optarg;
    return -1;
  case 'C':
    out->settings[out->settings_len++] = optarg;
    return -1;
  case 'H':
    return take_host(optarg, out);
  case OPTION_INTERVAL:
    return read_interval(optarg, &out->history.interval_s);
  case OPTION_LIVE:
    return read_interval(optarg, &out->live_s);
  case OPTION_SINCE:
    return read_time(optarg, &out->since_s);
  case OPTION_UNTIL:
    return read_time(optarg, &out->until_s);
  case OPTION_SKIP:
    out->history.skip_bad = true;
    return -1;
  case OPTION_FORCE:
    out->force = true;
    return -1;
  case 'h':
    fputs(usage, stdout);
    return SUBCOMMAND_DONE;
  default:
    return complain("unknown option, or one without its value: ", last);
  }
}

static int check(const struct learn_options *options) {
  if (options->paths_len == 0)
    return complain("no --from PATH is given", "");
  if (!options->state)
    return complain("no --state FILE is given", "");
  if (options->since_s >= options->until_s)
    return complain("--since is not before --until", "");
  return -1;
}

int learn_options_read(int argc, char **argv, struct learn_options *out) {
  int option = 0, status = -1;

  *out = (struct learn_options){
      .settings = calloc((size_t)argc, sizeof(*out->settings)),
      .paths = calloc((size_t)argc, sizeof(*out->paths)),
      .live_s = usual_interval_s,
      .since_s = -INFINITY,
      .until_s = INFINITY,
  };
  if (!out->settings || !out->paths) {
    fputs("collectd-baseline learn: out of memory\n", stderr);
    return SUBCOMMAND_FAILED;
  }
  opterr = 0;
  while (status < 0 &&
         (option = getopt_long(argc, argv, "C:H:h", known, NULL)) != -1)
    status = take(option, argv[optind - 1], out);
  while (status < 0 && optind < argc)
    out->paths[out->paths_len++] = argv[optind++];
  return status < 0 ? check(out) : status;
}

void learn_options_release(struct learn_options *options) {
  free(options->settings);
  free(options->paths);
}
