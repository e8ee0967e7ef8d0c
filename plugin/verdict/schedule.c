/* The calendar of a week. Local time runs on by the zone's offset: an hour that
 * a change of the clocks leaves out is left out, one that comes twice is twice.
 * Pure. */
#include "verdict/schedule.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

enum { DAY_S = 86400, DAYS = 7, THURSDAY = 3 /* 1970-01-01 */ };

static const double time_max_s = 1e12;

/* The day that begins at *text, which then stands behind it; -1 for none. */
static int take_day(const char **text) {
  static const char *const names[DAYS] = {"mon", "tue", "wed", "thu",
                                          "fri", "sat", "sun"};

  for (int day = 0; day < DAYS; day++)
    if (strncasecmp(*text, names[day], 3) == 0) {
      *text += 3;
      return day;
    }
  return -1;
}

/* "mon" or "mon-fri"; 0 for what is neither. */
static unsigned take_range(const char **text) {
  int first = take_day(text), last = first;

  if (first >= 0 && **text == '-') {
    (*text)++;
    last = take_day(text);
  }
  if (first < 0 || last < 0)
    return 0;
  unsigned days = 1u << last;
  for (int day = first; day != last; day = (day + 1) % DAYS)
    days |= 1u << day;
  return days;
}

double schedule_days(const char *text) {
  unsigned days = 0;

  if (strcasecmp(text, "daily") == 0)
    return SCHEDULE_DAILY;
  for (;; text++) {
    unsigned range = take_range(&text);
    days |= range;
    if (range == 0)
      return NAN;
    if (*text != ',')
      return *text == '\0' ? (double)days : (double)NAN;
  }
}

double schedule_time(const char *text) {
  static const size_t digits[] = {0, 1, 3, 4};

  for (size_t i = 0; i < 4; i++)
    if ((i > 0 && text[digits[i] - 1] == '\0') ||
        !isdigit((unsigned char)text[digits[i]]))
      return NAN;
  if (text[2] != ':' || text[5] != '\0')
    return NAN;
  int hours = (text[0] - '0') * 10 + text[1] - '0';
  int minutes = (text[3] - '0') * 10 + text[4] - '0';
  bool is_time = minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0));
  return is_time ? hours * 3600 + minutes * 60 : (double)NAN;
}

static int64_t day_of(int64_t local_s) {
  return local_s / DAY_S - (local_s % DAY_S < 0);
}

static bool is_on(const struct schedule *schedule, int64_t day) {
  int64_t weekday = ((day + THURSDAY) % DAYS + DAYS) % DAYS;

  return schedule->days >> weekday & 1;
}

/* When local time gets to local_s, from now on. Where the clocks pass over it,
 * a little later. */
static int64_t next_time(const struct schedule_zone *zone, int64_t local_s,
                         int64_t now_s) {
  int32_t offset_s = zone->offset_at(zone->zone, now_s);
  int64_t old_s = local_s - offset_s;
  int32_t then_s = zone->offset_at(zone->zone, old_s);
  int64_t new_s = local_s - then_s;
  bool is_passed_over = zone->offset_at(zone->zone, new_s) != then_s;

  return is_passed_over && old_s > new_s ? old_s : new_s;
}

double schedule_until(const struct schedule *schedule,
                      const struct schedule_zone *zone, double now_s) {
  if (!(fabs(now_s) < time_max_s))
    return 0;
  int64_t time_s = (int64_t)floor(now_s);
  int64_t local_s = time_s + zone->offset_at(zone->zone, time_s);
  int64_t today = day_of(local_s), until_s = 0;
  int lasts_s = schedule->to_s - schedule->from_s;
  if (lasts_s <= 0)
    lasts_s += DAY_S;
  for (int64_t day = today - 1; day <= today; day++) {
    int64_t from_s = day * DAY_S + schedule->from_s;
    if (is_on(schedule, day) && local_s >= from_s && local_s < from_s + lasts_s)
      until_s = next_time(zone, from_s + lasts_s, time_s);
  }
  return (double)until_s;
}
