/* One reading of the TCP tables: counts per state, half-open cohorts,
 * listeners. Filled row by row by a parser, then finished once. */
#ifndef TABLE_READING_H
#define TABLE_READING_H

#include "table/tcp_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  READING_LISTENERS_MAX = 65536, /* what comes beyond is counted as dropped */
  READING_COHORTS_MAX = 65536,   /* distinct (family, address, port) half-open */
  READING_SOURCES_MAX = 4096,    /* distinct source networks remembered */
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
  uint8_t local[16];
  uint8_t remote[16];
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
  uint64_t accept_depth;
  uint64_t accept_max;
  uint64_t drops;
  uint64_t half_open; /* after reading_finish */
  uint64_t aged;      /* after reading_finish */
};

struct reading {
  uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END]; /* as walked */
  uint64_t aged[TCP_FAMILY_COUNT];   /* half-open, SYN-ACK sent again */
  uint64_t timewait_fin_wait2;       /* FIN_WAIT2 that are mini-sockets */
  uint64_t unknown_states;           /* rows of a state we do not know */
  uint64_t dropped_rows;             /* rows beyond a limit: not in a table */
  bool by_family;                    /* count[] is right for each family */
  uint64_t total[TCP_STATE_END];     /* both families; after reading_finish */
  size_t ports_len;
  uint16_t port[READING_PORTS_MAX];  /* LocalPort, set by reading_create */
  uint64_t port_count[READING_PORTS_MAX][TCP_STATE_END];
  size_t listeners_len;
  struct listener *listeners; /* owned, in the order first seen */
  uint8_t top_source[16];     /* after reading_finish: the /24 or /64 ... */
  uint8_t top_source_family;  /* ... by the address's own family: an
                                 IPv4-mapped address counts as IPv4 */
  uint64_t top_source_count;  /* ... with most half-open entries; 0 none */
  struct reading_index *index; /* private */
};

/* ports: ports_len local ports (at most READING_PORTS_MAX) whose states are
 * counted apart. Returns NULL when memory is short. */
struct reading *reading_create(const uint16_t *ports, size_t ports_len);
void reading_destroy(struct reading *reading);

/* Forget every row; memory and ports are kept, so that a warm reading
 * allocates nothing. */
void reading_clear(struct reading *reading);

/* Take in one row. Returns 0, or -ENOMEM; a row of an unknown state or beyond
 * a limit is counted as such and is no error. */
int reading_add(struct reading *reading, const struct tcp_row *row);

/* Like reading_add for a second walk that serves LocalPort alone: only
 * port_count changes. */
void reading_add_to_ports(struct reading *reading, const struct tcp_row *row);

/* All rows are in: add up both families, give each half-open cohort to its
 * listener (same family, port and exact address, else the wildcard one), find
 * the top source. */
void reading_finish(struct reading *reading);

#endif
