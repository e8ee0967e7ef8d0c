/* See daemon_options.h. Pure. */
#include "daemon_options.h"

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
