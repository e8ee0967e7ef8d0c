/* An input taken apart: numbers and strings out of bytes. Behind its end all is
 * zero. */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

struct fuzz_bytes {
  const uint8_t *at;
  size_t left;
};

static inline void fuzz_take(struct fuzz_bytes *bytes, void *to, size_t size) {
  size_t there = size < bytes->left ? size : bytes->left;

  memset(to, 0, size);
  if (there > 0)
    memcpy(to, bytes->at, there);
  bytes->at += there;
  bytes->left -= there;
}

static inline uint8_t fuzz_byte(struct fuzz_bytes *bytes) {
  uint8_t byte;

  fuzz_take(bytes, &byte, sizeof(byte));
  return byte;
}

static inline int64_t fuzz_whole(struct fuzz_bytes *bytes) {
  int64_t whole;

  fuzz_take(bytes, &whole, sizeof(whole));
  return whole;
}

/* Any double at all, or one of those at which things go wrong. */
static inline double fuzz_double(struct fuzz_bytes *bytes) {
  static const double odd[] = {0,      -0.0,   1,      -1,       10,
                               100,    1e6,    1e15,   1e18,     1e308,
                               -1e308, 4e-324, 0.5,    INFINITY, -INFINITY,
                               NAN,    1.7e9,  1e-300, 65536,    4294967296};
  uint8_t which = fuzz_byte(bytes);
  double any;

  if (which < sizeof(odd) / sizeof(odd[0]))
    return odd[which];
  if (which < 128)
    return which;
  fuzz_take(bytes, &any, sizeof(any));
  return any;
}

/* Up to the first zero byte, at most size - 1 of them. */
static inline void fuzz_text(struct fuzz_bytes *bytes, char *text,
                             size_t size) {
  size_t length = 0;

  for (char next; (next = (char)fuzz_byte(bytes)) != '\0';)
    if (length + 1 < size)
      text[length++] = next;
  text[length] = '\0';
}

#endif
