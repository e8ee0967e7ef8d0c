/* The half-open entries by the BPF program: load it, read it, compare it with
 * walks. It is given up for good where it is refused or wrong, and for a while
 * where memory or files are short. Private to the room io. */
#ifndef IO_HALF_OPEN_H
#define IO_HALF_OPEN_H

#include "listener_probe.h"
#include "table/probe_trust.h"
#include "table/reading.h"

/* All zeros: not used. */
struct half_open {
  struct listener_probe *probe; /* owned; NULL: walks count */
  struct probe_trust trust;
  int error;          /* why it is not used; 0 it is, or was never wanted */
  const char *failed; /* the call; static */
  unsigned pause;     /* readings left until it is loaded again; 0: it is not */
  bool wants_syns;
  uint64_t syns_total, syns_sum; /* received so far; of the last look */
};

/* Load the program. count_syns: SYNs, too. If that fails, error and failed say
 * why. */
void half_open_begin(struct half_open *half_open, bool count_syns);
void half_open_end(struct half_open *half_open);

/* Once a reading, before it: load the program again if a shortage has had time
 * to pass. */
void half_open_resume(struct half_open *half_open);

/* Whether a reading without a walk knows the half-open entries. */
bool half_open_counts(const struct half_open *half_open);

/* Whether it does, or will when a shortage has passed. */
bool half_open_may_count(const struct half_open *half_open);

/* Why it does not count SYNs, if it was asked to; 0: it does. */
int half_open_syns_error(const struct half_open *half_open);

/* Add the entries to a reading that has the listening sockets and no half-open
 * rows yet. Returns whether it did; if not, the reading must not be used. */
bool half_open_add(struct half_open *half_open, struct reading *reading);

/* How many entries there are now at the listening sockets of the reading, and
 * give it the SYNs. Returns whether it is known. */
bool half_open_sum(struct half_open *half_open, struct reading *reading,
                   uint64_t *sum);

/* Compare a walk that found so many rows with what the sockets counted before
 * and after it. */
void half_open_verify(struct half_open *half_open, uint64_t before,
                      uint64_t after, uint64_t walked);

#endif
