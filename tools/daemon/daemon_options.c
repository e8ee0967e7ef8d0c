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

/* collectd takes 5 seconds to list all values of 20,000 hosts, docs/scale.md.
 */
static const double all_limit_s = 60;

int daemon_options_finish(const struct options_command *command, bool of_all,
                          struct host_query *query) {
  if (query->limit_s <= 0)
    query->limit_s = of_all ? all_limit_s : UNIXSOCK_DEFAULT_LIMIT_S;
  if (!of_all || !query->host || host_pattern_is_sound(query->host))
    return OPTIONS_GO_ON;
  return options_complain(
      command, "--host must be names or patterns with commas between, not ",
      query->host);
}
