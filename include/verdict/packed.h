/* Plain data at rest. Packed is what differs from other data of its kind, word
 * by word, without the bytes that are zero; it comes back bit by bit. It is
 * kept in chunks of a pool that all owners share: what one needs more of while
 * it has an incident, another one may use afterwards. */
#ifndef VERDICT_PACKED_H
#define VERDICT_PACKED_H

#include <stddef.h>

/* The longest that so many bytes become, packed in so many parts. */
#define PACKED_MAX(bytes, parts)                                               \
  (((bytes)*9 + 7) / 8 + (bytes) / 64 + 2 * (parts) + 8)

/* Append data to text, without what is as in base; NULL: zeros. Returns the
 * length; up to 8 bytes behind it are written to. */
size_t packed_put(unsigned char *text, const void *data, const void *base,
                  size_t size);

/* The reverse, with the same base. Returns the length that was read; up to 8
 * bytes behind it are looked at. */
size_t packed_get(const unsigned char *text, void *data, const void *base,
                  size_t size);

enum { PACKED_CHUNK = 248 };

/* Text that is kept: a chain. NULL: none. */
struct packed_chunk {
  struct packed_chunk *next;
  unsigned char text[PACKED_CHUNK];
};

/* All zeros at the beginning. It never shrinks: there are as many chunks as
 * were ever needed at a time, and a sixteenth more. */
struct packed_pool {
  struct packed_slab *slabs;
  struct packed_chunk *free;
  size_t free_len, len; /* chunks */
};

/* Have room for a text of that length. Returns 0 or -ENOMEM. */
int packed_reserve(struct packed_pool *pool, size_t length);

/* Have so many chunks in all, whether something is kept in them or not. Returns
 * 0 or -ENOMEM. */
int packed_expect(struct packed_pool *pool, size_t chunks);

/* Keep the text in place of what was kept; there is room for it. */
void packed_keep(struct packed_pool *pool, struct packed_chunk **kept,
                 const unsigned char *text, size_t length);

/* What is kept, and what stands behind it in its last chunk. */
void packed_fetch(const struct packed_chunk *kept, unsigned char *text);

void packed_release(struct packed_pool *pool, struct packed_chunk **kept);

/* Everything that was kept is gone. */
void packed_pool_free(struct packed_pool *pool);

#endif
