/* One host's values put together into snapshots: by their time, in any order,
 * at most two at a time. */
#ifndef VERDICT_GATHER_H
#define VERDICT_GATHER_H

#include "verdict/snapshot.h"

/* One value of plugin tcpstates, instance all. Strings are not kept. */
struct hosts_value {
  const char *host;
  enum signal signal;
  double time_s, interval_s; /* the sender's clock */
  double now_s;              /* the receiver's clock */
  bool is_rate;              /* a counter given as events a second */
  union snapshot_value value;
  const char *listener, *top_source; /* NULL: not said */
  int64_t backlog, others; /* the listener's; see snapshot_queue; 0: not said */
};

/* A snapshot that is being put together. */
struct gathering {
  struct gathering *next;         /* in the pool */
  double first_now_s, last_now_s; /* the receiver's clock */
  struct snapshot snapshot;
};

/* Gatherings that no host uses now: there are as many as were ever needed at a
 * time. All zeros at the beginning. */
struct gather_pool {
  struct gathering *free;
};

struct gather {
  struct gathering *older, *newer; /* NULL: none; owned */
  uint32_t expected;  /* the values that make a snapshot complete */
  bool overdue;       /* older is to be taken as it is: a third time came */
  uint8_t late_run;   /* times came late in a row: the clock was set back */
  double late_time_s; /* of the last late value that counted, */
  double late_now_s;  /* and the receiver's clock then */
};

/* have: the values of the host's last snapshot; 0: not known yet. */
void gather_init(struct gather *gather, uint32_t have);

/* Give its gatherings back; and free those that were given back. */
void gather_release(struct gather *gather, struct gather_pool *pool);
void gather_pool_free(struct gather_pool *pool);

/* Take in one value. last: the last snapshot that was taken, have 0 for none;
 * it is made void where the sender's clock was set back. Returns 0; -EAGAIN
 * where gather_take must come first; -ESTALE for a value too late or twice;
 * -ENOMEM. */
int gather_put(struct gather *gather, struct gather_pool *pool,
               struct snapshot *last, const struct hosts_value *value);

/* How many sockets listen, of that time: kept where a snapshot of it is being
 * gathered, as no snapshot waits for it. */
void gather_put_listeners(struct gather *gather, double time_s,
                          double listeners);

/* Whether the older snapshot is to be judged now: it is complete; or nothing
 * has come for half an interval and a later one is there (complete, or begun a
 * quarter of an interval ago); or it is two intervals old. A sender that fills
 * its packets holds the rest of a reading back until the next one: so what is
 * missing is waited for, also in a host's first snapshot, when it may be that
 * there is no more to come. now_s: the receiver's clock. */
bool gather_ready(const struct gather *gather, double now_s);

/* Take the older snapshot out, into *last; it is ready, or forced to be.
 * Returns the receiver's clock at its last value. */
double gather_take(struct gather *gather, struct gather_pool *pool,
                   struct snapshot *last);

/* The receiver's clock at the last value of a snapshot that was taken, at
 * taken_s, or is being gathered. */
double gather_heard(const struct gather *gather, double taken_s);

/* The receiver's clock has been set by step_s, to now_s. */
void gather_follow_clock(struct gather *gather, double step_s, double now_s);

#endif
