/* Any bytes as each of the files and as a sysctl. What was known stays known;
 * a sysctl that is refused has changed nothing. */
#include "fuzz_target.h"

#include "table/kernel_counters.h"

#include <stdlib.h>
#include <string.h>

static int parse_sysctl(const char *text, size_t len,
                        struct kernel_counters *counters) {
  return kernel_counters_parse_sysctl(text, len, COUNTER_SYNACK_RETRIES,
                                      counters);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static int (*const parsers[])(const char *, size_t,
                                struct kernel_counters *) = {
      kernel_counters_parse_snmp, kernel_counters_parse_netstat,
      kernel_counters_parse_sockstat, parse_sysctl};
  struct kernel_counters counters;
  memset(&counters, 0, sizeof(counters));
  for (int i = 0; i < 4; i++) {
    struct kernel_counters before;
    memcpy(&before, &counters, sizeof(before));
    int rc = parsers[i]((const char *)data, size, &counters);
    if (rc != 0 && parsers[i] == parse_sysctl &&
        memcmp(&before, &counters, sizeof(before)) != 0)
      abort();
    for (int k = 0; k < COUNTER_END; k++)
      if (before.known[k] && !counters.known[k])
        abort();
  }
  for (int i = 0; i < COUNTER_END; i++)
    if (!counters.known[i] && counters.value[i] != 0)
      abort();
  return 0;
}
