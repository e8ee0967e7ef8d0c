/* See signature.h. The constants are those of FIPS 180-4: the fractional parts
 * of the roots of the first primes. */
#include "signature.h"

#include <string.h>

enum { BLOCK = 64, ROUNDS = 64 };

struct sha256 {
  uint32_t state[8];
  uint8_t block[BLOCK];
  size_t used;
  uint64_t length;
};

static const uint32_t first_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                        0xa54ff53a, 0x510e527f, 0x9b05688c,
                                        0x1f83d9ab, 0x5be0cd19};
static const uint32_t round_constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, int by) { return x >> by | x << (32 - by); }

static void expand(const uint8_t *block, uint32_t word[ROUNDS]) {
  for (int i = 0; i < 16; i++, block += 4)
    word[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
              (uint32_t)block[2] << 8 | block[3];
  for (int i = 16; i < ROUNDS; i++) {
    uint32_t a = word[i - 15], b = word[i - 2];
    word[i] = word[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + word[i - 7] +
              (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
  }
}

static void compress(uint32_t state[8], const uint8_t *block) {
  uint32_t word[ROUNDS], s[8];
  expand(block, word);
  memcpy(s, state, sizeof(s));
  for (int i = 0; i < ROUNDS; i++) {
    uint32_t a = s[0], e = s[4];
    uint32_t one = s[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
                   ((e & s[5]) ^ (~e & s[6])) + round_constants[i] + word[i];
    uint32_t two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
                   ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof(*s));
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++)
    state[i] += s[i];
}

static void begin(struct sha256 *hash) {
  memset(hash, 0, sizeof(*hash));
  memcpy(hash->state, first_state, sizeof(first_state));
}

static void add(struct sha256 *hash, const void *data, size_t length) {
  const uint8_t *bytes = data;
  hash->length += length;
  for (size_t i = 0; i < length; i++) {
    hash->block[hash->used++] = bytes[i];
    if (hash->used == BLOCK) {
      compress(hash->state, hash->block);
      hash->used = 0;
    }
  }
}

static void end(struct sha256 *hash, uint8_t out[SIGNATURE_SIZE]) {
  uint64_t bits = hash->length * 8;
  uint8_t length[8];
  for (int i = 0; i < 8; i++)
    length[i] = (uint8_t)(bits >> (56 - 8 * i));
  add(hash, "\x80", 1);
  while (hash->used != BLOCK - sizeof(length))
    add(hash, "", 1);
  add(hash, length, sizeof(length));
  for (int i = 0; i < SIGNATURE_SIZE; i++)
    out[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}

/* The key, xored into a block, and what is hashed behind it. Keys are at most a
 * block long. */
static void keyed(const char *key, uint8_t mask, const void *data,
                  size_t length, uint8_t out[SIGNATURE_SIZE]) {
  struct sha256 hash;
  uint8_t pad[BLOCK];
  size_t key_length = strnlen(key, BLOCK);
  memset(pad, mask, sizeof(pad));
  for (size_t i = 0; i < key_length; i++)
    pad[i] ^= (uint8_t)key[i];
  begin(&hash);
  add(&hash, pad, sizeof(pad));
  add(&hash, data, length);
  end(&hash, out);
}

void signature_make(const char *key, const void *data, size_t length,
                    uint8_t out[SIGNATURE_SIZE]) {
  uint8_t inner[SIGNATURE_SIZE];
  keyed(key, 0x36, data, length, inner);
  keyed(key, 0x5c, inner, sizeof(inner), out);
}
