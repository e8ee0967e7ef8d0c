/* One host in front of one of its incidents: what is observed, and what
 * changed. For tests; included by one program at a time. */
#ifndef TESTS_SCENES_OBSERVED_HOST_H
#define TESTS_SCENES_OBSERVED_HOST_H

#include "random_load.h"
#include "verdict/incidents/incident.h"
#include "verdict/snapshot.h"

#include <check.h>
#include <string.h>

enum { HOUR_S = 3600, DAY_S = 86400 };

static struct random_load random_;
static struct rules rules;
static struct observation seen;
static struct finding finding;
static int changes[INCIDENT_REMINDED + 1];

/* Nothing is known but the time. */
static inline void host_init(void) {
  random_.state = 1;
  rules_defaults(&rules);
  seen =
      (struct observation){.time_s = 1700000000, .interval_s = 10, .dt_s = 10};
  for (int i = 0; i < SIGNAL_COUNT; i++)
    seen.value[i] = NAN;
  memset(&finding, 0xff, sizeof(finding));
  memset(changes, 0, sizeof(changes));
}

/* What was observed has been judged: count the change, and go on. */
static inline void host_judged(void) {
  if (finding.judged)
    changes[finding.change]++;
  seen.time_s += seen.dt_s;
  seen.gap = seen.interval_changed = false;
}

static inline void assert_changes(int raised, int worsened, int cleared) {
  ck_assert_int_eq(changes[INCIDENT_RAISED], raised);
  ck_assert_int_eq(changes[INCIDENT_WORSENED], worsened);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], cleared);
  ck_assert_int_eq(changes[INCIDENT_ADOPTED], 0);
  ck_assert_int_eq(changes[INCIDENT_REMINDED], 0);
}

#endif
