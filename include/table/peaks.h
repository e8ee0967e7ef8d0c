/* The largest values since the last reading, of looks in between. Pure. */
#ifndef TABLE_PEAKS_H
#define TABLE_PEAKS_H

#include "table/kernel_counters.h"
#include "table/reading.h"

struct peaks {
  double half_open, aged;         /* sockets; NAN: nobody looked */
  double syn_queue, accept_queue; /* the fullest one, percent */
  struct listener at;             /* the fullest SYN queue's, ... */
  uint64_t syn_entries;           /* its entries; 0: none */
  double syn_max;                 /* and its maximum; NAN unknown */
};

void peaks_clear(struct peaks *peaks);

/* reading: finished; what it does not know changes nothing. counters: the
 * limits of the queues. */
void peaks_add(struct peaks *peaks, const struct reading *reading,
               const struct kernel_counters *counters);

#endif
