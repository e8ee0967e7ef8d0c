/* Many listening sockets, and one with very many half-open connections: what
 * makes a reading's own work large beside the kernel's. */
#ifndef TESTS_SOCKETS_BUSY_PORT_H
#define TESTS_SOCKETS_BUSY_PORT_H

enum {
  BUSY_GROUPS = 10, /* of SO_REUSEPORT twins, of ... */
  BUSY_TWINS = 100,
  BUSY_LISTENERS = 1000, /* each on a port of its own */
  BUSY_HALF_OPEN = 10000,
};

/* Open the listeners in this network namespace, which is to be the program's
 * own, with a TUN device for the SYNs. They last as long as the process. What
 * fails ends the program. */
void busy_port_open(void);

/* Let there be BUSY_HALF_OPEN half-open connections to one of them: those that
 * are there remain, and expired ones come back. Takes a moment. */
void busy_port_fill(void);

#endif
