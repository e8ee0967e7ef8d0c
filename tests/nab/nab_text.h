/* Whole files as text, and complaints. */
#ifndef TESTS_NAB_TEXT_H
#define TESTS_NAB_TEXT_H

#include <errno.h>
#include <stddef.h>

enum { NAB_PROBLEM_MAX = 2048, NAB_PATH_MAX = 4096 };

/* Reads folder/name, at most 1 MB. Returns 0 and *out, to be freed; or -errno
 * and why in problem (NAB_PROBLEM_MAX bytes). */
int nab_text_read(const char *folder, const char *name, char **out,
                  size_t *length, char *problem);

/* Writes problem (NAB_PROBLEM_MAX bytes). Returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int
nab_text_refuse(char *problem, const char *format, ...);

static inline int nab_text_no_memory(char *problem) {
  nab_text_refuse(problem, "not enough memory");
  return -ENOMEM;
}

#endif
