/* A host as `hosts` remembers it, reading by reading: for tests of what explain
 * reads. Included by one program at a time. */
#ifndef TESTS_TOOLS_EXPLAIN_EXPLAINED_HOST_H
#define TESTS_TOOLS_EXPLAIN_EXPLAINED_HOST_H

#include "scenes/random_load.h"
#include "verdict/hosts.h"

#include <string.h>

static struct rules rules;
static struct hosts_host kept;
static struct snapshot next;
static struct judgement judged;
static struct random_load random_;

static inline void host_init(const char *name) {
  random_.state = 5;
  rules_defaults(&rules);
  memset(&kept, 0, sizeof(kept));
  memset(&next, 0, sizeof(next));
  strcpy(kept.name, name);
  judge_init(&kept.judge);
  judge_init(&kept.before.judge);
  next.time_s = 1700000000;
  next.interval_s = 10;
}

/* All there, counters as rates; 200 connections, 20 handshakes a second. */
static inline void host_be_usual(void) {
  for (int i = 0; i < SIGNAL_COUNT; i++)
    next.value[i].gauge = 0;
  next.have = SIGNALS_ALL;
  next.rates = next.have & ~((1u << SIGNAL_FIRST_COUNTER) - 1);
  next.value[SIGNAL_ESTABLISHED].gauge = random_count(&random_, 200);
  next.value[SIGNAL_SYN_RECV].gauge = random_count(&random_, 4);
  next.value[SIGNAL_ACTIVE].gauge = 210;
  next.value[SIGNAL_PASSIVE_OPENS].gauge = random_count(&random_, 200) / 10;
  next.value[SIGNAL_STATE_ENTROPY].gauge = 0.3;
  next.value[SIGNAL_TIME_WAIT_USE].gauge = 10;
}

/* As hosts.c does it. */
static inline void host_step(void) {
  struct observation seen;
  snapshot_take_mark(&kept.last, &kept.before.last);
  kept.before.judge = kept.judge;
  kept.last = next;
  kept.seen_s = next.time_s;
  hosts_observe(&kept, &seen);
  judge_observation(&kept.judge, &rules, &seen, &judged);
  next.time_s += 10;
}

static inline void host_run(int readings) {
  for (int i = 0; i < readings; i++) {
    host_be_usual();
    host_step();
  }
}

static inline void host_flood(int readings) {
  for (int i = 0; i < readings; i++) {
    host_be_usual();
    next.value[SIGNAL_SYN_RECV].gauge = 511;
    next.value[SIGNAL_AGED].gauge = 490;
    next.value[SIGNAL_SYN_QUEUE].gauge = 100;
    next.value[SIGNAL_SYN_QUEUE_AGED].gauge = 96;
    next.value[SIGNAL_COOKIES_SENT].gauge = 1480;
    next.value[SIGNAL_COOKIES_RECEIVED].gauge = 3;
    next.value[SIGNAL_STATE_ENTROPY].gauge = 0.62;
    host_step();
  }
}

#endif
