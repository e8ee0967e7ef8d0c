/* Every connection but the half-open ones: established, closing, outgoing, by
 * the interval of a reading. Touches nothing but its own structure. Source:
 * the state diagram of RFC 9293; tcp_rcv_state_process, tcp_time_wait and
 * tcp_done of the kernel. */
#ifndef REPLAY_SOCKET_TABLE_H
#define REPLAY_SOCKET_TABLE_H

#include "dice.h"
#include "tally.h"

#include <stdbool.h>

enum { TABLE_LIVES = 5, TABLE_TIME_WAIT_SLOTS = 60 };

/* Life times: a heavy tail made of exponentials. */
extern const double table_life_s[TABLE_LIVES];

struct connection_mix {
  double share[TABLE_LIVES]; /* adds up to 1 */
};

struct table_settings {
  struct connection_mix inbound, outbound;
  double we_close;     /* share of inbound connections that we close first */
  double resets;       /* share of connections that end by RST */
  double close_s;      /* how long the application takes to close */
  double peer_close_s; /* how long peers stay in our FIN_WAIT2 */
  double backend_s;    /* round trip of outgoing connections */
  double refused;      /* share of outgoing SYNs answered by RST */
  double unreachable;  /* share of outgoing SYNs never answered */
  double give_up_s;    /* connect timeout of the application */
  int64_t listeners;
  int64_t max_time_wait; /* net.ipv4.tcp_max_tw_buckets */
};

/* What happened in one interval. */
struct table_interval {
  double length_s;
  double round_trip_s; /* of the clients */
  int64_t created;     /* inbound connections */
  int64_t opened;      /* outgoing SYNs */
  double leaks_per_s;  /* connections the application forgets to close */
  bool frozen;         /* the application does nothing at all */
  bool backends_silent;
};

struct socket_table {
  int64_t inbound[TABLE_LIVES], outbound[TABLE_LIVES];
  int64_t leaked, frozen_close_wait, unanswered, silent_fin_wait2;
  int64_t time_wait_slot[TABLE_TIME_WAIT_SLOTS];
  int64_t step;
  /* As a reading would find them at the end of the interval. */
  int64_t established, syn_sent, fin_wait1, fin_wait2, time_wait, close_wait,
      last_ack, closing;
};

/* Fill the table as if connections had come at these rates for ever. */
void socket_table_settle(struct socket_table *table,
                         const struct table_settings *settings,
                         double inbound_per_s, double outbound_per_s,
                         struct dice *dice);

/* One interval passes; counters are added to tally. */
void socket_table_step(struct socket_table *table,
                       const struct table_settings *settings,
                       const struct table_interval *interval, struct dice *dice,
                       struct tally *tally);

/* The server process ends: its connections close. Returns how many clients
 * lost theirs. */
int64_t socket_table_restart(struct socket_table *table, struct dice *dice,
                             struct tally *tally);

void socket_table_clear(struct socket_table *table);

#endif
