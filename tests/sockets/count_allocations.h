/* How often what is linked with --wrap=malloc, calloc, realloc and strdup has
 * asked for memory: our own rooms, not libc's insides. */
#ifndef TESTS_SOCKETS_COUNT_ALLOCATIONS_H
#define TESTS_SOCKETS_COUNT_ALLOCATIONS_H

#include <stdint.h>

uint64_t count_allocations(void);

#endif
