/* Subcommand learn: history through the judgement, and what that has learnt
 * into the plugin's saved state. */
#include "subcommand.h"

#include "judged/input.h"
#include "learn_daemon.h"
#include "learn_models.h"
#include "learn_options.h"
#include "learn_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

/* History is judged in stages: what RRD files have in coarser averages, the
 * coarsest first; last everything else. Each is judged by a watch that begins
 * with what the one before has learnt. */
enum { STAGES = 4, LAST = STAGES - 1 };

/* All of one run. */
struct learn {
  const struct learn_options *options;
  struct rules rules;
  double now_s;
  struct history history[STAGES];
  struct judged_report report; /* of all */
  struct learn_feed feed[STAGES];
};

/* There is one terminal. */
static struct progress progress;

static void say_skipped(const char *problem) {
  progress_end(&progress);
  judged_input_say(problem);
}

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
            "collectd-baseline learn: collectd runs (process %ld): if its "
            "StateFile is\n  %s\n  stop it first; it saves its own over it\n",
            pid, options->state);
  if (found != LEARN_DAEMON_OWN)
    return SUBCOMMAND_DONE;
  fprintf(stderr,
          "collectd-baseline learn: collectd (process %ld) runs in the folder "
          "of\n  %s\n  and would save its own over it: stop it first%s\n",
          pid, options->state,
          options->force ? "; --force goes on" : ", or say --force");
  return options->force ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

static int open_all(struct learn *learn) {
  const struct learn_options *options = learn->options;
  char problem[HISTORY_PROBLEM_MAX];

  for (int i = 0; i < STAGES; i++) {
    learn->history[i].taker = learn_feed_taker(&learn->feed[i]);
    if (judged_input_open(&learn->history[i], options->paths,
                          options->paths_len, problem) != 0)
      return fail(problem);
  }
  return SUBCOMMAND_DONE;
}

static int judge_stage(struct learn *learn, int stage) {
  struct learn_feed *feed = &learn->feed[stage];
  char problem[HISTORY_PROBLEM_MAX];

  for (int i = 0; i < STAGES; i++) {
    feed->bytes_before += i < stage ? learn->history[i].tally.bytes : 0;
    feed->bytes_total += learn->history[i].tally.bytes_total;
  }
  int rc = history_run(&learn->history[stage], problem);
  progress_end(&progress);
  if (rc != 0)
    return fail(problem);
  judged_finish(&feed->judge);
  return SUBCOMMAND_DONE;
}

static struct learn_harvest harvest_of(const struct learn *learn, int stage,
                                       double next_s) {
  return (struct learn_harvest){
      .judge = &learn->feed[stage].judge,
      .known = &learn->feed[LAST].hosts, /* it opens all files */
      .rules = &learn->rules,
      .live_s = next_s,
      .now_s = learn->now_s,
  };
}

/* The next stage goes on as the plugin does from a saved state. */
static int hand_over(struct learn *learn, int stage) {
  struct judged *next = &learn->feed[stage + 1].judge;
  struct learn_harvest harvest =
      harvest_of(learn, stage, learn->history[stage].tally.finer_s);

  harvest.any_age = true;
  return learn_harvest_hand_over(&harvest, next->engine) == 0
             ? SUBCOMMAND_DONE
             : fail("out of memory");
}

static int judge_all(struct learn *learn) {
  struct judged_report *report = &learn->report;
  int status = SUBCOMMAND_DONE;
  double first_s = 0;

  learn->now_s = clock_s();
  for (int i = 0; i < STAGES && status == SUBCOMMAND_DONE; i++) {
    status = judge_stage(learn, i);
    if (status == SUBCOMMAND_DONE && i < LAST)
      status = hand_over(learn, i);
    if (first_s <= 0)
      first_s = report->first_s;
  }
  report->first_s = first_s;
  return status;
}

static void print_losses(const struct learn *learn) {
  uint64_t outside = 0;

  for (int i = 0; i < STAGES; i++)
    outside += learn->feed[i].outside;
  judged_input_losses(&learn->feed[LAST].judge, &learn->history[LAST].tally,
                      stdout);
  if (outside > 0)
    printf("values outside of --since and --until: %" PRIu64 "\n", outside);
}

static int write_state(struct learn *learn) {
  const struct learn_options *options = learn->options;
  struct learn_harvest counted = harvest_of(learn, LAST, options->live_s);
  struct learn_harvest written = counted;
  struct engine_filter filter = learn_harvest_filter(&written);
  char problem[LEARN_PROBLEM_MAX];

  learn_harvest_count(&counted);
  learn_report_lacks(&counted);
  if (counted.hosts + counted.series == 0)
    return fail(
        counted.lacking[LEARN_TOO_OLD].count > 0
            ? "nothing else is there to learn from; nothing is written"
            : "there is nothing to learn from in the history: no values of "
              "tcpstates-all,\n  nor of a <Watch> of the settings, that are "
              "of use; nothing is written");
  if (learn_file_write(options->state, options->force, learn->now_s,
                       learn->feed[LAST].judge.engine, &filter, problem) != 0)
    return fail(problem);
  learn_report_summary(&counted, options->state);
  print_losses(learn);
  learn_report_owner(options->state);
  return SUBCOMMAND_DONE;
}

static int init_feeds(struct learn *learn) {
  const struct learn_options *options = learn->options;

  progress_begin(&progress, stderr);
  for (int i = 0; i < STAGES; i++) {
    struct learn_feed *feed = &learn->feed[i];
    if (learn_feed_init(feed, &learn->history[i], &learn->rules, &learn->report,
                        &progress) != 0)
      return -ENOMEM;
    feed->since_s = options->since_s;
    feed->until_s = options->until_s;
  }
  return 0;
}

static int judge(struct learn *learn) {
  int status = SUBCOMMAND_DONE;

  if (init_feeds(learn) != 0)
    status = fail("out of memory");
  if (status == SUBCOMMAND_DONE)
    status = open_all(learn);
  if (status == SUBCOMMAND_DONE)
    status = judge_all(learn);
  if (status == SUBCOMMAND_DONE)
    status = write_state(learn);
  for (int i = 0; i < STAGES; i++) {
    history_close(&learn->history[i]);
    learn_feed_release(&learn->feed[i]);
  }
  return status;
}

static int run(const struct learn_options *options) {
  char problem[LEARN_PROBLEM_MAX];
  struct learn *learn = calloc(1, sizeof(*learn));
  int status = SUBCOMMAND_DONE;

  if (!learn)
    return fail("out of memory");
  learn->options = options;
  for (int i = 0; i < STAGES; i++) {
    learn->history[i] = (struct history){.options = options->history,
                                         .tally = {.said = say_skipped}};
    learn->history[i].options.coarser = LAST - i;
  }
  if (judged_input_settings(options->settings, options->settings_len,
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
