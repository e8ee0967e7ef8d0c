/* Where the daemon saves: its settings, and the path of its StateFile. Reads
 * the collectd.conf. */
#ifndef TOOLS_CONF_CONF_STATE_H
#define TOOLS_CONF_CONF_STATE_H

#include "conf_rules.h"

enum { CONF_STATE_PATH_MAX = 2 * RULES_PATH_MAX };

/* The given collectd.conf, or the first of the usual places that can be read;
 * NULL if none can. */
const char *conf_state_config(const char *wanted);

/* Reads the settings of config, NULL: the defaults, into *rules. path:
 * CONF_STATE_PATH_MAX bytes for the StateFile, which is below BaseDir unless it
 * begins with a slash; "" where nothing is saved. Returns 0, or -errno and why
 * in error (CONF_ERROR_MAX bytes). */
int conf_state_read(const char *config, struct rules *rules, char *path,
                    char *error);

#endif
