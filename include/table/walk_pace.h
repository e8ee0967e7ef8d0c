/* How often the tables are walked, so that walking costs no more than a share
 * of the interval: each interval, or every second, third ... one. Slow to
 * change: two dear walks in a row make walks rarer, three cheap ones more
 * frequent again. Pure. */
#ifndef TABLE_WALK_PACE_H
#define TABLE_WALK_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* At the slowest every tenth interval: a flood must not go unseen. */
enum { WALK_PACE_SLOWEST = 10 };

struct walk_pace {
  double budget_s;    /* CPU time for each interval, on average; 0 no limit */
  unsigned every;     /* walk every so many intervals; 1: each */
  unsigned since;     /* intervals since the last walk, this one included */
  unsigned dear_run;  /* walks in a row for which every is too small, */
  unsigned cheap_run; /* or larger than need be ... */
  unsigned cheap_slowest; /* ... for any of these */
  double calm_s[2];       /* a socket's cost where nothing disturbs; 0 unknown:
                             in a walk of some states, in a full dump */
};

/* budget_s: not above 0, or NAN: no limit. */
void walk_pace_init(struct walk_pace *pace, double budget_s);

/* Count an interval. Returns whether it is one to walk in; it stays one until a
 * walk succeeds. */
bool walk_pace_next(struct walk_pace *pace);

/* Of the CPU time that a walk was charged, what it cost itself. In a heavy
 * flood the kernel takes packets in while the walk runs, and many kernels
 * charge that to the walk: a socket is taken to cost little more than in the
 * cheapest walk of late. sockets: all there are. Call once a walk. */
double walk_pace_own_cost(struct walk_pace *pace, double cost_s,
                          uint64_t sockets, bool full);

/* A walk succeeded and cost so many seconds of CPU. is_usual: false for a full
 * dump that verifies the counters now and then: it does not tell what the next
 * walk costs. */
void walk_pace_walked(struct walk_pace *pace, double cost_s, bool is_usual);

#endif
