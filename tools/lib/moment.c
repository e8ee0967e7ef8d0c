/* Text <-> moments. Touches the time zone and the clocks. */
#include "moment.h"

#include "number.h"
#include "words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const double max_s = 1e11; /* the year 5138 */

static bool read_relative(const char *text, struct moment *out) {
  static const struct {
    char letter;
    double seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
  struct number number;
  const char *end = text + strlen(text);
  const char *unit = number_read(text + 1, end, &number);

  if (text[1] == '-' || text[1] == '+' || !unit || unit + 1 != end)
    return false;
  for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
    if (*unit == units[i].letter && number.value * units[i].seconds <= max_s) {
      *out = (struct moment){true, true, number.value * units[i].seconds};
      return true;
    }
  return false;
}

static bool read_epoch(const char *text, struct moment *out) {
  struct number number;
  const char *end = text + strlen(text);

  if (*text == '+' || number_read(text, end, &number) != end ||
      !(number.value > 0) || number.value > max_s)
    return false;
  *out = (struct moment){true, false, number.value};
  return true;
}

/* Takes len digits off *text. Returns false, with *text untouched, if there are
 * fewer. */
static bool take_digits(const char **text, int len, int *out) {
  int number = 0;

  for (int i = 0; i < len; i++) {
    if ((*text)[i] < '0' || (*text)[i] > '9')
      return false;
    number = 10 * number + ((*text)[i] - '0');
  }
  *text += len;
  *out = number;
  return true;
}

static bool take_mark(const char **text, char mark) {
  if (**text != mark)
    return false;
  (*text)++;
  return true;
}

/* Reads "Z", "+01:00", "+0100" or nothing. *shift_s: to be subtracted. */
static bool read_zone(const char *text, bool *local, double *shift_s) {
  int hours = 0, minutes = 0;

  *local = *text == '\0';
  *shift_s = 0;
  if (*local || strcmp(text, "Z") == 0)
    return true;
  bool west = *text == '-';
  if (!take_mark(&text, west ? '-' : '+') || !take_digits(&text, 2, &hours))
    return false;
  take_mark(&text, ':');
  if (!take_digits(&text, 2, &minutes) || *text != '\0' || hours > 14 ||
      minutes > 59)
    return false;
  *shift_s = (west ? -60.0 : 60.0) * (60 * hours + minutes);
  return true;
}

/* False for 31 February, which mktime and timegm take for a day in March. */
static bool is_same_day(const struct tm *asked, time_t moment, bool local) {
  struct tm seen;

  return (local ? localtime_r(&moment, &seen) : gmtime_r(&moment, &seen)) &&
         seen.tm_year == asked->tm_year && seen.tm_mon == asked->tm_mon &&
         seen.tm_mday == asked->tm_mday;
}

/* Takes "T10:00:30", "T10:00" or nothing off *text. */
static bool take_clock(const char **text, struct tm *date) {
  if (!take_mark(text, 'T') && !take_mark(text, ' '))
    return true;
  if (!take_digits(text, 2, &date->tm_hour) || !take_mark(text, ':') ||
      !take_digits(text, 2, &date->tm_min))
    return false;
  if (take_mark(text, ':') && !take_digits(text, 2, &date->tm_sec))
    return false;
  return date->tm_hour < 24 && date->tm_min < 60 && date->tm_sec < 60;
}

static bool read_date(const char *text, struct moment *out) {
  struct tm date = {.tm_isdst = -1};
  double shift_s = 0;
  bool local = true;

  if (!take_digits(&text, 4, &date.tm_year) || !take_mark(&text, '-') ||
      !take_digits(&text, 2, &date.tm_mon) || !take_mark(&text, '-') ||
      !take_digits(&text, 2, &date.tm_mday) || !take_clock(&text, &date) ||
      !read_zone(text, &local, &shift_s))
    return false;
  date.tm_year -= 1900;
  date.tm_mon -= 1;
  struct tm asked = date;
  time_t moment = local ? mktime(&date) : timegm(&date);
  if (!is_same_day(&asked, moment, local) || !(difftime(moment, 0) > 0))
    return false;
  *out = (struct moment){true, false, (double)moment - shift_s};
  return true;
}

bool moment_read(const char *text, struct moment *out) {
  if (*text == '-')
    return read_relative(text, out);
  return read_epoch(text, out) || read_date(text, out);
}

static double read_clock(clockid_t clock) {
  struct timespec now;

  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double moment_now(void) { return read_clock(CLOCK_REALTIME); }

double moment_steady(void) { return read_clock(CLOCK_MONOTONIC); }

void moment_format(double time_s, const char *format, char *out, size_t size) {
  struct tm local;
  time_t whole = 0;

  if (fabs(time_s) <= max_s)
    whole = (time_t)floor(time_s);
  if (!(fabs(time_s) <= max_s) || !localtime_r(&whole, &local) ||
      strftime(out, size, format, &local) == 0)
    snprintf(out, size, "?");
}

const char *moment_write(double time_s, char *out) {
  moment_format(time_s, "%Y-%m-%d %H:%M:%S", out, MOMENT_MAX);
  return out;
}

bool moment_clock(double time_s, double now_s, const char *other_day, char *out,
                  size_t size) {
  struct tm then, today;

  out[0] = '\0';
  if (!(fabs(time_s) <= max_s) || !(fabs(now_s) <= max_s))
    return false;
  time_t whole = (time_t)time_s, now = (time_t)now_s;
  if (!localtime_r(&whole, &then) || !localtime_r(&now, &today))
    return false;
  bool same_day =
      then.tm_yday == today.tm_yday && then.tm_year == today.tm_year;
  if (strftime(out, size, same_day ? "%H:%M:%S" : other_day, &then) > 0)
    return true;
  out[0] = '\0';
  return false;
}

void moment_duration(double duration_s, char *out) {
  words_duration_notice(duration_s, out);
}
