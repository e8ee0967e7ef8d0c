/* One line of LISTVAL: when a value came and whose it is. Pure. */
#ifndef TOOLS_DAEMON_LISTED_VALUE_H
#define TOOLS_DAEMON_LISTED_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of the line; not terminated. */
struct listed_part {
  const char *at;
  size_t len;
};

struct listed_value {
  double time_s; /* since 1970 */
  const char *name;
  struct listed_part host, plugin, instance, type, type_instance;
};

/* line: "1700000000.000 host/plugin-instance/type-instance"; *out points into
 * it. Returns 0, or -EBADMSG for what is none, or has control characters, which
 * a terminal would obey. */
int listed_value_read(const char *line, struct listed_value *out);

bool listed_part_is(struct listed_part part, const char *text);

/* Cut to text_max - 1 bytes. */
void listed_part_copy(struct listed_part part, char *text, size_t text_max);

#endif
