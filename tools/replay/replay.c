/* Subcommand replay: history through the judgement. */
#include "subcommand.h"

#include "judged/input.h"
#include "judged/judged.h"
#include "plot/picture.h"
#include "replay_options.h"
#include "scores.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *problem) {
  fflush(stdout);
  fprintf(stderr, "collectd-baseline: %s\n", problem);
  return SUBCOMMAND_FAILED;
}

static int open_all(struct history *history,
                    const struct replay_options *options) {
  char problem[HISTORY_PROBLEM_MAX];
  int rc =
      judged_input_open(history, options->paths, options->paths_len, problem);

  return rc == 0 ? SUBCOMMAND_DONE : fail(problem);
}

static int run(struct history *history) {
  char problem[HISTORY_PROBLEM_MAX];

  return history_run(history, problem) == 0 ? SUBCOMMAND_DONE : fail(problem);
}

static void print_summary(const struct judged *judge,
                          const struct history *history, bool json) {
  FILE *summary = json ? stderr : stdout;

  fflush(stdout);
  judged_report_summary(judge->report, summary, hosts_count(engine_hosts(judge->engine)));
  judged_input_losses(judge, &history->tally, summary);
}

/* gather: of the picture; NULL: none. */
static int judge_history(struct history *history, struct judged *judge,
                         const struct replay_options *options,
                         struct plot_gather *gather) {
  static const struct plot_size size = {0};
  char problem[HISTORY_PROBLEM_MAX];
  int status = open_all(history, options);

  if (status == SUBCOMMAND_DONE && gather &&
      plot_gather_begin(gather, problem) != 0)
    status = fail(problem);
  if (status == SUBCOMMAND_DONE)
    status = run(history);
  if (status != SUBCOMMAND_DONE)
    return status;
  judged_finish(judge);
  print_summary(judge, history, options->json);
  if (gather && plot_picture_save(gather, &size, options->plot, problem) != 0)
    status = fail(problem);
  return status;
}

static int judge_all(struct history *history, const struct rules *rules,
                     const struct replay_options *options,
                     struct plot_gather *gather) {
  struct judged_report report = {.out = stdout, .json = options->json};
  struct replay_onlooker onlooker;
  struct judged judge;

  if (judged_init(&judge, rules, &report) != 0)
    return fail("out of memory");
  if (gather) {
    onlooker = plot_gather_onlooker(gather);
    judge.onlooker = &onlooker;
  }
  history->taker = judged_taker(&judge);
  int status = judge_history(history, &judge, options, gather);
  history_close(history);
  judged_release(&judge);
  return status;
}

static int judge_and_draw(struct history *history, const struct rules *rules,
                          const struct replay_options *options) {
  struct plot_asked asked = {
      .start_s = -INFINITY, .end_s = INFINITY, .columns = PLOT_LAYOUT_WIDTH};
  struct plot_gather *gather = NULL;
  char problem[HISTORY_PROBLEM_MAX];

  if (!options->plot)
    return judge_all(history, rules, options, NULL);
  if (!plot_picture_can("replay"))
    return SUBCOMMAND_FAILED;
  if (plot_picture_check(options->plot, problem) != 0 ||
      plot_gather_create(rules, &asked, &gather, problem) != 0)
    return fail(problem);
  int status = judge_all(history, rules, options, gather);
  plot_gather_destroy(gather);
  return status;
}

static int score_all(struct history *history, const struct rules *rules,
                     const struct replay_options *options) {
  struct replay_scores *scores = malloc(sizeof(*scores));
  char problem[HISTORY_PROBLEM_MAX];
  int status = SUBCOMMAND_DONE;

  if (!scores)
    return fail("out of memory");
  if (replay_scores_init(scores, rules, options->scores, stdout, problem) != 0)
    status = fail(problem);
  history->taker = replay_scores_taker(scores);
  if (status == SUBCOMMAND_DONE)
    status = open_all(history, options);
  if (status == SUBCOMMAND_DONE && replay_scores_begin(scores, problem) != 0)
    status = fail(problem);
  if (status == SUBCOMMAND_DONE)
    status = run(history);
  history_close(history);
  replay_scores_release(scores);
  free(scores);
  return status;
}

static int replay(const struct replay_options *options) {
  struct history history = {.options = options->history,
                            .tally = {.said = judged_input_say}};
  struct rules *rules = malloc(sizeof(*rules));
  char problem[HISTORY_PROBLEM_MAX];
  int status = SUBCOMMAND_DONE;

  if (!rules)
    return fail("out of memory");
  if (judged_input_settings(options->settings, options->settings_len, rules,
                            problem) != 0)
    status = fail(problem);
  if (status == SUBCOMMAND_DONE)
    status = options->scores ? score_all(&history, rules, options)
                             : judge_and_draw(&history, rules, options);
  free(rules);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "collectd-baseline: cannot write: %s\n", strerror(errno));
    return SUBCOMMAND_FAILED;
  }
  return status;
}

int replay_run(int argc, char **argv) {
  struct replay_options options;
  int status = replay_options_read(argc, argv, &options);

  if (status < 0)
    status = replay(&options);
  replay_options_release(&options);
  return status;
}
