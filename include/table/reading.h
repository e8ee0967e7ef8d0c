/* One reading of the TCP tables: counts, half-open cohorts, listeners. Filled
 * row by row by a parser, then finished once. */
#ifndef TABLE_READING_H
#define TABLE_READING_H

#include "table/tcp_row.h"
#include "table/tcp_state.h"

#include <stddef.h>

enum {
  READING_LISTENERS_MAX = 65536, /* distinct (family, address, port) ... */
  READING_COHORTS_MAX = 65536,   /* ... and of half-open entries */
  READING_SOURCES_MAX = 4096,    /* source networks; later ones not counted */
  READING_ADDRESSES_MAX = 1024,  /* ... and IPv4 addresses */
  READING_PORTS_MAX = 64,        /* LocalPort */
  READING_EXPIRIES_MAX = 7,      /* this many or more count as one */
};

/* A network; prefix 0: none. */
struct source_network {
  uint8_t address[16];
  uint8_t family, prefix;
  uint64_t half_open;
};

/* One listening socket; SO_REUSEPORT twins are added up into one. Which twin a
 * half-open entry belongs to is not known; a connection that waits, it is. */
struct listener {
  uint8_t family;
  bool max_known;
  uint16_t port;
  uint8_t address[16];
  uint32_t sockets;                    /* how many twins */
  uint32_t fullest_depth, fullest_max; /* accept queue of the fullest twin */
  uint64_t accept_depth, accept_max, drops;
  uint64_t half_open, aged; /* after reading_finish */
  uint64_t syns;            /* received, if reading->syns_known */
};

/* Half-open entries that a listening socket has counted itself. */
struct cohort {
  uint8_t family;
  bool deferred; /* TCP_DEFER_ACCEPT: clients that have answered age, too */
  uint16_t port;
  uint8_t address[16];
  uint64_t half_open, aged;
};

struct reading {
  uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END]; /* as walked */
  uint64_t aged[TCP_FAMILY_COUNT]; /* half-open, SYN-ACK sent again */
  /* Half-open entries by how often the SYN-ACK was sent again or, of /proc, was
   * due; and how many can be unanswered at most, whatever aged says. */
  uint64_t expiries[READING_EXPIRIES_MAX + 1], unanswered_most;
  uint64_t deferred_aged; /* of aged: at listeners with TCP_DEFER_ACCEPT, where
                             only cohorts show it */
  uint64_t timewait_fin_wait2; /* FIN_WAIT2 that are mini-sockets */
  /* ESTABLISHED or FIN_WAIT1 whose peer takes nothing and answers probes. */
  uint64_t zero_windows;
  uint64_t unknown_states; /* rows of a state we do not know */
  uint64_t dropped_rows;   /* counted, but at no listener: beyond a limit */
  bool by_family; /* count[] is right for each family; walk_plan_apply unsets */
  uint32_t known, known_apart; /* bit (1 << state): total[]; all other counts */
  uint64_t total[TCP_STATE_END]; /* both families; after reading_finish */
  uint64_t mini_sockets; /* timewait, in either state; after reading_finish */
  bool mini_sockets_known;
  size_t ports_len;
  uint16_t port[READING_PORTS_MAX];      /* LocalPort, set by reading_create */
  uint64_t (*port_count)[TCP_STATE_END]; /* of each of them; owned */
  struct listener *listeners;            /* owned, in the order first seen */
  size_t listeners_len;
  bool syns_known;
  uint64_t syns;      /* received by all listening sockets so far */
  bool sources_known; /* false: the sources below were not looked at */
  /* After reading_finish: the /24 or /64 with most half-open entries (0 none).
   * IPv4-mapped addresses count as IPv4. */
  uint8_t top_source[16], top_source_family;
  uint64_t top_source_count;
  /* ... and what the largest single source has at least: an IPv4 address, or a
   * /64, which is one host's to choose from. */
  uint64_t one_source_count;
  /* ... and the network that most of them come from: the narrowest with half of
   * the half-open entries, or else with a fifth; prefix 0 if they are
   * scattered, or memory is short. */
  struct source_network source;
  struct reading_index *index; /* private */
};

/* ports: ports_len local ports, at most READING_PORTS_MAX, that are counted
 * apart; one named twice counts once. NULL: no memory, or too many. */
struct reading *reading_create(const uint16_t *ports, size_t ports_len);
void reading_destroy(struct reading *reading);
/* Forget every row, keep memory and ports: the next reading of the same size
 * allocates nothing. */
void reading_clear(struct reading *reading);

/* Take in one row. Returns 0, or -ENOMEM (then the reading must not be used);
 * a row of an unknown state or beyond a limit is counted and no error. */
int reading_add(struct reading *reading, const struct tcp_row *row);
/* Take in a cohort instead of its rows; the sources are not known then. Returns
 * as reading_add. */
int reading_add_cohort(struct reading *reading, const struct cohort *cohort);
/* Count an established socket as if it were half-open, for its source network
 * and, if the reading has it already, its listener. Returns as reading_add. */
int reading_add_holder(struct reading *reading, const struct tcp_row *row);
/* These SYNs came to the listening socket of a cohort, if the reading has it.
 */
void reading_add_syns(struct reading *reading, const struct cohort *cohort,
                      uint64_t syns);
/* For a second walk that serves LocalPort alone: only port_count changes. */
void reading_add_to_ports(struct reading *reading, const struct tcp_row *row);
/* All rows are in: add up the families, find the top source, give half-open
 * entries to their listener: same family and port, exact or wildcard. */
void reading_finish(struct reading *reading);
/* Of a finished reading: only these states were looked at, bit (1 << state). */
void reading_know_only(struct reading *reading, uint32_t states);
/* This many aged entries, limited to what can be unanswered. */
uint64_t reading_unanswered(const struct reading *reading, uint64_t aged);
bool reading_knows(const struct reading *reading, enum tcp_state state);

#endif
