/* collectd's config tree -> rules. Glue: may touch liboconfig's structs. */
#ifndef BASELINE_BASELINE_CONFIG_H
#define BASELINE_BASELINE_CONFIG_H

#include "liboconfig/oconfig.h"
#include "verdict/rules.h"

/* Take in one <Plugin baseline> block; rules_check is for after the last one,
 * as a later block may set what an earlier one contradicts. Returns 0, or
 * -EINVAL and a message in error (RULES_ERROR_MAX bytes); then rules may be set
 * in part and the start is to be stopped. */
int baseline_config_read(const oconfig_item_t *block, struct rules *rules,
                         char *error);

#endif
