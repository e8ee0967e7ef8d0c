/* Settings of the judgement from files of collectd's configuration. */
#ifndef TOOLS_CONF_REPLAY_SETTINGS_H
#define TOOLS_CONF_REPLAY_SETTINGS_H

#include "conf_rules.h"

/* Take in path and what it includes, as collectd does: wildcards, folders,
 * Filter. *blocks grows by the <Plugin baseline> blocks that were found.
 * Returns 0, or -errno and why in error (CONF_ERROR_MAX bytes). What an
 * Include does not find is said on stderr. */
int replay_settings_read(const char *path, struct rules *rules, size_t *blocks,
                         char *error);

/* The same, and BaseDir, RULES_PATH_MAX bytes, which is left alone where the
 * files name none. */
int replay_settings_read_base(const char *path, struct rules *rules,
                              size_t *blocks, char *base_dir, char *error);

#endif
