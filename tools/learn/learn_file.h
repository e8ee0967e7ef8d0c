/* The saved state that learn writes: the plugin's text, whole or not at all. */
#ifndef TOOLS_LEARN_LEARN_FILE_H
#define TOOLS_LEARN_LEARN_FILE_H

#include "verdict/hosts.h"
#include "verdict/series.h"

#include <stdbool.h>

enum { LEARN_PROBLEM_MAX = 4608 };

/* Before the work: whether path may be written, which must not be there unless
 * force. Returns 0, or -errno and why in problem (LEARN_PROBLEM_MAX bytes). */
int learn_file_check(const char *path, bool force, char *problem);

/* Hands out what is to be written, one after the other; returns false behind
 * the last. */
struct learn_file_source {
  bool (*host)(void *from, struct hosts_host *out);
  bool (*series)(void *from, const char **identifier,
                 struct series_memory *out);
  void *from;
};

/* Write it, with now_s as its time. Returns as learn_file_check; then what
 * stood at path is still there. */
int learn_file_write(const char *path, bool force, double now_s,
                     const struct learn_file_source *source, char *problem);

#endif
