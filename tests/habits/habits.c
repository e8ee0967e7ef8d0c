/* habits [options] [KEY=VALUE ...]: series from seeds, judged; a table of what
 * came of them, and the bars. KEY=VALUE are options of the <Watch>.
 * Returns 0 where every bar is held, 1 where one is missed, 2 for misuse. */
#include "bars.h"
#include "speed.h"

#include <dlfcn.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 32, ERROR_MAX = 512 };

static const char usage[] =
    "usage: habits [options] [KEY=VALUE ...]\n"
    "Judges series made from seeds, prints a row a kind and the bars.\n"
    "KEY=VALUE: options of the <Watch>, as FalseAlarms=0.5\n"
    "  --seeds BASE      other series: seeds from BASE on (default 0)\n"
    "  --scale N         N times as many seeds\n"
    "  --fast            fewer kinds, a quarter of the seeds\n"
    "  --only TEXT       the kinds whose name holds TEXT\n"
    "  --against FILE    a judge beside it, from a shared object; may be "
    "repeated\n"
    "  --ignore-refused  go on without the options that a judge does not know\n"
    "  --no-rates        leave out FalseAlarms 0.25 and 4\n"
    "  --no-speed        leave out the values a second\n"
    "  --alarms          list every alarm and every event\n"
    "  --csv KIND:SEED   print one series, with its labels, and end\n"
    "  --with-event      of --csv: the one with an event\n"
    "  --kinds           list the kinds and end\n";

struct settings {
  uint64_t base;
  double scale;
  bool fast, ignore_refused, no_rates, no_speed, alarms, with_event, kinds;
  const char *only, *csv;
  const struct habits_judge *judges[BARS_JUDGES_MAX];
  int judges_len;
  struct habits_option options[OPTIONS_MAX];
  size_t options_len;
};

/* --- one series before all judges ------------------------------------------
 */

/* A judge of one series, with the options that it takes. */
static void *make_judge(const struct settings *settings,
                        const struct habits_judge *judge,
                        const struct habits_option *more, size_t more_len) {
  struct habits_option options[OPTIONS_MAX + 2];
  char error[ERROR_MAX] = "";
  size_t len = 0;

  for (size_t i = 0; i < settings->options_len + more_len; i++) {
    options[len] = i < settings->options_len ? settings->options[i]
                                             : more[i - settings->options_len];
    void *made = judge->create(1, options, len + 1, error);
    if (!made && !settings->ignore_refused) {
      fprintf(stderr, "habits: %s: %s (--ignore-refused goes on without)\n",
              judge->name, error);
      exit(2);
    }
    if (made)
      len++;
    judge->destroy(made);
  }
  void *made = judge->create(1, options, len, error);
  if (!made) {
    fprintf(stderr, "habits: %s: %s\n", judge->name, error);
    exit(2);
  }
  return made;
}

static void tell(const struct made_series *series, const char *judge,
                 double time_s, const char *what) {
  double days = (time_s - series->begin_s) / 86400;

  printf("%s seed %llu%s%s: %s: day %.3f (%.0f) %s\n", series->kind->name,
         (unsigned long long)series->seed, series->event ? " event " : "",
         series->event ? series_event_name(series->event) : "", judge, days,
         time_s, what);
}

static void tell_events(const struct scoring *scoring, const char *judge) {
  const struct made_series *series = scoring->series;
  char text[64];

  for (size_t i = 0; i < series->windows_len; i++) {
    snprintf(text, sizeof(text), "told with reading %d, after %.0f s",
             scoring->told[i], scoring->told_s[i]);
    if (series->windows[i].what == WINDOW_EVENT)
      tell(series, judge, series->windows[i].begin_s,
           scoring->told[i] == 0 ? "MISSED" : text);
  }
}

static void judge_series(const struct settings *settings,
                         const struct habits_judge *judge, void *made,
                         const struct made_series *series, bool with_event,
                         struct score *score) {
  const struct kind *kind = series->kind;
  struct scoring scoring;
  struct habits_answer answer;

  scoring_begin(&scoring, series, with_event, score);
  for (size_t i = 0; i < series->len; i++) {
    struct habits_value value = {
        .time_s = series->values[i].time_s,
        .interval_s = kind->interval_s,
        .zone_s = calendar_zone_s(kind->zone, series->values[i].time_s),
        .value = series->values[i].value,
        .counter =
            kind->trouble == TROUBLE_RESETS || kind->trouble == TROUBLE_COUNTER,
    };
    judge->put(made, 0, &value, &answer);
    scoring_put(&scoring, &value, &answer);
    if (answer.alarm && settings->alarms)
      tell(series, judge->name, value.time_s,
           series_window_at(series, WINDOW_EVENT, value.time_s) ? "in the event"
           : series_window_at(series, WINDOW_AFTER, value.time_s)
               ? "after an event"
           : series_window_at(series, WINDOW_SPECIAL, value.time_s)
               ? "of a special day"
               : "false");
  }
  scoring_end(&scoring);
  if (settings->alarms)
    tell_events(&scoring, judge->name);
}

/* with_event as series_make. scores: of each judge, this kind's. */
static void run_series(const struct settings *settings, const struct kind *kind,
                       uint64_t seed, bool with_event, const char *false_alarms,
                       struct score *const *scores) {
  struct made_series series;
  struct habits_option more[2];
  size_t more_len = 0;

  if (false_alarms)
    more[more_len++] = (struct habits_option){"FalseAlarms", false_alarms};
  if (kind->weekend)
    more[more_len++] = (struct habits_option){"Weekend", kind->weekend};
  if (series_make(kind, seed, with_event, &series) != 0) {
    fprintf(stderr, "habits: out of memory\n");
    exit(2);
  }
  for (int j = 0; j < settings->judges_len; j++) {
    void *made = make_judge(settings, settings->judges[j], more, more_len);
    judge_series(settings, settings->judges[j], made, &series, with_event,
                 scores[j]);
    settings->judges[j]->destroy(made);
  }
  series_free(&series);
}

static bool is_chosen(const struct settings *settings,
                      const struct kind *kind) {
  if (settings->only && !strstr(kind->name, settings->only))
    return false;
  return !settings->fast || kind->fast;
}

static int seeds_of(const struct settings *settings, const struct kind *kind) {
  double share = settings->scale * (settings->fast ? 0.25 : 1);
  int seeds = (int)(kind->seeds * share + 0.5);

  return seeds < 1 ? 1 : seeds > SCORE_SEEDS_MAX ? SCORE_SEEDS_MAX : seeds;
}

static void run_kind(const struct settings *settings, size_t i,
                     struct bars_judge *judges) {
  const struct kind *kind = kind_at(i);
  struct score *scores[BARS_JUDGES_MAX], *fewer[BARS_JUDGES_MAX],
      *more[BARS_JUDGES_MAX];
  bool rates = kind->group == KIND_NOISE && kind->interval_s >= 60 &&
               !settings->no_rates;

  for (int j = 0; j < settings->judges_len; j++) {
    scores[j] = &judges[j].scores[i];
    fewer[j] = &judges[j].fewer[i];
    more[j] = &judges[j].more[i];
  }
  for (int s = 0; s < seeds_of(settings, kind); s++) {
    uint64_t seed = settings->base + (uint64_t)s;
    run_series(settings, kind, seed, false, NULL, scores);
    if (kind->events)
      run_series(settings, kind, seed, true, NULL, scores);
    if (rates) {
      run_series(settings, kind, seed, false, "0.25", fewer);
      run_series(settings, kind, seed, false, "4", more);
    }
  }
}

/* --- options ----------------------------------------------------------------
 */

static void misused(const char *what, const char *text) {
  fprintf(stderr, "habits: %s%s; see --help\n", what, text);
  exit(2);
}

static void add_judge(struct settings *settings, const char *file) {
  if (settings->judges_len == BARS_JUDGES_MAX)
    misused("too many judges: ", file);
  void *object = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  const struct habits_judge *judge =
      object ? dlsym(object, "habits_judge") : NULL;
  if (!judge)
    misused("no judge: ", dlerror());
  settings->judges[settings->judges_len++] = judge;
}

static void add_option(struct settings *settings, char *text) {
  char *equals = strchr(text, '=');

  if (!equals)
    misused("not KEY=VALUE: ", text);
  if (settings->options_len == OPTIONS_MAX)
    misused("too many options: ", text);
  *equals = '\0';
  settings->options[settings->options_len++] =
      (struct habits_option){text, equals + 1};
}

static double number(const char *text, double least) {
  char *end;

  errno = 0;
  double value = strtod(text, &end);
  if (errno != 0 || end == text || *end || !(value >= least && value < 1e15))
    misused("no number for it: ", text);
  return value;
}

static void read_options(int argc, char **argv, struct settings *settings) {
  static const struct option known[] = {
      {"seeds", required_argument, NULL, 's'},
      {"scale", required_argument, NULL, 'n'},
      {"fast", no_argument, NULL, 'f'},
      {"only", required_argument, NULL, 'o'},
      {"against", required_argument, NULL, 'g'},
      {"ignore-refused", no_argument, NULL, 'i'},
      {"no-rates", no_argument, NULL, 'r'},
      {"no-speed", no_argument, NULL, 'p'},
      {"alarms", no_argument, NULL, 'a'},
      {"csv", required_argument, NULL, 'c'},
      {"with-event", no_argument, NULL, 'e'},
      {"kinds", no_argument, NULL, 'k'},
      {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0}};
  int c;

  while ((c = getopt_long(argc, argv, "h", known, NULL)) != -1) {
    switch (c) {
    case 's':
      settings->base = (uint64_t)number(optarg, 0);
      break;
    case 'n':
      settings->scale = number(optarg, 1e-6);
      break;
    case 'f':
      settings->fast = true;
      break;
    case 'o':
      settings->only = optarg;
      break;
    case 'g':
      add_judge(settings, optarg);
      break;
    case 'i':
      settings->ignore_refused = true;
      break;
    case 'r':
      settings->no_rates = true;
      break;
    case 'p':
      settings->no_speed = true;
      break;
    case 'a':
      settings->alarms = true;
      break;
    case 'c':
      settings->csv = optarg;
      break;
    case 'e':
      settings->with_event = true;
      break;
    case 'k':
      settings->kinds = true;
      break;
    case 'h':
      fputs(usage, stdout);
      exit(0);
    default:
      exit(2);
    }
  }
  while (optind < argc)
    add_option(settings, argv[optind++]);
}

/* --- the program ------------------------------------------------------------
 */

static int print_csv(const struct settings *settings) {
  const char *colon = strrchr(settings->csv, ':');
  size_t length = colon ? (size_t)(colon - settings->csv) : 0;
  const struct kind *kind = NULL;
  struct made_series series;

  for (size_t i = 0; colon && !kind && kind_at(i); i++)
    if (strlen(kind_at(i)->name) == length &&
        memcmp(kind_at(i)->name, settings->csv, length) == 0)
      kind = kind_at(i);
  if (!kind)
    misused("no KIND:SEED: ", settings->csv);
  if (series_make(kind, (uint64_t)number(colon + 1, 0), settings->with_event,
                  &series) != 0)
    misused("out of memory", "");
  static const char *const names[] = {"event", "after", "habit", "special"};
  printf("time,zone,value,window\n");
  for (size_t i = 0; i < series.len; i++) {
    double time_s = series.values[i].time_s;
    const char *name = "";
    for (int what = 3; what >= 0; what--)
      if (series_window_at(&series, (enum window_what)what, time_s))
        name = names[what];
    printf("%.0f,%.0f,%.9g,%s\n", time_s, calendar_zone_s(kind->zone, time_s),
           series.values[i].value, name);
  }
  series_free(&series);
  return 0;
}

static int list_kinds(void) {
  for (size_t i = 0; kind_at(i); i++)
    puts(kind_at(i)->name);
  return 0;
}

static struct score *make_scores(void) {
  size_t len = 1;

  while (kind_at(len))
    len++;
  struct score *scores = calloc(len, sizeof(*scores));
  if (!scores)
    misused("out of memory", "");
  return scores;
}

int main(int argc, char **argv) {
  struct settings settings = {
      .scale = 1, .judges = {&habits_judge}, .judges_len = 1};
  struct bars_judge judges[BARS_JUDGES_MAX];

  read_options(argc, argv, &settings);
  if (settings.kinds || settings.csv)
    return settings.kinds ? list_kinds() : print_csv(&settings);
  for (int j = 0; j < settings.judges_len; j++)
    judges[j] = (struct bars_judge){.name = settings.judges[j]->name,
                                    .bytes = settings.judges[j]->bytes,
                                    .scores = make_scores(),
                                    .fewer = make_scores(),
                                    .more = make_scores(),
                                    .slowness = NAN};
  for (size_t i = 0; kind_at(i); i++)
    if (is_chosen(&settings, kind_at(i)))
      run_kind(&settings, i, judges);
  if (!settings.no_speed && !settings.only)
    speed_measure(settings.judges, settings.judges_len, judges);
  bars_print_kinds(stdout, judges, settings.judges_len);
  if (!settings.no_rates)
    bars_print_rates(stdout, judges, settings.judges_len);
  int missed = bars_print(stdout, judges, settings.judges_len);
  for (int j = 0; j < settings.judges_len; j++) {
    free(judges[j].scores);
    free(judges[j].fewer);
    free(judges[j].more);
  }
  return missed > 0;
}
