/* Two snapshots of one host -> what was observed. Pure. */
#include "verdict/snapshot.h"

#include <math.h>
#include <string.h>

/* Missing one reading is no gap: the rates over two intervals are still those
 * of the load that is judged. */
static const double gap_intervals = 2.5;
/* No host has so many sockets. What a stranger sends over the network must not
 * make the models overflow, and all of the saved state unreadable with them. */
static const double value_max = 1e15;

static bool has(uint32_t bits, int signal) { return (bits >> signal & 1) != 0; }

void snapshot_take_mark(const struct snapshot *snapshot,
                        struct snapshot_mark *out) {
  uint32_t counters = snapshot->have & ~snapshot->rates;

  out->time_s = snapshot->time_s;
  out->interval_s = snapshot->interval_s;
  out->have = snapshot->have;
  out->rates = snapshot->rates;
  for (int i = SIGNAL_FIRST_COUNTER; i < SIGNAL_COUNT; i++)
    out->counter[i - SIGNAL_FIRST_COUNTER] =
        has(counters, i) ? snapshot->value[i].counter : 0;
}

static double counter_rate(const struct snapshot_mark *before,
                           const struct snapshot *now, int signal,
                           double dt_s) {
  if (!has(before->have & ~before->rates, signal))
    return NAN;
  int64_t from = before->counter[signal - SIGNAL_FIRST_COUNTER];
  int64_t to = now->value[signal].counter;
  if (from < 0 || to < from)
    return NAN;
  return (double)(to - from) / dt_s;
}

static double observe_one(const struct snapshot_mark *before,
                          const struct snapshot *now, int signal,
                          const struct observation *out) {
  if (!has(now->have, signal))
    return NAN;
  if (signal >= SIGNAL_FIRST_COUNTER && !has(now->rates, signal))
    return out->gap ? NAN : counter_rate(before, now, signal, out->dt_s);
  double value = now->value[signal].gauge;
  return value >= 0 && value <= value_max ? value : NAN;
}

void snapshot_observe(const struct snapshot_mark *before,
                      const struct snapshot *snapshot,
                      struct observation *out) {
  if (before && !before->have)
    before = NULL;
  double dt_s = before ? snapshot->time_s - before->time_s : 0;
  double interval_s = snapshot->interval_s;

  if (before)
    interval_s = fmax(interval_s, before->interval_s);
  out->interval_changed =
      before && fabs(snapshot->interval_s - before->interval_s) > 1e-3;
  out->time_s = snapshot->time_s;
  out->interval_s = snapshot->interval_s;
  out->gap = !(dt_s > 0 && dt_s <= gap_intervals * interval_s);
  out->dt_s = out->gap ? snapshot->interval_s : dt_s;
  for (int signal = 0; signal < SIGNAL_COUNT; signal++)
    out->value[signal] = observe_one(before, snapshot, signal, out);
  out->sent = snapshot->have;
  out->listeners = snapshot->listeners_known ? snapshot->listeners : NAN;
  out->syn_queue = snapshot->syn_queue;
  out->accept_queue = snapshot->accept_queue;
  memcpy(out->top_source, snapshot->top_source, sizeof(out->top_source));
}
