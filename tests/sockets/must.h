/* For programs that are of no use once a step has failed. */
#ifndef TESTS_SOCKETS_MUST_H
#define TESTS_SOCKETS_MUST_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with what failed and errno's words, unless ok. */
static inline void must(bool ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

#endif
