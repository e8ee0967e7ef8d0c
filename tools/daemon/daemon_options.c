/* See daemon_options.h. */
#include "daemon_options.h"

#include "lib/number.h"

#include <string.h>

static const double seconds_max = 86400;

static bool read_seconds(const char *text, double min, double *out) {
  struct number number;
  const char *end = text + strlen(text);

  if (number_read(text, end, &number) != end || !(number.value >= min) ||
      number.value > seconds_max)
    return false;
  *out = number.value;
  return true;
}

void daemon_options_init(struct daemon_options *options) {
  *options =
      (struct daemon_options){.query = {.socket_path = UNIXSOCK_DEFAULT_PATH,
                                        .limit_s = UNIXSOCK_DEFAULT_LIMIT_S}};
}

bool daemon_options_take(int option, const char *value,
                         struct daemon_options *out, const char **wrong) {
  *wrong = NULL;
  switch (option) {
  case 's':
    out->query.socket_path = value;
    return true;
  case 'H':
    out->query.host = value;
    if (value[0] == '\0' || strchr(value, '/'))
      *wrong = "--host must be a host's name as collectd has it, with _ in "
               "place of /, not ";
    return true;
  case 'i':
    if (!read_seconds(value, 0.001, &out->interval_s))
      *wrong = "--interval must be a number from 0.001 to 86400, not ";
    return true;
  case 't':
    if (!read_seconds(value, 0.1, &out->query.limit_s))
      *wrong = "--timeout must be a number from 0.1 to 86400, not ";
    return true;
  default:
    return false;
  }
}
