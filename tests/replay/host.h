/* One simulated host: its listening socket, its connections, its load and
 * whatever happens to it, second by second. Touches nothing but its own
 * structure. */
#ifndef REPLAY_HOST_H
#define REPLAY_HOST_H

#include "event.h"
#include "load.h"
#include "syn_queue.h"
#include "traffic.h"

struct host {
  struct host_settings settings;
  struct event_list events;
  int interval_s;
  double start_wall_s; /* seconds since 1970 of the clock at second 0 */

  int64_t now_s; /* seconds simulated */
  double clock_step_s;
  struct dice load_dice, queue_dice, table_dice, event_dice, attack_dice,
      beside_dice;
  struct load load;
  struct syn_queue queue;
  struct handshake_path path;
  double path_round_trip, path_loss; /* what path was made for */
  struct socket_table table;
  struct tally tally;
  int64_t interval_created; /* PassiveOpens as it began */
  bool follow_held;
  struct traffic traffic; /* with follow_held, also what is sent */
  bool follow_peaks;
  int64_t half_open_peak, aged_peak; /* of the interval's seconds */
  double inbound_per_s;              /* clients, this interval */
  double returning; /* clients on their way back after a restart */
  double return_s;  /* how long they take */
  bool restarted;   /* the reader of the tables is new, too */
  struct effects effects;
  double uneventful_until_s; /* no event acts, begins or ends before */
};

/* Settings, interval_s, events and start_wall_s are set; seed: of every random
 * draw. The host begins in the middle of an ordinary day. */
void host_begin(struct host *host, uint64_t seed);

/* One interval passes. Returns whether there is a reading at its end. */
bool host_step(struct host *host);

/* The host's clock, seconds since 1970. */
double host_clock(const struct host *host);

/* Events whose end was not reached end now. */
void host_end(struct host *host);

#endif
