/* What parsers make of one socket. */
#ifndef TABLE_TCP_ROW_H
#define TABLE_TCP_ROW_H

#include <stdbool.h>
#include <stdint.h>

enum { TCP_TIMER_PROBE = 4 }; /* the kernel's: of a window that is zero */

/* One row of the kernel's table, from netlink or from /proc. Addresses are in
 * network byte order, IPv4 in the first four bytes. */
struct tcp_row {
  uint8_t state; /* the kernel's number, also one we do not know */
  uint8_t family;
  uint8_t retransmits; /* half-open: times its SYN-ACK was sent again; with
                          TCP_TIMER_PROBE: probes not answered */
  uint8_t timer;       /* TCP_TIMER_PROBE, or any other number */
  bool timewait;       /* a timewait mini-socket (TIME_WAIT or FIN_WAIT2) */
  uint16_t local_port;
  uint8_t local[16], remote[16];
  uint32_t accept_depth; /* LISTEN: connections that wait for accept() */
  uint32_t accept_max;   /* LISTEN: min(backlog, somaxconn); see max_known */
  uint32_t drops;        /* LISTEN: sk_drops */
  bool max_known;        /* /proc does not show accept_max and drops */
};

#endif
