/* An open-addressing index of names. Pure. Source: Knuth, TAOCP 6.4. */
#include "verdict/name_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void name_index_init(struct name_index *index,
                     const char *(*name_of)(const void *owner, uint32_t number),
                     const void *owner) {
  memset(index, 0, sizeof(*index));
  index->name_of = name_of;
  index->owner = owner;
}

void name_index_free(struct name_index *index) {
  free(index->slots);
  index->slots = NULL;
  index->capacity = index->len = 0;
}

/* FNV-1a, seeded by the place in memory: names may come from the network. */
static uint32_t hash_of(const struct name_index *index, const char *name) {
  uint64_t h = 14695981039346656037u ^ (uintptr_t)index;

  for (; *name; name++)
    h = (h ^ (unsigned char)*name) * 1099511628211u;
  return (uint32_t)(h ^ h >> 32);
}

/* The slot of a name, or the free one where it belongs. */
static struct name_slot *slot_of(const struct name_index *index,
                                 const char *name, uint32_t hash) {
  size_t mask = index->capacity - 1, i = hash & mask;

  for (; index->slots[i].number; i = (i + 1) & mask)
    if (index->slots[i].hash == hash &&
        strcmp(index->name_of(index->owner, index->slots[i].number - 1),
               name) == 0)
      break;
  return &index->slots[i];
}

uint32_t name_index_find(const struct name_index *index, const char *name) {
  if (index->len == 0)
    return NAME_INDEX_NONE;
  uint32_t number = slot_of(index, name, hash_of(index, name))->number;
  return number ? number - 1 : NAME_INDEX_NONE;
}

static void insert(struct name_index *index, struct name_slot slot) {
  size_t mask = index->capacity - 1, i = slot.hash & mask;

  while (index->slots[i].number)
    i = (i + 1) & mask;
  index->slots[i] = slot;
}

static int grow(struct name_index *index) {
  size_t capacity = index->capacity ? 2 * index->capacity : FIRST_CAPACITY;
  struct name_index old = *index;

  index->slots = calloc(capacity, sizeof(*index->slots));
  if (!index->slots) {
    index->slots = old.slots;
    return -ENOMEM;
  }
  index->capacity = capacity;
  for (size_t i = 0; i < old.capacity; i++)
    if (old.slots[i].number)
      insert(index, old.slots[i]);
  free(old.slots);
  return 0;
}

int name_index_add(struct name_index *index, const char *name,
                   uint32_t number) {
  if (4 * (index->len + 1) > 3 * index->capacity && grow(index) != 0)
    return -ENOMEM;
  insert(index, (struct name_slot){hash_of(index, name), number + 1});
  index->len++;
  return 0;
}

/* Those behind the hole that would no longer be found move up (algorithm R). */
static void vacate(struct name_index *index, size_t hole) {
  size_t mask = index->capacity - 1;

  for (size_t i = (hole + 1) & mask; index->slots[i].number;
       i = (i + 1) & mask) {
    size_t home = index->slots[i].hash & mask;
    if (((i - home) & mask) >= ((i - hole) & mask)) {
      index->slots[hole] = index->slots[i];
      hole = i;
    }
  }
  index->slots[hole].number = 0;
}

void name_index_remove(struct name_index *index, const char *name) {
  if (index->len == 0)
    return;
  struct name_slot *slot = slot_of(index, name, hash_of(index, name));
  if (!slot->number)
    return;
  vacate(index, (size_t)(slot - index->slots));
  index->len--;
}

void name_index_renumber(struct name_index *index, const char *name,
                         uint32_t number) {
  slot_of(index, name, hash_of(index, name))->number = number + 1;
}
