/* One reading of the TCP tables: counts, half-open cohorts, listeners. Filled
 * row by row by a parser, then finished once. */
#ifndef TABLE_READING_H
#define TABLE_READING_H

#include "table/tcp_state.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  READING_LISTENERS_MAX = 65536, /* distinct (family, address, port) ... */
  READING_COHORTS_MAX = 65536,   /* ... and of half-open entries */
  READING_SOURCES_MAX = 4096,    /* source networks; later ones not counted */
  READING_PORTS_MAX = 64,        /* LocalPort */
};

/* One row of the kernel's table, from netlink or from /proc. Addresses are in
 * network byte order, IPv4 in the first four bytes. */
struct tcp_row {
  uint8_t state; /* the kernel's number, also one we do not know */
  uint8_t family;
  uint8_t retransmits; /* half-open: times its SYN-ACK was sent again */
  bool timewait;       /* a timewait mini-socket (TIME_WAIT or FIN_WAIT2) */
  uint16_t local_port;
  uint8_t local[16], remote[16];
  uint32_t accept_depth; /* LISTEN: connections that wait for accept() */
  uint32_t accept_max;   /* LISTEN: min(backlog, somaxconn); see max_known */
  uint32_t drops;        /* LISTEN: sk_drops */
  bool max_known;        /* /proc does not tell accept_max and drops */
};

/* One listening socket; SO_REUSEPORT twins are added up into one. */
struct listener {
  uint8_t family;
  bool max_known;
  uint16_t port;
  uint8_t address[16];
  uint32_t sockets; /* how many twins */
  uint64_t accept_depth, accept_max, drops;
  uint64_t half_open, aged; /* after reading_finish */
};

struct reading {
  uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END]; /* as walked */
  uint64_t aged[TCP_FAMILY_COUNT]; /* half-open, SYN-ACK sent again */
  uint64_t timewait_fin_wait2;     /* FIN_WAIT2 that are mini-sockets */
  uint64_t unknown_states;         /* rows of a state we do not know */
  uint64_t dropped_rows; /* counted, but at no listener: beyond a limit */
  bool by_family; /* count[] is right for each family; walk_plan_apply unsets */
  uint64_t total[TCP_STATE_END]; /* both families; after reading_finish */
  size_t ports_len;
  uint16_t port[READING_PORTS_MAX]; /* LocalPort, set by reading_create */
  uint64_t port_count[READING_PORTS_MAX][TCP_STATE_END];
  struct listener *listeners; /* owned, in the order first seen */
  size_t listeners_len;
  /* After reading_finish: the /24 or /64 with most half-open entries (0 none).
   * IPv4-mapped addresses count as IPv4. */
  uint8_t top_source[16], top_source_family;
  uint64_t top_source_count;
  struct reading_index *index; /* private */
};

/* ports: ports_len local ports (at most READING_PORTS_MAX, else NULL) whose
 * states are counted apart; one named twice counts once. NULL: no memory. */
struct reading *reading_create(const uint16_t *ports, size_t ports_len);
void reading_destroy(struct reading *reading);
/* Forget every row, keep memory and ports: a warm reading allocates nothing. */
void reading_clear(struct reading *reading);

/* Take in one row. Returns 0, or -ENOMEM (the reading is then not to be used);
 * a row of an unknown state or beyond a limit is counted and no error. */
int reading_add(struct reading *reading, const struct tcp_row *row);
/* For a second walk that serves LocalPort alone: only port_count changes. */
void reading_add_to_ports(struct reading *reading, const struct tcp_row *row);
/* All rows are in: add up the families, find the top source, give half-open
 * entries to their listener: same family and port, exact or wildcard. */
void reading_finish(struct reading *reading);

#endif
