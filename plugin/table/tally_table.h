/* Endpoint -> tally, by open addressing: the counts that a reading keeps for
 * local endpoints, listeners and source networks. Private to the room table. */
#ifndef TABLE_TALLY_TABLE_H
#define TABLE_TALLY_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Compared as bytes: every byte is set, the unused ones to 0. */
struct endpoint {
  uint8_t address[16];
  uint16_t port;
  uint8_t family;
  uint8_t zero;
};

struct tally {
  struct endpoint at;
  uint64_t half_open;
  uint64_t aged;
};

/* Grows up to its limit and never shrinks. Set limit and seed; the rest begins
 * as 0. */
struct tally_table {
  struct tally *tallies; /* in the order first seen; owned */
  size_t len, capacity, limit;
  size_t last;     /* number of the tally last taken */
  uint32_t *slots; /* number of the tally + 1; 0 is free; twice the capacity */
  uint64_t seed;   /* unknown to those who choose the endpoints */
};

/* A bijection of word for each hash: every bit of it decides on all bits. */
uint64_t tally_table_mix(uint64_t hash, uint64_t word);

/* Returns the endpoint's tally, or NULL. */
struct tally *tally_table_find(const struct tally_table *table,
                               const struct endpoint *at);

/* Find the endpoint's tally or begin one with zeros. *out is valid until the
 * next call. Returns 0; -ENOSPC if a new one would exceed the limit; -ENOMEM.
 */
int tally_table_take(struct tally_table *table, const struct endpoint *at,
                     struct tally **out);

/* Forget the tallies and keep the memory. */
void tally_table_clear(struct tally_table *table);

/* Free what the table owns. */
void tally_table_release(struct tally_table *table);

#endif
