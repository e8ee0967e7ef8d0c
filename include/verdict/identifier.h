/* Identifiers of series, and which <Watch> they belong to. */
#ifndef VERDICT_IDENTIFIER_H
#define VERDICT_IDENTIFIER_H

#include "verdict/rules.h"

enum { SERIES_PART_MAX = 128, SERIES_IDENTIFIER_MAX = 6 * SERIES_PART_MAX };

/* The parts of an identifier; none is NULL. */
struct series_name {
  const char *host, *plugin, *plugin_instance, *type, *type_instance;
  const char *data_source; /* "" when the type has one only */
};

/* An identifier "host/plugin-instance/type-instance:source" cut into its parts,
 * which then lie in parts. Returns 0, or -EINVAL for what is none. */
int identifier_split(const char *identifier, char parts[SERIES_IDENTIFIER_MAX],
                     struct series_name *out);

/* An identifier without its host in one piece, as the name of a metric:
 * "load_load_shortterm" of "web1/load/load:shortterm". What is longer than size
 * holds is cut and ends with a hash of the whole, so that no two are the same.
 * size: at least 16. */
void identifier_flatten(const char *identifier, char *out, size_t size);

/* Which <Watch> a series belongs to: the first whose patterns match, or NULL.
 */
const struct series_rules *identifier_match(const struct rules *rules,
                                            const struct series_name *name);

#endif
