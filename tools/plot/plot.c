/* Subcommand plot: judges a history and draws the result. */
#include "subcommand.h"

#include "daemon/daemon_options.h"
#include "judged/input.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "picture.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the command line ----------------------------------------------------- */

enum { HEIGHT_MIN = 100, PORT_METRIC_MAX = 64 };

struct plot_options {
  struct history_options history;
  struct options_list settings, paths, metrics;
  struct moment start, end;
  struct plot_look look;
  const char *output;
  unsigned port; /* 0: none */
};

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

static bool read_size(const char *at, struct plot_look *out) {
  if (!take_side(&at, PLOT_LAYOUT_WIDTH_MIN, &out->width))
    return false;
  if (*at != 'x')
    return *at == '\0';
  at++;
  return take_side(&at, HEIGHT_MIN, &out->height) && *at == '\0';
}

/* Of --size. */
static int take_size(const struct options_command *command, const char *text,
                     void *out) {
  struct plot_options *options = out;

  (void)command;
  return read_size(text, &options->look) ? OPTIONS_GO_ON : OPTIONS_REFUSED;
}

static int take_theme(const struct options_command *command, const char *text,
                      void *out) {
  struct plot_options *options = out;

  (void)command;
  return plot_look_take_theme(text, &options->look.theme) ? OPTIONS_GO_ON
                                                          : OPTIONS_REFUSED;
}

static int take_axis(const struct options_command *command, const char *text,
                     void *out) {
  struct plot_options *options = out;

  (void)command;
  return plot_look_take_axis(text, &options->look.axis) ? OPTIONS_GO_ON
                                                        : OPTIONS_REFUSED;
}

static int take_port(const struct options_command *command, const char *text,
                     void *out) {
  struct plot_options *options = out;

  (void)command;
  return daemon_options_port(text, &options->port);
}

#define AT(member) .at = offsetof(struct plot_options, member)
static const struct options_row rows[] = {
    {"output", 'o', "FILE", "the picture: FILE.svg or FILE.png",
     .kind = OPTIONS_TEXT, AT(output)},
    {"from", 0, "PATH",
     "the history: a CSV file, a folder of collectd's plugin csv\n"
     "or rrdtool, or - for standard input, as replay reads them;\n"
     "more may follow",
     .kind = OPTIONS_LIST, AT(paths)},
    {"metric", 'm', "IDENTIFIER",
     "a panel for [HOST/]PLUGIN[-INSTANCE]/TYPE[-INSTANCE]; may be\n"
     "repeated (default: the panels that show the incidents)",
     .kind = OPTIONS_LIST, .most = PLOT_ASKED_MAX, AT(metrics),
     .wrong = "a picture has room for 16 panels; too many: --metric "},
    {"port", 0, "PORT",
     "panels for the listener on this local port: half-open,\n"
     "queues, drops",
     .kind = OPTIONS_OWN, .take = take_port, .wrong = PORT_REFUSED},
    {"start", 0, "TIME", "draw from this time on (default: the first value)",
     .kind = OPTIONS_MOMENT, AT(start)},
    {"end", 0, "TIME",
     "draw until this time (default: the last value). TIME:\n"
     "2026-11-22T10:00[:30][Z|+01:00], local without a zone;\n"
     "2026-11-22; seconds since 1970; or -3h, -90m, -30s, -7d,\n"
     "-2w: before the history's end; in --start: before --end",
     .kind = OPTIONS_MOMENT, AT(end)},
    {"size", 0, "WxH",
     "of the picture in pixels; W alone: as high as needed\n"
     "(default: 1200)",
     .kind = OPTIONS_OWN, .take = take_size,
     .wrong = "--size must be WIDTHxHEIGHT in pixels, 360x100 to 8000x8000, or "
              "WIDTH alone, not "},
    {"theme", 0, "THEME", PLOT_THEME_HELP, .kind = OPTIONS_OWN,
     .take = take_theme, .wrong = PLOT_THEME_REFUSED},
    {"scale", 0, "SCALE", PLOT_AXIS_HELP, .kind = OPTIONS_OWN,
     .take = take_axis, .wrong = PLOT_AXIS_REFUSED},
    {"config", 'C', "FILE",
     "settings: the <Plugin baseline> blocks of a collectd.conf\n"
     "and of what it includes; may be repeated",
     .kind = OPTIONS_LIST, AT(settings)},
    {"host", 'H', "HOST",
     "the host to draw, and the host of CSV column heads that\n"
     "name none",
     .kind = OPTIONS_HOST, AT(history.host)},
    HISTORY_INTERVAL(struct plot_options, history),
    HISTORY_SKIP_BAD(struct plot_options, history),
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};
#undef AT

static const struct options_command command = {
    .name = "plot",
    .usage =
        "Usage: collectd-baseline plot --from PATH... [OPTION]... -o FILE\n\n"
        "Draws recorded values: each curve with its expected value and its "
        "limits, and\n"
        "the incidents that the plugin baseline would have raised, with their\n"
        "notifications.\n\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .takes_arguments = true,
    .arguments_at = offsetof(struct plot_options, paths),
    .usage_end = "\n"
                 "Exit status: 0 done, 1 input that cannot be read or drawn, 2 "
                 "usage.\n",
};

/* Returns OPTIONS_GO_ON, or the exit status; release *out in both cases. */
static int read_options(int argc, char **argv, struct plot_options *out) {
  int status = options_read(&command, argc, argv, out);

  if (status == OPTIONS_GO_ON && out->paths.len == 0)
    status = options_complain(&command, "no history is given: --from PATH", "");
  if (status == OPTIONS_GO_ON && !out->output)
    status = options_complain(
        &command, "no output is given: -o FILE.svg or FILE.png", "");
  return status;
}

/* --- the range ------------------------------------------------------------ */

static const char whole_range[] =
    "to find the history's end it is read twice, but standard input can be "
    "read only once: give --end as a time";

/* What all steps need. Each returns 0, or -errno and the reason in problem. */
struct plot {
  const struct plot_options *options;
  struct rules rules;
  struct plot_asked asked;
  char *metrics[PLOT_ASKED_MAX]; /* those of --metric and --port */
  char port_metrics[SHOWN_PORT_LEN][PORT_METRIC_MAX];
  char problem[HISTORY_PROBLEM_MAX];
};

static struct history new_history(const struct plot *plot) {
  return (struct history){.options = plot->options->history,
                          .tally = {.said = judged_input_say}};
}

static int open_all(struct plot *plot, struct history *history) {
  return judged_input_open(history, plot->options->paths.items,
                           plot->options->paths.len, plot->problem);
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
  for (size_t i = 0; i < plot->options->paths.len; i++)
    if (strcmp(plot->options->paths.items[i], "-") == 0)
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
  struct judged_onlooker onlooker = plot_gather_onlooker(gather);
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
  rc = judged_silence(&all, plot->problem);
  if (rc == 0)
    rc = judge(plot, gather, &all);
  if (rc == 0)
    rc = plot_picture_save(gather, &plot->options->look, plot->options->output,
                           plot->problem);
  judged_release(&all);
  plot_gather_destroy(gather);
  return rc;
}

/* Returns 0, or -EINVAL and the reason in problem. */
static int choose_metrics(struct plot *plot) {
  const struct plot_options *options = plot->options;
  size_t len = options->metrics.len;

  for (size_t i = 0; i < len; i++)
    plot->metrics[i] = options->metrics.items[i];
  if (options->port > 0 && len + SHOWN_PORT_LEN > PLOT_ASKED_MAX)
    return history_fail(plot->problem, -EINVAL,
                        "a picture has room for %d panels; --port takes %d",
                        (int)PLOT_ASKED_MAX, (int)SHOWN_PORT_LEN);
  for (int i = 0; options->port > 0 && i < SHOWN_PORT_LEN; i++) {
    const struct shown_metric *metric =
        shown_metric((enum shown_id)(SHOWN_PORT_HALF_OPEN + i));
    snprintf(plot->port_metrics[i], PORT_METRIC_MAX, "tcpstates-%u-local/%s-%s",
             options->port, metric->type, metric->type_instance);
    plot->metrics[len++] = plot->port_metrics[i];
  }
  plot->asked.metrics = plot->metrics;
  plot->asked.metrics_len = len;
  plot->asked.optional_len = options->port > 0 ? SHOWN_PORT_LEN : 0;
  return 0;
}

static int draw(struct plot *plot) {
  const struct plot_options *options = plot->options;
  int width = options->look.width > 0 ? options->look.width : PLOT_LAYOUT_WIDTH;

  plot->asked = (struct plot_asked){
      .host = options->history.host,
      .columns = (size_t)width,
  };
  int rc = choose_metrics(plot);
  if (rc == 0)
    rc = plot_picture_check(options->output, plot->problem);
  if (rc == 0)
    rc = judged_input_settings(options->settings.items, options->settings.len,
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
  struct plot_options options = {0};
  int status = read_options(argc, argv, &options);

  if (status < 0)
    status = plot_picture_can("plot") ? run(&options) : SUBCOMMAND_FAILED;
  options_release(&command, &options);
  return status;
}
