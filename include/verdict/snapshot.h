/* One host's values put together into snapshots, by their time, in any order,
 * at most two at a time; and what a snapshot says when compared with the one
 * before: rates instead of counters. */
#ifndef VERDICT_SNAPSHOT_H
#define VERDICT_SNAPSHOT_H

#include "verdict/signals.h"

#include <stdbool.h>
#include <stdint.h>

enum { SNAPSHOT_ADDRESS_MAX = 64 };

/* Values farther apart than so many intervals have a gap between them: no rate
 * can be known. One missing reading is none: the rate over two intervals is
 * still that of the load that is judged. */
#define SNAPSHOT_GAP_INTERVALS 2.5

/* Times nearer to each other are the same: a CSV file may keep only
 * milliseconds. */
#define SNAPSHOT_SAME_S 5e-4

union snapshot_value {
  double gauge;    /* sockets, percent, 0..1; or events a second: see rates */
  int64_t counter; /* events since the sender's boot */
};

/* The fullest queue of its kind; while an incident is open and shows no
 * evidence any more, that of its last evidence. */
struct snapshot_queue {
  char listener[SNAPSHOT_ADDRESS_MAX]; /* the socket; "" unknown */
  int64_t backlog;                     /* its maximum; 0 unknown */
  int64_t others; /* further listeners in the same state; 0 none known */
};

struct snapshot {
  double time_s;     /* since 1970, the sender's clock */
  double interval_s; /* above 0 */
  uint32_t have;     /* bit (1 << signal): the value is there (may be NAN) */
  uint32_t rates;    /* bit (1 << signal): a counter given as a rate */
  union snapshot_value value[SIGNAL_COUNT];
  struct snapshot_queue syn_queue, accept_queue;
  char top_source[SNAPSHOT_ADDRESS_MAX]; /* likewise; with its share */
  struct snapshot_queue held; /* where most are held; the listener alone */
  char held_source[SNAPSHOT_ADDRESS_MAX]; /* and where most come from */
  double listeners; /* listening sockets, when known; not saved */
  bool listeners_known;
};

/* What of a snapshot the next one is held against. have 0: there is none. */
struct snapshot_mark {
  double time_s, interval_s;
  uint32_t have, rates;
  int64_t counter[SIGNAL_COUNT - SIGNAL_FIRST_COUNTER]; /* 0: none, or a rate */
};

/* What of a snapshot values that come are held against. have 0: there is none.
 */
struct snapshot_stamp {
  double time_s, interval_s;
  uint32_t have;
};

struct snapshot_stamp snapshot_stamp_of(const struct snapshot *snapshot);

/* A snapshot in the judgement's terms. NAN: unknown. */
struct observation {
  double time_s, interval_s;
  double dt_s; /* since the snapshot before; the interval after a gap */
  bool gap;    /* no snapshot before, or too long ago: rates are unknown */
  bool interval_changed;      /* since the snapshot before: votes start again */
  double value[SIGNAL_COUNT]; /* counters as events a second */
  double listeners;           /* listening sockets */
  uint32_t sent; /* bit (1 << signal): it came, if only as NAN: not looked at */
  struct snapshot_queue syn_queue, accept_queue;
  char top_source[SNAPSHOT_ADDRESS_MAX];
  struct snapshot_queue held;
  char held_source[SNAPSHOT_ADDRESS_MAX];
};

void snapshot_take_mark(const struct snapshot *snapshot,
                        struct snapshot_mark *out);

/* before: of the host's previous snapshot, NULL or have 0: none. A counter that
 * went backwards or is missing on either side has an unknown rate. */
void snapshot_observe(const struct snapshot_mark *before,
                      const struct snapshot *snapshot, struct observation *out);

/* One value of plugin tcpstates, instance all. Strings are not kept. */
struct hosts_value {
  const char *host;
  enum signal signal;
  double time_s, interval_s; /* the sender's clock */
  double now_s;              /* the receiver's clock */
  bool is_rate;              /* a counter given as events a second */
  union snapshot_value value;
  uint16_t port; /* of this listener alone; 0: of the host */
  const char *listener, *top_source; /* NULL: not said */
  int64_t backlog, others; /* the listener's; see snapshot_queue; 0: not said */
};

/* A snapshot that is being put together. */
struct snapshot_gathering {
  struct snapshot_gathering *next; /* in the pool */
  double first_now_s, last_now_s;  /* the receiver's clock */
  uint32_t of_ports;               /* values of listeners that have come */
  struct snapshot snapshot;
};

/* Gatherings that no host uses now: there are as many as were ever needed at a
 * time. All zeros at the beginning. */
struct snapshot_pool {
  struct snapshot_gathering *free;
};

struct snapshot_gather {
  struct snapshot_gathering *older, *newer; /* NULL: none; owned */
  uint32_t expected;    /* the values that make a snapshot complete */
  uint32_t came;        /* those of the last snapshot */
  uint32_t of_ports[2]; /* values of listeners that came with the last one; [1]:
                           that had half-open connections counted */
  uint32_t rare, rare_before; /* that come in some only and are waited for */
  uint8_t rare_age;           /* snapshots since rare_before was set */
  bool overdue;       /* older is to be taken as it is: a third time came */
  uint8_t late_run;   /* times came late in a row: the clock was set back */
  double late_time_s; /* of the last late value that counted, */
  double late_now_s;  /* and the receiver's clock then */
};

/* have: the values of the host's last snapshot; 0: not known yet. */
void snapshot_gather_init(struct snapshot_gather *gather, uint32_t have);

/* Give its gatherings back; and free those that were given back. */
void snapshot_gather_release(struct snapshot_gather *gather,
                             struct snapshot_pool *pool);
void snapshot_pool_free(struct snapshot_pool *pool);

/* Take in one value. last: the last snapshot that was taken, have 0 for none;
 * it is made void when the sender's clock was set back. Returns 0; -EAGAIN
 * when snapshot_gather_take must come first; -ESTALE for a value too late or
 * twice; -ENOMEM. */
int snapshot_gather_put(struct snapshot_gather *gather,
                        struct snapshot_pool *pool, struct snapshot_stamp *last,
                        const struct hosts_value *value);

/* How many sockets listen, of that time: kept when a snapshot of it is being
 * gathered, as no snapshot waits for it. */
void snapshot_gather_put_listeners(struct snapshot_gather *gather,
                                   double time_s, double listeners);

/* So many values of listeners have come of that time: as many as with the last
 * snapshot are waited for, too. */
void snapshot_gather_put_ports(struct snapshot_gather *gather, double time_s,
                               uint32_t count);

/* One came after its snapshot, the last, was taken: one more is waited for. */
void snapshot_gather_late_port(struct snapshot_gather *gather,
                               const struct snapshot_stamp *last,
                               double time_s);

/* Whether the older snapshot is to be judged now: it is complete; or nothing
 * has come for half an interval and a later one is there (complete, or begun a
 * quarter of an interval ago); or it is two intervals old. A sender that fills
 * its packets holds the rest of a reading back until the next one: so what is
 * missing is waited for, also in a host's first snapshot, when it may be that
 * there is no more to come. now_s: the receiver's clock. */
bool snapshot_gather_ready(const struct snapshot_gather *gather, double now_s);

/* Take the older snapshot out, into *last; it is ready, or forced to be.
 * Returns the receiver's clock at its last value. */
double snapshot_gather_take(struct snapshot_gather *gather,
                            struct snapshot_pool *pool, struct snapshot *last);

/* The receiver's clock at the last value of a snapshot that was taken, at
 * taken_s, or is being gathered. */
double snapshot_gather_heard(const struct snapshot_gather *gather,
                             double taken_s);

/* The receiver's clock has been set by step_s, to now_s. */
void snapshot_gather_follow_clock(struct snapshot_gather *gather, double step_s,
                                  double now_s);

/* Whether a value can be of that time and interval: above 0, the time no more
 * than collectd's own can hold, so that nothing that is learned overflows; the
 * interval no more than a week and than max_age_s: who is heard more rarely is
 * forgotten in between. */
bool snapshot_time_is_possible(double time_s, double interval_s,
                               double max_age_s);

/* When something was seen last, by a clock that has been set by step_s and is
 * at now_s: so long ago as before. What came between the step and now is by the
 * new clock already, and stays: it is never long ago for the step alone, nor
 * after now. */
double snapshot_follow_clock(double seen_s, double step_s, double now_s);

#endif
