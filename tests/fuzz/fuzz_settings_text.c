/* Any bytes as the text of a collectd.conf: read or refused with words. */
#include "fuzz_target.h"

#include "conf/conf_rules.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int include(void *context, const char *path, const char *filter,
                   char *error) {
  (void)context;
  (void)error;
  return strlen(path) + strlen(filter) > 100000 ? -EINVAL : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct rules rules;
  char error[CONF_ERROR_MAX] = "";
  struct conf_rules target = {.rules = &rules, .include = include};

  rules_defaults(&rules);
  int rc = conf_rules_read(&target, "x", (const char *)data, size, error);
  if (rc != 0 && (rc != -EINVAL || strncmp(error, "x:", 2) != 0))
    abort();
  char words[RULES_ERROR_MAX];
  if (rc == 0 && target.blocks > 0 && rules_check(&rules, words) != 0)
    abort();
  return 0;
}
