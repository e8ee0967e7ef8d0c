/* Any bytes as settings of `replay --set`, a line each: taken, or refused with
 * words and without a change. */
#include "fuzz_target.h"

#include "conf/conf_setting.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct rules rules, before;

static void apply(const char *setting) {
  char words[RULES_ERROR_MAX] = "";

  before = rules;
  int rc = conf_setting_apply(&rules, setting, words);
  if (rc != 0 && (rc != -EINVAL || words[0] == '\0' ||
                  memcmp(&before, &rules, sizeof(rules)) != 0))
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char words[RULES_ERROR_MAX], *text = malloc(size + 1), *rest = text;
  struct rules_block block;

  if (!text)
    abort();
  memcpy(text, data, size);
  text[size] = '\0';
  rules_defaults(&rules);
  if (rules_open(&rules, "Watch", "load.1m", &block, words) != 0 ||
      rules_open(&rules, "Maintenance", "night", &block, words) != 0)
    abort();
  while (rest)
    apply(strsep(&rest, "\n"));
  free(text);
  return 0;
}
