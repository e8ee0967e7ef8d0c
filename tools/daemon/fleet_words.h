/* What is the matter with a host of a fleet, in a few words. Pure. */
#ifndef TOOLS_DAEMON_FLEET_WORDS_H
#define TOOLS_DAEMON_FLEET_WORDS_H

#include "fleet.h"

enum { FLEET_WORDS_MAX = 192 };

/* When an open incident began, since 1970; NAN if that was not asked for. */
double fleet_since_s(const struct fleet_host *host, int kind);

/* "syn_flood FAILURE 5 min, silenced; close_wait_leak WARNING 2 h", or why it
 * is not judged; "" where nothing is the matter. text: FLEET_WORDS_MAX bytes,
 * which it returns; what has no room is left out. */
const char *fleet_words(const struct fleet_host *host, double now_s,
                        char *text);

#endif
