/* The trace of a judgement and the judgement, over random hosts: what is
 * printed as the reason is the reason. */
#include "scenes/judgement_soundness.h"
#include "scenes/random_reading.h"
#include "scenes/suite.h"
#include "verdict/judge.h"

#include <stdlib.h>

enum { READINGS = 2000, HOSTS = 20 };

/* Check's own marks every assertion, which takes longer than a judgement. */
#define MUST(is) ((is) ? (void)0 : ck_abort_msg("%s", #is))

static struct rules rules;
static struct judge judge;
static struct judgement out;
static struct judge_trace trace;
static struct observation seen;
static struct random_host host;
static int changes[INCIDENT_REMINDED + 1];

static void setup(void) {
  rules_defaults(&rules);
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  judge_init(&judge);
  seen = (struct observation){
      .time_s = 1.7e9, .interval_s = 10, .dt_s = 10, .gap = true};
}

static void step(void) {
  random_host_read(&host, seen.value);
  judge_trace(&judge, &rules, &seen, &out, &trace);
  seen.time_s += 10;
  seen.gap = random_unit(&host.random) < 0.002;
}

/* A reading that is learnt counts, and one that is frozen does not. */
static void assert_learnt(double learnt) {
  bool frozen = trace.syn_flood[FLOOD_FROZEN].met;
  if (out.finding[INCIDENT_SYN_FLOOD].judged)
    MUST(judge.syn_flood.model.learnt == (frozen ? learnt : learnt + 1));
}

START_TEST(what_the_trace_says_is_what_was_decided) {
  random_host_init(&host, (uint64_t)_i);
  memset(changes, 0, sizeof(changes));
  for (int i = 0; i < READINGS; i++) {
    struct judge before = judge;
    double learnt = before.syn_flood.model.learnt;
    step();
    const char *wrong = judgement_soundness(&before, &judge, &out, &trace);
    ck_assert_msg(!wrong, "%s", wrong);
    bool adopted = judge.syn_flood.model.learnt != learnt &&
                   trace.syn_flood[FLOOD_LONG_FROZEN].met;
    assert_learnt(adopted ? judge.syn_flood.model.learnt : learnt);
    for (int k = 0; k < INCIDENT_COUNT; k++)
      changes[out.finding[k].change]++;
  }
  /* Or nothing was shown. */
  ck_assert_int_gt(changes[INCIDENT_RAISED], 3);
  ck_assert_int_gt(changes[INCIDENT_CLEARED], 1);
}
END_TEST

/* With the trace or without, the same is remembered. */
START_TEST(looking_changes_nothing) {
  struct judge unseen;
  struct judgement other;
  judge_init(&unseen);
  random_host_init(&host, 7);
  for (int i = 0; i < READINGS; i++) {
    step();
    struct observation same = out.seen;
    judge_observation(&unseen, &rules, &same, &other);
    ck_assert_mem_eq(&unseen, &judge, sizeof(judge));
  }
}
END_TEST

SUITE(judge_trace) {
  Suite *suite = suite_create("judge_trace");
  TCase *tcase = tcase_create("trace");
  tcase_set_timeout(tcase, 30);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_loop_test(tcase, what_the_trace_says_is_what_was_decided, 0, HOSTS);
  tcase_add_test(tcase, looking_changes_nothing);
  suite_add_tcase(suite, tcase);
  return suite;
}
