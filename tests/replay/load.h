/* How much is asked of a host at a time: day, week, growth, noise. Touches
 * nothing but its own structure. */
#ifndef REPLAY_LOAD_H
#define REPLAY_LOAD_H

#include "host_class.h"

struct load {
  double minutes, hours; /* the noise's two slow parts, mean 0, sigma 1 */
};

void load_init(struct load *load, struct dice *dice);

/* The curves alone, mean 1. wall_s: seconds since a Monday's midnight. */
double load_curve(const struct load_settings *settings, double wall_s);

/* A new interval begins: handshakes a second that clients begin in it. */
double load_step(struct load *load, const struct load_settings *settings,
                 double wall_s, double length_s, struct dice *dice);

/* Handshakes of one second at that rate: visits come at random, and a visit is
 * several connections. */
int64_t load_arrivals(const struct load_settings *settings, double per_s,
                      struct dice *dice);

#endif
