/* The table of kinds and the bars. A bar that has nothing to be held to,
 * because its kinds did not run, is left out. */
#include "bars.h"

#include <math.h>
#include <stdio.h>

static const char *written(char *text, size_t size, double value) {
  if (isnan(value))
    snprintf(text, size, "-");
  else
    snprintf(text, size, value != 0 && fabs(value) < 9.95 ? "%.2f" : "%.0f",
             value);
  return text;
}

static void column(FILE *to, double value, int width) {
  char text[32];

  fprintf(to, " %*s", width, written(text, sizeof(text), value));
}

static double percent(int part, int of) {
  return of > 0 ? 100.0 * part / of : NAN;
}

static double special_quantile(const struct score *score) {
  return score_quantile(score->alarms_special, score->special_len, 0.95);
}

static void print_row(FILE *to, const char *name, const struct kind *kind,
                      const struct score *score) {
  int delays = score->told < SCORE_DELAYS_MAX ? score->told : SCORE_DELAYS_MAX;
  char silent[16] = "-", told[16] = "-";

  if (score->seeds > 0)
    snprintf(silent, sizeof(silent), "%d/%d", score->silent, score->seeds);
  if (score->events > 0)
    snprintf(told, sizeof(told), "%d/%d", score->told, score->events);
  fprintf(to, "%-27s", name);
  column(to, score_monthly(score->alarms_young, score->days_young), 6);
  column(to, score_monthly(score->alarms_learning, score->days_learning), 6);
  column(to, score_monthly(score->alarms_known, score->days_known), 6);
  fprintf(to, " %6s", silent);
  column(to,
         kind->days_off > 0 || kind->group == KIND_CLOCK
             ? special_quantile(score)
             : NAN,
         4);
  fprintf(to, " %6s", told);
  column(to, percent(score->in_time, score->abrupt), 5);
  column(to, score_quantile(score->delay_readings, delays, 0.5), 5);
  column(to, score_quantile(score->delay_readings, delays, 0.95), 5);
  column(to, score_quantile(score->delay_s, delays, 0.5), 6);
  column(to, score_quantile(score->delay_s, delays, 0.95), 6);
  column(to, score_monthly(score->alarms_after, score->days_after), 6);
  column(to, score->unseen, 6);
  fprintf(to, "\n");
}

void bars_print_kinds(FILE *to, const struct bars_judge *judges, int len) {
  fprintf(to, "%-27s %20s %6s %4s %6s %5s %11s %13s %6s %6s\n", "",
          "alarms a month", "silent", "", "events", "in", "readings", "seconds",
          "beside", "expect");
  fprintf(to, "%-27s %6s %6s %6s %6s %4s %6s %5s %5s %5s %6s %6s %6s %6s\n",
          "kind", "<3 d", "learn", "known", "seeds", "day", "told", "time",
          "med", "95 %", "med", "95 %", "events", "unseen");
  for (size_t i = 0; kind_at(i); i++) {
    const struct kind *kind = kind_at(i);
    if (judges[0].scores[i].seeds == 0)
      continue;
    for (int j = 0; j < len; j++) {
      char name[32];
      snprintf(name, sizeof(name), "  %s", judges[j].name);
      print_row(to, j == 0 ? kind->name : name, kind, &judges[j].scores[i]);
    }
  }
}

void bars_print_rates(FILE *to, const struct bars_judge *judges, int len) {
  fprintf(to, "\n%-27s %20s\n%-27s %6s %6s %6s\n", "", "alarms a month",
          "FalseAlarms", "0.25", "1", "4");
  for (size_t i = 0; kind_at(i); i++)
    for (int j = 0; judges[0].fewer[i].seeds > 0 && j < len; j++) {
      const struct score *of[] = {&judges[j].fewer[i], &judges[j].scores[i],
                                  &judges[j].more[i]};
      fprintf(to, "%s%-*s", j == 0 ? "" : "  ", j == 0 ? 27 : 25,
              j == 0 ? kind_at(i)->name : judges[j].name);
      for (int k = 0; k < 3; k++)
        column(to, score_monthly(of[k]->alarms_known, of[k]->days_known), 6);
      fprintf(to, "\n");
    }
}

/* --- bars ----------------------------------------------------------------- */

enum { GROUP_HABITS = 100, GROUP_NOISES };

static bool is_in(const struct kind *kind, int group) {
  if (group == GROUP_HABITS)
    return kind->group == KIND_DAILY || kind->group == KIND_WEEKLY;
  return (int)kind->group == group;
}

/* Alarms a month once known, of all kinds of a group in one. */
struct rates {
  double mean, least, most;
  const char *least_name, *most_name;
};

static struct rates rates_of(const struct score *scores, int group) {
  struct rates rates = {NAN, NAN, NAN, "-", "-"};
  double sum = 0;
  int kinds = 0;

  for (size_t i = 0; scores && kind_at(i); i++) {
    double rate = score_monthly(scores[i].alarms_known, scores[i].days_known);
    if (!is_in(kind_at(i), group) || isnan(rate))
      continue;
    sum += rate;
    kinds++;
    if (!(rate >= rates.least)) { /* also when it is NAN */
      rates.least = rate;
      rates.least_name = kind_at(i)->name;
    }
    if (!(rate <= rates.most)) {
      rates.most = rate;
      rates.most_name = kind_at(i)->name;
    }
  }
  if (kinds > 0)
    rates.mean = sum / kinds;
  return rates;
}

enum measure {
  MEASURE_HABITS_MEAN,
  MEASURE_HABITS_MOST,
  MEASURE_WEEKLY_KNOWN,
  MEASURE_TOLD,
  MEASURE_IN_TIME,
  MEASURE_NOISE_LEAST,
  MEASURE_NOISE_MOST,
  MEASURE_BURSTY,
  MEASURE_FEWER,
  MEASURE_MORE,
  MEASURE_HOLIDAY,
  MEASURE_HOLIDAY_AFTER,
  MEASURE_CLOCK,
  MEASURE_CLOCK_AFTER,
  MEASURE_UNSEEN,
  MEASURE_BYTES,
  MEASURE_SLOWNESS,
  MEASURE_COUNT
};

struct bar {
  const char *text;
  bool least; /* the bar is a least value */
  double limit;
};

static const struct bar bars[MEASURE_COUNT] = {
    [MEASURE_HABITS_MEAN] = {"habits, once known: alarms a month, mean", false,
                             1},
    [MEASURE_HABITS_MOST] = {"  the worst kind", false, 3},
    [MEASURE_WEEKLY_KNOWN] = {"weekly job known, of 20 seeds", true, 17},
    [MEASURE_TOLD] = {"events beside a habit told, %", true, 95},
    [MEASURE_IN_TIME] = {"  within 3 readings or 5 minutes, %", true, 95},
    [MEASURE_NOISE_LEAST] = {"noise: alarms a month, the least kind", true,
                             0.2},
    [MEASURE_NOISE_MOST] = {"  the worst kind", false, 2},
    [MEASURE_BURSTY] = {"bursty: alarms a month, the worst kind", false, 2},
    [MEASURE_FEWER] = {"noise at FalseAlarms 0.25, the worst kind", false, 0.5},
    [MEASURE_MORE] = {"noise at FalseAlarms 4, the worst kind", false, 8},
    [MEASURE_HOLIDAY] = {"alarms of a holiday, 19 of 20 seeds", false, 1},
    [MEASURE_HOLIDAY_AFTER] = {"  a month, after it", false, 1},
    [MEASURE_CLOCK] = {"alarms of a clock change, 19 of 20 seeds", false, 2},
    [MEASURE_CLOCK_AFTER] = {"  a month, after it", false, 1},
    [MEASURE_UNSEEN] = {"readings expected beyond all values seen", false, 0},
    [MEASURE_BYTES] = {"bytes a series", false, 2048},
    [MEASURE_SLOWNESS] = {"time a value, to the reference's", false, 1},
};

static double known_weekly(const struct score *scores) {
  int seeds = 0, known = 0;

  for (size_t i = 0; kind_at(i); i++)
    if (kind_at(i)->every_h > 24) {
      seeds += scores[i].seeds;
      known += scores[i].seeds - scores[i].at_habit;
    }
  return seeds > 0 ? 20.0 * known / seeds : NAN;
}

static double told_percent(const struct score *scores, bool in_time) {
  int events = 0, found = 0;

  for (size_t i = 0; kind_at(i); i++)
    if (is_in(kind_at(i), GROUP_HABITS)) {
      events += in_time ? scores[i].abrupt : scores[i].events;
      found += in_time ? scores[i].in_time : scores[i].told;
    }
  return percent(found, events);
}

static double special(const struct score *scores, enum kind_group group) {
  double most = NAN;

  for (size_t i = 0; kind_at(i); i++)
    if (kind_at(i)->group == group)
      most = fmax(most, special_quantile(&scores[i]));
  return most;
}

static double unseen(const struct score *scores) {
  double sum = NAN;

  for (size_t i = 0; kind_at(i); i++)
    if (kind_at(i)->course == COURSE_FLAT && scores[i].seeds > 0)
      sum = (isnan(sum) ? 0 : sum) + scores[i].unseen;
  return sum;
}

/* *name: the kind that it is about, or "". */
static double measured(const struct bars_judge *judge, enum measure measure,
                       const char **name) {
  const struct score *scores = judge->scores;
  struct rates habits = rates_of(scores, GROUP_HABITS);
  struct rates noise = rates_of(scores, KIND_NOISE);
  struct rates bursty = rates_of(scores, KIND_BURSTY);
  struct rates fewer = rates_of(judge->fewer, KIND_NOISE);
  struct rates more = rates_of(judge->more, KIND_NOISE);

  *name = "";
  switch (measure) {
  case MEASURE_HABITS_MEAN:
    return habits.mean;
  case MEASURE_HABITS_MOST:
    *name = habits.most_name;
    return habits.most;
  case MEASURE_WEEKLY_KNOWN:
    return known_weekly(scores);
  case MEASURE_TOLD:
  case MEASURE_IN_TIME:
    return told_percent(scores, measure == MEASURE_IN_TIME);
  case MEASURE_NOISE_LEAST:
    *name = noise.least_name;
    return noise.least;
  case MEASURE_NOISE_MOST:
    *name = noise.most_name;
    return noise.most;
  case MEASURE_BURSTY:
    *name = bursty.most_name;
    return bursty.most;
  case MEASURE_FEWER:
    *name = fewer.most_name;
    return fewer.most;
  case MEASURE_MORE:
    *name = more.most_name;
    return more.most;
  case MEASURE_HOLIDAY:
    return special(scores, KIND_HOLIDAY);
  case MEASURE_HOLIDAY_AFTER:
    return rates_of(scores, KIND_HOLIDAY).most;
  case MEASURE_CLOCK:
    return special(scores, KIND_CLOCK);
  case MEASURE_CLOCK_AFTER:
    return rates_of(scores, KIND_CLOCK).most;
  case MEASURE_UNSEEN:
    return unseen(scores);
  case MEASURE_BYTES:
    return (double)judge->bytes;
  case MEASURE_SLOWNESS:
    return judge->slowness;
  case MEASURE_COUNT:
    break;
  }
  return NAN;
}

static bool holds(const struct bar *bar, double value) {
  return bar->least ? value >= bar->limit : value <= bar->limit;
}

int bars_print(FILE *to, const struct bars_judge *judges, int len) {
  int missed = 0;

  fprintf(to, "\n%-44s", "measure");
  for (int j = 0; j < len; j++)
    fprintf(to, " %9.9s", judges[j].name);
  fprintf(to, " %8s\n", "bar");
  for (int i = 0; i < MEASURE_COUNT; i++) {
    const struct bar *bar = &bars[i];
    const char *names[BARS_JUDGES_MAX] = {""};
    double found[BARS_JUDGES_MAX] = {NAN};
    for (int j = 0; j < len; j++)
      found[j] = measured(&judges[j], (enum measure)i, &names[j]);
    if (isnan(found[0]))
      continue;
    fprintf(to, "%-44s", bar->text);
    for (int j = 0; j < len; j++)
      column(to, found[j], 9);
    missed += !holds(bar, found[0]);
    fprintf(to, " %s %5g  %s", bar->least ? ">=" : "<=", bar->limit,
            holds(bar, found[0]) ? "pass" : "FAIL");
    for (int j = 0; j < len; j++)
      fprintf(to, "%s%s", *names[j] ? (j == 0 ? "  " : " | ") : "", names[j]);
    fprintf(to, "\n");
  }
  for (int j = 0; j < len; j++)
    if (judges[j].values_a_second > 0)
      fprintf(to, "%s: %.0f values a second on this machine\n", judges[j].name,
              judges[j].values_a_second);
  return missed;
}
