/* Whether more than one machine sends as a host: on a central server that two
 * machines with one name send to, the readings of both take turns, and a
 * difference of their counters is no rate. */
#ifndef VERDICT_MIXTURE_H
#define VERDICT_MIXTURE_H

#include "verdict/snapshot.h"

/* All zeros at the beginning. Not saved. */
struct mixture {
  bool gap;     /* the last two snapshots are too far apart */
  uint8_t hits; /* of the last snapshots, newest in bit 0 */
  bool found;
};

enum mixture_change {
  MIXTURE_NONE,
  MIXTURE_DOUBTED, /* this one may be another machine's: early, or a counter
                      went back */
  MIXTURE_BEGINS,  /* it is sure: counters went back and forth twice */
  MIXTURE_LASTS,
};

/* Look at the host's next snapshot. before: of the last one; earlier: of the
 * one before that; have 0 for none. seen: what was observed of the last and
 * this. Judge it only when the result is MIXTURE_NONE. */
enum mixture_change mixture_look(struct mixture *mixture,
                                 const struct snapshot_mark *earlier,
                                 const struct snapshot_mark *before,
                                 const struct snapshot *now,
                                 const struct observation *seen);

#endif
