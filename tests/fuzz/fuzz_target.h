/* What every fuzz target defines: libFuzzer calls it with inputs that it makes
 * up, fuzz_inputs.c with those that are kept. Returns 0; aborts where anything
 * is wrong. */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_must(bool is, const char *what) {
  if (is)
    return;
  fprintf(stderr, "wrong: %s\n", what);
  abort();
}

#endif
