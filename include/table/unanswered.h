/* How many half-open entries can be unanswered if the table does not show it.
 * /proc shows how often an entry's timer expired, and that goes on for clients
 * that have answered and wait behind TCP_DEFER_ACCEPT; the kernel's counter
 * TCPSynRetrans rises only where a SYN-ACK was sent again (or a SYN of ours).
 * Netlink shows the latter for each entry and does not need this. */
#ifndef TABLE_UNANSWERED_H
#define TABLE_UNANSWERED_H

#include "table/kernel_counters.h"
#include "table/reading.h"

enum { UNANSWERED_SAMPLES = 160 };

/* The counter over the last two minutes and more. All zeros at the beginning.
 */
struct unanswered {
  struct {
    double time_s;
    int64_t sent_again;
  } samples[UNANSWERED_SAMPLES]; /* a ring */
  unsigned len, next;
};

/* Add what was read. time_s: of a steady clock, after the counters were read.
 * If the counter is not known, nothing happens. */
void unanswered_note(struct unanswered *unanswered, double time_s,
                     const struct kernel_counters *counters);

/* How many entries of a reading can be unanswered, at most. time_s: before its
 * tables were read; counters: read after them. UINT64_MAX if that cannot be
 * known. In a flood that nobody answers it is never below the number of aged
 * entries. */
uint64_t unanswered_most(const struct unanswered *unanswered, double time_s,
                         const struct kernel_counters *counters,
                         const struct reading *reading);

/* The same of a reading made of cohorts: the aged entries of listeners without
 * TCP_DEFER_ACCEPT, which are all unanswered, and of the others as many as
 * SYN-ACKs were sent again while an entry lives. */
uint64_t unanswered_most_of_cohorts(const struct unanswered *unanswered,
                                    double time_s,
                                    const struct kernel_counters *counters,
                                    const struct reading *reading);

#endif
