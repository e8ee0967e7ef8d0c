/* What the daemon holds back, as the command sees it: the <Maintenance> blocks
 * with their time zones, and the file of the operator's silences. Reads files.
 */
#ifndef TOOLS_CONF_CONF_SILENCES_H
#define TOOLS_CONF_CONF_SILENCES_H

#include "io/time_zone.h"
#include "verdict/silences.h"
#include "verdict/state/silences_text.h"

enum {
  CONF_SILENCES_PROBLEM_MAX = 1024,
  CONF_SILENCES_PATH_MAX = 2 * RULES_PATH_MAX + 16,
  CONF_SILENCES_WORDS_MAX = 256
};

struct conf_silences {
  struct silences silences;
  size_t zones_len;
  struct time_zone *loaded[RULES_MAINTENANCE_MAX];
  struct schedule_zone zones[RULES_MAINTENANCE_MAX];
};

/* The file beside the state. path: CONF_SILENCES_PATH_MAX bytes. */
void conf_silences_path(const char *state_path, char *path);

/* Load the time zones of rules, which are kept by reference; *out must stay
 * where it is. Returns 0; or -errno and what is wrong in problem
 * (CONF_SILENCES_PROBLEM_MAX bytes). Call conf_silences_release in any case. */
int conf_silences_zones(const struct rules *rules, struct conf_silences *out,
                        char *problem);

/* Read a file of silences; one that is not there has none. The list's array is
 * freed with free(). Returns as conf_silences_zones. */
int conf_silences_read(const char *path, struct silences_list *out,
                       char *problem);

/* "silenced until 14:00 (new load balancer)", of what the daemon says to be
 * silenced until then. The reason is that of the machine's collectd.conf and
 * file of silences, if they can be read and agree; without it there are no
 * brackets. Warns as conf_rules_read_file does. text: CONF_SILENCES_WORDS_MAX
 * bytes. Returns text. */
const char *conf_silences_words(const char *host, const char *incident,
                                double until_s, double now_s, char *text);

/* All zero is allowed. */
void conf_silences_release(struct conf_silences *silences);

#endif
