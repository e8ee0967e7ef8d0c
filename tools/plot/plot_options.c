/* getopt_long(3) for plot, and its help. */
#include "plot_options.h"

#include "lib/options.h"
#include "plot_layout.h"
#include "subcommand.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
  OPTION_FROM = 256,
  OPTION_START,
  OPTION_END,
  OPTION_SIZE,
  OPTION_INTERVAL,
  OPTION_SKIP
};
enum { HEIGHT_MIN = 100 };

static const char usage[] =
    "Usage: collectd-baseline plot --from PATH... [OPTION]... -o FILE\n"
    "\n"
    "Draws recorded values: each curve with what is expected of it and its "
    "limits, the\nincidents that the plugin baseline would have raised, and "
    "what it would have said.\n"
    "\n"
    "  -o, --output FILE    the picture: FILE.svg or FILE.png\n"
    "      --from PATH      the history: a CSV file, a folder of collectd's "
    "plugin csv\n"
    "                       or rrdtool, or - for standard input, as replay "
    "reads them;\n"
    "                       further ones may follow\n"
    "  -m, --metric IDENTIFIER\n"
    "                       a panel for [HOST/]PLUGIN[-INSTANCE]/"
    "TYPE[-INSTANCE]; may be\n"
    "                       repeated (default: the panels that show the "
    "incidents)\n"
    "      --start TIME     from when on (default: the first value)\n"
    "      --end TIME       until when (default: the last value). TIME is one "
    "of\n"
    "                       2026-11-22T10:00[:30][Z|+01:00], local without a "
    "zone;\n"
    "                       2026-11-22; seconds since 1970; or -3h, -90m, "
    "-30s, -7d,\n"
    "                       -2w: before the history's end; of --start: before "
    "--end\n"
    "      --size WxH       of the picture in pixels; W alone: as high as it "
    "takes\n"
    "                       (default: 1200)\n"
    "  -C, --config FILE    settings: the <Plugin baseline> blocks of a "
    "collectd.conf\n"
    "                       and of what it includes; may be repeated\n"
    "  -H, --host HOST      whose values to draw; the host of CSV heads that "
    "name none,\n"
    "                       too\n"
    "      --interval S     seconds between two rows (default: the median of "
    "the first)\n"
    "      --skip-bad       pass over rows and cells that cannot be read\n"
    "  -h, --help           this text\n"
    "\n"
    "Exit status: 0 done, 1 input that cannot be read or drawn, 2 usage.\n";

static const struct option known[] = {
    {"output", required_argument, NULL, 'o'},
    {"from", required_argument, NULL, OPTION_FROM},
    {"metric", required_argument, NULL, 'm'},
    {"start", required_argument, NULL, OPTION_START},
    {"end", required_argument, NULL, OPTION_END},
    {"size", required_argument, NULL, OPTION_SIZE},
    {"config", required_argument, NULL, 'C'},
    {"host", required_argument, NULL, 'H'},
    {"interval", required_argument, NULL, OPTION_INTERVAL},
    {"skip-bad", no_argument, NULL, OPTION_SKIP},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int complain(const char *words, const char *what) {
  fprintf(stderr, "collectd-baseline plot: %s%s\n%s", words, what,
          "Try collectd-baseline plot --help.\n");
  return SUBCOMMAND_USAGE;
}

static int read_interval(const char *text, double *out) {
  if (!options_interval(text, out))
    return complain("--interval must be a number from 0.001 to 86400, not ",
                    text);
  return -1;
}

static int read_moment(const char *words, const char *text,
                       struct moment *out) {
  return moment_read(text, out) ? -1 : complain(words, text);
}

/* Takes a side of the picture off *text; false where there is none. */
static bool take_side(const char **text, int least, int *out) {
  char *end = NULL;
  long side = 0;

  if (**text < '0' || **text > '9')
    return false;
  side = strtol(*text, &end, 10);
  *text = end;
  *out = (int)side;
  return side >= least && side <= PLOT_LAYOUT_SIDE_MAX;
}

static bool take_size(const char *at, struct plot_size *out) {
  if (!take_side(&at, PLOT_LAYOUT_WIDTH_MIN, &out->width))
    return false;
  if (*at != 'x')
    return *at == '\0';
  at++;
  return take_side(&at, HEIGHT_MIN, &out->height) && *at == '\0';
}

static int read_size(const char *text, struct plot_size *out) {
  if (take_size(text, out))
    return -1;
  return complain("--size must be WIDTHxHEIGHT in pixels, 360x100 to "
                  "8000x8000, or WIDTH alone, not ",
                  text);
}

static int read_host(const char *text, const char **out) {
  *out = text;
  if (!options_is_host(text))
    return complain("--host cannot be ", text);
  return -1;
}

static int read_metric(char *text, struct plot_options *out) {
  if (out->metrics_len == PLOT_PANELS_MAX)
    return complain("there is room for 16 panels; too many: --metric ", text);
  out->metrics[out->metrics_len++] = text;
  return -1;
}

/* Returns as plot_options_read. last: the argument the option stands in. */
static int take(int option, const char *last, struct plot_options *out) {
  switch (option) {
  case 'o':
    out->output = optarg;
    return -1;
  case OPTION_FROM:
    out->paths[out->paths_len++] = optarg;
    return -1;
  case 'm':
    return read_metric(optarg, out);
  case OPTION_START:
    return read_moment(
        "--start must be a time, as 2026-11-22T10:00 or -3h, not ", optarg,
        &out->start);
  case OPTION_END:
    return read_moment("--end must be a time, as 2026-11-22T10:00 or -3h, not ",
                       optarg, &out->end);
  case OPTION_SIZE:
    return read_size(optarg, &out->size);
  case 'C':
    out->settings[out->settings_len++] = optarg;
    return -1;
  case 'H':
    return read_host(optarg, &out->history.host);
  case OPTION_INTERVAL:
    return read_interval(optarg, &out->history.interval_s);
  case OPTION_SKIP:
    out->history.skip_bad = true;
    return -1;
  case 'h':
    fputs(usage, stdout);
    return SUBCOMMAND_DONE;
  default:
    return complain("unknown option, or one without its value: ", last);
  }
}

static int check(const struct plot_options *options) {
  if (options->paths_len == 0)
    return complain("no history is given: --from PATH", "");
  if (!options->output)
    return complain("no output is given: -o FILE.svg or FILE.png", "");
  return -1;
}

int plot_options_read(int argc, char **argv, struct plot_options *out) {
  int option = 0, status = -1;
  size_t most = (size_t)argc;

  *out = (struct plot_options){
      .settings = calloc(most, sizeof(char *)),
      .paths = calloc(most, sizeof(char *)),
      .metrics = calloc(most, sizeof(char *)),
  };
  if (!out->settings || !out->paths || !out->metrics) {
    fputs("collectd-baseline plot: out of memory\n", stderr);
    return SUBCOMMAND_FAILED;
  }
  opterr = 0;
  while (status < 0 &&
         (option = getopt_long(argc, argv, "o:m:C:H:h", known, NULL)) != -1)
    status = take(option, argv[optind - 1], out);
  for (int i = optind; i < argc && status < 0; i++)
    out->paths[out->paths_len++] = argv[i];
  return status < 0 ? check(out) : status;
}

void plot_options_release(struct plot_options *options) {
  free(options->settings);
  free(options->paths);
  free(options->metrics);
}
