/* collectd's config tree -> rules: every value is checked by the table of
 * rules, nothing is ignored. */
#include "baseline_config.h"

#include <errno.h>
#include <stdio.h>

static int take_value(const oconfig_item_t *item, struct rules_value *out,
                      char *error) {
  if (item->values_num != 1 || item->children_num != 0) {
    snprintf(error, RULES_ERROR_MAX, "option %.60s needs exactly one value",
             item->key);
    return -EINVAL;
  }
  const oconfig_value_t *value = &item->values[0];
  *out =
      (struct rules_value){.type = RULES_STRING, .string = value->value.string};
  if (value->type == OCONFIG_TYPE_NUMBER)
    *out = (struct rules_value){.type = RULES_NUMBER,
                                .number = value->value.number};
  else if (value->type == OCONFIG_TYPE_BOOLEAN)
    *out = (struct rules_value){.type = RULES_BOOLEAN,
                                .boolean = value->value.boolean != 0};
  return 0;
}

static int read_key(const oconfig_item_t *item, const struct rules_block *block,
                    struct rules *rules, char *error) {
  struct rules_value value;

  if (take_value(item, &value, error) != 0)
    return -EINVAL;
  return rules_set(rules, block, item->key, &value, error);
}

static int read_block(const oconfig_item_t *item, struct rules *rules,
                      char *error) {
  struct rules_block block;

  if (item->values_num != 1 || item->values[0].type != OCONFIG_TYPE_STRING) {
    snprintf(error, RULES_ERROR_MAX,
             "block <%.60s> needs exactly one name, in quotes", item->key);
    return -EINVAL;
  }
  int rc =
      rules_open(rules, item->key, item->values[0].value.string, &block, error);
  for (int i = 0; i < item->children_num && rc == 0; i++)
    rc = read_key(&item->children[i], &block, rules, error);
  return rc;
}

int baseline_config_read(const oconfig_item_t *block, struct rules *rules,
                         char *error) {
  int rc = 0;

  for (int i = 0; i < block->children_num && rc == 0; i++) {
    const oconfig_item_t *item = &block->children[i];
    if (item->children_num > 0 || rules_is_block(item->key))
      rc = read_block(item, rules, error);
    else
      rc = read_key(item, &rules_top, rules, error);
  }
  return rc;
}
