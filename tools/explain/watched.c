/* See watched.h. The time of day is that of the command's zone. */
#include "watched.h"

#include "lib/json.h"
#include "lib/local_zone.h"
#include "lib/moment.h"
#include "verdict/notice.h"

#include <math.h>
#include <string.h>

enum { KNOWN_WEEKS = 2, LOST_WEEKS = 2, CLOCK_MAX = 32, DAYS_MAX = 128 };

static const double month_s = 30 * 86400, a_day_s = 86400;

static const char *const meanings[DEVIATION_COUNT] = {
    [DEVIATION_LEVEL] = "from the mean of the last 25 minutes",
    [DEVIATION_STEP] = "from the value before",
    [DEVIATION_SLOW] = "of the mean of 5 hours from that of days",
    [DEVIATION_ROUGHNESS] = "of how much it moves from value to value",
    [DEVIATION_DAY] = "from what this time of day is like",
    [DEVIATION_SPIKE] = "there and back within three values",
    [DEVIATION_SHIFT] = "of the mean of 25 minutes from that of days",
    [DEVIATION_RECORD] = "beyond all that was seen",
};

static double block_s(const struct habit *habit) {
  return fmax((double)habit->interval_s, HABIT_BLOCK_S);
}

/* -ln of a share of blocks -> once in so many seconds. */
static double once_in_s(const struct habit *habit, float rarity) {
  return block_s(habit) * exp((double)rarity);
}

/* --- the time of day ------------------------------------------------------ */

struct clock {
  struct season_time time;
  char text[CLOCK_MAX]; /* "Monday 04:30" */
};

static void read_clock(const struct explain_series *series, struct clock *out) {
  double local_s = series->next_s + local_zone_offset(series->next_s);

  season_clock(local_s, series->weekend, &out->time);
  moment_format(series->next_s, "%A", out->text, sizeof(out->text));
  size_t used = strlen(out->text);
  int minute = out->time.slot * (SEASON_SLOT_S / 60);
  snprintf(out->text + used, sizeof(out->text) - used, " %02d:%02d",
           minute / 60, minute % 60);
}

static int read_days(const struct explain_series *series,
                     const struct clock *clock, double days[SEASON_DAYS]) {
  return season_days(&series->after.habit.season, clock->time.slot,
                     clock->time.weekday, series->weekend, days);
}

static void list_days(const double *days, int len, char text[DAYS_MAX]) {
  size_t used = 0;

  text[0] = '\0';
  for (int i = 0; i < len && used < DAYS_MAX; i++)
    used += (size_t)snprintf(text + used, DAYS_MAX - used, "%s%.4g",
                             i == 0         ? ""
                             : i == len - 1 ? " and "
                                            : ", ",
                             days[i]);
}

static void say_day_unused(const struct explain_page *page,
                           const struct season *season, int days) {
  if (days < 2)
    explain_page_say(page, 2,
                     "The time of day is not known yet: it takes two days, of "
                     "this time it has %d.",
                     days);
  else if (!season->chosen)
    explain_page_say(page, 2,
                     "It does not follow the time of day: what other days had "
                     "at a time is off by %.3g on average, its mean by %.3g.",
                     (double)season->curve_error, (double)season->level_error);
}

static void say_day(const struct explain_page *page,
                    const struct explain_series *series) {
  const struct season *season = &series->after.habit.season;
  const struct season_hull *hull = &series->next.now.hull;
  double days[SEASON_DAYS];
  struct clock clock;
  char list[DAYS_MAX];

  if ((int)series->rules->season == SEASON_NONE) {
    explain_page_say(page, 2, "The time of day is not asked (Season none).");
    return;
  }
  read_clock(series, &clock);
  int len = read_days(series, &clock, days);
  say_day_unused(page, season, len);
  if (len < 2)
    return;
  list_days(days, len, list);
  explain_page_say(page, 2,
                   "%s: the last %s had %s; with the quarters of an hour "
                   "beside it %.4g to %.4g are expected.",
                   clock.text,
                   !season->apart       ? "days"
                   : clock.time.weekend ? "days of the weekend"
                                        : "weekdays",
                   list, hull->lowest, hull->highest);
  explain_page_say(page, 2,
                   season->apart ? "Weekdays and weekends are apart."
                                 : "Weekdays and weekends are not apart: the "
                                   "last three days are asked, whatever they "
                                   "are.");
}

/* --- the week ------------------------------------------------------------- */

static int weeks_ago(const struct explain_series *series,
                     const struct weekly_event *event) {
  struct clock clock;

  read_clock(series, &clock);
  struct weekly_time now = weekly_time(clock.time.day, clock.time.slot);
  return (int16_t)(uint16_t)(now.week - event->week);
}

static bool is_event(const struct explain_series *series,
                     const struct weekly_event *event) {
  int ago = event->slots > 0 ? weeks_ago(series, event) : -1;

  return ago >= 0 && ago <= LOST_WEEKS;
}

/* "Sunday 02:15". */
static const char *week_clock(int slot, char text[CLOCK_MAX]) {
  static const char *const days[] = {"Monday",   "Tuesday", "Wednesday",
                                     "Thursday", "Friday",  "Saturday",
                                     "Sunday"};
  int minute = slot % SEASON_SLOTS * (SEASON_SLOT_S / 60);

  snprintf(text, CLOCK_MAX, "%s %02d:%02d", days[slot / SEASON_SLOTS % 7],
           minute / 60, minute % 60);
  return text;
}

static void say_events(const struct explain_page *page,
                       const struct explain_series *series) {
  const struct weekly *weekly = &series->after.habit.weekly;
  char begin[CLOCK_MAX];

  for (int i = 0; i < WEEKLY_EVENTS; i++) {
    const struct weekly_event *event = &weekly->event[i];
    if (!is_event(series, event))
      continue;
    explain_page_say(
        page, 2, "%s, %d min: an event of %+.4g, seen in %d week%s; %s.",
        week_clock(event->begin, begin), event->slots * (SEASON_SLOT_S / 60),
        (double)event->height, event->weeks, event->weeks == 1 ? "" : "s",
        event->weeks >= KNOWN_WEEKS ? "it is expected from now on"
                                    : "once more, and it is expected");
  }
}

/* --- how rare ------------------------------------------------------------- */

static void say_deviations(const struct explain_page *page,
                           const struct explain_series *series) {
  const struct habit_now *now = &series->next.now;
  char period[NOTICE_PERIOD_MAX];

  for (int i = 0; i < DEVIATION_COUNT; i++) {
    if (!(now->rarities[i] > 0))
      continue;
    explain_page_say(
        page, 4, "%s, %s: %s%s.", levels_deviation_name((enum deviation)i),
        meanings[i],
        notice_period(once_in_s(&series->after.habit, now->rarities[i]),
                      period),
        i == (int)now->leading ? "; it says most" : "");
  }
}

static void say_rarity(const struct explain_page *page,
                       const struct explain_series *series) {
  const struct series_judgement *next = &series->next;
  double rare_s = notice_once_in_s(series->rules, &next->now);
  char period[NOTICE_PERIOD_MAX];

  if (series->rules->false_alarms <= 0) {
    explain_page_say(page, 2,
                     "A value like the last one is %.2g standard deviations "
                     "off; the limit is %.3g (Sigmas).",
                     (double)next->now.sigmas, series->rules->sigmas);
    return;
  }
  if (isnan(rare_s) || !(next->now.rarity > 0)) {
    explain_page_say(page, 2, "A value like the last one is not rare.");
    return;
  }
  explain_page_say(page, 2,
                   "A value like the last one comes %s: %.2f times the limit. "
                   "By deviations:",
                   notice_period(rare_s, period), fabs(next->finding.score));
  say_deviations(page, series);
}

/* Beyond the lower level, chance alone. */
static double by_chance(const struct explain_series *series) {
  const struct alarm_rate *rate = &series->after.habit.rate;

  return month_s / block_s(&series->after.habit) * exp(-(double)rate->level) *
         (double)rate->months;
}

static void say_limit(const struct explain_page *page,
                      const struct explain_series *series) {
  const struct alarm_rate *rate = &series->after.habit.rate;
  char span[WORDS_MAX], period[NOTICE_PERIOD_MAX];
  double counted_s = (double)rate->months * month_s;

  if (series->rules->false_alarms <= 0 || !(rate->limit > 0))
    return;
  notice_period(once_in_s(&series->after.habit, rate->limit), period);
  if (counted_s < a_day_s)
    explain_page_say(page, 2,
                     "FalseAlarms %.3g a month: the limit is what its own past "
                     "has %s; it has not been corrected yet.",
                     series->rules->false_alarms, period);
  else
    explain_page_say(
        page, 2,
        "FalseAlarms %.3g a month: in %s it was remarkable %.0f times, where "
        "chance would have it %.0f times; so the limit is what its own past "
        "has "
        "%s.",
        series->rules->false_alarms, words_duration_prose(counted_s, span),
        (double)rate->events, by_chance(series), period);
}

/* --- what is not known ---------------------------------------------------- */

static void say_unknown(const struct explain_page *page,
                        const struct explain_series *series) {
  const struct habit *habit = &series->memory->habit;
  double blocks = (double)habit->levels.blocks;
  char needed[WORDS_MAX], seen[WORDS_MAX];

  if (blocks < HABIT_BLOCKS)
    explain_page_say(
        page, 2,
        "Nothing can be rare before %s have been seen; so far it was "
        "%s.",
        words_duration_prose(HABIT_BLOCKS * block_s(habit), needed),
        words_duration_prose(blocks * block_s(habit), seen));
  if (habit->is_open)
    explain_page_say(page, 2,
                     "An event is going on; it is told once, and ends when it "
                     "has been calm for 50 minutes.");
  else if (habit->envelope > habit->rate.limit && habit->rate.limit > 0)
    explain_page_say(page, 2,
                     "There was an event within a day: until its shadow has "
                     "faded, only what is rarer is another one.");
}

static void say_next(const struct explain_page *page,
                     const struct explain_series *series) {
  const struct finding *next = &series->next.finding;

  if (isnan(next->lower) || isnan(next->upper))
    explain_page_say(page, 2,
                     "The next value is expected to be %.6g; what is normal "
                     "is not known yet.",
                     next->expected);
  else
    explain_page_say(page, 2,
                     "The next value is expected to be %.6g; it is normal from "
                     "%.6g to %.6g.",
                     next->expected, next->lower, next->upper);
}

/* --- the first lines ------------------------------------------------------ */

enum { BRIEF_MAX = 128 };

/* "; it is normal from 94 to 108"; "" where no value could be judged. */
static const char *brief_band(const struct explain_series *series,
                              char text[BRIEF_MAX]) {
  const struct finding *next = &series->next.finding;

  text[0] = '\0';
  if (series->is_ahead && (isnan(next->lower) || isnan(next->upper)))
    snprintf(text, BRIEF_MAX, "; what is normal is not known yet");
  else if (series->is_ahead)
    snprintf(text, BRIEF_MAX, "; it is normal from %.6g to %.6g", next->lower,
             next->upper);
  return text;
}

/* " One like it comes about once in 3 weeks: 0.40 times the limit." */
static const char *brief_rarity(const struct explain_series *series,
                                char text[BRIEF_MAX]) {
  const struct habit_now *now = &series->next.now;
  double rare_s = series->is_ahead ? notice_once_in_s(series->rules, now) : NAN;
  char period[NOTICE_PERIOD_MAX];

  text[0] = '\0';
  if (series->is_ahead && series->rules->false_alarms <= 0)
    snprintf(text, BRIEF_MAX,
             " It is %.2g standard deviations off; the limit is %.3g.",
             (double)now->sigmas, series->rules->sigmas);
  else if (!isnan(rare_s) && now->rarity > 0)
    snprintf(text, BRIEF_MAX, " One like it comes %s: %.2f times the limit.",
             notice_period(rare_s, period), fabs(series->next.finding.score));
  return text;
}

static void say_what(const struct explain_page *page,
                     const struct explain_series *series) {
  const struct incident *incident = &series->memory->incident;
  char when[WORDS_MAX], since[BRIEF_MAX] = "";

  if (incident->severity != SEVERITY_OKAY)
    snprintf(since, sizeof(since), " Open since %s.",
             explain_page_time(page, incident->since_s, when));
  explain_page_say(page, 0, "%s: %s, by <Watch \"%s\">.%s", series->identifier,
                   words_severity(incident->severity), series->rules->name,
                   since);
}

/* A series that was learned from history has no time of its last value. */
static const char *brief_value(const struct explain_page *page,
                               const struct series_memory *memory,
                               char text[BRIEF_MAX]) {
  double value = memory->habit.levels.previous;
  char when[WORDS_MAX], span[WORDS_MAX];

  if (memory->time_s > 0)
    snprintf(text, BRIEF_MAX, "The last value, %.6g, came at %s, %s ago", value,
             explain_page_time(page, memory->time_s, when),
             words_duration_prose(page->now_s - memory->time_s, span));
  else
    snprintf(text, BRIEF_MAX, "The last value learned is %.6g", value);
  return text;
}

static void say_why(const struct explain_page *page,
                    const struct explain_series *series) {
  const struct series_memory *memory = series->memory;
  char value[BRIEF_MAX], band[BRIEF_MAX], rare[BRIEF_MAX];

  if (memory->habit.levels.values > 0)
    explain_page_point(page, "  Why", "%s%s.%s",
                       brief_value(page, memory, value),
                       brief_band(series, band), brief_rarity(series, rare));
  else
    explain_page_point(page, "  Why", "No value has come yet.");
}

static void say_ahead(const struct explain_page *page,
                      const struct explain_series *series) {
  const struct incident *incident = &series->memory->incident;
  struct incident_outlook ahead;

  incident_look_ahead(incident, &series->rules->incident, &ahead);
  if (incident->severity == SEVERITY_OKAY)
    explain_page_point(
        page, "  Opens",
        "%d of the last %d values show evidence; %d raise an incident.",
        ahead.votes, ahead.votes_of, ahead.votes_needed);
  else
    explain_page_point(page, "  Clears",
                       "After %d calm values in a row; %d so far.",
                       ahead.calm_needed, ahead.calm);
}

void explain_watched_text(const struct explain_page *page,
                          const struct explain_series *series) {
  const struct series_memory *memory = series->memory;
  char span[WORDS_MAX];

  say_what(page, series);
  say_why(page, series);
  say_ahead(page, series);
  if (!page->verbose) {
    say_unknown(page, series);
    return;
  }
  if (series->is_ahead) {
    say_next(page, series);
    say_rarity(page, series);
    say_limit(page, series);
    say_day(page, series);
    say_events(page, series);
  }
  say_unknown(page, series);
  explain_page_say(page, 2, "Learned from %.0f values, %s.",
                   (double)memory->habit.levels.values,
                   words_duration_prose(habit_learnt_s(&memory->habit), span));
}

/* --- JSON ----------------------------------------------------------------- */

static void write_next(struct json_writer *json,
                       const struct explain_series *series) {
  const struct habit_now *now = &series->next.now;

  json_open(json, "last_again", '{');
  json_add_string(json, "deviation", levels_deviation_name(now->leading));
  json_add_number(json, "rarity", (double)now->rarity);
  json_add_number(json, "once_in_s", notice_once_in_s(series->rules, now));
  json_add_number(json, "score", series->next.finding.score);
  json_add_number(json, "sigmas", (double)now->sigmas);
  json_open(json, "deviations", '{');
  for (int i = 0; i < DEVIATION_COUNT; i++) {
    json_open(json, levels_deviation_name((enum deviation)i), '{');
    json_add_number(json, "size", (double)now->size[i]);
    json_add_number(json, "rarity", (double)now->rarities[i]);
    json_add_number(json, "once_in_s",
                    once_in_s(&series->after.habit, now->rarities[i]));
    json_close(json, '}');
  }
  json_close(json, '}');
  json_close(json, '}');
}

static void write_limit(struct json_writer *json,
                        const struct explain_series *series) {
  const struct alarm_rate *rate = &series->after.habit.rate;

  json_open(json, "limit", '{');
  json_add_number(json, "false_alarms", series->rules->false_alarms);
  json_add_number(json, "sigmas", series->rules->sigmas);
  json_add_number(json, "rarity", rate->limit > 0 ? (double)rate->limit : NAN);
  json_add_number(json, "months", (double)rate->months);
  json_add_number(json, "events", (double)rate->events);
  json_add_number(json, "events_by_chance", by_chance(series));
  json_close(json, '}');
}

static double minutes_of(int slots) {
  return (double)slots * SEASON_SLOT_S / 60;
}

static void write_day(struct json_writer *json,
                      const struct explain_series *series) {
  const struct season *season = &series->after.habit.season;
  const struct season_hull *hull = &series->next.now.hull;
  double days[SEASON_DAYS];
  struct clock clock;

  read_clock(series, &clock);
  int len = (int)series->rules->season == SEASON_NONE
                ? 0
                : read_days(series, &clock, days);
  json_open(json, "time_of_day", '{');
  json_add_number(json, "weekday", clock.time.weekday);
  json_add_number(json, "minute", minutes_of(clock.time.slot));
  json_add_truth(json, "weekend", clock.time.weekend);
  json_add_truth(json, "followed", season->chosen != 0);
  json_add_truth(json, "apart", season->apart != 0);
  json_add_number(json, "expected", len > 0 ? hull->expected : NAN);
  json_add_number(json, "lowest", len > 0 ? hull->lowest : NAN);
  json_add_number(json, "highest", len > 0 ? hull->highest : NAN);
  json_open(json, "days", '[');
  for (int i = 0; i < len; i++)
    json_add_number(json, NULL, days[i]);
  json_close(json, ']');
  json_close(json, '}');
}

static void write_events(struct json_writer *json,
                         const struct explain_series *series) {
  const struct weekly *weekly = &series->after.habit.weekly;

  json_open(json, "weekly", '[');
  for (int i = 0; i < WEEKLY_EVENTS; i++) {
    const struct weekly_event *event = &weekly->event[i];
    if (!is_event(series, event))
      continue;
    json_open(json, NULL, '{');
    int weekday = event->begin / SEASON_SLOTS;
    json_add_number(json, "weekday", weekday);
    json_add_number(json, "minute", minutes_of(event->begin % SEASON_SLOTS));
    json_add_number(json, "minutes", minutes_of(event->slots));
    json_add_number(json, "height", (double)event->height);
    json_add_number(json, "weeks", event->weeks);
    json_add_truth(json, "expected", event->weeks >= KNOWN_WEEKS);
    json_close(json, '}');
  }
  json_close(json, ']');
}

static void write_outlook(struct json_writer *json,
                          const struct explain_series *series) {
  struct incident_outlook ahead;

  incident_look_ahead(&series->memory->incident, &series->rules->incident,
                      &ahead);
  json_add_number(json, "votes", ahead.votes);
  json_add_number(json, "votes_needed", ahead.votes_needed);
  json_add_number(json, "votes_of", ahead.votes_of);
  json_add_number(json, "failures", ahead.failures);
  json_add_number(json, "failures_needed", ahead.failures_needed);
  json_add_number(json, "calm", ahead.calm);
  json_add_number(json, "calm_needed", ahead.calm_needed);
}

void explain_watched_json(FILE *out, const struct explain_series *series) {
  const struct habit *habit = &series->memory->habit;
  struct json_writer writer = json_begin(out), *json = &writer;

  json_open(json, NULL, '{');
  json_add_string(json, "series", series->identifier);
  json_add_string(json, "watch", series->rules->name);
  json_add_string(json, "severity",
                  words_severity(series->memory->incident.severity));
  json_add_number(json, "time", series->memory->time_s);
  json_add_number(json, "expected", series->next.finding.expected);
  json_add_number(json, "lower", series->next.finding.lower);
  json_add_number(json, "upper", series->next.finding.upper);
  json_add_number(json, "values", (double)habit->levels.values);
  json_add_number(json, "learnt_s", habit_learnt_s(habit));
  write_outlook(json, series);
  json_add_number(json, "value", habit->levels.previous);
  json_add_number(json, "blocks", (double)habit->levels.blocks);
  json_add_number(json, "blocks_needed", HABIT_BLOCKS);
  json_add_truth(json, "event", habit->is_open != 0);
  if (series->is_ahead) {
    write_next(json, series);
    write_limit(json, series);
    write_day(json, series);
    write_events(json, series);
  }
  json_close(json, '}');
  fputc('\n', out);
}
