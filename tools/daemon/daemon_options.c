/* See daemon_options.h. */
#include "daemon_options.h"

#include "host_pattern.h"
#include "lib/number.h"

#include <math.h>
#include <string.h>

int daemon_options_port(const char *text, unsigned *port) {
  struct number number;
  const char *end = text + strlen(text);

  if (*text == '\0' || number_read(text, end, &number) != end ||
      !(number.value >= 1 && number.value <= 65535) ||
      number.value != floor(number.value))
    return OPTIONS_REFUSED;
  *port = (unsigned)number.value;
  return OPTIONS_GO_ON;
}

int daemon_options_finish(const struct options_command *command, bool of_all,
                          struct host_query *query) {
  if (query->limit_s <= 0)
    query->limit_s =
        of_all ? DAEMON_OPTIONS_ALL_LIMIT_S : UNIXSOCK_DEFAULT_LIMIT_S;
  if (!of_all || !query->host || host_pattern_is_sound(query->host))
    return OPTIONS_GO_ON;
  return options_complain(
      command, "--host must be names or patterns with commas between, not ",
      query->host);
}
