/* Very many connected sockets over loopback, to measure with. */
#ifndef TESTS_SOCKETS_CROWD_H
#define TESTS_SOCKETS_CROWD_H

#include <stddef.h>

enum { CROWD_MAX = 1000000, CROWD_PROCESSES_MAX = 256 };

/* Have processes of their own make how_many sockets (at most CROWD_MAX, even)
 * in this network namespace: nine tenths ESTABLISHED, a tenth half FIN_WAIT2,
 * half CLOSE_WAIT. Returns when they are there; they go with this process. Ends
 * the program with a message where they cannot be made. */
void crowd_create(size_t how_many);

/* The same with one connection in so many half closed; 0: none is. */
void crowd_create_of(size_t how_many, unsigned half_closed_each);

#endif
