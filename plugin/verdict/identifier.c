/* Identifiers of series, and the patterns of <Watch>. Pure. */
#include "verdict/identifier.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_wild(char c) {
  return c == '*' || c == '?' || c == '[' || c == '\\';
}

/* Most patterns are plain up to their end or to a star there, and most texts
 * part from them at the first letters: fnmatch(3) is for the rest. */
static bool matches(const char *pattern, const char *text) {
  while (*pattern && !is_wild(*pattern))
    if (*pattern++ != *text++)
      return false;
  if (*pattern == '\0')
    return *text == '\0';
  return strcmp(pattern, "*") == 0 || strcmp(pattern, text) == 0 ||
         fnmatch(pattern, text, 0) == 0;
}

const struct series_rules *identifier_match(const struct rules *rules,
                                            const struct series_name *name) {
  for (size_t i = 0; i < rules->series_len; i++) {
    const struct series_rules *watch = &rules->series[i];
    if (watch->incident.enable && matches(watch->plugin, name->plugin) &&
        matches(watch->type, name->type) &&
        matches(watch->type_instance, name->type_instance) &&
        matches(watch->plugin_instance, name->plugin_instance) &&
        matches(watch->host, name->host))
      return watch;
  }
  return NULL;
}

/* Cut at the first separator; what is behind it, or "" when there is none. */
static char *cut(char *text, char separator) {
  char *at = strchr(text, separator);

  if (!at)
    return text + strlen(text);
  *at = '\0';
  return at + 1;
}

int identifier_split(const char *identifier, char parts[SERIES_IDENTIFIER_MAX],
                     struct series_name *out) {
  size_t length = strnlen(identifier, SERIES_IDENTIFIER_MAX);

  if (length == 0 || length >= SERIES_IDENTIFIER_MAX)
    return -EINVAL;
  memcpy(parts, identifier, length + 1);
  char *plugin = cut(parts, '/');
  char *type = cut(plugin, '/');
  char *instance = cut(type, '-');
  /* The source is behind the last colon: instances have colons of their own
   * only in what collectd's users name themselves, sources never. */
  char *colon = strrchr(*instance ? instance : type, ':');
  if (colon)
    *colon++ = '\0';
  *out = (struct series_name){
      .host = parts,
      .plugin = plugin,
      .plugin_instance = cut(plugin, '-'),
      .type = type,
      .type_instance = instance,
      .data_source = colon ? colon : type + strlen(type),
  };
  return *out->host && *out->plugin && *out->type ? 0 : -EINVAL;
}

enum { HASH_TEXT = 9 }; /* "-" and eight digits */

static uint32_t hash_of(const char *text) {
  uint32_t hash = UINT32_C(0x811c9dc5); /* FNV-1a */

  for (; *text != '\0'; text++)
    hash = (hash ^ (unsigned char)*text) * UINT32_C(0x01000193);
  return hash;
}

/* Not within a character of UTF-8. */
static size_t cut_length(const char *text, size_t length) {
  while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
    length--;
  return length;
}

void identifier_flatten(const char *identifier, char *out, size_t size) {
  const char *slash = strchr(identifier, '/');
  const char *from = slash ? slash + 1 : identifier;
  size_t length = strlen(from);

  if (length < size) {
    memcpy(out, from, length + 1);
  } else {
    length = cut_length(from, size - 1 - HASH_TEXT);
    memcpy(out, from, length);
    snprintf(out + length, size - length, "-%08" PRIx32, hash_of(from));
  }
  for (; *out != '\0'; out++)
    if (*out == '/' || *out == ':')
      *out = '_';
}
