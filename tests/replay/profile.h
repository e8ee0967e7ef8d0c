/* Plans: which events a simulated host meets in a run of a profile. Touches
 * nothing but the list it fills. */
#ifndef REPLAY_PROFILE_H
#define REPLAY_PROFILE_H

#include "event.h"
#include "host_class.h"

struct profile_plan {
  const struct host_settings *settings;
  double days;
  struct dice *dice;
  uint64_t seed;
  struct event_list *events; /* filled */
  bool overfull;             /* set where the list had no more room */
};

/* Returns false for a name that is none, or where the list is full. */
bool profile_fill(const char *name, struct profile_plan *plan);

/* How many days a profile wants where none are given; 0 for no such name. */
double profile_days(const char *name);

/* The i-th name, NULL behind the last. */
const char *profile_name(int i);

#endif
