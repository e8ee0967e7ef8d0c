/* Which types of values are counters. */
#ifndef HISTORY_TYPES_H
#define HISTORY_TYPES_H

#include <stdbool.h>

/* Whether the values of a stock type (types.db of collectd 5.12) are counters:
 * CSV does not say. */
bool history_types_is_counter(const char *type);

#endif
