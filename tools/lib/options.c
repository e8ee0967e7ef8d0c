/* See history_options.h. */
#include "options.h"

#include "number.h"
#include "verdict/judge.h"

#include <string.h>

static const double interval_min_s = 0.001, interval_max_s = 86400;

bool options_interval(const char *text, double *out) {
  struct number number;
  const char *end = text + strlen(text);

  if (number_read(text, end, &number) != end || number.value < interval_min_s ||
      number.value > interval_max_s)
    return false;
  *out = number.value;
  return true;
}

bool options_is_host(const char *text) {
  return *text != '\0' && strlen(text) < JUDGE_HOST_MAX && !strchr(text, '/');
}
