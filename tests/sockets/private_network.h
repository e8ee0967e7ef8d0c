/* Whether a flood may be sent here: only in a network namespace apart, in which
 * every device and every address is of the kind tests use. */
#ifndef TESTS_SOCKETS_PRIVATE_NETWORK_H
#define TESTS_SOCKETS_PRIVATE_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

/* prefix: prefix_len bits of family AF_INET or AF_INET6, in network byte order;
 * 32 or 128 bits for an address. True where all of it is for loopback, private
 * use, link-local, benchmarking or documentation. */
bool private_network_has(int family, const uint8_t *prefix,
                         unsigned prefix_len);

/* Ends the program with the reason, unless this process's network namespace is
 * not that of process 1, has no devices but loopback, veth and TUN, and no
 * addresses but private ones. */
void private_network_must_be(void);

#endif
