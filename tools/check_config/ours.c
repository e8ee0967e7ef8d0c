/* The blocks of tcpstates and baseline, as the plugins read them, but to the
 * last mistake. What is accepted is said by the plugins' own tables,
 * verdict/rules.h and table/reading_options.h. */
#include "site.h"

#include "conf/conf_look.h"
#include "verdict/config_value.h"

#include <string.h>

/* Where the blocks stand that a contradiction is about. */
struct places {
  const struct conf_node *last; /* <Plugin baseline> */
  const struct conf_node *incident[INCIDENT_COUNT];
  const struct conf_node *watch[RULES_SERIES_MAX];
};

static struct rules_value value_of(const struct conf_value *value) {
  struct rules_value out = {.type = RULES_BOOLEAN,
                            .boolean = value->kind == CONF_TRUE};

  if (value->text)
    out = (struct rules_value){.type = RULES_STRING, .string = value->text};
  else if (value->kind == CONF_NUMBER)
    out = (struct rules_value){.type = RULES_NUMBER, .number = value->number};
  return out;
}

static void set_rule(struct site *site, const struct rules_block *block,
                     const struct conf_node *option) {
  char words[RULES_ERROR_MAX];

  if (option->values_len != 1 || option->children_len > 0) {
    findings_error(site->findings, option,
                   "option %.60s needs exactly one value", option->key);
    return;
  }
  struct rules_value value = value_of(&option->values[0]);
  if (rules_set(&site->rules, block, option->key, &value, words) != 0)
    findings_error(site->findings, option, "%s", words);
}

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

static void note_place(struct places *places, const struct rules_block *block,
                       const struct conf_node *node) {
  if (block->type == RULES_INCIDENT)
    places->incident[block->index] = node;
  else if (block->type == RULES_WATCH)
    places->watch[block->index] = node;
}

static void read_named(struct site *site, struct places *places,
                       const struct conf_node *node) {
  char words[RULES_ERROR_MAX];
  const char *name = conf_node_string(node);
  struct rules_block block;

  if (!name) {
    findings_error(site->findings, node,
                   "block <%.60s> needs exactly one name, in quotes",
                   node->key);
    return;
  }
  if (rules_open(&site->rules, node->key, name, &block, words) != 0) {
    findings_error(site->findings, node, "%s", words);
    return;
  }
  note_place(places, &block, node);
  for (size_t i = 0; i < node->children_len; i++) {
    check_twice(site, node, i, never);
    set_rule(site, &block, &node->children[i]);
  }
}

static void read_baseline(struct site *site, struct places *places,
                          const struct conf_node *block) {
  places->last = block;
  for (size_t i = 0; i < block->children_len; i++) {
    const struct conf_node *node = &block->children[i];
    if (node->children_len > 0 || rules_is_block(node->key)) {
      read_named(site, places, node);
    } else {
      check_twice(site, block, i, rules_is_block);
      set_rule(site, &rules_top, node);
    }
  }
}

/* Only behind the last block: it may set what an earlier one contradicts. */
static void check_contradictions(struct site *site,
                                 const struct places *places) {
  char words[RULES_ERROR_MAX];
  struct rules_block where;

  for (size_t i = 0; rules_contradiction(&site->rules, i, &where, words); i++) {
    const struct conf_node *node =
        where.type == RULES_WATCH      ? places->watch[where.index]
        : where.type == RULES_INCIDENT ? places->incident[where.index]
                                       : NULL;
    findings_error(site->findings, node ? node : places->last, "%s", words);
  }
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

static void read_tcpstates(struct site *site, const struct conf_node *block) {
  char words[READING_OPTIONS_ERROR_MAX];

  for (size_t i = 0; i < block->children_len; i++) {
    struct reading_options_given given = given_of(&block->children[i]);
    check_twice(site, block, i, reading_options_repeats);
    if (reading_options_set(&site->reading, block->children[i].key, &given,
                            words) != 0)
      findings_error(site->findings, &block->children[i], "%s", words);
  }
}

void ours_check(struct site *site) {
  struct places places = {.last = NULL};
  const struct conf_node *block = NULL;

  rules_defaults(&site->rules);
  reading_options_defaults(&site->reading);
  while ((block = conf_look_block(site->tree, "tcpstates", block)) != NULL)
    read_tcpstates(site, block);
  while ((block = conf_look_block(site->tree, "baseline", block)) != NULL)
    read_baseline(site, &places, block);
  check_contradictions(site, &places);
}
