/* Identifiers, split and compared; days and endings in names of files. Pure.
 * Source: Naming schema in collectd's wiki; the instance begins after the first
 * '-', since names contain none. */
#include "file_names.h"

#include "verdict/listeners.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { DAY_S = 86400 };

size_t history_cut_ending(const char *name, size_t length, const char *ending) {
  size_t tail = strlen(ending);

  return length > tail && memcmp(name + length - tail, ending, tail) == 0
             ? length - tail
             : length;
}

bool history_identifier_split(const char *text, size_t length, char *name,
                              char *instance) {
  const char *dash = memchr(text, '-', length);
  size_t head = dash ? (size_t)(dash - text) : length;
  size_t tail = dash ? length - head - 1 : 0;

  if (head == 0 || head >= HISTORY_PART_MAX || tail >= HISTORY_PART_MAX)
    return false;
  memcpy(name, text, head);
  name[head] = '\0';
  memcpy(instance, text + length - tail, tail);
  instance[tail] = '\0';
  return true;
}

static bool copy_part(char *out, size_t size, const char *text, size_t length) {
  if (length == 0 || length >= size)
    return false;
  memcpy(out, text, length);
  out[length] = '\0';
  return true;
}

/* Cut ":rate" or ":SOURCE" off. */
static size_t cut_suffix(const char *text, size_t length,
                         struct history_series *out, bool *is_rate) {
  size_t at = length;

  while (at > 0 && text[at - 1] != ':' && text[at - 1] != '/')
    at--;
  *is_rate = false;
  if (at == 0 || at == length || text[at - 1] != ':' ||
      length - at >= sizeof(out->source))
    return length;
  *is_rate = length - at == 4 && memcmp(text + at, "rate", 4) == 0;
  if (*is_rate)
    return at - 1;
  memcpy(out->source, text + at, length - at);
  out->source[length - at] = '\0';
  return at - 1;
}

/* Where the parts begin, at most three of them. Returns how many there are. */
static size_t find_parts(const char *text, size_t length,
                         const char *parts[4]) {
  size_t len = 1;

  parts[0] = text;
  for (const char *at = text; at < text + length; at++)
    if (*at == '/' && len++ < 3)
      parts[len - 1] = at + 1;
  if (len <= 3)
    parts[len] = text + length + 1;
  return len;
}

int history_identifier_read(const char *text, size_t length, const char *host,
                            struct history_series *out, bool *is_rate,
                            const char **words) {
  struct history_series series = {.use = NULL};
  const char *parts[4];

  length = cut_suffix(text, length, &series, is_rate);
  size_t len = find_parts(text, length, parts);
  *words = "it is not of the form [HOST/]PLUGIN[-INSTANCE]/TYPE[-INSTANCE]";
  if (len < 2 || len > 3 || !plain_text_is(text, length))
    return -EINVAL;
  const char **plugin = &parts[len - 2];
  if (!history_identifier_split(plugin[0], (size_t)(plugin[1] - plugin[0] - 1),
                                series.plugin, series.plugin_instance) ||
      !history_identifier_split(plugin[1], (size_t)(plugin[2] - plugin[1] - 1),
                                series.type, series.type_instance))
    return -EINVAL;
  size_t host_len = len == 3 ? (size_t)(parts[1] - parts[0] - 1) : strlen(host);
  *words = "its host name is empty or too long";
  if (!copy_part(series.host, sizeof(series.host), len == 3 ? text : host,
                 host_len))
    return -EINVAL;
  *out = series;
  return 0;
}

bool history_identifier_equal(const struct history_series *a,
                              const struct history_series *b) {
  return strcmp(a->type_instance, b->type_instance) == 0 &&
         strcmp(a->type, b->type) == 0 &&
         strcmp(a->plugin_instance, b->plugin_instance) == 0 &&
         strcmp(a->plugin, b->plugin) == 0 &&
         strcmp(a->source, b->source) == 0 && strcmp(a->host, b->host) == 0;
}

enum signal history_identifier_signal(const struct history_series *series) {
  if (strcmp(series->plugin, "tcpstates") != 0 ||
      strcmp(series->plugin_instance, "all") != 0)
    return SIGNAL_COUNT;
  return signals_find(series->type, series->type_instance);
}

enum signal history_identifier_port_signal(const struct history_series *series,
                                           uint16_t *port) {
  *port = strcmp(series->plugin, "tcpstates") == 0
              ? listeners_port(series->plugin_instance)
              : 0;
  return *port > 0 ? signals_find_of_port(series->type, series->type_instance)
                   : SIGNAL_COUNT;
}

/* Days since 1970 of a day of the Gregorian calendar. Source: H. Fliegel and
 * T. Van Flandern, CACM 11 (1968), 657. */
static long count_days(long year, long month, long day) {
  static const long julian_1970 = 2440588;
  long winter = (month - 14) / 12; /* -1 in January and February */

  return (1461 * (year + 4800 + winter)) / 4 +
         (367 * (month - 2 - 12 * winter)) / 12 -
         (3 * ((year + 4900 + winter) / 100)) / 4 + day - 32075 - julian_1970;
}

/* len digits at text; -1 if they are not digits. */
static long read_digits(const char *text, int len) {
  long number = 0;

  for (int i = 0; i < len; i++) {
    if (text[i] < '0' || text[i] > '9')
      return -1;
    number = 10 * number + (text[i] - '0');
  }
  return number;
}

bool history_identifier_read_day(const char *name, long *day) {
  size_t length = strlen(name);

  if (length <= HISTORY_DAY_LENGTH)
    return false;
  const char *text = name + length - HISTORY_DAY_LENGTH;
  long year = read_digits(text + 1, 4), month = read_digits(text + 6, 2);
  long of_month = read_digits(text + 9, 2);
  if (text[0] != '-' || text[5] != '-' || text[8] != '-' || year < 0 ||
      month < 1 || month > 12 || of_month < 1 || of_month > 31)
    return false;
  *day = count_days(year, month, of_month);
  return true;
}

bool history_identifier_write_day(long day, char *out) {
  time_t time_s = (time_t)day * DAY_S;
  struct tm date;

  if (!gmtime_r(&time_s, &date) || date.tm_year < -1900 || date.tm_year > 8099)
    return false;
  return strftime(out, HISTORY_DAY_LENGTH + 1, "-%Y-%m-%d", &date) ==
         HISTORY_DAY_LENGTH;
}
