/* Local time by rule. Sources: Directive 2000/84/EC (summer time, last Sunday
 * of March to last Sunday of October, 01:00 UTC); H. Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms" (days of the civil calendar).
 */
#include "calendar.h"

#include <math.h>

static const double day_s = 86400;

static int64_t days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t of_era = year - era * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
         719468;
}

static int weekday_of(int64_t day) { return (int)(((day + 3) % 7 + 7) % 7); }

/* Both months have 31 days. */
double calendar_change_s(int year, bool begins) {
  int64_t last = days_from_civil(year, begins ? 3 : 10, 31);

  return (double)(last - (weekday_of(last) + 1) % 7) * day_s + 3600;
}

static int year_of(double time_s) {
  int year = 1970 + (int)(time_s / (365.2425 * day_s));

  while ((double)days_from_civil(year + 1, 1, 1) * day_s <= time_s)
    year++;
  while ((double)days_from_civil(year, 1, 1) * day_s > time_s)
    year--;
  return year;
}

static bool is_summer(double time_s) {
  int year = year_of(time_s);

  return time_s >= calendar_change_s(year, true) &&
         time_s < calendar_change_s(year, false);
}

double calendar_zone_s(enum calendar_zone zone, double time_s) {
  switch (zone) {
  case CALENDAR_UTC:
    return 0;
  case CALENDAR_BERLIN:
    return is_summer(time_s) ? 7200 : 3600;
  case CALENDAR_RIYADH:
    return 3 * 3600;
  case CALENDAR_KATHMANDU:
    return 5.75 * 3600;
  }
  return 0;
}

struct calendar calendar_at(enum calendar_zone zone, double time_s) {
  double local_s = time_s + calendar_zone_s(zone, time_s);
  struct calendar at = {.day = (int64_t)floor(local_s / day_s)};

  at.day_s = local_s - (double)at.day * day_s;
  at.weekday = weekday_of(at.day);
  return at;
}

bool calendar_is_weekend(enum calendar_zone zone, int weekday) {
  if (zone == CALENDAR_RIYADH)
    return weekday == 4 || weekday == 5;
  return weekday >= 5;
}
