/* The trace of a judgement and the judgement, over random hosts: what is
 * printed as the reason is the reason. */
#include "random_reading.h"
#include "verdict/judge.h"

#include <check.h>
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

static bool compares(const struct trace_test *test) {
  switch (test->relation) {
  case TRACE_ABOVE:
    return test->figure > test->limit;
  case TRACE_AT_LEAST:
    return test->figure >= test->limit;
  case TRACE_BELOW:
    return test->figure < test->limit;
  case TRACE_AT_MOST:
    return test->figure <= test->limit;
  default:
    return test->met;
  }
}

/* A rule by itself: holds where no group is without a choice that holds. */
static bool holds(const struct trace_rule *rule,
                  const struct trace_test *tests) {
  for (int group = 0; group < 16; group++) {
    bool any = false, there = false;
    for (int choice = 0; choice < 16; choice++) {
      bool all = true, used = false;
      for (size_t i = 0; i < rule->terms_len; i++) {
        const struct trace_term *term = &rule->terms[i];
        if (term->group != group || term->choice != choice)
          continue;
        used = true;
        all = all && tests[term->test].met != term->unless;
      }
      there = there || used;
      any = any || (used && all);
    }
    if (there && !any)
      return false;
  }
  return true;
}

static void assert_sound(const struct trace_test *tests, int len,
                         const struct trace_rule *table) {
  for (int i = 0; i < len; i++) {
    if (table[i].terms_len == 0)
      continue;
    MUST(tests[i].relation == TRACE_RULE);
    MUST(tests[i].met == holds(&table[i], tests));
    for (size_t k = 0; k < table[i].terms_len; k++) {
      int term = table[i].terms[k].test;
      MUST(compares(&tests[term]) == tests[term].met);
    }
  }
}

/* What changed is what the tests say must change. */
static void assert_decides(const struct finding *finding, bool evidence,
                           bool failure, bool calm) {
  changes[finding->change]++;
  if (finding->change == INCIDENT_RAISED)
    MUST(evidence);
  if (finding->change == INCIDENT_WORSENED)
    MUST(failure);
  if (finding->change == INCIDENT_CLEARED)
    MUST(calm && !evidence);
}

static void assert_flood(double learnt) {
  const struct finding *finding = &out.finding[INCIDENT_SYN_FLOOD];
  const struct trace_test *test = trace.syn_flood;
  uint32_t bits = 0;
  if (!finding->judged)
    return;
  assert_sound(test, FLOOD_TESTS, syn_flood_trace_rules);
  bits |= test[FLOOD_EXCESS].met ? SYN_FLOOD_EXCESS : 0u;
  bits |= test[FLOOD_COOKIES].met ? SYN_FLOOD_COOKIES : 0u;
  bits |= test[FLOOD_FULL_QUEUE].met ? SYN_FLOOD_FULL_QUEUE : 0u;
  bits |= test[FLOOD_COLLAPSE].met ? SYN_FLOOD_COLLAPSE : 0u;
  bits |= test[FLOOD_RESETS].met ? SYN_FLOOD_RESETS : 0u;
  bits |= test[FLOOD_ENTROPY].met ? SYN_FLOOD_ENTROPY : 0u;
  MUST(finding->evidence == bits);
  MUST(test[FLOOD_EVIDENCE].met ==
       ((bits & ~(unsigned)SYN_FLOOD_ENTROPY) != 0));
  assert_decides(finding, test[FLOOD_EVIDENCE].met, test[FLOOD_FAILURE].met,
                 test[FLOOD_CALM].met);
  if (finding->change == INCIDENT_UNCHANGED && test[FLOOD_CERTAIN].met)
    MUST(finding->severity != SEVERITY_OKAY);
  MUST(judge.syn_flood.model.learnt ==
       (test[FLOOD_FROZEN].met ? learnt : learnt + 1));
}

static void assert_explained(enum incident_kind kind,
                             const struct explained_trace *is,
                             const struct trace_rule *table) {
  const struct finding *finding = &out.finding[kind];
  if (!finding->judged)
    return;
  assert_sound(is->test, EXPLAINED_TESTS, table);
  MUST(finding->evidence == is->test[EXPLAINED_EVIDENCE].met);
  assert_decides(finding, is->test[EXPLAINED_EVIDENCE].met,
                 is->test[EXPLAINED_FAILURE].met, is->test[EXPLAINED_CALM].met);
}

static void assert_level(enum incident_kind kind, const struct level_trace *is,
                         const struct trace_rule *table) {
  const struct finding *finding = &out.finding[kind];
  if (!finding->judged)
    return;
  assert_sound(is->test, LEVEL_TESTS, table);
  MUST(finding->evidence == is->test[LEVEL_EVIDENCE].met);
  /* In timewait sockets near the limit may be usual, and then it is calm. */
  assert_decides(finding, is->test[LEVEL_EVIDENCE].met,
                 kind == INCIDENT_STATE_SHIFT ? false
                                              : is->test[LEVEL_FAILURE].met,
                 is->test[LEVEL_CALM].met);
}

static void assert_accept(void) {
  const struct finding *finding = &out.finding[INCIDENT_ACCEPT_OVERFLOW];
  const struct trace_test *test = trace.accept_overflow;
  if (!finding->judged)
    return;
  assert_sound(test, ACCEPT_TESTS, accept_overflow_rules);
  MUST(finding->evidence == test[ACCEPT_OVERFLOWS].met);
  assert_decides(finding, test[ACCEPT_EVIDENCE].met, test[ACCEPT_FAILURE].met,
                 test[ACCEPT_CALM].met);
}

START_TEST(what_the_trace_says_is_what_was_decided) {
  random_host_init(&host, (uint64_t)_i);
  memset(changes, 0, sizeof(changes));
  for (int i = 0; i < READINGS; i++) {
    double learnt = judge.syn_flood.model.learnt;
    step();
    bool adopted = judge.syn_flood.model.learnt != learnt &&
                   trace.syn_flood[FLOOD_LONG_FROZEN].met;
    assert_flood(adopted ? judge.syn_flood.model.learnt : learnt);
    assert_accept();
    assert_explained(INCIDENT_OUTBOUND_STALL, &trace.outbound_stall,
                     explained_outbound_rules);
    assert_explained(INCIDENT_CLOSE_WAIT_LEAK, &trace.close_wait_leak,
                     explained_leak_rules);
    assert_level(INCIDENT_TIME_WAIT_PRESSURE, &trace.time_wait_pressure,
                 level_pressure_rules);
    assert_level(INCIDENT_STATE_SHIFT, &trace.state_shift, level_shift_rules);
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

int main(void) {
  Suite *suite = suite_create("judge_trace");
  TCase *tcase = tcase_create("trace");
  tcase_set_timeout(tcase, 30);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_loop_test(tcase, what_the_trace_says_is_what_was_decided, 0, HOSTS);
  tcase_add_test(tcase, looking_changes_nothing);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
