/* The hosts a daemon has values of: a growing list of names. */
#ifndef TOOLS_DAEMON_HOST_NAMES_H
#define TOOLS_DAEMON_HOST_NAMES_H

#include "listed_value.h"

#include <stddef.h>

enum { HOST_NAME_LEN_MAX = 127, HOST_NAMES_MAX = 1000000 };

/* All zero: empty. */
struct host_names {
  size_t len, room;
  char **name;
};

/* Add a name unless it was the last one added: collectd lists by name. Names
 * beyond HOST_NAMES_MAX are left out. Returns 0, or -ENOMEM. */
int host_names_add(struct host_names *names, struct listed_part host);

/* Sort them, each once. */
void host_names_sort(struct host_names *names);

/* Of a sorted list. */
bool host_names_has(const struct host_names *names, const char *host);

/* "a, b, c and 12 more", at most eight, none cut; the empty text for none. */
void host_names_text(const struct host_names *names, char *text,
                     size_t text_max);

void host_names_release(struct host_names *names);

#endif
