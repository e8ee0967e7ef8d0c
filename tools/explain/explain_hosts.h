/* The one host of a saved state that is to be explained. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_HOSTS_H
#define TOOLS_EXPLAIN_EXPLAIN_HOSTS_H

#include "source.h"
#include "verdict/hosts.h"

/* wanted: its name; NULL where the state has one host only. Returns 0 and
 * *out; or -1 and why, with the names there are, in problem
 * (EXPLAIN_PROBLEM_MAX bytes). */
int explain_hosts_find(const struct explain_source *source, const char *wanted,
                       struct hosts_host *out, char *problem);

#endif
