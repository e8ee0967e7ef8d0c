/* Counts of listening sockets against the rows of walks. Touches nothing but
 * its arguments.
 *
 * A walk takes a while. Entries that come and go during it change what it
 * finds, in either direction, so one walk proves little; but a count that is
 * wrong is wrong each time. Entries of a listener that was closed are rows of
 * no listening socket: they expire within a minute. */
#include "table/probe_trust.h"

static const uint64_t slack = 16;

static uint64_t distance(uint64_t low, uint64_t high, uint64_t value) {
  if (value < low)
    return low - value;
  return value > high ? value - high : 0;
}

void probe_trust_verify(struct probe_trust *trust, uint64_t before,
                        uint64_t after, uint64_t walked) {
  uint64_t low = before < after ? before : after;
  uint64_t high = before < after ? after : before;
  if (trust->lost)
    return;
  if (distance(low, high, walked) <= slack + high / 4)
    trust->contradicted = 0;
  else
    trust->lost = ++trust->contradicted >= PROBE_TRUST_RUN;
}

bool probe_trust_holds(const struct probe_trust *trust) {
  return !trust->lost && trust->contradicted == 0;
}
