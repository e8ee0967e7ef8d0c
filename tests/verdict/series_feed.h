/* Watched series in front of their baseline: one <Watch>, values in time, and
 * what came of them. For tests; included by one program at a time. */
#ifndef TESTS_VERDICT_SERIES_FEED_H
#define TESTS_VERDICT_SERIES_FEED_H

#include "scenes/random_load.h"
#include "verdict/series.h"

#include <check.h>
#include <errno.h>
#include <string.h>

enum { START_S = 1699920000, HOUR_S = 3600, DAY_S = 86400 }; /* a midnight */

static struct random_load random_;
static struct rules rules;
static struct series_rules *watch;
static struct series *series;
static struct series_judgement got;
static struct series_value next;
static struct series_name name;
static int changes[INCIDENT_REMINDED + 1];

/* A gauge "h/p/gauge-x" every ten seconds. */
static inline void setup(void) {
  struct rules_block block;
  char error[RULES_ERROR_MAX];
  random_.state = 1;
  rules_defaults(&rules);
  ck_assert_int_eq(rules_open(&rules, "Watch", "w", &block, error), 0);
  watch = &rules.series[block.index];
  series = series_create(&rules);
  name = (struct series_name){"h", "p", "", "gauge", "x", ""};
  next = (struct series_value){
      .kind = SERIES_GAUGE, .time_s = START_S, .interval_s = 10};
  memset(changes, 0, sizeof(changes));
}

static inline void teardown(void) { series_destroy(series); }

/* Put next, and go on by its interval. Returns what series_put said. */
static inline int step(void) {
  next.now_s = next.time_s;
  int rc = series_put(series, watch, &name, &next, &got);
  if (rc == 0)
    changes[got.finding.change]++;
  next.time_s += next.interval_s;
  return rc;
}

static inline int put(double gauge) {
  next.gauge = gauge;
  return step();
}

/* So long values of 100 and 10 about it, or of what is given. */
static inline void run_at(double mean, double deviation, double seconds) {
  for (double end_s = next.time_s + seconds; next.time_s < end_s;)
    put(mean + deviation * random_normal(&random_));
}

static inline void run(double seconds) { run_at(100, 10, seconds); }

static inline const struct series_memory *memory_of(size_t i) {
  const char *identifier, *of;
  return series_at(series, i, &identifier, &of);
}

static inline void assert_changes(int raised, int cleared) {
  ck_assert_int_eq(changes[INCIDENT_RAISED], raised);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], cleared);
  ck_assert_int_eq(changes[INCIDENT_WORSENED], 0);
  ck_assert_int_eq(changes[INCIDENT_ADOPTED], 0);
  ck_assert_int_eq(changes[INCIDENT_SILENT], 0);
}

#endif
