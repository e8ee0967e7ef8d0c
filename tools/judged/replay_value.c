/* history_value -> watch_value, series_value. Pure. */
#include "replay_value.h"

#include <math.h>

static const double late_intervals = 5;

bool replay_clock_move(struct replay_clock *clock,
                       const struct history_value *value) {
  double step_s = value->time_s - clock->time_s;

  if (step_s <= 0 && step_s >= -late_intervals * value->interval_s)
    return false;
  if (clock->time_s <= 0)
    clock->now_s = value->time_s;
  else
    clock->now_s += step_s > 0 ? step_s : value->interval_s;
  clock->time_s = value->time_s;
  return true;
}

struct series_name replay_series_name(const struct history_series *series) {
  return (struct series_name){
      series->host, series->plugin,        series->plugin_instance,
      series->type, series->type_instance, series->source};
}

struct series_value replay_series_value(const struct history_value *value,
                                        double now_s) {
  struct series_value out = {
      .kind = SERIES_GAUGE,
      .gauge = value->number,
      .time_s = value->time_s,
      .interval_s = value->interval_s,
      .now_s = now_s,
  };

  if (value->kind == HISTORY_COUNTER) {
    out.kind = SERIES_COUNTER;
    out.counter = value->counter;
  } else if (value->kind == HISTORY_RATE) {
    out.kind = SERIES_RATE;
  }
  return out;
}

struct hosts_value replay_watch_value(const struct history_value *value,
                                      enum signal signal, double now_s) {
  bool is_counter = signal >= SIGNAL_FIRST_COUNTER;
  struct hosts_value out = {
      .host = value->series->host,
      .signal = signal,
      .time_s = value->time_s,
      .interval_s = value->interval_s,
      .now_s = now_s,
      .is_rate = is_counter && value->kind != HISTORY_COUNTER,
      .value = {.gauge = value->number},
  };

  if (is_counter && !out.is_rate)
    out.value.counter = value->counter;
  return out;
}
