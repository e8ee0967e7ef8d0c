/* Whether a full dump confirms the counters. */
#include "quiet_host.h"
#include "scenes/suite.h"

START_TEST(a_kernel_that_counts_close_wait_is_recognised) {
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, true);
  ck_assert(apply(7, 2));
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 110 - 7);
  ck_assert_uint_eq(reading->total[TCP_STATE_TIME_WAIT], 53 - 2);
  ck_assert(!reading->by_family);
}
END_TEST

START_TEST(a_kernel_that_does_not_is_recognised) {
  set_both(COUNTER_CURR_ESTAB, 100);
  verify();
  assert_rule(WALK_RULE_ESTABLISHED, true);
  ck_assert(apply(7, 2));
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 100);
}
END_TEST

START_TEST(something_in_between_is_not_trusted) {
  set_both(COUNTER_CURR_ESTAB, 105);
  verify();
  ck_assert_int_eq(plan.rule, WALK_RULE_NONE);
}
END_TEST

START_TEST(one_close_wait_tells_the_rules_apart_on_a_quiet_host) {
  reading->total[TCP_STATE_CLOSE_WAIT] = 1;
  set_both(COUNTER_CURR_ESTAB, 100);
  verify();
  assert_rule(WALK_RULE_ESTABLISHED, true);
}
END_TEST

/* Sockets that opened, were about to open or have gone during the dump. */
START_TEST(what_can_have_changed_is_allowed_for) {
  static const struct {
    int64_t passive, active, estab_step, tw_step;
    uint64_t syn_sent;
    int64_t off; /* the most that fits */
  } cases[] = {{0, 0, 0, 0, 0, 2},   {30, 0, 0, 0, 0, 32},
               {0, 30, 0, 0, 0, 32}, {0, 0, 30, 0, 0, 32},
               {0, 0, 0, 30, 0, 32}, {0, 0, 0, 0, 30, 32}};
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
    for (int64_t extra = 0; extra <= 1; extra++) {
      teardown();
      setup();
      set(&after, COUNTER_PASSIVE_OPENS, 1000 + cases[i].passive);
      set(&after, COUNTER_ACTIVE_OPENS, 500 + cases[i].active);
      set(&after, COUNTER_CURR_ESTAB, 110 + cases[i].estab_step);
      set(&after, COUNTER_TIMEWAIT, 53 + cases[i].tw_step);
      reading->total[TCP_STATE_SYN_SENT] = cases[i].syn_sent;
      reading->total[TCP_STATE_CLOSE_WAIT] = 0;
      reading->total[TCP_STATE_ESTABLISHED] =
          (uint64_t)(110 + cases[i].estab_step + cases[i].off + extra);
      verify();
      ck_assert_int_eq(plan.rule,
                       extra == 0 ? WALK_RULE_WITH_CLOSE_WAIT : WALK_RULE_NONE);
    }
}
END_TEST

START_TEST(too_few_sockets_are_noticed_as_well) {
  reading->total[TCP_STATE_CLOSE_WAIT] = 0;
  reading->total[TCP_STATE_ESTABLISHED] = 108;
  verify();
  ck_assert_int_eq(plan.rule, WALK_RULE_WITH_CLOSE_WAIT);
  reading->total[TCP_STATE_ESTABLISHED] = 107;
  verify();
  ck_assert_int_eq(plan.rule, WALK_RULE_NONE);
}
END_TEST

/* From 110 down to 80 during the dump: any count between fits. */
START_TEST(a_gauge_that_falls_during_the_dump_is_a_range) {
  reading->total[TCP_STATE_CLOSE_WAIT] = 0;
  set(&after, COUNTER_CURR_ESTAB, 80);
  for (uint64_t count = 80; count <= 110; count++) {
    walk_plan_init(&plan, VERIFY_EVERY);
    reading->total[TCP_STATE_ESTABLISHED] = count;
    verify();
    ck_assert_int_eq(plan.rule, WALK_RULE_WITH_CLOSE_WAIT);
  }
  reading->total[TCP_STATE_ESTABLISHED] = 110 + 30 + 2;
  verify();
  ck_assert_int_eq(plan.rule, WALK_RULE_WITH_CLOSE_WAIT);
  reading->total[TCP_STATE_ESTABLISHED] = 110 + 30 + 3;
  verify();
  ck_assert_int_eq(plan.rule, WALK_RULE_NONE);
}
END_TEST

START_TEST(timewait_sockets_are_verified_too) {
  static const struct {
    int64_t gauge;
    bool fits;
  } cases[] = {{53, true},
               {53 + 4, true},
               {53 + 5, false},
               {53 - 4, true},
               {53 - 5, false}}; /* 2 in FIN_WAIT2, slack 2 */
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    walk_plan_init(&plan, VERIFY_EVERY);
    set_both(COUNTER_TIMEWAIT, cases[i].gauge);
    verify();
    ck_assert_int_eq(plan.rule == WALK_RULE_NONE, !cases[i].fits);
  }
}
END_TEST

START_TEST(a_rule_told_apart_must_stay_true) {
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, true);
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, true);
  set_both(COUNTER_CURR_ESTAB, 100); /* only the other rule fits */
  verify();
  ck_assert_int_eq(plan.rule, WALK_RULE_NONE);
}
END_TEST

START_TEST(a_provisional_rule_may_turn_out_to_be_the_other) {
  reading->total[TCP_STATE_CLOSE_WAIT] = 0;
  set_both(COUNTER_CURR_ESTAB, 100);
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, false);
  reading->total[TCP_STATE_CLOSE_WAIT] = 10;
  verify();
  assert_rule(WALK_RULE_ESTABLISHED, true);
}
END_TEST

/* Between 100 and 110, a busy host's dump may be nearer to either rule. */
START_TEST(on_a_busy_host_many_dumps_outvote_an_odd_one) {
  static const int64_t kernels[] = {100, 110}; /* and the rule of each */
  static const enum walk_rule rules[] = {WALK_RULE_ESTABLISHED,
                                         WALK_RULE_WITH_CLOSE_WAIT};
  set(&after, COUNTER_PASSIVE_OPENS, 1020);
  for (int kernel = 0; kernel < 2; kernel++) {
    walk_plan_init(&plan, VERIFY_EVERY);
    for (int dump = 0; dump < 60; dump++) {
      set_both(COUNTER_CURR_ESTAB, kernels[dump % 3 == 2 ? !kernel : kernel]);
      verify();
      ck_assert(dump < 3 || plan.rule == rules[kernel]);
      ck_assert(!plan.close_wait_seen);
    }
  }
}
END_TEST

START_TEST(unknown_counters_are_not_trusted) {
  static const enum kernel_counter needed[] = {
      COUNTER_PASSIVE_OPENS, COUNTER_ACTIVE_OPENS, COUNTER_CURR_ESTAB,
      COUNTER_TIMEWAIT};
  for (size_t i = 0; i < 8; i++) {
    struct kernel_counters *counters = i % 2 == 0 ? &before : &after;
    walk_plan_init(&plan, VERIFY_EVERY);
    counters->known[needed[i / 2]] = false;
    verify();
    counters->known[needed[i / 2]] = true;
    ck_assert_int_eq(plan.rule, WALK_RULE_NONE);
  }
}
END_TEST

START_TEST(gauges_out_of_all_reason_are_not_trusted) {
  static const int64_t values[] = {-1, INT64_MIN, INT64_MAX, INT64_C(1) << 41};
  for (size_t i = 0; i < 8; i++) {
    enum kernel_counter gauge = i % 2 ? COUNTER_CURR_ESTAB : COUNTER_TIMEWAIT;
    teardown();
    setup();
    set(&after, gauge, values[i / 2]);
    verify();
    ck_assert_int_eq(plan.rule, WALK_RULE_NONE);
  }
}
END_TEST

START_TEST(counters_that_went_backwards_ask_for_another_dump) {
  set(&after, COUNTER_PASSIVE_OPENS, 999);
  verify();
  ck_assert_int_eq(plan.rule, WALK_RULE_UNKNOWN);
  ck_assert(walk_plan_next(&plan));
  set(&before, COUNTER_PASSIVE_OPENS, 999);
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, true);
}
END_TEST

SUITE(walk_plan_verify) {
  Suite *suite = suite_create("walk_plan_verify");
  TCase *tcase = tcase_create("plan");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_kernel_that_counts_close_wait_is_recognised);
  tcase_add_test(tcase, a_kernel_that_does_not_is_recognised);
  tcase_add_test(tcase, something_in_between_is_not_trusted);
  tcase_add_test(tcase, one_close_wait_tells_the_rules_apart_on_a_quiet_host);
  tcase_add_test(tcase, what_can_have_changed_is_allowed_for);
  tcase_add_test(tcase, too_few_sockets_are_noticed_as_well);
  tcase_add_test(tcase, a_gauge_that_falls_during_the_dump_is_a_range);
  tcase_add_test(tcase, timewait_sockets_are_verified_too);
  tcase_add_test(tcase, a_rule_told_apart_must_stay_true);
  tcase_add_test(tcase, a_provisional_rule_may_turn_out_to_be_the_other);
  tcase_add_test(tcase, on_a_busy_host_many_dumps_outvote_an_odd_one);
  tcase_add_test(tcase, unknown_counters_are_not_trusted);
  tcase_add_test(tcase, gauges_out_of_all_reason_are_not_trusted);
  tcase_add_test(tcase, counters_that_went_backwards_ask_for_another_dump);
  suite_add_tcase(suite, tcase);
  return suite;
}
