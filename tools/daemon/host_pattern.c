/* See host_pattern.h. */
#define _GNU_SOURCE
#include "host_pattern.h"

#include <fnmatch.h>
#include <string.h>

#ifndef FNM_CASEFOLD /* no part of POSIX */
#define FNM_CASEFOLD 0
#endif

static bool takes(const char *patterns, const char *host, int flags) {
  char one[HOST_PATTERN_MAX];

  for (;;) {
    size_t len = strcspn(patterns, ",");
    if (len < sizeof(one)) {
      memcpy(one, patterns, len);
      one[len] = '\0';
      if (fnmatch(one, host, flags) == 0)
        return true;
    }
    if (patterns[len] == '\0')
      return false;
    patterns += len + 1;
  }
}

bool host_pattern_takes(const char *patterns, const char *host) {
  return takes(patterns, host, 0);
}

bool host_pattern_takes_any_case(const char *patterns, const char *host) {
  return takes(patterns, host, FNM_CASEFOLD);
}

bool host_pattern_is_sound(const char *patterns) {
  for (;;) {
    size_t len = strcspn(patterns, ",");
    if (len == 0 || len >= HOST_PATTERN_MAX)
      return false;
    if (patterns[len] == '\0')
      return true;
    patterns += len + 1;
  }
}
