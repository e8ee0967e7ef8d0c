/* See config_value.h. Source of the facts: src/liboconfig/scanner.l of collectd
 * 5.12. Pure. */
#include "verdict/config_value.h"

#include "verdict/plain_text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_TEXT_MAX = 512 };

static const char digits[] = "0123456789";
static const char hex_digits[] = "0123456789abcdefABCDEF";

/* How many characters of the set stand at `at`. */
static size_t span(const char *at, const char *end, const char *set) {
  const char *from = at;

  while (at < end && *at != '\0' && strchr(set, *at))
    at++;
  return (size_t)(at - from);
}

/* The exponent of a broken number counts only with its sign. */
static size_t match_exponent(const char *at, const char *end) {
  if (end - at < 3 || (*at != 'e' && *at != 'E') ||
      (at[1] != '+' && at[1] != '-'))
    return 0;
  size_t length = span(at + 2, end, digits);
  return length > 0 ? length + 2 : 0;
}

size_t config_value_number_length(const char *at, const char *end) {
  const char *from = at;

  if (end - at > 2 && *at == '0' && (at[1] == 'x' || at[1] == 'X')) {
    size_t length = span(at + 2, end, hex_digits);
    if (length > 0)
      return length + 2;
  }
  if (at < end && (*at == '+' || *at == '-'))
    at++;
  size_t whole = span(at, end, digits);
  at += whole;
  size_t broken = at < end && *at == '.' ? span(at + 1, end, digits) : 0;
  if (broken > 0) {
    at += 1 + broken;
    at += match_exponent(at, end);
  }
  return whole + broken > 0 ? (size_t)(at - from) : 0;
}

/* Longer than any number that matters: the digits behind are worth nothing. */
double config_value_number(const char *text, size_t length) {
  char copy[NUMBER_TEXT_MAX];

  if (length >= sizeof(copy))
    length = sizeof(copy) - 1;
  memcpy(copy, text, length);
  copy[length] = '\0';
  return plain_text_number(copy, NULL);
}

static bool is_one_of(const char *text, const char *const *names) {
  while (*names && strcasecmp(*names, text) != 0)
    names++;
  return *names != NULL;
}

enum config_value_kind config_value_read(const char *text, double *number) {
  static const char *const yes[] = {"true", "yes", "on", NULL};
  static const char *const no[] = {"false", "no", "off", NULL};
  size_t length = strlen(text);

  if (is_one_of(text, yes))
    return CONFIG_VALUE_TRUE;
  if (is_one_of(text, no))
    return CONFIG_VALUE_FALSE;
  if (length == 0 || config_value_number_length(text, text + length) != length)
    return CONFIG_VALUE_TEXT;
  *number = config_value_number(text, length);
  return CONFIG_VALUE_NUMBER;
}
