/* See listed_value.h. */
#include "listed_value.h"

#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double time_max_s = 17179869184; /* 2^34: so far collectd's go */

/* text up to the first of one character, or all. *rest: behind it; empty where
 * there is none. */
static struct listed_part split(struct listed_part text, char separator,
                                struct listed_part *rest) {
  const char *at = memchr(text.at, separator, text.len);
  size_t len = at ? (size_t)(at - text.at) : text.len;
  size_t skipped = at ? len + 1 : len;

  *rest = (struct listed_part){text.at + skipped, text.len - skipped};
  return (struct listed_part){text.at, len};
}

int listed_value_read(const char *line, struct listed_value *out) {
  struct listed_value value = {.time_s = 0};
  struct listed_part rest, plugin;
  char *end = NULL;

  value.time_s = plain_text_number(line, &end);
  if (end == line || *end != ' ' || !(fabs(value.time_s) <= time_max_s))
    return -EBADMSG;
  value.name = end + 1;
  struct listed_part name = {value.name, strlen(value.name)};
  value.host = split(name, '/', &rest);
  plugin = split(rest, '/', &rest);
  value.plugin = split(plugin, '-', &value.instance);
  value.type = split(rest, '-', &value.type_instance);
  if (value.host.len == 0 || value.plugin.len == 0 || value.type.len == 0 ||
      !plain_text_is(name.at, name.len))
    return -EBADMSG;
  *out = value;
  return 0;
}

bool listed_part_is(struct listed_part part, const char *text) {
  return strncmp(part.at, text, part.len) == 0 && text[part.len] == '\0';
}

void listed_part_copy(struct listed_part part, char *text, size_t text_max) {
  size_t len = part.len < text_max ? part.len : text_max - 1;

  memcpy(text, part.at, len);
  text[len] = '\0';
}
