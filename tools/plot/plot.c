/* Subcommand plot: history through the judgement, into a picture. */
#include "subcommand.h"

#include "judged/input.h"
#include "plot_layout.h"
#include "plot_options.h"
#include "plot_output.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char whole_range[] =
    "a time before the history's end means that the history is read twice, "
    "which standard input cannot be: give --end as a time";

/* What all steps need. Each returns 0, or -errno and why in problem. */
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

/* --- the range ------------------------------------------------------------ */

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

/* When the last value was: the history is read to its end for it. INFINITY
 * where there is none, which will be said when it is asked for. */
static int find_last(struct plot *plot, double *out) {
  struct history history = new_history(plot);
  struct last last = {plot, -INFINITY};

  history.tally.said = NULL; /* it will be said when it counts */
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

/* --- the way through ------------------------------------------------------ */

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
  rc = judge(plot, gather, &all);
  if (rc == 0)
    rc = plot_output_save(gather, &plot->options->size, plot->options->output,
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
  int rc = plot_output_check(options->output, plot->problem);
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
  int status = plot_options_read(argc, argv, &options);

  if (status < 0)
    status = plot_picture_can("plot") ? run(&options) : SUBCOMMAND_FAILED;
  plot_options_release(&options);
  return status;
}
