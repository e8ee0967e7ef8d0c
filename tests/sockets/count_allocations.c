/* See count_allocations.h. Source: --wrap of ld(1). */
#include "count_allocations.h"

#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t how_many, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t how_many, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static uint64_t allocations;

uint64_t count_allocations(void) { return allocations; }

void *__wrap_malloc(size_t size) {
  allocations++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t how_many, size_t size) {
  allocations++;
  return __real_calloc(how_many, size);
}

void *__wrap_realloc(void *old, size_t size) {
  allocations++;
  return __real_realloc(old, size);
}

char *__wrap_strdup(const char *text) {
  allocations++;
  return __real_strdup(text);
}
