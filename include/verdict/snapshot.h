/* The values that belong to one host and one instant, and what they say when
 * held against the snapshot before: rates instead of counters. */
#ifndef VERDICT_SNAPSHOT_H
#define VERDICT_SNAPSHOT_H

#include "verdict/signals.h"

#include <stdbool.h>
#include <stdint.h>

enum { SNAPSHOT_ADDRESS_MAX = 64 };

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
  double listeners; /* listening sockets, where known; not saved */
  bool listeners_known;
};

/* What of a snapshot the next one is held against. have 0: there is none. */
struct snapshot_mark {
  double time_s, interval_s;
  uint32_t have, rates;
  int64_t counter[SIGNAL_COUNT - SIGNAL_FIRST_COUNTER]; /* 0: none, or a rate */
};

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
};

void snapshot_take_mark(const struct snapshot *snapshot,
                        struct snapshot_mark *out);

/* before: of the host's previous snapshot, NULL or have 0: none. A counter that
 * went backwards or is missing on either side has an unknown rate. */
void snapshot_observe(const struct snapshot_mark *before,
                      const struct snapshot *snapshot, struct observation *out);

#endif
