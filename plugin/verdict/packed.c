/* Words that differ, and the chunks that they are kept in. Eight words become a
 * byte that says which of them differ, and for each of those a byte that says
 * how many zero bytes stand at its lower end and how many bytes follow. Pure.
 */
#include "verdict/packed.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 8, GROUP = 8, SLAB_MIN = 32, SLAB_PART = 16 };

struct packed_slab {
  struct packed_slab *next;
  struct packed_chunk chunk[];
};

/* --- words ---------------------------------------------------------------- */

static uint64_t load(const unsigned char *at) {
  uint64_t word;

  memcpy(&word, at, sizeof(word));
  return word;
}

static void store(unsigned char *at, uint64_t word) {
  memcpy(at, &word, sizeof(word));
}

/* Lowest byte first. */
static uint64_t turn(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(word);
#else
  return word;
#endif
}

/* word: not 0. */
static unsigned char *put_word(unsigned char *to, uint64_t word) {
  unsigned low = (unsigned)__builtin_ctzll(word) / 8;
  unsigned high = (unsigned)__builtin_clzll(word) / 8;
  unsigned len = WORD - low - high;

  *to++ = (unsigned char)(low << 4 | len);
  store(to, turn(word >> 8 * low));
  return to + len;
}

static const unsigned char *get_word(const unsigned char *from,
                                     uint64_t *word) {
  unsigned low = *from >> 4, len = *from & 15;

  *word = (turn(load(from + 1)) & UINT64_MAX >> 8 * (WORD - len)) << 8 * low;
  return from + 1 + len;
}

/* size: the bytes from there to the end of the data. Where a long is 32 bits
 * wide, the last word may be half a one. */
static uint64_t load_part(const unsigned char *at, size_t size) {
  uint64_t word = 0;

  if (size >= WORD)
    return load(at);
  memcpy(&word, at, size);
  return word;
}

static void store_part(unsigned char *at, uint64_t word, size_t size) {
  memcpy(at, &word, size < WORD ? size : WORD);
}

/* data and base: of the group. size: the bytes from there to the end. */
static unsigned char *put_group(unsigned char *to, const unsigned char *data,
                                const unsigned char *base, size_t size) {
  unsigned char *bits = to++;
  unsigned differ = 0;

  for (size_t i = 0; i < GROUP * WORD && i < size; i += WORD) {
    uint64_t word = load_part(data + i, size - i) ^
                    (base ? load_part(base + i, size - i) : 0);
    if (word == 0)
      continue;
    differ |= 1u << i / WORD;
    to = put_word(to, word);
  }
  *bits = (unsigned char)differ;
  return to;
}

size_t packed_put(unsigned char *text, const void *data, const void *base,
                  size_t size) {
  const unsigned char *from = data, *other = base;
  unsigned char *to = text;

  for (size_t i = 0; i < size; i += GROUP * WORD)
    to = put_group(to, from + i, other ? other + i : NULL, size - i);
  return (size_t)(to - text);
}

size_t packed_get(const unsigned char *text, void *data, const void *base,
                  size_t size) {
  const unsigned char *from = text;
  unsigned char *to = data;
  uint64_t word;

  if (base)
    memcpy(to, base, size);
  else
    memset(to, 0, size);
  for (size_t i = 0; i < size; i += GROUP * WORD)
    for (unsigned differ = *from++; differ != 0; differ &= differ - 1) {
      size_t at = i + WORD * (unsigned)__builtin_ctz(differ);
      from = get_word(from, &word);
      store_part(to + at, load_part(to + at, size - at) ^ word, size - at);
    }
  return (size_t)(from - text);
}

/* --- chunks --------------------------------------------------------------- */

static void give(struct packed_pool *pool, struct packed_chunk *chunk) {
  chunk->next = pool->free;
  pool->free = chunk;
  pool->free_len++;
}

static int grow(struct packed_pool *pool) {
  size_t more = pool->len / SLAB_PART;
  size_t len = more > SLAB_MIN ? more : SLAB_MIN;
  struct packed_slab *slab =
      malloc(sizeof(*slab) + len * sizeof(struct packed_chunk));

  if (!slab)
    return -ENOMEM;
  slab->next = pool->slabs;
  pool->slabs = slab;
  pool->len += len;
  for (size_t i = len; i-- > 0;)
    give(pool, &slab->chunk[i]);
  return 0;
}

int packed_reserve(struct packed_pool *pool, size_t length) {
  int rc = 0;

  while (rc == 0 && pool->free_len * PACKED_CHUNK < length)
    rc = grow(pool);
  return rc;
}

int packed_expect(struct packed_pool *pool, size_t chunks) {
  int rc = 0;

  while (rc == 0 && pool->len < chunks)
    rc = grow(pool);
  return rc;
}

static struct packed_chunk *take(struct packed_pool *pool) {
  struct packed_chunk *chunk = pool->free;

  pool->free = chunk->next;
  pool->free_len--;
  chunk->next = NULL;
  return chunk;
}

void packed_keep(struct packed_pool *pool, struct packed_chunk **kept,
                 const unsigned char *text, size_t length) {
  size_t part;

  for (; length > 0; length -= part, text += part, kept = &(*kept)->next) {
    if (!*kept)
      *kept = take(pool);
    part = length < PACKED_CHUNK ? length : PACKED_CHUNK;
    memcpy((*kept)->text, text, part);
  }
  packed_release(pool, kept);
}

void packed_fetch(const struct packed_chunk *kept, unsigned char *text) {
  for (; kept; kept = kept->next, text += PACKED_CHUNK)
    memcpy(text, kept->text, PACKED_CHUNK);
}

void packed_release(struct packed_pool *pool, struct packed_chunk **kept) {
  while (*kept) {
    struct packed_chunk *next = (*kept)->next;
    give(pool, *kept);
    *kept = next;
  }
}

void packed_pool_free(struct packed_pool *pool) {
  while (pool->slabs) {
    struct packed_slab *next = pool->slabs->next;
    free(pool->slabs);
    pool->slabs = next;
  }
  *pool = (struct packed_pool){.slabs = NULL};
}
