/* Subcommand learn: history through the judgement, and what that has learnt
 * into the plugin's saved state. */
#include "subcommand.h"

#include "learn_daemon.h"
#include "learn_feed.h"
#include "learn_options.h"
#include "learn_report.h"
#include "replay_input.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

/* All of one run. */
struct learn {
  const struct learn_options *options;
  struct rules rules;
  struct history history;
  struct replay_report report;
  struct learn_feed feed;
};

static int fail(const char *problem) {
  fprintf(stderr, "collectd-baseline learn: %s\n", problem);
  return SUBCOMMAND_FAILED;
}

static double clock_s(void) {
  struct timespec now;

  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int check_daemon(const struct learn_options *options) {
  long pid = 0;
  enum learn_daemon found = learn_daemon_find("/proc", options->state, &pid);

  if (found == LEARN_DAEMON_OTHER)
    fprintf(stderr,
            "collectd-baseline learn: collectd runs (process %ld): if %s is "
            "its StateFile,\n  stop it first; it saves its own over it\n",
            pid, options->state);
  if (found != LEARN_DAEMON_OWN)
    return SUBCOMMAND_DONE;
  fprintf(stderr,
          "collectd-baseline learn: collectd runs in the folder of %s (process "
          "%ld) and\n  would save its own over it: stop it first%s\n",
          options->state, pid,
          options->force ? "; --force goes on" : ", or say --force");
  return options->force ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

static int read_history(struct learn *learn) {
  const struct learn_options *options = learn->options;
  char problem[HISTORY_PROBLEM_MAX];
  struct learn_feed *feed = &learn->feed;

  learn->history.taker = learn_feed_taker(feed);
  progress_begin(&feed->progress, stderr);
  int rc = replay_input_open(&learn->history, options->paths,
                             options->paths_len, problem);
  if (rc == 0)
    rc = history_run(&learn->history, problem);
  progress_end(&feed->progress);
  if (rc != 0)
    return fail(problem);
  replay_judge_finish(&feed->judge);
  return SUBCOMMAND_DONE;
}

static int write_state(struct learn *learn) {
  const struct learn_options *options = learn->options;
  const struct learn_harvest all = {.judge = &learn->feed.judge,
                                    .known = &learn->feed.hosts,
                                    .rules = &learn->rules,
                                    .live_s = options->live_s,
                                    .now_s = clock_s()};
  struct learn_harvest counted = all, written = all;
  struct learn_file_source source = learn_harvest_source(&written);
  char problem[LEARN_PROBLEM_MAX];

  learn_harvest_count(&counted);
  learn_report_lacks(&counted);
  if (counted.hosts + counted.series == 0)
    return fail("there is nothing to learn from in the history: no values of "
                "tcpstates-all,\n  nor of a <Watch> of the settings, that are "
                "of use; nothing is written");
  if (learn_file_write(options->state, options->force, all.now_s, &source,
                       problem) != 0)
    return fail(problem);
  learn_report_summary(&counted, options->state);
  replay_input_losses(&learn->feed.judge, &learn->history.tally, stdout);
  if (learn->feed.outside > 0)
    printf("values outside of --since and --until: %" PRIu64 "\n",
           learn->feed.outside);
  learn_report_owner(options->state);
  return SUBCOMMAND_DONE;
}

static int judge(struct learn *learn) {
  struct learn_feed *feed = &learn->feed;

  if (learn_feed_init(feed, &learn->history, &learn->rules, &learn->report) !=
      0)
    return fail("out of memory");
  feed->since_s = learn->options->since_s;
  feed->until_s = learn->options->until_s;
  int status = read_history(learn);
  if (status == SUBCOMMAND_DONE)
    status = write_state(learn);
  history_close(&learn->history);
  learn_feed_release(feed);
  return status;
}

static int run(const struct learn_options *options) {
  char problem[LEARN_PROBLEM_MAX];
  struct learn *learn = calloc(1, sizeof(*learn));
  int status = SUBCOMMAND_DONE;

  if (!learn)
    return fail("out of memory");
  learn->options = options;
  learn->history = (struct history){.options = options->history,
                                    .tally = {.said = replay_input_say}};
  if (replay_input_settings(options->settings, options->settings_len,
                            &learn->rules, problem) != 0 ||
      learn_file_check(options->state, options->force, problem) != 0)
    status = fail(problem);
  if (status == SUBCOMMAND_DONE)
    status = check_daemon(options);
  if (status == SUBCOMMAND_DONE)
    status = judge(learn);
  free(learn);
  return status;
}

int learn_run(int argc, char **argv) {
  struct learn_options options;
  int status = learn_options_read(argc, argv, &options);

  if (status < 0)
    status = run(&options);
  learn_options_release(&options);
  return status;
}
