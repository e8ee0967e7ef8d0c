/* Subcommand replay: history through the judgement, printed or drawn; or the
 * scores of one series. */
#include "subcommand.h"

#include "compare.h"
#include "conf/conf_setting.h"
#include "judged/input.h"
#include "judged/judged.h"
#include "lib/options.h"
#include "plot/picture.h"
#include "scores.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replay_options {
  struct history_options history;
  struct options_list settings;     /* files of -C */
  struct options_list sets, sets_b; /* --set, --set-b */
  struct options_list paths;
  bool json;
  const char *plot; /* a picture to draw, too; NULL: none */
  struct plot_look look;
  const char *scores; /* an identifier; NULL: judge */
};

static const char usage[] =
    "Usage: collectd-baseline replay [OPTION]... PATH...\n"
    "       collectd-baseline replay --scores IDENTIFIER [OPTION]... "
    "PATH...\n\n"
    "Runs recorded values through the judgement of the plugin baseline, and "
    "prints\n"
    "each notification as it would have been sent, and a summary.\n\n"
    "PATH is one of these; several are merged by time:\n"
    "  FILE.csv  the first column head is time (seconds since 1970), the "
    "others are\n"
    "            identifiers [HOST/]PLUGIN[-INSTANCE]/TYPE[-INSTANCE]; append "
    ":rate\n"
    "            to the identifier of a counter that is already a rate. An "
    "empty\n"
    "            cell is no value; nan or U is a value without a number. If no "
    "head\n"
    "            names a host, the name of the file is the host.\n"
    "  -         the same from standard input; the host is localhost\n"
    "  FOLDER    of collectd's csv plugin (HOST/PLUGIN/TYPE-DATE, or TYPE "
    "alone) or\n"
    "            rrdtool plugin (HOST/PLUGIN/TYPE.rrd, the finest averages)\n"
    "            CSV files may be gzipped.\n\n";

/* The keys of --set, a line for each kind of block. */
static void print_keys(FILE *out) {
  const char *block = NULL;
  struct rules_key key;
  int used = 0;

  for (size_t i = 0; rules_key_at(i, &key); i++) {
    bool follows = block && strcmp(block, key.block) == 0;
    const char *name = key.block[0] ? key.block : "top level";
    if (follows && used + (int)strlen(key.key) > 55)
      used = fprintf(out, "\n%25s", "") - 26;
    if (!follows)
      used = fprintf(out, "%s%23s%s:", block ? "\n" : "", "", name) - 23;
    used += fprintf(out, " %s", key.key);
    block = key.block;
  }
  fputc('\n', out);
}

static int take_theme(const struct options_command *command, const char *text,
                      void *out) {
  struct replay_options *options = out;

  (void)command;
  return plot_look_take_theme(text, &options->look.theme) ? OPTIONS_GO_ON
                                                          : OPTIONS_REFUSED;
}

static int take_axis(const struct options_command *command, const char *text,
                     void *out) {
  struct replay_options *options = out;

  (void)command;
  return plot_look_take_axis(text, &options->look.axis) ? OPTIONS_GO_ON
                                                        : OPTIONS_REFUSED;
}

#define AT(member) .at = offsetof(struct replay_options, member)
static const struct options_row rows[] = {
    {"config", 'C', "FILE",
     "settings: the <Plugin baseline> blocks of a collectd.conf\n"
     "and of what it includes; may be repeated",
     .kind = OPTIONS_LIST, AT(settings)},
    {"set", 0, "SETTING",
     "one setting above those of -C, may be repeated: WarmUp=0,\n"
     "syn_flood.MinExcess=20, or NAME.Sigmas=8 of a <Watch>; keys:",
     .kind = OPTIONS_LIST, .help_more = print_keys, AT(sets)},
    {"set-b", 0, "SETTING",
     "compare: A is -C with --set, B is -C with --set-b; prints\n"
     "what A, B or both would have said; may be repeated",
     .kind = OPTIONS_LIST, AT(sets_b)},
    {"host", 'H', "HOST", "the host of column heads that name none",
     .kind = OPTIONS_HOST, AT(history.host)},
    HISTORY_INTERVAL(struct replay_options, history),
    {"json", 0, NULL, "one JSON object per notification; summary on stderr",
     .kind = OPTIONS_FLAG, AT(json)},
    HISTORY_SKIP_BAD(struct replay_options, history),
    {"strict-times", 0, NULL,
     "a time that goes back is an error, not a clock change",
     .kind = OPTIONS_FLAG, AT(history.strict_times)},
    {"plot", 0, "FILE", "draw it, too, like plot: FILE.svg or FILE.png",
     .kind = OPTIONS_TEXT, AT(plot)},
    {"theme", 0, "THEME", PLOT_THEME_HELP, .kind = OPTIONS_OWN,
     .take = take_theme, .wrong = PLOT_THEME_REFUSED},
    {"scale", 0, "SCALE", PLOT_AXIS_HELP, .kind = OPTIONS_OWN,
     .take = take_axis, .wrong = PLOT_AXIS_REFUSED},
    {"scores", 0, "IDENTIFIER",
     "print value, expected, lower, upper, score, rarity, limit\n"
     "and deviation of one series under the generic baseline,\n"
     "whatever the metric is",
     .kind = OPTIONS_TEXT, AT(scores)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "replay",
    .speaker = "collectd-baseline: replay",
    .usage = usage,
    .usage_end =
        "\nExit status: 0 done, 1 input that cannot be read, 2 usage.\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .takes_arguments = true,
    .arguments_at = offsetof(struct replay_options, paths),
};

static int fail(const char *problem) {
  fflush(stdout);
  fprintf(stderr, "collectd-baseline: %s\n", problem);
  return SUBCOMMAND_FAILED;
}

static int open_all(struct history *history,
                    const struct replay_options *options) {
  char problem[HISTORY_PROBLEM_MAX];
  int rc = judged_input_open(history, options->paths.items, options->paths.len,
                             problem);

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
  judged_report_summary(judge->report, summary,
                        hosts_count(engine_hosts(judge->engine)));
  judged_input_losses(judge, &history->tally, summary);
}

/* gather: of the picture; NULL: none. */
static int judge_history(struct history *history, struct judged *judge,
                         const struct replay_options *options,
                         struct plot_gather *gather) {
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
  if (gather &&
      plot_picture_save(gather, &options->look, options->plot, problem) != 0)
    status = fail(problem);
  return status;
}

static int judge_all(struct history *history, const struct rules *rules,
                     const struct replay_options *options,
                     struct plot_gather *gather) {
  struct judged_report report = {.out = stdout, .json = options->json};
  struct judged_onlooker onlooker;
  struct judged judge;
  char problem[HISTORY_PROBLEM_MAX];

  if (judged_init(&judge, rules, &report) != 0)
    return fail("out of memory");
  if (gather) {
    onlooker = plot_gather_onlooker(gather);
    judge.onlooker = &onlooker;
  }
  history->taker = judged_taker(&judge);
  int status = judged_silence(&judge, problem) == 0
                   ? judge_history(history, &judge, options, gather)
                   : fail(problem);
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

static int compare_history(struct history *history,
                           struct replay_compare *compare,
                           const struct replay_options *options) {
  int status = open_all(history, options);

  if (status == SUBCOMMAND_DONE)
    status = run(history);
  if (status != SUBCOMMAND_DONE)
    return status;
  if (replay_compare_finish(compare) != 0)
    return fail("out of memory");
  replay_compare_summary(compare, &history->tally,
                         options->json ? stderr : stdout);
  return SUBCOMMAND_DONE;
}

static int compare_all(struct history *history, const struct rules *rules,
                       const struct replay_options *options) {
  struct replay_compare *compare =
      replay_compare_create(&rules[0], &rules[1], options->json, stdout);
  char problem[HISTORY_PROBLEM_MAX];

  if (!compare)
    return fail("out of memory");
  history->taker = replay_compare_taker(compare);
  int status = replay_compare_silence(compare, problem) == 0
                   ? compare_history(history, compare, options)
                   : fail(problem);
  history_close(history);
  replay_compare_destroy(compare);
  return status;
}

static int refuse_setting(const char *option, const char *setting,
                          const char *words) {
  char text[2 * RULES_ERROR_MAX];

  snprintf(text, sizeof(text), "%s %.200s: %s", option, setting, words);
  return options_complain(&command, text, "");
}

static int apply(const struct options_list *sets, const char *option,
                 struct rules *rules) {
  char words[RULES_ERROR_MAX];

  for (size_t i = 0; i < sets->len; i++)
    if (conf_setting_apply(rules, sets->items[i], words) != 0)
      return refuse_setting(option, sets->items[i], words);
  if (sets->len > 0 && rules_check(rules, words) != 0)
    return refuse_setting(option, sets->items[sets->len - 1], words);
  return SUBCOMMAND_DONE;
}

/* rules: of A and of B. */
static int read_settings(const struct replay_options *options,
                         struct rules *rules) {
  char problem[HISTORY_PROBLEM_MAX];

  if (judged_input_settings(options->settings.items, options->settings.len,
                            &rules[0], problem) != 0)
    return fail(problem);
  rules[1] = rules[0];
  int status = apply(&options->sets, "--set", &rules[0]);
  return status == SUBCOMMAND_DONE
             ? apply(&options->sets_b, "--set-b", &rules[1])
             : status;
}

static int replay(const struct replay_options *options) {
  struct history history = {.options = options->history,
                            .tally = {.said = judged_input_say}};
  struct rules *rules = malloc(2 * sizeof(*rules));

  if (!rules)
    return fail("out of memory");
  int status = read_settings(options, rules);
  if (status == SUBCOMMAND_DONE && options->sets_b.len > 0)
    status = compare_all(&history, rules, options);
  else if (status == SUBCOMMAND_DONE)
    status = options->scores ? score_all(&history, rules, options)
                             : judge_and_draw(&history, rules, options);
  free(rules);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "collectd-baseline: cannot write: %s\n", strerror(errno));
    return SUBCOMMAND_FAILED;
  }
  return status;
}

static int check(const struct replay_options *options) {
  if (options->paths.len == 0)
    return options_complain(&command, "no PATH is given", "");
  if (options->json && options->scores)
    return options_complain(&command, "--json and --scores exclude each other",
                            "");
  if (options->sets_b.len > 0 && (options->plot || options->scores))
    return options_complain(&command, "--set-b excludes --plot and --scores",
                            "");
  if (options->plot && options->scores)
    return options_complain(&command, "--plot and --scores exclude each other",
                            "");
  return OPTIONS_GO_ON;
}

int replay_run(int argc, char **argv) {
  struct replay_options options = {.json = false};
  int status = options_read(&command, argc, argv, &options);

  if (status == OPTIONS_GO_ON)
    status = check(&options);
  if (status == OPTIONS_GO_ON)
    status = replay(&options);
  options_release(&command, &options);
  return status;
}
