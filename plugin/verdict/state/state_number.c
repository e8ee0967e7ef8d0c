/* Numbers of the saved text. Pure. Source of what a double is made of: IEEE
 * 754. */
#include "state_number.h"

#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 11, FIRST_SHIFT = 60, DIGIT_BITS = 6, SHORT_MAX = 15 };

static const double whole_max = 1e11; /* from here on the bits are shorter */
static const char digits[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-";

size_t state_number_print_whole(int64_t number, char *text) {
  uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
  char reversed[STATE_NUMBER_MAX];
  size_t len = 0, at = 0;

  do
    reversed[len++] = (char)('0' + left % 10);
  while ((left /= 10) > 0);
  if (number < 0)
    text[at++] = '-';
  while (len > 0)
    text[at++] = reversed[--len];
  return at;
}

static bool is_whole(double number) {
  return fabs(number) < whole_max && number == (double)(int64_t)number &&
         !(number == 0 && signbit(number));
}

static size_t print_bits(double number, char *text) {
  size_t len = 0;
  uint64_t bits;

  memcpy(&bits, &number, sizeof(bits));
  text[len++] = '~';
  text[len++] = digits[bits >> FIRST_SHIFT];
  for (bits <<= 64 - FIRST_SHIFT; bits > 0; bits <<= DIGIT_BITS)
    text[len++] = digits[bits >> (64 - DIGIT_BITS)];
  return len;
}

size_t state_number_print(double number, char *text) {
  if (is_whole(number))
    return state_number_print_whole((int64_t)number, text);
  if (!isinf(number))
    return print_bits(number, text);
  const char *infinite = number < 0 ? "-inf" : "inf";
  memcpy(text, infinite, strlen(infinite) + 1);
  return strlen(infinite);
}

bool state_number_scan_whole(const char *token, int64_t *out) {
  char *end;

  errno = 0;
  *out = strtoll(token, &end, 10);
  return errno == 0 && end != token && *end == '\0';
}

/* 0..63, or -1. */
static int value_of(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'Z')
    return c - 'A' + 10;
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 36;
  return c == '+' ? 62 : c == '-' ? 63 : -1;
}

static bool scan_bits(const char *token, double *out) {
  size_t len = strlen(token);
  uint64_t bits = 0;

  if (len < 1 || len > DIGITS_MAX)
    return false;
  for (size_t i = 0; i < len; i++) {
    int value = value_of(token[i]);
    if (value < 0 || (i == 0 && value >= 1 << (64 - FIRST_SHIFT)))
      return false;
    bits |= (uint64_t)value << (FIRST_SHIFT - DIGIT_BITS * (int)i);
  }
  memcpy(out, &bits, sizeof(*out));
  return true;
}

/* Most numbers: a few decimal digits. */
static bool scan_short(const char *token, double *out) {
  int64_t whole = 0;
  size_t i = 0;

  for (; i < SHORT_MAX && token[i] >= '0' && token[i] <= '9'; i++)
    whole = 10 * whole + (token[i] - '0');
  if (i == 0 || token[i] != '\0')
    return false;
  *out = (double)whole;
  return true;
}

bool state_number_scan(const char *token, double *out) {
  char *end;

  if (*token == '~')
    return scan_bits(token + 1, out);
  if (scan_short(token, out))
    return true;
  *out = plain_text_number(token, &end);
  return end != token && *end == '\0';
}

double state_number_scan_time(char *text, char **end) {
  char *comma = strchr(text, ',');

  if (comma)
    *comma = '.';
  return plain_text_number(text, end);
}
