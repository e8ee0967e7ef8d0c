/* Names -> numbers 0, 1, 2 ...: the index of a table whose owner keeps the
 * names. Grows; never above three quarters full. */
#ifndef VERDICT_NAME_INDEX_H
#define VERDICT_NAME_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define NAME_INDEX_NONE UINT32_MAX

struct name_index {
  struct name_slot {
    uint32_t hash;
    uint32_t number; /* + 1; 0: free */
  } * slots;
  size_t capacity; /* a power of two */
  size_t len;
  /* The owner's name of a number. */
  const char *(*name_of)(const void *owner, uint32_t number);
  const void *owner;
};

/* An empty index allocates nothing. */
void name_index_init(struct name_index *index,
                     const char *(*name_of)(const void *owner, uint32_t number),
                     const void *owner);
void name_index_free(struct name_index *index);

/* The number of a name, or NAME_INDEX_NONE. */
uint32_t name_index_find(const struct name_index *index, const char *name);

/* Add a name that is not there yet. Returns 0 or -ENOMEM. */
int name_index_add(struct name_index *index, const char *name, uint32_t number);

/* Take a name out; and give a name that is there another number. */
void name_index_remove(struct name_index *index, const char *name);
void name_index_renumber(struct name_index *index, const char *name,
                         uint32_t number);

#endif
