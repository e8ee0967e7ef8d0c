/* Where the daemon keeps its state: the StateFile of its collectd.conf, below
 * its BaseDir. Reads files. */
#ifndef TOOLS_CONF_CONF_STATE_H
#define TOOLS_CONF_CONF_STATE_H

#include "verdict/rules.h"

enum { CONF_STATE_PROBLEM_MAX = 1024 };

struct conf_state {
  const char *config_path; /* the rules' file; NULL: the defaults */
  char path[2 * RULES_PATH_MAX];
};

/* Read the settings, of config_path or of the file that distributions have;
 * without one the defaults apply. state_path: the state, whatever the settings
 * say; NULL: not given. Returns 0 with *rules and *out; or -1 with what is
 * wrong in problem (CONF_STATE_PROBLEM_MAX bytes). */
int conf_state_find(const char *config_path, const char *state_path,
                    struct rules *rules, struct conf_state *out, char *problem);

#endif
