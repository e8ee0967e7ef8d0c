/* Any bytes as the text of a collectd.conf: read or refused with words. */
#include "fuzz_target.h"

#include "conf/conf_rules.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct rules rules;
  char error[CONF_ERROR_MAX] = "";
  size_t blocks = 0;

  rules_defaults(&rules);
  int rc = conf_rules_read_text("x", (const char *)data, size, &rules, &blocks,
                                NULL, error);
  if (rc != 0 && (rc != -EINVAL || strncmp(error, "x:", 2) != 0))
    abort();
  char words[RULES_ERROR_MAX];
  if (rc == 0 && blocks > 0 && rules_check(&rules, words) != 0)
    abort();
  return 0;
}
