/* Numbers, lengths of time, severities and lists as text. */
#include "words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* How a format goes on from two hours, and from two days. */
enum parts {
  PARTS_ONE,    /* "2 h" */
  PARTS_NEEDED, /* "2 h 3 min", but "2 h" */
  PARTS_TWO,    /* "2 h 3 min" */
  PARTS_PADDED  /* "2 h 03 min" */
};
struct duration_format {
  enum parts parts;
  const char *days; /* their unit; NULL: hours for ever */
  bool days_alone;  /* without hours */
  double max_s;
};

static void write_parts(long long large, const char *large_unit,
                        long long small, const char *small_unit,
                        enum parts parts, char *text) {
  if (parts == PARTS_ONE || (parts == PARTS_NEEDED && small == 0))
    snprintf(text, WORDS_MAX, "%lld %s", large, large_unit);
  else if (parts == PARTS_PADDED)
    snprintf(text, WORDS_MAX, "%lld %s %02lld %s", large, large_unit, small,
             small_unit);
  else
    snprintf(text, WORDS_MAX, "%lld %s %lld %s", large, large_unit, small,
             small_unit);
}

static const char *spell(double seconds, const struct duration_format *format,
                         char *text) {
  long long s = llround(fmin(format->max_s, fmax(0, seconds)));

  if (s < 120)
    snprintf(text, WORDS_MAX, "%lld s", s);
  else if (s < 7200)
    snprintf(text, WORDS_MAX, "%lld min", s / 60);
  else if (s < 172800 || !format->days)
    write_parts(s / 3600, "h", s / 60 % 60, "min", format->parts, text);
  else
    write_parts(s / 86400, format->days, s / 3600 % 24, "h",
                format->days_alone ? PARTS_ONE : format->parts, text);
  return text;
}

const char *words_duration(double seconds, char *text) {
  static const struct duration_format format = {PARTS_PADDED, "d", false, 1e9};

  if (isnan(seconds))
    snprintf(text, WORDS_MAX, "-");
  else if (seconds > 0.05 && seconds < 9.95 &&
           fabs(seconds - round(seconds)) > 0.05)
    snprintf(text, WORDS_MAX, "%.1f s", seconds);
  else
    spell(seconds, &format, text);
  return text;
}

const char *words_duration_short(double seconds, char *text) {
  static const struct duration_format format = {PARTS_ONE, "d", true, 1e9};

  return spell(seconds, &format, text);
}

const char *words_duration_prose(double seconds, char *text) {
  static const struct duration_format format = {PARTS_NEEDED, "days", true,
                                                1e15};

  return spell(seconds, &format, text);
}

const char *words_duration_notice(double seconds, char *text) {
  static const struct duration_format format = {PARTS_TWO, "d", false, 1e15};

  return spell(seconds, &format, text);
}

const char *words_duration_hours(double seconds, char *text) {
  static const struct duration_format format = {PARTS_TWO, NULL, false, 1e15};

  return spell(seconds, &format, text);
}

const char *words_number(double value, int decimals, const char *unit,
                         char *text) {
  static const char prefixes[] = {'k', 'M', 'G', 'T'};
  double size = fabs(value), scaled = value;
  int prefix = -1;

  if (isnan(value)) {
    snprintf(text, WORDS_MAX, "-");
    return text;
  }
  for (; size >= 99999.5 || (prefix >= 0 && size >= 999.5); prefix++) {
    if (prefix + 1 == (int)sizeof(prefixes))
      break;
    size /= 1000;
    scaled /= 1000;
  }
  if (prefix >= 0)
    snprintf(text, WORDS_MAX, "%.*f%c%s", size < 99.95 ? 1 : 0, scaled,
             prefixes[prefix], unit);
  else
    snprintf(text, WORDS_MAX, "%.*f%s", size >= 99.95 ? 0 : decimals, value,
             unit);
  return text;
}

/* Returns the length that is left. */
static size_t drop_zeros(char *text) {
  size_t len = strlen(text);

  if (strchr(text, '.') == NULL)
    return len;
  while (text[len - 1] == '0')
    text[--len] = '\0';
  if (text[len - 1] == '.')
    text[--len] = '\0';
  return len;
}

const char *words_figure(double value, char *text) {
  const char *prefix = "";

  if (!(fabs(value) < 1e12)) {
    snprintf(text, WORDS_MAX, "-");
    return text;
  }
  if (fabs(value) >= 999500) {
    value /= 1e6;
    prefix = "M";
  } else if (fabs(value) >= 99999.5) {
    value /= 1e3;
    prefix = "k";
  }
  double size = fabs(value);
  snprintf(text, WORDS_MAX, "%.*f", size >= 99.95 ? 0 : (size >= 9.995 ? 1 : 2),
           value);
  size_t len = drop_zeros(text);
  snprintf(text + len, WORDS_MAX - len, "%s", prefix);
  return text;
}

const char *words_three_digits(double number, const char *unit, char *text) {
  double size = fabs(number);
  int decimals = size >= 1 ? 1 : 2;

  if (size >= 100 || number == floor(number))
    decimals = 0;
  snprintf(text, WORDS_MAX, size < 1e9 ? "%.*f%s" : "%.*e%s", decimals, number,
           unit);
  return text;
}

const char *words_severity(enum severity severity) {
  static const char *const names[] = {[SEVERITY_OKAY] = "OKAY",
                                      [SEVERITY_WARNING] = "WARNING",
                                      [SEVERITY_FAILURE] = "FAILURE"};

  return names[severity];
}

struct words_list words_list_begin(char *text, size_t size, size_t names_max) {
  text[0] = '\0';
  return (struct words_list){.text = text, .size = size, .room = names_max};
}

void words_list_add(struct words_list *list, const char *name) {
  size_t wanted = list->used + strlen(name) + 2 + WORDS_LIST_TAIL;

  if (list->more > 0 || list->shown == list->room || wanted > list->size) {
    list->more++;
    return;
  }
  list->used +=
      (size_t)snprintf(list->text + list->used, list->size - list->used, "%s%s",
                       list->shown > 0 ? ", " : "", name);
  list->shown++;
}

void words_list_end(struct words_list *list) {
  if (list->more > 0)
    snprintf(list->text + list->used, list->size - list->used, "%s%zu more",
             list->shown > 0 ? " and " : "", list->more);
}

const char *words_clean(const char *raw, char *text, size_t text_max) {
  size_t len = 0;

  for (; raw[len] != '\0' && len + 1 < text_max; len++)
    text[len] = (char)(raw[len] >= ' ' && raw[len] <= '~' ? raw[len] : '?');
  text[len] = '\0';
  return text;
}
