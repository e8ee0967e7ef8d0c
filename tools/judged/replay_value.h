/* Recorded values in the judgement's terms. */
#ifndef TOOLS_JUDGED_REPLAY_VALUE_H
#define TOOLS_JUDGED_REPLAY_VALUE_H

#include "history/history.h"
#include "verdict/hosts.h"
#include "verdict/series.h"

/* The receiver's clock of a replay. It goes as the values' times go, stands
 * still for one that is a little late, and goes on by an interval where the
 * sender's clock was set back. */
struct replay_clock {
  double time_s; /* of the newest value; 0 before the first */
  double now_s;
};

/* A value has come. Returns whether the clock has moved. */
bool replay_clock_move(struct replay_clock *clock,
                       const struct history_value *value);

struct series_name replay_series_name(const struct history_series *series);

/* now_s: the receiver's clock. */
struct series_value replay_series_value(const struct history_value *value,
                                        double now_s);

struct hosts_value replay_watch_value(const struct history_value *value,
                                      enum signal signal, double now_s);

#endif
