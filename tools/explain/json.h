/* The explanation for machines; the members are described in
 * collectd-baseline(1). */
#ifndef TOOLS_EXPLAIN_JSON_H
#define TOOLS_EXPLAIN_JSON_H

#include "source.h"

#include <stdio.h>

/* One object, as one line. only: one incident, or -1 for all. */
void explain_json_host(FILE *out, const struct explain_source *source,
                       const struct explain_view *view, int only);

#endif
