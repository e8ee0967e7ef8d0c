/* The blocks of tcpstates and baseline, as the plugins read them, but to the
 * last mistake. What is accepted is said by the plugins' own tables,
 * verdict/rules.h and table/reading_options.h. */
#include "site.h"

#include "conf/conf_look.h"
#include "conf/conf_rules.h"
#include "verdict/config_value.h"

#include <string.h>

/* Of two options of one key in a block the last one counts. */
static void check_twice(struct site *site, const struct conf_node *block,
                        size_t i, bool (*repeats)(const char *key)) {
  const struct conf_node *option = &block->children[i];

  if (option->children_len > 0 || repeats(option->key))
    return;
  for (size_t j = i + 1; j < block->children_len; j++)
    if (conf_node_is(&block->children[j], option->key)) {
      findings_warning(site->findings, option,
                       "%.60s is set again in line %u, and that counts",
                       option->key, block->children[j].line);
      return;
    }
}

static bool never(const char *key) {
  (void)key;
  return false;
}

static void check_all_twice(struct site *site, const struct conf_node *block) {
  for (size_t i = 0; i < block->children_len; i++) {
    check_twice(site, block, i, rules_is_block);
    for (size_t j = 0; j < block->children[i].children_len; j++)
      check_twice(site, &block->children[i], j, never);
  }
}

static void add_mistake(void *context, const struct conf_node *node,
                        const char *words) {
  findings_error(context, node, "%s", words);
}

/* A quoted number or boolean means the same as without quotes. */
static struct reading_options_given given_of(const struct conf_node *option) {
  struct reading_options_given given = {.values_len = (int)option->values_len,
                                        .is_block = option->children_len > 0};

  if (option->values_len == 0)
    return given;
  const struct conf_value *value = &option->values[0];
  enum config_value_kind kind = CONFIG_VALUE_NUMBER;
  given.string = value->text;
  given.number = value->number;
  if (value->text)
    kind = config_value_read(value->text, &given.number);
  else if (value->kind != CONF_NUMBER)
    kind = value->kind == CONF_TRUE ? CONFIG_VALUE_TRUE : CONFIG_VALUE_FALSE;
  given.is_number = kind == CONFIG_VALUE_NUMBER;
  given.boolean = kind == CONFIG_VALUE_TRUE;
  given.is_boolean = given.boolean || kind == CONFIG_VALUE_FALSE;
  return given;
}

/* clash: the option since which two of them contradict each other, or NULL. A
 * later one may undo that. */
static void read_tcpstates(struct site *site, const struct conf_node *block,
                           const struct conf_node **clash) {
  char words[READING_OPTIONS_ERROR_MAX];

  for (size_t i = 0; i < block->children_len; i++) {
    struct reading_options_given given = given_of(&block->children[i]);
    check_twice(site, block, i, reading_options_repeats);
    if (reading_options_set(&site->reading, block->children[i].key, &given,
                            words) != 0)
      findings_error(site->findings, &block->children[i], "%s", words);
    else if (reading_options_check(&site->reading, words) == 0)
      *clash = NULL;
    else if (*clash == NULL)
      *clash = &block->children[i];
  }
}

/* All blocks of tcpstates are one to the plugin. */
static void check_tcpstates(struct site *site) {
  char words[READING_OPTIONS_ERROR_MAX];
  const struct conf_node *block = NULL, *clash = NULL;

  reading_options_defaults(&site->reading);
  while ((block = conf_look_block(site->tree, "tcpstates", block)) != NULL)
    read_tcpstates(site, block, &clash);
  if (reading_options_check(&site->reading, words) != 0)
    findings_error(site->findings, clash, "%s", words);
}

void ours_check(struct site *site) {
  const struct conf_rules_listener listener = {add_mistake, site->findings};
  const struct conf_node *block = NULL;

  rules_defaults(&site->rules);
  conf_rules_take(site->tree, &site->rules, &listener);
  while ((block = conf_look_block(site->tree, "baseline", block)) != NULL)
    check_all_twice(site, block);
  check_tcpstates(site);
}
