/* The name that a network namespace is reported under: NAME@HOST, in place of
 * the host. Pure. */
#ifndef TABLE_NAMESPACE_NAME_H
#define TABLE_NAMESPACE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  NAMESPACE_NAME_MAX = 64,  /* of NAME, with its terminator */
  NAMESPACE_HOST_MAX = 128, /* of NAME@HOST; collectd's DATA_MAX_NAME_LEN */
  NAMESPACE_PATTERN_MAX = 64,
  NAMESPACE_PATTERNS_MAX = 64,
};

/* NamespaceMatch, in the order given. */
struct namespace_patterns {
  size_t len;
  char pattern[NAMESPACE_PATTERNS_MAX][NAMESPACE_PATTERN_MAX];
};

/* Whether a namespace of this name is read: as the first pattern says that fits
 * it, and "!" before a pattern says no. Without any that fits: if there are
 * none, or all begin with "!". */
bool namespace_name_is_wanted(const struct namespace_patterns *patterns,
                              const char *name);

/* raw: length bytes, whatever they are. Letters, digits, "-" and "_" of ASCII
 * stay, all else becomes "_": what is left breaks no name of a file, a metric
 * or a shell. A name that is too long is cut, and ends in a hash of the whole.
 * Returns false, and an empty name, for no bytes. */
bool namespace_name_clean(const char *raw, size_t length,
                          char name[NAMESPACE_NAME_MAX]);

/* NAME-SUFFIX, where two have one name. */
void namespace_name_distinguish(char name[NAMESPACE_NAME_MAX],
                                const char *suffix);

/* NAME@HOST in 63 bytes, as many as every client of collectd keeps; NAME is cut
 * for that, but not below 16 bytes. host: as the daemon has it; of a longer one
 * than fits in 127 the end is lost. */
void namespace_name_of_host(const char *name, const char *host,
                            char out[NAMESPACE_HOST_MAX]);

#endif
