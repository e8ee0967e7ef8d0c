/* Names for network namespaces that every reader of collectd's values accepts.
 * Touches memory only. Source: collectd's plugin.h (DATA_MAX_NAME_LEN) and
 * libcollectdclient's LCC_NAME_LEN; the man page collectd-tcpstates(5). */
#include "table/namespace_name.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum {
  WHOLE_LEN = 63,  /* libcollectdclient keeps so many bytes of a host */
  LEAST_LEN = 16,  /* ... but that much of NAME stays */
  HASH_DIGITS = 8, /* of a name that is cut */
};

bool namespace_name_is_wanted(const struct namespace_patterns *patterns,
                              const char *name) {
  bool all_exclude = true;
  for (size_t i = 0; i < patterns->len; i++) {
    const char *pattern = patterns->pattern[i];
    bool excludes = pattern[0] == '!';
    if (fnmatch(pattern + (excludes ? 1 : 0), name, 0) == 0)
      return !excludes;
    all_exclude = all_exclude && excludes;
  }
  return all_exclude;
}

/* FNV-1a. */
static uint32_t hash(const char *text, size_t length) {
  uint32_t sum = UINT32_C(2166136261);
  for (size_t i = 0; i < length; i++)
    sum = (sum ^ (unsigned char)text[i]) * UINT32_C(16777619);
  return sum;
}

static bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* text: as many as length bytes of which out gets at most room - 1. */
static void shorten(const char *text, size_t length, size_t room, char *out) {
  size_t kept = length;
  if (length >= room)
    kept = room - 1 - HASH_DIGITS;
  for (size_t i = 0; i < kept; i++)
    if (is_plain(text[i]))
      out[i] = text[i];
    else
      out[i] = '_';
  out[kept] = '\0';
  if (kept < length)
    snprintf(out + kept, HASH_DIGITS + 1, "%08x", (unsigned)hash(text, length));
}

bool namespace_name_clean(const char *raw, size_t length,
                          char name[NAMESPACE_NAME_MAX]) {
  shorten(raw, length, NAMESPACE_NAME_MAX, name);
  return length > 0;
}

void namespace_name_distinguish(char name[NAMESPACE_NAME_MAX],
                                const char *suffix) {
  char longer[2 * NAMESPACE_NAME_MAX + 2];
  int length =
      snprintf(longer, sizeof(longer), "%.*s-%.*s", (int)NAMESPACE_NAME_MAX,
               name, (int)NAMESPACE_NAME_MAX, suffix);
  shorten(longer, (size_t)length, NAMESPACE_NAME_MAX, name);
}

void namespace_name_of_host(const char *name, const char *host,
                            char out[NAMESPACE_HOST_MAX]) {
  size_t host_len = strlen(host), room = LEAST_LEN + 1;
  char fits[NAMESPACE_NAME_MAX];
  if (host_len + 1 + LEAST_LEN < WHOLE_LEN)
    room = WHOLE_LEN - host_len - 1 + 1;
  shorten(name, strlen(name), room, fits);
  snprintf(out, NAMESPACE_HOST_MAX, "%s@%.*s", fits,
           (int)(NAMESPACE_HOST_MAX - 1 - 1 - strlen(fits)), host);
}
