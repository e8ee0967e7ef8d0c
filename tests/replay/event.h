/* What happens to a host beside its ordinary day: crowds, deploys, attacks.
 * A list of events, and what they do to the host in a given second. Touches
 * nothing but its own structures. */
#ifndef REPLAY_EVENT_H
#define REPLAY_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum { EVENTS_MAX = 8192 }; /* five years of profile soak */

enum event_kind {
  EVENT_CROWD,     /* factor, ramp */
  EVENT_DEPLOY,    /* the server restarts; clients come back */
  EVENT_BATCH,     /* rate: outgoing connections a second */
  EVENT_SCAN,      /* one source; rate: SYNs a second to the open port, or
                      count: of them all; resets */
  EVENT_LOSS,      /* factor: packet loss, 0..1 */
  EVENT_SHIFT,     /* factor: load, for good; ramp */
  EVENT_ROUNDTRIP, /* factor: round trips, for good; ramp */
  EVENT_GAP,       /* no readings */
  EVENT_REBOOT,    /* no readings, then everything from nothing */
  EVENT_CLOCK,     /* factor: seconds the clock is set forward (or back) */
  EVENT_OVERFLOW,  /* another listening socket: rate: overflows a second;
                      factor: how full its queue is when it is read, 0..1 */
  /* Connections held for good reason. count of them, rate: so many come a
   * second. */
  EVENT_KEEPALIVE,
  EVENT_WEBSOCKETS,
  EVENT_BACKEND, /* factor: each request takes so many seconds more */
  EVENT_POOL,
  EVENT_MOBILE, /* small windows */
  EVENT_VIDEO,  /* read in bursts */
  EVENT_UPLOADS,
  EVENT_VANISH,   /* they were there, and answer no more */
  EVENT_CHECKS,   /* rate: of a load balancer: connect, and close at once */
  EVENT_FLOOD,    /* share or rate, ramp or from, doubling and stair, on,
                     off, resets */
  EVENT_LEAK,     /* rate: connections an hour; ends with a restart */
  EVENT_STALL,    /* factor: share of its clients the application accepts */
  EVENT_OUTBOUND, /* the backends fall silent */
  /* Connections held to do harm; count, rate, life. */
  EVENT_SLOWLORIS, /* line: seconds between two */
  EVENT_SLOWPOST,  /* likewise */
  EVENT_SLOWREAD,
  EVENT_SILENT,
  EVENT_KINDS
};

/* Times in seconds of the simulation. Numbers that a kind does not use are 0.
 */
struct event {
  enum event_kind kind;
  double start_s, duration_s;
  double factor;
  double rate;       /* 0 with share: taken from the host as the event begins */
  double share;      /* %, of half-open in half-open and established */
  double least;      /* rate from share is at least this */
  double count;      /* SYNs, evenly over the duration */
  double ramp_s;     /* time to grow to the full size */
  double from;       /* 0..1: the size it begins with ... */
  double doubling_s; /* ... and the time in which that doubles ... */
  double stair_s;    /* ... in stairs so long; 0: smoothly */
  double on_s, off_s;    /* pulses; on_s = 0: none */
  double resets;         /* 0..1, of the SYNs: sources that answer with RST */
  double line_s, life_s; /* of connections that are held */

  bool active, over;
  double began_wall_s, ended_wall_s; /* of the host's clock */
  int64_t half_open_peak, established, refused_before, refused;
  int64_t overflows_before, overflows, syn_sent_peak, close_wait_peak;
  double time_wait_peak; /* percent of tcp_max_tw_buckets */
  double share_peak;
  double late_share_sum; /* of the readings of its second half */
  int64_t late_readings;
  /* Of a flood, the noise of single readings taken out: entries without an
   * answer, and all half-open ones, percent of the table; when the former were
   * first 15, and completion below 60 (0: never). */
  double unanswered, failed;
  double unanswered_15_wall_s, completion_60_wall_s;
};

struct event_list {
  int len;
  struct event items[EVENTS_MAX];
};

/* What the active events do, all together. */
struct effects {
  double load, round_trip; /* factors */
  double loss;             /* added */
  double outbound_per_s;   /* added */
  double dead_per_s, reset_per_s, probe_per_s;
  int64_t probes, dead;                 /* in this second */
  double overflows_per_s, accept_queue; /* of another listening socket */
  double leaks_per_s;
  bool silent;      /* no reading leaves the host */
  bool port_closed; /* no listening socket */
  bool frozen;      /* the application stands still */
  double accepts;   /* share of its clients it accepts; 0 for no limit */
  bool backends_silent;
};

const char *event_kind_name(enum event_kind kind);

/* A flood, a leak, a stall: something that ought to be noticed. */
bool event_is_attack(enum event_kind kind);

/* text: "flood:start=86400,duration=600,share=40"; keys: start, duration,
 * factor, rate, share, least, count, ramp, from, doubling, stair, on, off,
 * resets, line, life. Returns false for an
 * unknown kind or key or a bad number; *out is then untouched. */
bool event_parse(const char *text, struct event *out);

/* Returns false where the list is full. */
bool event_list_add(struct event_list *list, const struct event *event);

/* The SYN rate of a flood's share, given the host's sockets and how many
 * seconds an unanswered entry lives. */
double event_rate_of_share(const struct event *event, int64_t established,
                           int64_t half_open, double entry_life_s);

/* Add what an event does at a second (of the simulation) to effects. */
void event_apply(const struct event *event, double now_s,
                 struct effects *effects);

#endif
