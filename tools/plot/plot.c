/* Subcommand plot: judges a history and draws the result. Source:
 * getopt_long(3). */
#include "subcommand.h"

#include "judged/input.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "picture.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the command line ----------------------------------------------------- */

struct plot_options {
  struct history_options history;
  char **settings, **paths, **metrics; /* owned; the texts are of argv */
  size_t settings_len, paths_len, metrics_len;
  struct moment start, end;
  struct plot_size size;
  const char *output;
};

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

/* Read one side of the picture and advance *text; false if it is wrong. */
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

/* Returns as read_options. last: the argument the option stands in. */
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

/* Returns -1 to go on, or the exit status; release *out in both cases. */
static int read_options(int argc, char **argv, struct plot_options *out) {
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

static void release_options(struct plot_options *options) {
  free(options->settings);
  free(options->paths);
  free(options->metrics);
}

/* --- the range ------------------------------------------------------------ */

static const char whole_range[] =
    "a time before the history's end means that the history is read twice, "
    "which standard input cannot be: give --end as a time";

/* What all steps need. Each returns 0, or -errno and the reason in problem. */
struct plot {
  const struct plot_options *options;
  struct rules rules;
  struct plot_asked asked;
  char problem[HISTORY_PROBLEM_MAX];
};

static struct history new_history(const struct plot *plot) {
  return (struct history){.options = plot->options->history,
                          .tally = {.said = judged_input_say}};
}

static int open_all(struct plot *plot, struct history *history) {
  return judged_input_open(history, plot->options->paths,
                           plot->options->paths_len, plot->problem);
}

struct last {
  const struct plot *plot;
  double time_s;
};

static bool concerns(void *context, struct history_series *series) {
  const struct last *last = context;

  return plot_gather_concerns(&last->plot->asked, &last->plot->rules, series);
}

static int see(void *context, const struct history_value *value) {
  struct last *last = context;

  last->time_s = fmax(last->time_s, value->time_s);
  return 0;
}

/* The time of the last value, for which the whole history is read. INFINITY if
 * there is none; a later step reports that. */
static int find_last(struct plot *plot, double *out) {
  struct history history = new_history(plot);
  struct last last = {plot, -INFINITY};

  history.tally.said = NULL; /* losses are reported by the second pass */
  for (size_t i = 0; i < plot->options->paths_len; i++)
    if (strcmp(plot->options->paths[i], "-") == 0)
      return history_fail(plot->problem, -EINVAL, "%s", whole_range);
  history.taker = (struct history_taker){concerns, see, &last};
  int rc = open_all(plot, &history);
  if (rc == 0)
    rc = history_run(&history, plot->problem);
  history_close(&history);
  *out = isfinite(last.time_s) ? last.time_s : INFINITY;
  return rc;
}

static int find_range(struct plot *plot) {
  const struct moment *start = &plot->options->start;
  const struct moment *end = &plot->options->end;
  double last_s = INFINITY;
  int rc = 0;

  if (end->relative || (start->relative && !end->given))
    rc = find_last(plot, &last_s);
  plot->asked.end_s = !end->given     ? INFINITY
                      : end->relative ? last_s - end->seconds
                                      : end->seconds;
  plot->asked.start_s = -INFINITY;
  plot->asked.start_is_relative = start->given && start->relative;
  if (start->given)
    plot->asked.start_s = start->relative
                              ? fmin(plot->asked.end_s, last_s) - start->seconds
                              : start->seconds;
  if (rc == 0 && isfinite(plot->asked.start_s) &&
      plot->asked.start_s >= plot->asked.end_s)
    rc = history_fail(plot->problem, -EINVAL, "--start is not before --end");
  return rc;
}

/* --- judging and drawing -------------------------------------------------- */

static int judge(struct plot *plot, struct plot_gather *gather,
                 struct judged *judge) {
  struct replay_onlooker onlooker = plot_gather_onlooker(gather);
  struct history history = new_history(plot);

  judge->onlooker = &onlooker;
  judge->host = plot->asked.host;
  history.taker = judged_taker(judge);
  int rc = open_all(plot, &history);
  if (rc == 0)
    rc = plot_gather_begin(gather, plot->problem);
  if (rc == 0)
    rc = history_run(&history, plot->problem);
  if (rc == 0)
    judged_finish(judge);
  judge->onlooker = NULL;
  history_close(&history);
  return rc;
}

static int gather_and_save(struct plot *plot) {
  struct judged_report report = {.out = NULL};
  struct judged all;
  struct plot_gather *gather = NULL;
  int rc =
      plot_gather_create(&plot->rules, &plot->asked, &gather, plot->problem);

  if (rc != 0)
    return rc;
  rc = judged_init(&all, &plot->rules, &report);
  if (rc != 0) {
    plot_gather_destroy(gather);
    return history_fail(plot->problem, rc, "out of memory");
  }
  rc = judge(plot, gather, &all);
  if (rc == 0)
    rc = plot_picture_save(gather, &plot->options->size, plot->options->output,
                           plot->problem);
  judged_release(&all);
  plot_gather_destroy(gather);
  return rc;
}

static int draw(struct plot *plot) {
  const struct plot_options *options = plot->options;
  int width = options->size.width > 0 ? options->size.width : PLOT_LAYOUT_WIDTH;

  plot->asked = (struct plot_asked){
      .metrics = options->metrics,
      .metrics_len = options->metrics_len,
      .host = options->history.host,
      .columns = (size_t)width,
  };
  int rc = plot_picture_check(options->output, plot->problem);
  if (rc == 0)
    rc = judged_input_settings(options->settings, options->settings_len,
                               &plot->rules, plot->problem);
  if (rc == 0)
    rc = find_range(plot);
  return rc == 0 ? gather_and_save(plot) : rc;
}

static int run(const struct plot_options *options) {
  struct plot *plot = calloc(1, sizeof(*plot));

  if (!plot) {
    fputs("collectd-baseline plot: out of memory\n", stderr);
    return SUBCOMMAND_FAILED;
  }
  plot->options = options;
  int rc = draw(plot);
  if (rc != 0)
    fprintf(stderr, "collectd-baseline plot: %s\n", plot->problem);
  free(plot);
  return rc == 0 ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

int plot_run(int argc, char **argv) {
  struct plot_options options;
  int status = read_options(argc, argv, &options);

  if (status < 0)
    status = plot_picture_can("plot") ? run(&options) : SUBCOMMAND_FAILED;
  release_options(&options);
  return status;
}
