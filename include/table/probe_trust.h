/* Whether the half-open entries that listening sockets count are those that the
 * table shows. Pure. */
#ifndef TABLE_PROBE_TRUST_H
#define TABLE_PROBE_TRUST_H

#include <stdbool.h>
#include <stdint.h>

enum { PROBE_TRUST_RUN = 10 };

/* All zeros at the beginning: trusted until a walk contradicts. */
struct probe_trust {
  unsigned contradicted; /* walks in a row that did */
  bool lost;             /* for good: PROBE_TRUST_RUN of them did */
};

/* before and after: what the listening sockets counted around a walk; walked:
 * the rows that it found. Entries that came and went meanwhile are allowed for.
 */
void probe_trust_verify(struct probe_trust *trust, uint64_t before,
                        uint64_t after, uint64_t walked);

/* Whether the counts may be used in place of a walk now. */
bool probe_trust_holds(const struct probe_trust *trust);

#endif
