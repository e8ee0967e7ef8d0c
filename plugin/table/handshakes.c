/* Differences of the kernel's counters -> shares of handshakes. Touches nothing
 * but its arguments. Source: tcp_create_openreq_child(), tcp_check_req() and
 * tcp_conn_request() of the kernel, for what counts when. */
#include "table/handshakes.h"
#include "table/metrics.h"
#include "table/percent.h"

#include <math.h>

static bool known(const struct handshakes *last,
                  const struct kernel_counters *now,
                  enum kernel_counter counter) {
  return last->counters.known[counter] && now->known[counter];
}

/* Increase since the last reading; NAN where the counter went backwards. */
static double increase(const struct handshakes *last,
                       const struct kernel_counters *now,
                       enum kernel_counter counter) {
  uint64_t step =
      (uint64_t)now->value[counter] - (uint64_t)last->counters.value[counter];
  return step <= INT64_MAX ? (double)step : NAN;
}

/* A kernel that does not have the counter adds nothing. */
static double increase_if_known(const struct handshakes *last,
                                const struct kernel_counters *now,
                                enum kernel_counter counter) {
  return known(last, now, counter) ? increase(last, now, counter) : 0;
}

/* Not fmax(), which would make a number of NAN. */
static double not_below_0(double value) { return value < 0 ? 0 : value; }

static double cookies_unreturned(const struct handshakes *last,
                                 const struct kernel_counters *now) {
  if (!known(last, now, COUNTER_SYNCOOKIES_SENT) ||
      !known(last, now, COUNTER_SYNCOOKIES_RECV))
    return 0;
  return not_below_0(increase(last, now, COUNTER_SYNCOOKIES_SENT) -
                     increase(last, now, COUNTER_SYNCOOKIES_RECV));
}

static double failures(const struct handshakes *last,
                       const struct kernel_counters *now, double aged) {
  double newly_aged = isnan(aged) || isnan(last->aged) ? 0 : aged - last->aged;
  return increase_if_known(last, now, COUNTER_EMBRYONIC_RSTS) +
         increase_if_known(last, now, COUNTER_REQ_Q_FULL_DROP) +
         cookies_unreturned(last, now) + not_below_0(newly_aged);
}

struct handshake_shares
handshakes_advance(struct handshakes *last,
                   const struct kernel_counters *counters, double aged) {
  struct handshake_shares shares = {NAN, NAN};
  if (known(last, counters, COUNTER_PASSIVE_OPENS)) {
    double passive = increase(last, counters, COUNTER_PASSIVE_OPENS);
    shares.completed =
        percent_of(passive, passive + failures(last, counters, aged));
    if (known(last, counters, COUNTER_ACTIVE_OPENS))
      shares.inbound = percent_of(
          passive, passive + increase(last, counters, COUNTER_ACTIVE_OPENS));
  }
  *last = (struct handshakes){.counters = *counters, .aged = aged};
  return shares;
}
