/* One setting of the command line, KEY=VALUE -> rules. Pure. */
#ifndef TOOLS_CONF_CONF_SETTING_H
#define TOOLS_CONF_CONF_SETTING_H

#include "verdict/rules.h"

/* Sets "WarmUp=0", "INCIDENT.KEY=VALUE", or "NAME.KEY=VALUE" of a <Watch> or
 * <Maintenance> that rules already have. Keys and values are those of the
 * configuration, without its quotes. Returns 0; or -EINVAL, rules unchanged,
 * and why in error (RULES_ERROR_MAX bytes). Call rules_check after the last
 * one. */
int conf_setting_apply(struct rules *rules, const char *setting, char *error);

#endif
