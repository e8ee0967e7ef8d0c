/* What the name of a stock type tells of its values: CSV does not. */
#ifndef TOOLS_LIB_TYPES_DB_H
#define TOOLS_LIB_TYPES_DB_H

#include <stdbool.h>

enum { TYPES_DB_UNIT_MAX = 32 };

/* Whether the values of a type of collectd's types.db are counters. */
bool types_db_is_counter(const char *type);

/* "connections", "B/s", "events/s", "%"; "" or "1/s" where the type does not
 * tell. is_rate: the value is a counter's rate. out: TYPES_DB_UNIT_MAX bytes.
 */
void types_db_unit(const char *type, bool is_rate, char *out);

#endif
