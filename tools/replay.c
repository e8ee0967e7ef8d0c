/* Subcommand replay: history through the judgement. */
#include "subcommand.h"

#include "replay_input.h"
#include "replay_judge.h"
#include "replay_options.h"
#include "replay_scores.h"

#include <errno.h>
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
      replay_input_open(history, options->paths, options->paths_len, problem);

  return rc == 0 ? SUBCOMMAND_DONE : fail(problem);
}

static int run(struct history *history) {
  char problem[HISTORY_PROBLEM_MAX];

  return history_run(history, problem) == 0 ? SUBCOMMAND_DONE : fail(problem);
}

static int judge_all(struct history *history, const struct rules *rules,
                     const struct replay_options *options) {
  struct replay_report report = {.out = stdout, .json = options->json};
  FILE *summary = options->json ? stderr : stdout;
  struct replay_judge judge;

  if (replay_judge_init(&judge, rules, &report) != 0)
    return fail("out of memory");
  history->taker = replay_judge_taker(&judge);
  int status = open_all(history, options);
  if (status == SUBCOMMAND_DONE)
    status = run(history);
  if (status == SUBCOMMAND_DONE) {
    replay_judge_finish(&judge);
    fflush(stdout);
    replay_report_summary(&report, summary, watch_hosts(judge.watch));
    replay_input_losses(&judge, &history->tally, summary);
  }
  history_close(history);
  replay_judge_release(&judge);
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
                            .tally = {.said = replay_input_say}};
  struct rules *rules = malloc(sizeof(*rules));
  char problem[HISTORY_PROBLEM_MAX];
  int status = SUBCOMMAND_DONE;

  if (!rules)
    return fail("out of memory");
  if (replay_input_settings(options->settings, options->settings_len, rules,
                            problem) != 0)
    status = fail(problem);
  if (status == SUBCOMMAND_DONE)
    status = options->scores ? score_all(&history, rules, options)
                             : judge_all(&history, rules, options);
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
