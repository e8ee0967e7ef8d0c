/* See allocations.h. */
#include "allocations.h"

atomic_uint allocations_made;
bool (*allocations_refuse)(size_t size);

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size) {
  allocations_made++;
  if (allocations_refuse != NULL && allocations_refuse(size))
    return NULL;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  allocations_made++;
  if (allocations_refuse != NULL && allocations_refuse(size))
    return NULL;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
  allocations_made++;
  return __real_realloc(old, size);
}
