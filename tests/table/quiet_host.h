/* A quiet host for the tests of walk_plan: what its kernel counts, and what a
 * full dump of it shows. Included by one test program at a time. */
#ifndef TESTS_TABLE_QUIET_HOST_H
#define TESTS_TABLE_QUIET_HOST_H

#include "table/walk.h"

#include <check.h>
#include <string.h>

enum { VERIFY_EVERY = 4 };

static struct walk_plan plan;
static struct reading *reading;
static struct kernel_counters before, after;

static inline void set(struct kernel_counters *counters,
                       enum kernel_counter counter, int64_t value) {
  counters->value[counter] = value;
  counters->known[counter] = true;
}

static inline void set_both(enum kernel_counter counter, int64_t value) {
  set(&before, counter, value);
  set(&after, counter, value);
}

/* A quiet host: 100 ESTABLISHED, 10 CLOSE_WAIT, 50 TIME_WAIT, 5 FIN_WAIT2 of
 * which 3 are mini-sockets; the counters of a kernel that counts CLOSE_WAIT. */
static inline void setup(void) {
  walk_plan_init(&plan, VERIFY_EVERY);
  reading = reading_create(NULL, 0);
  reading->total[TCP_STATE_ESTABLISHED] = 100;
  reading->total[TCP_STATE_CLOSE_WAIT] = 10;
  reading->total[TCP_STATE_TIME_WAIT] = 50;
  reading->total[TCP_STATE_FIN_WAIT2] = 5;
  reading->timewait_fin_wait2 = 3;
  memset(&before, 0, sizeof(before));
  memset(&after, 0, sizeof(after));
  set_both(COUNTER_PASSIVE_OPENS, 1000);
  set_both(COUNTER_ACTIVE_OPENS, 500);
  set_both(COUNTER_CURR_ESTAB, 110);
  set_both(COUNTER_TIMEWAIT, 53);
}

static inline void teardown(void) { reading_destroy(reading); }

static inline void verify(void) {
  walk_plan_verify(&plan, reading, &before, &after);
}

/* The totals of a filtered walk: what it did not ask for is 0. */
static inline bool apply(uint64_t close_wait, uint64_t timewait_fin_wait2) {
  memset(reading->total, 0, sizeof(reading->total));
  reading->total[TCP_STATE_CLOSE_WAIT] = close_wait;
  reading->timewait_fin_wait2 = timewait_fin_wait2;
  reading->by_family = true;
  return walk_plan_apply(&plan, reading, &after);
}

static inline void assert_rule(enum walk_rule rule, bool close_wait_seen) {
  ck_assert_int_eq(plan.rule, rule);
  ck_assert_int_eq(plan.close_wait_seen, close_wait_seen);
}

#endif
