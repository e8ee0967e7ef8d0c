/* A network namespace of the program's own: loopback, a TUN device, addresses.
 * What fails ends the program with a message. Source: network_namespaces(7),
 * netdevice(7), Documentation/networking/tuntap.rst of the kernel. */
#ifndef TESTS_SOCKETS_NAMESPACE_H
#define TESTS_SOCKETS_NAMESPACE_H

#include <stdbool.h>

/* Into a new one, with a user namespace around it where the caller is not
 * privileged. The loopback device is up afterwards. */
void namespace_enter(void);

/* A TUN device without packet information, up; the program is its wire.
 * Returns its descriptor, not blocking. */
int namespace_open_tun(const char *name);

/* Give device a numeric IPv4 or IPv6 address; the prefix is routed to it. */
void namespace_add_address(const char *device, const char *address,
                           unsigned prefix_len);

/* Whether this process stands in another network namespace than the machine's
 * first one and than process 1; false also where that cannot be told. */
bool namespace_is_own(void);

#endif
