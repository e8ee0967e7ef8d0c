/* Which types of values are counters. */
#ifndef TOOLS_LIB_TYPES_DB_H
#define TOOLS_LIB_TYPES_DB_H

#include <stdbool.h>

/* Whether the values of a stock type (types.db of collectd 5.12) are counters:
 * CSV does not say. */
bool types_db_is_counter(const char *type);

#endif
