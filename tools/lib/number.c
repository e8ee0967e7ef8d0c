/* Decimal text -> double and int64_t. Fast where it is exact: if a double holds
 * the mantissa and the power of ten, their product or quotient is rounded only
 * once (W. D. Clinger, PLDI 1990). strtod reads the rest. Pure. */
#include "number.h"

#include "verdict/plain_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MANTISSA_DIGITS = 19, EXACT_POWER = 22, TEXT_MAX = 512 };

static const double powers_of_ten[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t exact_mantissa = UINT64_C(1) << 53;

/* A number as its digits say. */
struct decimal {
  bool negative, has_point;
  uint64_t mantissa;
  int digits, dropped; /* significant digits; digits that did not fit */
  int power;           /* of ten */
};

static const char *read_digits(const char *at, const char *end,
                               struct decimal *out, bool broken) {
  for (; at < end && *at >= '0' && *at <= '9'; at++) {
    if (out->digits < MANTISSA_DIGITS) {
      out->mantissa = 10 * out->mantissa + (uint64_t)(*at - '0');
      out->digits += out->mantissa > 0;
      out->power -= broken;
    } else {
      out->dropped++;
      out->power += !broken;
    }
  }
  return at;
}

static const char *read_exponent(const char *at, const char *end,
                                 struct decimal *out) {
  int exponent = 0;
  bool negative = false;

  at++;
  if (at < end && (*at == '+' || *at == '-'))
    negative = *at++ == '-';
  const char *from = at;
  for (; at < end && *at >= '0' && *at <= '9'; at++)
    if (exponent < 100000)
      exponent = 10 * exponent + (*at - '0');
  out->power += negative ? -exponent : exponent;
  out->has_point = true;
  return at > from ? at : NULL;
}

static const char *read_decimal(const char *at, const char *end,
                                struct decimal *out) {
  if (at < end && (*at == '-' || *at == '+'))
    out->negative = *at++ == '-';
  const char *from = at;
  at = read_digits(at, end, out, false);
  long digits = at - from;
  if (at < end && *at == '.') {
    from = ++at;
    at = read_digits(at, end, out, true);
    digits += at - from;
    out->has_point = true;
  }
  if (digits == 0)
    return NULL;
  if (at < end && (*at == 'e' || *at == 'E'))
    at = read_exponent(at, end, out);
  return at;
}

/* By the C library. text: well-formed digits. */
static bool read_slowly(const char *text, size_t length, double *out) {
  char copy[TEXT_MAX];

  if (length >= sizeof(copy))
    return false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  *out = plain_text_number(copy, NULL);
  return isfinite(*out);
}

static bool evaluate(const char *text, size_t length,
                     const struct decimal *decimal, double *out) {
  if (decimal->mantissa > exact_mantissa || decimal->dropped > 0 ||
      abs(decimal->power) > EXACT_POWER)
    return read_slowly(text, length, out);
  double value = (double)decimal->mantissa;
  if (decimal->power < 0)
    value /= powers_of_ten[-decimal->power];
  else
    value *= powers_of_ten[decimal->power];
  *out = decimal->negative ? -value : value;
  return true;
}

static void find_whole(const struct decimal *decimal, struct number *out) {
  bool negative = decimal->negative;

  out->has_point = decimal->has_point;
  out->is_whole = false;
  if (!decimal->has_point) {
    out->is_whole = decimal->dropped == 0 && decimal->mantissa <= INT64_MAX;
    if (out->is_whole)
      out->whole =
          negative ? -(int64_t)decimal->mantissa : (int64_t)decimal->mantissa;
  } else if (fabs(out->value) < (double)exact_mantissa &&
             out->value == floor(out->value)) {
    out->is_whole = true;
    out->whole = (int64_t)out->value;
  }
}

const char *number_read(const char *at, const char *end, struct number *out) {
  struct decimal decimal = {.negative = false};
  struct number number;
  const char *behind = read_decimal(at, end, &decimal);

  if (!behind || !evaluate(at, (size_t)(behind - at), &decimal, &number.value))
    return NULL;
  number.whole = 0;
  find_whole(&decimal, &number);
  *out = number;
  return behind;
}
