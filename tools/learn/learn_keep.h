/* What of a host or series is worth handing to a daemon that begins: what was
 * learnt. What was going on at the history's end is left behind. */
#ifndef TOOLS_LEARN_LEARN_KEEP_H
#define TOOLS_LEARN_LEARN_KEEP_H

#include "verdict/hosts.h"
#include "verdict/series.h"

/* have: bit (1 << signal) of what the history had of the host. live_s: how far
 * apart the daemon's readings will be; rows farther apart are taken for
 * averages. now_s: the clock. Incidents, votes, sums, the means of half an hour
 * and the last reading are those of a host that nothing is known of; a model is
 * kept where the history had all of its inputs. */
void learn_keep_host(const struct hosts_host *host, uint32_t have,
                     double live_s, double now_s, struct hosts_host *out);

/* The same of a watched series. */
void learn_keep_series(const struct series_memory *memory, double live_s,
                       double now_s, struct series_memory *out);

/* Whether the host would be judged by what was learnt at its first reading, and
 * how many seconds were learnt. */
bool learn_keep_is_warm(const struct hosts_host *kept,
                        const struct rules *rules, double *learnt_s);
bool learn_keep_series_is_warm(const struct series_memory *kept,
                               const struct rules *rules);

#endif
