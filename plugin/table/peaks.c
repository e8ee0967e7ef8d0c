/* Readings -> the largest of each value. Touches nothing but its arguments. */
#include "table/peaks.h"

#include "queue_fill.h"

#include <math.h>

void peaks_clear(struct peaks *peaks) {
  *peaks = (struct peaks){.half_open = NAN,
                          .aged = NAN,
                          .syn_queue = NAN,
                          .accept_queue = NAN,
                          .syn_max = NAN};
}

/* fmax() takes the other one for NAN. */
static void raise_to(double *peak, double value) { *peak = fmax(*peak, value); }

static void keep_listener(struct peaks *peaks,
                          const struct queue_fullest *queue) {
  if (queue->entries <= peaks->syn_entries)
    return;
  peaks->at = *queue->listener;
  peaks->syn_entries = queue->entries;
  peaks->syn_max = queue->max;
}

void peaks_add(struct peaks *peaks, const struct reading *reading,
               const struct kernel_counters *counters) {
  uint64_t aged = reading->aged[TCP_IPV4] + reading->aged[TCP_IPV6];
  bool never_aged = counters->known[COUNTER_SYNACK_RETRIES] &&
                    counters->value[COUNTER_SYNACK_RETRIES] == 0;
  struct queue_fill queues = queue_fill_of(reading, counters);
  if (reading_knows(reading, TCP_STATE_SYN_RECV)) {
    raise_to(&peaks->half_open, (double)reading->total[TCP_STATE_SYN_RECV]);
    raise_to(&peaks->aged,
             never_aged ? NAN : (double)reading_unanswered(reading, aged));
    raise_to(&peaks->syn_queue, queues.syn.percent);
    keep_listener(peaks, &queues.syn);
  }
  if (reading_knows(reading, TCP_STATE_LISTEN))
    raise_to(&peaks->accept_queue, queues.accept.percent);
}
