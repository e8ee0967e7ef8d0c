/* What counts per state come to together. Touches nothing but its arguments.
 * Source: Shannon, A Mathematical Theory of Communication (1948), for the
 * entropy. */
#include "table/state_counts.h"

#include <math.h>
#include <stdbool.h>

static bool is_active(int state) {
  return state != TCP_STATE_LISTEN && state != TCP_STATE_CLOSED &&
         state != TCP_STATE_TIME_WAIT;
}

double state_counts_of(const struct state_counts *counts, int state) {
  return counts->known >> state & 1 ? (double)counts->total[state] : NAN;
}

double state_counts_active(const struct state_counts *counts) {
  double active = 0;
  for (int state = 1; state < TCP_STATE_END; state++)
    active += is_active(state) ? state_counts_of(counts, state) : 0;
  return active;
}

double state_counts_entropy(const uint64_t total[TCP_STATE_END]) {
  const struct state_counts counts = {total, UINT32_MAX};
  double active = state_counts_active(&counts), bits = 0;
  int states = 0;
  if (!(active > 0))
    return NAN;
  for (int state = 1; state < TCP_STATE_END; state++) {
    if (!is_active(state))
      continue;
    states++;
    double share = (double)total[state] / active;
    bits -= share > 0 ? share * log2(share) : 0;
  }
  return fmax(bits, 0) / log2(states);
}
