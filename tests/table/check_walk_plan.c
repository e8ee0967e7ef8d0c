/* When a walk is full, and what the counters then stand for. */
#include "quiet_host.h"
#include "scenes/suite.h"

START_TEST(the_first_reading_is_a_full_dump) {
  ck_assert(walk_plan_next(&plan));
  assert_rule(WALK_RULE_UNKNOWN, false);
}
END_TEST

START_TEST(a_full_dump_that_failed_is_due_again) {
  for (int i = 0; i < 3 * VERIFY_EVERY; i++)
    ck_assert(walk_plan_next(&plan));
  verify();
  for (int i = 1; i < VERIFY_EVERY; i++)
    ck_assert(!walk_plan_next(&plan));
  ck_assert(walk_plan_next(&plan));
  ck_assert(walk_plan_next(&plan)); /* not verified meanwhile */
}
END_TEST

START_TEST(every_nth_reading_is_a_full_dump) {
  for (int reading_number = 0; reading_number < 5 * VERIFY_EVERY;
       reading_number++) {
    bool full = walk_plan_next(&plan);
    ck_assert_int_eq(full, reading_number % VERIFY_EVERY == 0);
    if (full)
      verify();
  }
}
END_TEST

START_TEST(verify_every_0_and_1_make_each_reading_a_full_dump) {
  for (unsigned verify_every = 0; verify_every <= 1; verify_every++) {
    walk_plan_init(&plan, verify_every);
    for (int i = 0; i < 5; i++) {
      ck_assert(walk_plan_next(&plan));
      verify();
    }
  }
}
END_TEST

START_TEST(once_not_trusted_every_reading_is_a_full_dump) {
  set_both(COUNTER_CURR_ESTAB, 1000);
  verify();
  set_both(COUNTER_CURR_ESTAB, 110);
  for (int i = 0; i < 3; i++) {
    ck_assert(walk_plan_next(&plan));
    verify();
    ck_assert_int_eq(plan.rule, WALK_RULE_NONE);
  }
  ck_assert(!apply(0, 0));
}
END_TEST

START_TEST(without_close_wait_the_rule_is_provisional) {
  reading->total[TCP_STATE_CLOSE_WAIT] = 0;
  set_both(COUNTER_CURR_ESTAB, 100);
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, false);
  ck_assert(apply(0, 3));
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 100);
  ck_assert(!walk_plan_next(&plan));
  ck_assert(!apply(1, 3)); /* the first one is looked at in full */
  ck_assert(reading->by_family);
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 0);
  ck_assert(walk_plan_next(&plan));
}
END_TEST

START_TEST(a_busy_host_leaves_the_rule_provisional) {
  set(&after, COUNTER_PASSIVE_OPENS, 1020);
  set_both(COUNTER_CURR_ESTAB, 103);
  verify(); /* 3 beside one rule, 7 beside the other; 20 may have changed */
  assert_rule(WALK_RULE_ESTABLISHED, false);
  ck_assert(apply(10, 3)); /* as many as could not tell before */
  ck_assert(!apply(11, 3));
  reading->total[TCP_STATE_ESTABLISHED] = 80;
  reading->total[TCP_STATE_CLOSE_WAIT] = 30;
  reading->total[TCP_STATE_TIME_WAIT] = 50;
  reading->total[TCP_STATE_FIN_WAIT2] = 5;
  set(&before, COUNTER_PASSIVE_OPENS, 1020);
  set_both(COUNTER_CURR_ESTAB, 110);
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, true);
}
END_TEST

START_TEST(a_walk_that_contradicts_the_counters_is_not_used) {
  verify();
  ck_assert(apply(112, 53 + 2)); /* within what a moment changes */
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_TIME_WAIT], 0);
  ck_assert(!walk_plan_next(&plan));
  ck_assert(!apply(113, 3));
  ck_assert(walk_plan_next(&plan));
  verify();
  ck_assert(!apply(10, 53 + 3));
  ck_assert(plan.full_due);
}
END_TEST

START_TEST(a_filtered_walk_without_a_rule_or_counters_is_not_used) {
  ck_assert(!apply(10, 3));
  teardown();
  setup();
  verify();
  after.known[COUNTER_TIMEWAIT] = false;
  ck_assert(!apply(10, 3));
  set(&after, COUNTER_TIMEWAIT, 53);
  after.known[COUNTER_CURR_ESTAB] = false;
  ck_assert(!apply(10, 3));
}
END_TEST

static void left_out(void) {
  reading_clear(reading);
  reading_finish(reading);
  reading_know_only(reading, UINT32_C(1) << TCP_STATE_LISTEN);
  walk_plan_tell(&plan, reading, &after);
}

START_TEST(without_a_walk_the_counters_tell_the_timewait_sockets) {
  verify();
  assert_rule(WALK_RULE_WITH_CLOSE_WAIT, true);
  left_out();
  ck_assert(reading->mini_sockets_known);
  ck_assert_int_eq((int64_t)reading->mini_sockets,
                   after.value[COUNTER_TIMEWAIT]);
  ck_assert(!reading_knows(reading, TCP_STATE_ESTABLISHED));
  ck_assert(!reading_knows(reading, TCP_STATE_TIME_WAIT));
  after.value[COUNTER_TIMEWAIT] = -1;
  left_out();
  ck_assert(!reading->mini_sockets_known);
}
END_TEST

START_TEST(without_a_walk_established_is_told_where_no_other_count_is_in_it) {
  verify();
  plan.rule = WALK_RULE_ESTABLISHED;
  left_out();
  ck_assert(reading_knows(reading, TCP_STATE_ESTABLISHED));
  ck_assert_int_eq((int64_t)reading->total[TCP_STATE_ESTABLISHED],
                   after.value[COUNTER_CURR_ESTAB]);
  ck_assert_uint_eq(reading->known_apart, UINT32_C(1) << TCP_STATE_LISTEN);
  plan.close_wait_seen = false; /* the rule may be the other one */
  left_out();
  ck_assert(!reading_knows(reading, TCP_STATE_ESTABLISHED));
}
END_TEST

START_TEST(without_a_walk_or_a_rule_the_counters_tell_nothing) {
  left_out();
  ck_assert(!reading->mini_sockets_known);
  plan.rule = WALK_RULE_NONE;
  left_out();
  ck_assert(!reading->mini_sockets_known);
  ck_assert(!reading_knows(reading, TCP_STATE_ESTABLISHED));
}
END_TEST

SUITE(walk_plan) {
  Suite *suite = suite_create("walk_plan");
  TCase *tcase = tcase_create("plan");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, the_first_reading_is_a_full_dump);
  tcase_add_test(tcase, a_full_dump_that_failed_is_due_again);
  tcase_add_test(tcase, every_nth_reading_is_a_full_dump);
  tcase_add_test(tcase, verify_every_0_and_1_make_each_reading_a_full_dump);
  tcase_add_test(tcase, once_not_trusted_every_reading_is_a_full_dump);
  tcase_add_test(tcase, without_close_wait_the_rule_is_provisional);
  tcase_add_test(tcase, a_busy_host_leaves_the_rule_provisional);
  tcase_add_test(tcase, a_walk_that_contradicts_the_counters_is_not_used);
  tcase_add_test(tcase, a_filtered_walk_without_a_rule_or_counters_is_not_used);
  tcase_add_test(tcase, without_a_walk_the_counters_tell_the_timewait_sockets);
  tcase_add_test(
      tcase, without_a_walk_established_is_told_where_no_other_count_is_in_it);
  tcase_add_test(tcase, without_a_walk_or_a_rule_the_counters_tell_nothing);
  suite_add_tcase(suite, tcase);
  return suite;
}
