/* Reads the options of <Plugin tcpstates> by the table of reading_options.c.
 * Touches collectd's config tree and its log. collectd's own cf_util_*
 * functions would truncate 2.9 to 2; here any value that is not accepted is
 * refused, and the daemon does not start. */
#include "collectd.h"

#include "plugin.h"

#include "tcpstates_config.h"
#include "verdict/config_value.h"

#include <errno.h>

/* A quoted number or boolean means the same as without quotes. */
static void take_string(const char *string, struct reading_options_given *out) {
  enum config_value_kind kind = config_value_read(string, &out->number);

  out->string = string;
  out->is_number = kind == CONFIG_VALUE_NUMBER;
  out->is_boolean = kind == CONFIG_VALUE_TRUE || kind == CONFIG_VALUE_FALSE;
  out->boolean = kind == CONFIG_VALUE_TRUE;
}

static void take_value(const oconfig_value_t *value,
                       struct reading_options_given *out) {
  switch (value->type) {
  case OCONFIG_TYPE_STRING:
    take_string(value->value.string, out);
    break;
  case OCONFIG_TYPE_NUMBER:
    out->is_number = true;
    out->number = value->value.number;
    break;
  default:
    out->is_boolean = true;
    out->boolean = value->value.boolean != 0;
  }
}

static int read_option(struct reading_options *options,
                       const oconfig_item_t *item) {
  char error[READING_OPTIONS_ERROR_MAX];
  struct reading_options_given given = {.values_len = item->values_num,
                                        .is_block = item->children_num != 0};

  if (item->values_num > 0)
    take_value(&item->values[0], &given);
  if (reading_options_set(options, item->key, &given, error) == 0)
    return 0;
  ERROR("tcpstates: %s", error);
  return -EINVAL;
}

int tcpstates_config_read(struct reading_options *options,
                          const oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    int rc = read_option(options, &block->children[i]);
    if (rc != 0)
      return rc;
  }
  return 0;
}
