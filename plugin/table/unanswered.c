/* Timer expiries and the counter TCPSynRetrans -> how many half-open entries
 * can be unanswered. Touches nothing but its arguments.
 *
 * An unanswered entry's timer expires 1, 3, 7, 15 ... s after its SYN, and each
 * time the SYN-ACK is sent again. One that has expired n times did so the last
 * time within 2^n s and all n times within 2^(n+1) - 2 s: of the entries with n
 * expiries or fewer no more are unanswered than SYN-ACKs were sent again in the
 * former time, and they cost n each of those sent in the latter. Taking those
 * with the fewest expiries first gives the most entries that both allow.
 *
 * Source: reqsk_timer_handler() and syn_ack_recalc() in
 * net/ipv4/inet_connection_sock.c, tcp_rtx_synack() in net/ipv4/tcp_output.c,
 * get_openreq4() in net/ipv4/tcp_ipv4.c, all of the kernel. */
#include "table/unanswered.h"

#include <math.h>

/* Samples closer together say little more. */
static const double spacing_s = 0.9;

/* The kernel's timers are late by up to an eighth (its timer wheel), and by
 * half a second where one timer serves all entries of a listener (Linux 3). */
static const double late_ratio = 1.125, late_s = 0.6;

static const int retries_default = 5; /* net.ipv4.tcp_synack_retries */

void unanswered_note(struct unanswered *unanswered, double time_s,
                     const struct kernel_counters *counters) {
  unsigned last =
      (unanswered->next + UNANSWERED_SAMPLES - 1) % UNANSWERED_SAMPLES;
  if (!counters->known[COUNTER_SYN_RETRANS] ||
      (unanswered->len > 0 &&
       time_s - unanswered->samples[last].time_s < spacing_s))
    return;
  unanswered->samples[unanswered->next].time_s = time_s;
  unanswered->samples[unanswered->next].sent_again =
      counters->value[COUNTER_SYN_RETRANS];
  unanswered->next = (unanswered->next + 1) % UNANSWERED_SAMPLES;
  if (unanswered->len < UNANSWERED_SAMPLES)
    unanswered->len++;
}

/* How many SYN-ACKs were sent again in the window_s before time_s, at most: if
 * there is no sample from before, all there ever were. A counter that began
 * anew gives more than there can be entries. */
static double sent_again(const struct unanswered *unanswered, double time_s,
                         const struct kernel_counters *counters,
                         double window_s) {
  double from_s = time_s - window_s * late_ratio - late_s;
  uint64_t before = 0;
  for (unsigned back = 1; back <= unanswered->len; back++) {
    unsigned at =
        (unanswered->next + UNANSWERED_SAMPLES - back) % UNANSWERED_SAMPLES;
    if (unanswered->samples[at].time_s > from_s)
      continue;
    before = (uint64_t)unanswered->samples[at].sent_again;
    break;
  }
  return (double)((uint64_t)counters->value[COUNTER_SYN_RETRANS] - before);
}

uint64_t unanswered_most(const struct unanswered *unanswered, double time_s,
                         const struct kernel_counters *counters,
                         const struct reading *reading) {
  double entries = 0, cost = 0;
  if (!counters->known[COUNTER_SYN_RETRANS])
    return UINT64_MAX;
  for (int n = 1; n <= READING_EXPIRIES_MAX; n++) {
    double last = sent_again(unanswered, time_s, counters, ldexp(1, n));
    double all = sent_again(unanswered, time_s, counters, ldexp(1, n + 1) - 2);
    double most = (double)reading->expiries[n];
    most = fmin(most, last - entries);
    /* The last kind holds entries that expired more often, too. */
    if (n < READING_EXPIRIES_MAX)
      most = fmin(most, floor((all - cost) / n));
    most = fmax(most, 0);
    entries += most;
    cost += n * most;
  }
  return (uint64_t)entries;
}

/* The SYN-ACK is last sent again 2^retries s before the entry expires. */
uint64_t unanswered_most_of_cohorts(const struct unanswered *unanswered,
                                    double time_s,
                                    const struct kernel_counters *counters,
                                    const struct reading *reading) {
  uint64_t aged = reading->aged[TCP_IPV4] + reading->aged[TCP_IPV6];
  int retries = retries_default;
  if (!counters->known[COUNTER_SYN_RETRANS] || reading->deferred_aged == 0)
    return UINT64_MAX;
  if (counters->known[COUNTER_SYNACK_RETRIES])
    retries = (int)fmin((double)counters->value[COUNTER_SYNACK_RETRIES],
                        READING_EXPIRIES_MAX);
  double most =
      fmin((double)reading->deferred_aged,
           sent_again(unanswered, time_s, counters, ldexp(1, retries)));
  return aged - reading->deferred_aged + (uint64_t)most;
}
