/* Open addressing with linear probing, at most half full. Touches memory only.
 * Source: Knuth, The Art of Computer Programming, vol. 3, 6.4; the mixer is of
 * the form of splitmix64's (Steele, Lea, Flood 2014). */
#include "tally_table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint64_t tally_table_mix(uint64_t hash, uint64_t word) {
  hash ^= word;
  hash *= UINT64_C(0x9e3779b97f4a7c15);
  hash ^= hash >> 29;
  hash *= UINT64_C(0xbf58476d1ce4e5b9);
  return hash ^ hash >> 32;
}

static uint64_t endpoint_hash(const struct endpoint *at, uint64_t seed) {
  uint64_t words[2];
  uint32_t rest;
  memcpy(words, at->address, sizeof(words));
  memcpy(&rest, &at->port, sizeof(rest));
  return tally_table_mix(
      tally_table_mix(tally_table_mix(seed, words[0]), words[1]), rest);
}

/* The slot that holds the endpoint, or the free one where it belongs. */
static uint32_t *slot_of(const struct tally_table *table,
                         const struct endpoint *at) {
  size_t mask = 2 * table->capacity - 1;
  size_t place = (size_t)endpoint_hash(at, table->seed) & mask;
  while (table->slots[place] != 0 &&
         memcmp(&table->tallies[table->slots[place] - 1].at, at, sizeof(*at)))
    place = (place + 1) & mask;
  return &table->slots[place];
}

struct tally *tally_table_find(const struct tally_table *table,
                               const struct endpoint *at) {
  if (table->len == 0)
    return NULL;
  uint32_t number = *slot_of(table, at);
  return number == 0 ? NULL : &table->tallies[number - 1];
}

static int grow(struct tally_table *table) {
  size_t capacity = table->capacity == 0 ? 16 : 2 * table->capacity;
  uint32_t *slots = calloc(2 * capacity, sizeof(*slots));
  struct tally *tallies =
      realloc(table->tallies, capacity * sizeof(*table->tallies));
  if (tallies != NULL)
    table->tallies = tallies;
  if (slots == NULL || tallies == NULL) {
    free(slots);
    return -ENOMEM;
  }
  free(table->slots);
  table->slots = slots;
  table->capacity = capacity;
  for (size_t i = 0; i < table->len; i++)
    *slot_of(table, &tallies[i].at) = (uint32_t)(i + 1);
  return 0;
}

/* A row often has the same endpoint as the last one: no hash is needed. */
static struct tally *find_again(const struct tally_table *table,
                                const struct endpoint *at) {
  struct tally *last =
      table->last < table->len ? table->tallies + table->last : NULL;
  return last != NULL && memcmp(&last->at, at, sizeof(*at)) == 0
             ? last
             : tally_table_find(table, at);
}

int tally_table_take(struct tally_table *table, const struct endpoint *at,
                     struct tally **out) {
  struct tally *known = find_again(table, at);
  if (known == NULL) {
    if (table->len >= table->limit)
      return -ENOSPC;
    if (table->len == table->capacity && grow(table) != 0)
      return -ENOMEM;
    assert(table->tallies != NULL);
    known = &table->tallies[table->len++];
    *known = (struct tally){.at = *at};
    *slot_of(table, at) = (uint32_t)table->len;
  }
  table->last = (size_t)(known - table->tallies);
  *out = known;
  return 0;
}

void tally_table_clear(struct tally_table *table) {
  if (table->len > 0)
    memset(table->slots, 0, 2 * table->capacity * sizeof(*table->slots));
  table->len = 0;
}

void tally_table_release(struct tally_table *table) {
  free(table->tallies);
  free(table->slots);
}
