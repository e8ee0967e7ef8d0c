/* The listing as one JSON object; its members are described in
 * collectd-baseline(1). */
#ifndef TOOLS_INCIDENTS_JSON_H
#define TOOLS_INCIDENTS_JSON_H

#include "source.h"

#include <stdio.h>

/* path: of the record; NULL: a history. */
void incidents_json(const struct incidents_list *list, const char *path,
                    FILE *out);

#endif
