/* Every call for memory of the plugin's own code and of the rooms, seen by the
 * linker's --wrap. */
#ifndef TESTS_BASELINE_ALLOCATIONS_H
#define TESTS_BASELINE_ALLOCATIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Calls of malloc, calloc and realloc so far. */
extern atomic_uint allocations_made;

/* If set: which calls of malloc, and of calloc by the size of one, find no
 * memory. */
extern bool (*allocations_refuse)(size_t size);

#endif
