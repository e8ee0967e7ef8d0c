/* The least that a client can do to read the kernel's table: one filtered walk
 * whose answer is thrown away. The floor that a reading is measured against. */
#ifndef TESTS_SOCKETS_BARE_WALK_H
#define TESTS_SOCKETS_BARE_WALK_H

#include <stdint.h>

/* A socket for bare_walk. Ends the program where there is none. */
int bare_walk_open(void);

/* Ask for the states, bit (1 << enum tcp_state), of both families, receive all
 * of the answer and look at nothing but its end. */
void bare_walk(int fd, uint32_t states);

#endif
