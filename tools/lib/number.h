/* Text of one decimal number -> value. Pure. */
#ifndef TOOLS_LIB_NUMBER_H
#define TOOLS_LIB_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

struct number {
  double value;   /* correctly rounded */
  bool is_whole;  /* and whole is the exact value */
  bool has_point; /* written with a decimal point or exponent */
  int64_t whole;
};

/* The number that begins at `at`: [+-]digits[.digits][e[+-]digits], at least
 * one digit before or behind the point. Returns the first character behind it,
 * or NULL where there is none, or none that a double can hold; *out is set then
 * only if there is. */
const char *number_read(const char *at, const char *end, struct number *out);

#endif
