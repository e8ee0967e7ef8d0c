/* A keeper with an engine to save and a folder of its own, for its tests. */
#ifndef TESTS_BASELINE_KEPT_ENGINE_H
#define TESTS_BASELINE_KEPT_ENGINE_H

#include "baseline/keeper.h"
#include "fake_collectd.h"
#include "fake_heard.h"
#include "held_locks.h"

#include <check.h>

struct kept_engine {
  char folder[64];
  struct rules rules;
  pthread_mutex_t lock;
  struct engine *engine;
  struct hosts *hosts; /* the engine's */
  struct series *series;
  struct keeper *keeper;
  size_t size_max;
  bool only_loads;
  bool records;           /* incidents, too: */
  struct record *record;  /* NULL: none are recorded */
  double last_s;          /* the time of the last snapshot */
  size_t raised, cleared; /* of syn_flood, since the last start */
};
extern struct kept_engine kept;

/* A folder, the default rules with the file "state" in it, and a keeper. */
void kept_setup(void);
void kept_teardown(void);

/* End it; start again with an empty engine at that time, by kept.rules, which
 * may be changed only between the two. */
void kept_stop(void);
void kept_start(double now_s);
void kept_restart(double now_s);

/* `count` snapshots of a small host, ten seconds apart, number `from` the
 * first; each with so many cookies sent and none returned. Any thread. */
void kept_feed(const char *host, int from, int count, int cookies);

double kept_now_s(void);
double kept_clock_s(void);
void kept_pause(double seconds);

#endif
