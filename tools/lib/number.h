/* Reads one decimal number from text. Pure. */
#ifndef TOOLS_LIB_NUMBER_H
#define TOOLS_LIB_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

struct number {
  double value;   /* correctly rounded */
  bool is_whole;  /* then `whole` is the exact value */
  bool has_point; /* written with a decimal point or exponent */
  int64_t whole;
};

/* Reads the number that begins at `at`: [+-]digits[.digits][e[+-]digits], with
 * at least one digit before or behind the point. Returns the first character
 * behind it; or NULL, with *out untouched, if there is no number or a double
 * cannot hold it. */
const char *number_read(const char *at, const char *end, struct number *out);

#endif
