/* Text <-> moments. */
#include "plot_moment.h"

#include "history_number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const double max_s = 1e11; /* the year 5138 */

static bool read_relative(const char *text, struct plot_moment *out) {
  static const struct {
    char letter;
    double seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
  struct history_number number;
  const char *end = text + strlen(text);
  const char *unit = history_number_read(text + 1, end, &number);

  if (text[1] == '-' || text[1] == '+' || !unit || unit + 1 != end)
    return false;
  for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
    if (*unit == units[i].letter && number.value * units[i].seconds <= max_s) {
      *out = (struct plot_moment){true, true, number.value * units[i].seconds};
      return true;
    }
  return false;
}

static bool read_epoch(const char *text, struct plot_moment *out) {
  struct history_number number;
  const char *end = text + strlen(text);

  if (*text == '+' || history_number_read(text, end, &number) != end ||
      !(number.value > 0) || number.value > max_s)
    return false;
  *out = (struct plot_moment){true, false, number.value};
  return true;
}

/* "Z", "+01:00", "+0100" or nothing. *shift_s: to be taken off. */
static bool read_zone(const char *text, bool *local, double *shift_s) {
  int hours = 0, minutes = 0, used = 0;
  char sign = 0;

  *local = *text == '\0';
  *shift_s = 0;
  if (*local || strcmp(text, "Z") == 0)
    return true;
  if ((sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 &&
       sscanf(text, "%c%2d%2d%n", &sign, &hours, &minutes, &used) != 3) ||
      text[used] != '\0' || (sign != '+' && sign != '-') || hours < 0 ||
      hours > 14 || minutes < 0 || minutes > 59)
    return false;
  *shift_s = (sign == '-' ? -60.0 : 60.0) * (60 * hours + minutes);
  return true;
}

/* mktime and timegm take the 31st of February for a day in March. */
static bool is_same_day(const struct tm *asked, time_t moment, bool local) {
  struct tm seen;

  return (local ? localtime_r(&moment, &seen) : gmtime_r(&moment, &seen)) &&
         seen.tm_year == asked->tm_year && seen.tm_mon == asked->tm_mon &&
         seen.tm_mday == asked->tm_mday;
}

static bool read_clock(const char *text, struct tm *date, const char **rest) {
  int used = 0;

  *rest = text;
  if ((*text != 'T' && *text != ' ') || text[1] < '0' || text[1] > '9')
    return true;
  if (sscanf(text + 1, "%2d:%2d%n", &date->tm_hour, &date->tm_min, &used) != 2)
    return false;
  *rest = text + 1 + used;
  if (**rest == ':') {
    if (sscanf(*rest, ":%2d%n", &date->tm_sec, &used) != 1)
      return false;
    *rest += used;
  }
  return date->tm_hour >= 0 && date->tm_hour < 24 && date->tm_min >= 0 &&
         date->tm_min < 60 && date->tm_sec >= 0 && date->tm_sec < 60;
}

static bool read_date(const char *text, struct plot_moment *out) {
  struct tm date = {.tm_isdst = -1};
  const char *rest = NULL;
  double shift_s = 0;
  bool local = true;
  int used = 0;

  if (sscanf(text, "%4d-%2d-%2d%n", &date.tm_year, &date.tm_mon, &date.tm_mday,
             &used) != 3 ||
      used != 10 || !read_clock(text + used, &date, &rest) ||
      !read_zone(rest, &local, &shift_s))
    return false;
  date.tm_year -= 1900;
  date.tm_mon -= 1;
  struct tm asked = date;
  time_t moment = local ? mktime(&date) : timegm(&date);
  if (!is_same_day(&asked, moment, local) || !(difftime(moment, 0) > 0))
    return false;
  *out = (struct plot_moment){true, false, (double)moment - shift_s};
  return true;
}

bool plot_moment_read(const char *text, struct plot_moment *out) {
  if (*text == '-')
    return read_relative(text, out);
  return read_epoch(text, out) || read_date(text, out);
}

void plot_moment_format(double time_s, const char *format, char *out,
                        size_t size) {
  struct tm local;
  time_t whole = 0;

  if (fabs(time_s) <= max_s)
    whole = (time_t)floor(time_s);
  if (!(fabs(time_s) <= max_s) || !localtime_r(&whole, &local) ||
      strftime(out, size, format, &local) == 0)
    snprintf(out, size, "?");
}

void plot_moment_write(double time_s, char *out) {
  plot_moment_format(time_s, "%Y-%m-%d %H:%M:%S", out, PLOT_MOMENT_TEXT_MAX);
}

void plot_moment_duration(double duration_s, char *out) {
  long long s = (long long)duration_s, min = s / 60, h = s / 3600;

  if (s < 120)
    snprintf(out, PLOT_MOMENT_TEXT_MAX, "%lld s", s);
  else if (min < 120)
    snprintf(out, PLOT_MOMENT_TEXT_MAX, "%lld min", min);
  else if (h < 48)
    snprintf(out, PLOT_MOMENT_TEXT_MAX, "%lld h %lld min", h, min % 60);
  else
    snprintf(out, PLOT_MOMENT_TEXT_MAX, "%lld d %lld h", h / 24, h % 24);
}
