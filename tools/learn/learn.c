/* Subcommand learn: history through the engine, and what it has learned into
 * the plugin's saved state. */
#include "subcommand.h"

#include "judged/input.h"
#include "learn_file.h"
#include "learn_models.h"
#include "learn_report.h"
#include "lib/moment.h"
#include "lib/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static const double usual_interval_s = 10; /* collectd's own default */

struct learn_options {
  struct history_options history;
  struct options_list settings; /* files of -C */
  struct options_list paths;    /* of --from, and the arguments */
  const char *state;
  double live_s;           /* between the daemon's readings */
  double since_s, until_s; /* INFINITY, either sign: no limit */
  bool force;
};

static const char usage[] =
    "Usage: collectd-baseline learn --from PATH... --state FILE [OPTION]...\n\n"
    "Builds the saved state of the plugin baseline from recorded values, so "
    "that it\n"
    "needs no warm-up. Stop collectd first: it would overwrite the file.\n\n";

#define AT(member) .at = offsetof(struct learn_options, member)
#define WRONG_INTERVAL "an interval must be a number from 0.001 to 86400, not "
static const struct options_row rows[] = {
    {"from", 0, "PATH",
     "history, as for replay: FILE.csv, - (standard\n"
     "input), HOST/PLUGIN/TYPE.rrd, or a FOLDER of the\n"
     "csv or rrdtool plugin; may be repeated, and\n"
     "more PATHs may follow",
     .kind = OPTIONS_LIST, AT(paths)},
    {"state", 0, "FILE", "the file to write: the StateFile of the settings",
     .kind = OPTIONS_TEXT, AT(state)},
    {"config", 'C', "FILE",
     "settings: the <Plugin baseline> blocks of a\n"
     "collectd.conf and of what it includes; may be\n"
     "repeated",
     .kind = OPTIONS_LIST, AT(settings)},
    {"host", 'H', "HOST", "the host of column heads that name none",
     .kind = OPTIONS_HOST, AT(history.host)},
    {"interval", 0, "S",
     "seconds between two rows (default: median of\nthe first)",
     .kind = OPTIONS_SECONDS, .least = 0.001, .wrong = WRONG_INTERVAL,
     AT(history.interval_s)},
    {"live-interval", 0, "S",
     "the Interval of the daemon (default 10); rows\n"
     "farther apart count as averages",
     .kind = OPTIONS_SECONDS, .least = 0.001, .wrong = WRONG_INTERVAL,
     AT(live_s)},
    {"since", 0, "TIME",
     "leave out what is before TIME, given as\n"
     "2026-11-22T10:00, seconds since 1970 or -3d",
     .kind = OPTIONS_TIME, AT(since_s)},
    {"until", 0, "TIME", "leave out what is after TIME", .kind = OPTIONS_TIME,
     AT(until_s)},
    HISTORY_SKIP_BAD(struct learn_options, history),
    {"force", 0, NULL, "overwrite FILE", .kind = OPTIONS_FLAG, AT(force)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "learn",
    .usage = usage,
    .usage_end = "\nExit status: 0 written, 1 not written, 2 usage.\n",
    .help_column = 27,
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .takes_arguments = true,
    .arguments_at = offsetof(struct learn_options, paths),
};

/* History is judged in stages: first the coarser averages of RRD files,
 * coarsest first; last everything else. Each stage has an engine of its own,
 * which begins with what the stage before has learned. */
enum { STAGES = 4, LAST = STAGES - 1 };

/* One run. */
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

static int check_daemon(const struct learn_options *options) {
  long pid = 0;
  enum learn_daemon found = learn_daemon_find("/proc", options->state, &pid);

  if (found == LEARN_DAEMON_OTHER)
    fprintf(stderr,
            "collectd-baseline learn: collectd runs (process %ld): if its "
            "StateFile is\n"
            "  %s\n"
            "  stop it first; it would overwrite this file\n",
            pid, options->state);
  if (found != LEARN_DAEMON_OWN)
    return SUBCOMMAND_DONE;
  fprintf(
      stderr,
      "collectd-baseline learn: collectd (process %ld) runs in the folder of\n"
      "  %s\n"
      "  and would overwrite it: stop it first%s\n",
      pid, options->state,
      options->force ? "; continuing, by --force" : ", or use --force");
  return options->force ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

static int open_all(struct learn *learn) {
  const struct learn_options *options = learn->options;
  char problem[HISTORY_PROBLEM_MAX];

  for (int i = 0; i < STAGES; i++) {
    learn->history[i].taker = learn_feed_taker(&learn->feed[i]);
    if (judged_input_open(&learn->history[i], options->paths.items,
                          options->paths.len, problem) != 0)
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
      .known = &learn->feed[LAST].hosts, /* the last stage opens all files */
      .rules = &learn->rules,
      .live_s = next_s,
      .now_s = learn->now_s,
  };
}

/* The next stage begins as the plugin does with a saved state. */
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

  learn->now_s = moment_now();
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
    return fail(counted.lacking[LEARN_TOO_OLD].count > 0
                    ? "there is nothing else to learn from; nothing is written"
                    : "the history has nothing to learn from: no usable values "
                      "of tcpstates-all,\n"
                      "  or of a <Watch> of the settings; nothing is written");
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
  if (judged_input_settings(options->settings.items, options->settings.len,
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

static int check(const struct learn_options *options) {
  if (options->paths.len == 0)
    return options_complain(&command, "no --from PATH is given", "");
  if (!options->state)
    return options_complain(&command, "no --state FILE is given", "");
  if (options->since_s >= options->until_s)
    return options_complain(&command, "--since is not before --until", "");
  return OPTIONS_GO_ON;
}

int learn_run(int argc, char **argv) {
  struct learn_options options = {
      .live_s = usual_interval_s, .since_s = -INFINITY, .until_s = INFINITY};
  int status = options_read(&command, argc, argv, &options);

  if (status == OPTIONS_GO_ON)
    status = check(&options);
  if (status == OPTIONS_GO_ON)
    status = run(&options);
  options_release(&command, &options);
  return status;
}
