/* One series judged by a <Watch>: by its own, or by one with the defaults. */
#include "scores.h"

#include "history/file_names.h"
#include "judged/judged.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char own_watch[] = "collectd-baseline replay --scores";

/* Use the series' own <Watch>; without one, a <Watch> with the defaults
 * replaces those of the settings. */
static int add_watch(struct replay_scores *scores,
                     const struct series_name *name, char *problem) {
  struct rules_block block;
  char words[RULES_ERROR_MAX];

  scores->watch = identifier_match(&scores->rules, name);
  if (scores->watch)
    return 0;
  scores->rules.series_len = 0;
  if (rules_open(&scores->rules, "Watch", own_watch, &block, words) != 0)
    return history_fail(problem, -EINVAL, "%s", words);
  scores->watch = &scores->rules.series[block.index];
  return 0;
}

int replay_scores_init(struct replay_scores *scores, const struct rules *rules,
                       const char *identifier, FILE *out, char *problem) {
  const char *words = NULL;
  bool is_rate = false;

  memset(scores, 0, sizeof(*scores));
  scores->rules = *rules;
  scores->out = out;
  if (history_identifier_read(identifier, strlen(identifier), "*",
                              &scores->asked, &is_rate, &words) != 0)
    return history_fail(problem, -EINVAL, "--scores \"%.200s\": %s", identifier,
                        words);
  scores->series = series_create(&scores->rules);
  return scores->series ? 0 : history_fail(problem, -ENOMEM, "out of memory");
}

void replay_scores_release(struct replay_scores *scores) {
  series_destroy(scores->series);
}

static bool wants(void *context, struct history_series *series) {
  struct replay_scores *scores = context;
  struct history_series alike = *series;

  if (strcmp(scores->asked.host, "*") == 0)
    strcpy(alike.host, "*");
  if (!history_identifier_equal(&scores->asked, &alike))
    return false;
  scores->others += scores->found != NULL;
  scores->found = series;
  return true;
}

static void print_number(FILE *out, const char *before, double number) {
  if (isfinite(number))
    fprintf(out, "%s%.10g", before, number);
  else
    fprintf(out, "%snan", before);
}

/* now: NULL: nothing was judged. */
static void print(const struct replay_scores *scores, double time_s,
                  const struct finding *finding, const struct habit_now *now) {
  bool is_rare = now && now->rarity > 0;
  fprintf(scores->out, "%.15g", time_s);
  print_number(scores->out, ",", finding->observed);
  print_number(scores->out, ",", finding->expected);
  print_number(scores->out, ",", finding->lower);
  print_number(scores->out, ",", finding->upper);
  print_number(scores->out, ",", finding->score);
  print_number(scores->out, ",", now ? (double)now->rarity : NAN);
  print_number(scores->out, ",",
               now && now->limit > 0 ? (double)now->limit : NAN);
  fprintf(scores->out, ",%s\n",
          is_rare ? levels_deviation_name(now->leading) : "");
}

static int take(void *context, const struct history_value *value) {
  static const struct finding unknown = {.observed = NAN,
                                         .expected = NAN,
                                         .lower = NAN,
                                         .upper = NAN,
                                         .score = NAN};
  struct replay_scores *scores = context;
  struct series_judgement judgement;
  struct series_name name = judged_series_name(value->series);
  struct series_value given = judged_series_value(value, value->time_s);
  int rc = series_put(scores->series, scores->watch, &name, &given, &judgement);

  if (rc == 0)
    print(scores, value->time_s, &judgement.finding, &judgement.now);
  else if (rc == -ENODATA)
    print(scores, value->time_s, &unknown, NULL);
  return rc == -ENOMEM ? rc : 0;
}

struct history_taker replay_scores_taker(struct replay_scores *scores) {
  return (struct history_taker){wants, take, scores};
}

int replay_scores_begin(struct replay_scores *scores, char *problem) {
  if (!scores->found)
    return history_fail(problem, -EINVAL,
                        "--scores: there is no such series in the history");
  if (scores->others > 0)
    return history_fail(problem, -EINVAL,
                        "--scores: several series match; name the host: "
                        "HOST/PLUGIN-INSTANCE/TYPE-INSTANCE");
  struct series_name name = judged_series_name(scores->found);
  int rc = add_watch(scores, &name, problem);
  if (rc == 0)
    fputs("time,value,expected,lower,upper,score,rarity,limit,deviation\n",
          scores->out);
  return rc;
}
