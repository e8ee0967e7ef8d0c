/* See words.h. */
#include "words.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

const char *words_number(double value, int decimals, const char *unit,
                         char *text) {
  static const char prefixes[] = {'k', 'M', 'G', 'T'};
  double size = fabs(value), scaled = value;
  int prefix = -1;
  if (isnan(value)) {
    snprintf(text, WATCH_TEXT_MAX, "-");
    return text;
  }
  for (; size >= 99999.5 || (prefix >= 0 && size >= 999.5); prefix++) {
    if (prefix + 1 == (int)sizeof(prefixes))
      break;
    size /= 1000;
    scaled /= 1000;
  }
  if (prefix >= 0)
    snprintf(text, WATCH_TEXT_MAX, "%.*f%c%s", size < 99.95 ? 1 : 0, scaled,
             prefixes[prefix], unit);
  else
    snprintf(text, WATCH_TEXT_MAX, "%.*f%s", size >= 99.95 ? 0 : decimals,
             value, unit);
  return text;
}

const char *words_duration(double seconds, char *text) {
  if (isnan(seconds)) {
    snprintf(text, WATCH_TEXT_MAX, "-");
    return text;
  }
  double left = fmin(fmax(seconds, 0), 1e9);
  long whole = lround(left);
  if (left > 0.05 && left < 9.95 && fabs(left - round(left)) > 0.05)
    snprintf(text, WATCH_TEXT_MAX, "%.1f s", left);
  else if (whole < 120)
    snprintf(text, WATCH_TEXT_MAX, "%ld s", whole);
  else if (whole < 7200)
    snprintf(text, WATCH_TEXT_MAX, "%ld min", whole / 60);
  else if (whole < 172800)
    snprintf(text, WATCH_TEXT_MAX, "%ld h %02ld min", whole / 3600,
             whole % 3600 / 60);
  else
    snprintf(text, WATCH_TEXT_MAX, "%ld d %02ld h", whole / 86400,
             whole % 86400 / 3600);
  return text;
}

const char *words_moment(double time_s, double now_s, char *text) {
  struct tm then = {0}, today = {0};
  snprintf(text, WATCH_TEXT_MAX, "-");
  if (!isfinite(time_s) || fabs(time_s) > 1e11 || !isfinite(now_s))
    return text;
  time_t whole = (time_t)time_s, now = (time_t)now_s;
  if (localtime_r(&whole, &then) == NULL || localtime_r(&now, &today) == NULL)
    return text;
  int same_day = then.tm_yday == today.tm_yday && then.tm_year == today.tm_year;
  if (strftime(text, WATCH_TEXT_MAX, same_day ? "%H:%M:%S" : "%b %d %H:%M",
               &then) == 0)
    snprintf(text, WATCH_TEXT_MAX, "-");
  return text;
}

const char *words_clean(const char *raw, char *text, size_t text_max) {
  size_t len = 0;
  for (; raw[len] != '\0' && len + 1 < text_max; len++)
    text[len] = (char)(raw[len] >= ' ' && raw[len] <= '~' ? raw[len] : '?');
  text[len] = '\0';
  return text;
}
