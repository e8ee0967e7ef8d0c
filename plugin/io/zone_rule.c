/* POSIX.1-2017, Base Definitions 8.3, "TZ", with the hours of RFC 9636. No
 * system call: text to numbers, and the calendar. */
#include "zone_rule.h"

#include <string.h>

enum { HOUR_S = 3600, DAY_S = 86400 };

/* What is left of the text; none of its bytes is read twice. */
struct cursor {
  const char *at, *end;
};

static bool take(struct cursor *in, char wanted) {
  if (in->at == in->end || *in->at != wanted)
    return false;
  in->at++;
  return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take_number(struct cursor *in, int least, int most, int *out) {
  int number = 0;
  const char *first = in->at;

  for (; in->at < in->end && is_digit(*in->at) && number <= most; in->at++)
    number = number * 10 + (*in->at - '0');
  if (in->at == first || number < least || number > most)
    return false;
  *out = number;
  return true;
}

/* "CET", or "<+0330>": three characters and more. */
static bool take_name(struct cursor *in) {
  bool quoted = take(in, '<');
  const char *first = in->at;

  while (in->at < in->end &&
         (is_letter(*in->at) ||
          (quoted && (is_digit(*in->at) || *in->at == '+' || *in->at == '-'))))
    in->at++;
  return in->at - first >= 3 && (!quoted || take(in, '>'));
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(struct cursor *in, int hours_max, int32_t *out) {
  int hours, minutes = 0, seconds = 0;
  bool below_zero = take(in, '-');

  if (!below_zero)
    take(in, '+');
  if (!take_number(in, 0, hours_max, &hours))
    return false;
  if (take(in, ':')) {
    if (!take_number(in, 0, 59, &minutes))
      return false;
    if (take(in, ':') && !take_number(in, 0, 59, &seconds))
      return false;
  }
  int32_t time_s = hours * HOUR_S + minutes * 60 + seconds;
  *out = below_zero ? -time_s : time_s;
  return true;
}

/* The text counts west of Greenwich. */
static bool take_offset(struct cursor *in, int32_t *out) {
  int32_t west_s;

  if (!take_time(in, 24, &west_s))
    return false;
  *out = -west_s;
  return true;
}

static bool take_day(struct cursor *in, struct zone_change *out) {
  if (take(in, 'M')) {
    out->kind = ZONE_DAY_OF_MONTH;
    return take_number(in, 1, 12, &out->month) && take(in, '.') &&
           take_number(in, 1, 5, &out->week) && take(in, '.') &&
           take_number(in, 0, 6, &out->weekday);
  }
  bool no_leap = take(in, 'J');
  out->kind = no_leap ? ZONE_DAY_NO_LEAP : ZONE_DAY_COUNTED;
  return take_number(in, no_leap ? 1 : 0, 365, &out->day);
}

static bool take_change(struct cursor *in, struct zone_change *out) {
  out->time_s = 2 * HOUR_S;
  return take(in, ',') && take_day(in, out) &&
         (!take(in, '/') || take_time(in, 167, &out->time_s));
}

static bool take_summer(struct cursor *in, struct zone_rule *rule) {
  static const char usual[] = ",M3.2.0,M11.1.0";
  struct cursor instead = {usual, usual + sizeof(usual) - 1};

  rule->has_summer = true;
  rule->summer_s = rule->standard_s + HOUR_S;
  if (!take_name(in))
    return false;
  if (in->at < in->end && *in->at != ',' && !take_offset(in, &rule->summer_s))
    return false;
  struct cursor *dates = in->at == in->end ? &instead : in;
  return take_change(dates, &rule->begin) && take_change(dates, &rule->end);
}

bool zone_rule_parse(const char *text, size_t len, struct zone_rule *out) {
  struct cursor in = {text, text + len};
  struct zone_rule rule;

  memset(&rule, 0, sizeof(rule));
  if (!take_name(&in) || !take_offset(&in, &rule.standard_s))
    return false;
  if (in.at < in.end && !take_summer(&in, &rule))
    return false;
  if (in.at < in.end)
    return false;
  *out = rule;
  return true;
}

static bool is_leap(int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to January 1. */
static int64_t days_to_year(int64_t year) {
  int64_t before = year + 400 * 100000000LL - 1; /* above 0, to divide down */
  int64_t days = before * 365 + before / 4 - before / 100 + before / 400;

  return days - 146097 * 100000000LL - 719162;
}

static int64_t year_of_day(int64_t day) {
  int64_t year = 1970 + day / 366; /* too near 1970 by less than day / 146 */

  while (days_to_year(year + 1) <= day)
    year += 1 + (day - days_to_year(year + 1)) / 366;
  while (days_to_year(year) > day)
    year -= 1 + (days_to_year(year) - day - 1) / 366;
  return year;
}

static int days_before_month(int month, bool leap) {
  static const int days[] = {0,   31,  59,  90,  120, 151, 181,
                             212, 243, 273, 304, 334, 365};

  return days[month - 1] + (leap && month > 2);
}

/* Days from January 1. */
static int64_t day_of_month_rule(const struct zone_change *change,
                                 int64_t year) {
  bool leap = is_leap(year);
  int first = days_before_month(change->month, leap);
  int beyond = days_before_month(change->month + 1, leap);
  int64_t days = days_to_year(year) + first;
  int weekday = (int)(((days + 4) % 7 + 7) % 7); /* 1970-01-01: Thursday */
  int day =
      first + (change->weekday - weekday + 7) % 7 + 7 * (change->week - 1);

  return day < beyond ? day : day - 7;
}

/* Seconds since 1970 in local time. */
static int64_t time_of_change(const struct zone_change *change, int64_t year) {
  int64_t day = change->day;

  if (change->kind == ZONE_DAY_OF_MONTH)
    day = day_of_month_rule(change, year);
  else if (change->kind == ZONE_DAY_NO_LEAP)
    day = change->day - 1 + (is_leap(year) && change->day > 59);
  return (days_to_year(year) + day) * DAY_S + change->time_s;
}

int32_t zone_rule_offset_at(const struct zone_rule *rule, int64_t time_s) {
  if (!rule->has_summer)
    return rule->standard_s;
  int64_t local_s = time_s + rule->standard_s;
  int64_t day = local_s / DAY_S - (local_s % DAY_S < 0);
  int64_t year = year_of_day(day);
  int64_t begin = time_of_change(&rule->begin, year) - rule->standard_s;
  int64_t end = time_of_change(&rule->end, year) - rule->summer_s;
  bool summer = begin < end ? time_s >= begin && time_s < end
                            : time_s >= begin || time_s < end;
  return summer ? rule->summer_s : rule->standard_s;
}
