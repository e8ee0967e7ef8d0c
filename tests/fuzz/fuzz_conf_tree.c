/* Any bytes as a collectd.conf for check-config: a tree is built behind every
 * mistake, and the pure checks go over it. A text without mistakes means to the
 * tree what it means to conf_rules. */
#include "fuzz_target.h"

#include "check_config/site.h"
#include "conf/conf_rules.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t told;

static void take(void *context, enum conf_tree_mistake mistake,
                 const char *file, unsigned line, bool in_folder,
                 const char *words) {
  (void)context;
  if (mistake != CONF_TREE_SYNTAX || line == 0 || in_folder || !file ||
      words[0] == '\0')
    abort();
  told++;
}

static void compare(const struct site *site, const char *text, size_t size) {
  static struct rules rules;
  char error[CONF_ERROR_MAX] = "";
  size_t blocks = 0;

  rules_defaults(&rules);
  int rc = conf_rules_read_text("x", text, size, &rules, &blocks, NULL, error);
  if ((rc != 0) != (told > 0 || site->findings->count[FINDINGS_ERROR] > 0))
    abort();
  size_t set = offsetof(struct rules, series) +
               rules.series_len * sizeof(rules.series[0]);
  if (rc == 0 && memcmp(&rules, &site->rules, set) != 0)
    abort();
}

/* Only baseline's: conf_rules knows nothing else. */
static void drop_tcpstates(struct conf_tree *tree) {
  for (size_t i = 0; i < tree->root.children_len; i++) {
    struct conf_node *node = &tree->root.children[i];
    if (node->values_len > 0 && node->values[0].text &&
        node->values[0].text[0] == 't')
      node->key[0] = 'X';
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct site site;
  struct conf_tree tree = {.files = NULL};
  struct findings findings = {.len = 0};
  const struct conf_tree_listener listener = {take, NULL};
  char error[CONF_ERROR_MAX] = "";

  told = 0;
  site = (struct site){.tree = &tree, .findings = &findings};
  if (conf_tree_read_text(&tree, "x", (const char *)data, size, &listener,
                          error) != 0)
    abort();
  site.has_baseline = true;
  chains_check(&site);
  ours_check(&site);
  findings_release(&findings);
  drop_tcpstates(&tree);
  ours_check(&site);
  compare(&site, (const char *)data, size);
  findings_sort(&findings, &tree);
  findings_release(&findings);
  conf_tree_release(&tree);
  return 0;
}
