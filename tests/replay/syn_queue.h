/* One listening socket: its request sockets (SYN_RECV) and its accept queue, in
 * steps of a second. Touches nothing but its own structure. Source: the
 * kernel's tcp_conn_request, tcp_check_req, tcp_v4_syn_recv_sock,
 * cookie_v4_check, reqsk_timer_handler, syn_ack_recalc. */
#ifndef REPLAY_SYN_QUEUE_H
#define REPLAY_SYN_QUEUE_H

#include "dice.h"
#include "tally.h"

enum {
  SYN_QUEUE_RING_S = 64,  /* more than the 63 s of the longest life */
  SYN_QUEUE_PATH_AGES = 8 /* seconds after which no first answer comes */
};

/* What will become of a request socket that its first second left behind. */
enum request_kind {
  REQUEST_LIVE,  /* the answer is on a long way */
  REQUEST_LOST,  /* a packet was lost: the next SYN-ACK is answered */
  REQUEST_STUCK, /* answered, but the accept queue had no room */
  REQUEST_DEAD,  /* nobody is there */
  REQUEST_PROBE, /* nor here, but all of these are of one source */
  REQUEST_KINDS
};

/* The network between the clients and the host. */
struct handshake_path {
  /* Chance that an answer is still out at the end of the second it was asked
   * for in, and k seconds later. */
  double pending[SYN_QUEUE_PATH_AGES];
  double loss; /* of one packet, 0..1 */
};

/* SYNs that arrive in one second. */
struct syn_arrivals {
  int64_t live;
  int64_t dead;  /* spoofed or filtered sources: silence */
  int64_t reset; /* sources that answer the SYN-ACK with RST */
  int64_t probe; /* one source that never answers */
};

struct syn_queue {
  int64_t backlog;         /* min(listen()'s backlog, somaxconn) */
  int64_t max_syn_backlog; /* net.ipv4.tcp_max_syn_backlog */
  int cookies;             /* net.ipv4.tcp_syncookies: 0, 1, 2 */
  int retries;             /* net.ipv4.tcp_synack_retries, 0..5 */
  double proven;           /* share of peers with a tcp_metrics entry */
  double accepts_per_s;    /* what the application can accept */

  int64_t waiting[SYN_QUEUE_RING_S][REQUEST_KINDS]; /* by second of birth */
  int64_t resetting; /* RST on its way to a young entry */
  int64_t on_way;    /* answer to a SYN-ACK sent again on its way */
  int64_t total, young;
  int64_t accept_depth;
  int64_t again[SYN_QUEUE_PATH_AGES][3]; /* refused clients' next SYN */
};

/* Response times lognormal about median_s; sigma of their logarithm. */
void handshake_path_init(struct handshake_path *path, double median_s,
                         double sigma, double loss);

/* One second passes. now: seconds, counting up by one from call to call.
 * Counters are added to tally. */
void syn_queue_tick(struct syn_queue *queue, int64_t now,
                    const struct syn_arrivals *arrivals,
                    const struct handshake_path *path, struct dice *dice,
                    struct tally *tally);

/* Seconds that an entry lives which nobody answers. */
int64_t syn_queue_life_s(const struct syn_queue *queue);
/* Entries of the one source that probes. */
int64_t syn_queue_probes(const struct syn_queue *queue);
/* Entries whose SYN-ACK was sent again at least once. */
int64_t syn_queue_aged(const struct syn_queue *queue);
/* The most entries it can hold under its settings. */
int64_t syn_queue_limit(const struct syn_queue *queue);
/* The listening socket is closed: its queues go with it, settings stay. */
void syn_queue_clear(struct syn_queue *queue);

#endif
