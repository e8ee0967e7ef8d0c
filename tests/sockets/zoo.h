/* Sockets in every state TCP has, over IPv4, IPv6, and IPv4 on a dual-stack
 * listener, held still: the remote end is played by hand. Ends the program with
 * a message where a socket cannot be made. */
#ifndef TESTS_SOCKETS_ZOO_H
#define TESTS_SOCKETS_ZOO_H

#include "table/tcp_state.h"

#include <stdint.h>

enum zoo_flavour { ZOO_IPV4, ZOO_IPV6, ZOO_MAPPED, ZOO_FLAVOURS };

enum {
  /* The listeners, all on wildcard addresses: port by flavour. */
  ZOO_PORT_IPV4 = 7704,
  ZOO_PORT_IPV6 = 7706,
  ZOO_PORT_MAPPED = 7746,
  /* IPv4 listeners with connections that wait for accept(). */
  ZOO_PORT_SHORT = 7128,
  ZOO_SHORT_MAX = 128,
  ZOO_SHORT_DEPTH = 3,
  ZOO_PORT_LONG = 7511,
  ZOO_LONG_MAX = 511,
  ZOO_LONG_DEPTH = 5,
  /* Its accept queue is full, and further SYNs were dropped. */
  ZOO_PORT_FULL = 7001,
  ZOO_FULL_MAX = 1,
  ZOO_FULL_DEPTH = 2,
  ZOO_FULL_DROPS = 4,
  /* SO_REUSEPORT twins, of which one is full and the others are empty. */
  ZOO_PORT_TWINS = 7016,
  ZOO_TWINS = 4,
  ZOO_TWIN_MAX = 16,
  ZOO_TWIN_DEPTH = 17,
  ZOO_PORT_DEFERRED = 7080, /* see zoo_add_deferred */
};

/* What was made. */
struct zoo {
  int tun;
  uint16_t last_port; /* of a remote end */
  uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END];
  uint64_t port_count[ZOO_FLAVOURS][TCP_STATE_END]; /* by local port */
  uint64_t half_open[ZOO_FLAVOURS];
  uint64_t timewait_fin_wait2;
};

/* Fills the network namespace the caller stands in, which is to be empty but
 * for the loopback device. The sockets last as long as the process. */
struct zoo zoo_create(void);

/* how_many further half-open connections, by SYNs that are never followed. */
void zoo_add_half_open(struct zoo *zoo, enum zoo_flavour flavour,
                       unsigned how_many);

/* An IPv4 listener with TCP_DEFER_ACCEPT, and half-open connections to it whose
 * remote ends have acknowledged and send no data. */
void zoo_add_deferred(struct zoo *zoo, unsigned how_many);
/* Half-open connections to that listener by SYNs that are never followed. */
void zoo_add_half_open_deferred(struct zoo *zoo, unsigned how_many);

/* As zoo_create, without any socket. */
struct zoo zoo_create_empty(void);

#endif
