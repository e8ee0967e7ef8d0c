/* Shares and sums of the counts per state, and how much they vary. The standard
 * deviation over a sliding window comes from running integer sums: exact, so
 * that nothing drifts however long it runs. Touches memory only.
 * Source: Shannon, A Mathematical Theory of Communication (1948), for the
 * entropy. */
#include "state_counts.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { STATES = TCP_STATE_END - 1, WINDOW_MAX = 4096 };

struct state_spread {
  unsigned window, len, next;
  uint64_t sum[STATES];
  uint64_t sum_of_squares[STATES];
  uint32_t counts[][STATES]; /* a ring of window readings */
};

double table_percent(double part, double whole) {
  if (isnan(part) || !(whole > 0))
    return NAN;
  return fmin(fmax(100 * part / whole, 0), 100);
}

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

struct state_spread *state_spread_create(unsigned window) {
  if (window < 2 || window > WINDOW_MAX)
    return NULL;
  struct state_spread *spread =
      calloc(1, sizeof(*spread) + window * sizeof(spread->counts[0]));
  if (spread != NULL)
    spread->window = window;
  return spread;
}

void state_spread_destroy(struct state_spread *spread) { free(spread); }

void state_spread_add(struct state_spread *spread,
                      const uint64_t total[TCP_STATE_END]) {
  uint32_t *counts = spread->counts[spread->next];
  for (int i = 0; i < STATES; i++) {
    uint64_t oldest = counts[i]; /* 0 until the ring is full */
    uint64_t count = total[i + 1];
    if (count > STATE_SPREAD_COUNT_MAX)
      count = STATE_SPREAD_COUNT_MAX;
    spread->sum[i] += count - oldest;
    spread->sum_of_squares[i] += count * count - oldest * oldest;
    counts[i] = (uint32_t)count;
  }
  spread->next = (spread->next + 1) % spread->window;
  if (spread->len < spread->window)
    spread->len++;
}

/* (squares - sum^2/n) / n with sum = quotient n + rest: what is large cancels
 * out in integers, before it becomes a double. */
static double variance(uint64_t sum, uint64_t sum_of_squares, unsigned n) {
  uint64_t quotient = sum / n, rest = sum % n;
  uint64_t around_quotient =
      sum_of_squares - n * quotient * quotient - 2 * quotient * rest;
  double below = (double)(rest * rest) / n;
  return fmax(0, ((double)around_quotient - below) / n);
}

double state_spread_value(const struct state_spread *spread) {
  double variances = 0;
  if (spread->len < 2)
    return NAN;
  for (int i = 0; i < STATES; i++)
    variances +=
        variance(spread->sum[i], spread->sum_of_squares[i], spread->len);
  return sqrt(variances / (double)STATES);
}
