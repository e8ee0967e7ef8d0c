/* When a walk is full, whether a full dump confirms the counters, and what the
 * counters then replace. */
#include "scenes/suite.h"
#include "table/walk.h"

#include <string.h>

enum { VERIFY_EVERY = 4 };

static struct walk_plan plan;
static struct reading *reading;
static struct kernel_counters before, after;

static void set(struct kernel_counters *counters, enum kernel_counter counter,
                int64_t value) {
  counters->value[counter] = value;
  counters->known[counter] = true;
}

static void set_both(enum kernel_counter counter, int64_t value) {
  set(&before, counter, value);
  set(&after, counter, value);
}

/* A quiet host: 100 ESTABLISHED, 10 CLOSE_WAIT, 50 TIME_WAIT, 5 FIN_WAIT2 of
 * which 3 are mini-sockets; the counters of a kernel that counts CLOSE_WAIT. */
static void setup(void) {
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

static void teardown(void) { reading_destroy(reading); }

static void verify(void) { walk_plan_verify(&plan, reading, &before, &after); }

/* The totals of a filtered walk: what it did not ask for is 0. */
static bool apply(uint64_t close_wait, uint64_t timewait_fin_wait2) {
  memset(reading->total, 0, sizeof(reading->total));
  reading->total[TCP_STATE_CLOSE_WAIT] = close_wait;
  reading->timewait_fin_wait2 = timewait_fin_wait2;
  reading->by_family = true;
  return walk_plan_apply(&plan, reading, &after);
}

static void assert_rule(enum walk_rule rule, bool close_wait_seen) {
  ck_assert_int_eq(plan.rule, rule);
  ck_assert_int_eq(plan.close_wait_seen, close_wait_seen);
}

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

START_TEST(without_a_walk_established_is_estimated_by_the_last_one) {
  verify();
  ck_assert(apply(7, 3));
  left_out();
  walk_plan_estimate(&plan, reading, &after);
  ck_assert(reading_knows(reading, TCP_STATE_ESTABLISHED));
  ck_assert_int_eq((int64_t)reading->total[TCP_STATE_ESTABLISHED],
                   after.value[COUNTER_CURR_ESTAB] - 7);
  after.value[COUNTER_CURR_ESTAB] = 5; /* they closed meanwhile */
  left_out();
  walk_plan_estimate(&plan, reading, &after);
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 0);
  plan.rule = WALK_RULE_NONE;
  left_out();
  walk_plan_estimate(&plan, reading, &after);
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

/* Whether a full dump confirms the counters. */

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

SUITE(walk_plan) {
  Suite *suite = suite_create("walk_plan");
  TCase *plan_case = tcase_create("plan");
  TCase *verify_case = tcase_create("verify");
  tcase_add_checked_fixture(plan_case, setup, teardown);
  tcase_add_checked_fixture(verify_case, setup, teardown);
  tcase_add_test(plan_case, the_first_reading_is_a_full_dump);
  tcase_add_test(plan_case, a_full_dump_that_failed_is_due_again);
  tcase_add_test(plan_case, every_nth_reading_is_a_full_dump);
  tcase_add_test(plan_case, verify_every_0_and_1_make_each_reading_a_full_dump);
  tcase_add_test(plan_case, once_not_trusted_every_reading_is_a_full_dump);
  tcase_add_test(plan_case, without_close_wait_the_rule_is_provisional);
  tcase_add_test(plan_case, a_busy_host_leaves_the_rule_provisional);
  tcase_add_test(plan_case, a_walk_that_contradicts_the_counters_is_not_used);
  tcase_add_test(plan_case,
                 a_filtered_walk_without_a_rule_or_counters_is_not_used);
  tcase_add_test(plan_case,
                 without_a_walk_the_counters_tell_the_timewait_sockets);
  tcase_add_test(
      plan_case,
      without_a_walk_established_is_told_where_no_other_count_is_in_it);
  tcase_add_test(plan_case,
                 without_a_walk_established_is_estimated_by_the_last_one);
  tcase_add_test(plan_case, without_a_walk_or_a_rule_the_counters_tell_nothing);
  tcase_add_test(verify_case, a_kernel_that_counts_close_wait_is_recognised);
  tcase_add_test(verify_case, a_kernel_that_does_not_is_recognised);
  tcase_add_test(verify_case, something_in_between_is_not_trusted);
  tcase_add_test(verify_case,
                 one_close_wait_tells_the_rules_apart_on_a_quiet_host);
  tcase_add_test(verify_case, what_can_have_changed_is_allowed_for);
  tcase_add_test(verify_case, too_few_sockets_are_noticed_as_well);
  tcase_add_test(verify_case, a_gauge_that_falls_during_the_dump_is_a_range);
  tcase_add_test(verify_case, timewait_sockets_are_verified_too);
  tcase_add_test(verify_case, a_rule_told_apart_must_stay_true);
  tcase_add_test(verify_case, a_provisional_rule_may_turn_out_to_be_the_other);
  tcase_add_test(verify_case, on_a_busy_host_many_dumps_outvote_an_odd_one);
  tcase_add_test(verify_case, unknown_counters_are_not_trusted);
  tcase_add_test(verify_case, gauges_out_of_all_reason_are_not_trusted);
  tcase_add_test(verify_case,
                 counters_that_went_backwards_ask_for_another_dump);
  suite_add_tcase(suite, plan_case);
  suite_add_tcase(suite, verify_case);
  return suite;
}
