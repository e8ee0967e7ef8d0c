/* How often the tables are walked, by what walks cost. */
#include "scenes/suite.h"
#include "table/walk.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* Five percent of ten seconds. */
static const double budget_s = 0.5;

static struct walk_pace pace;

static void setup(void) { walk_pace_init(&pace, budget_s); }

/* So many intervals in which a walk costs cost_s. Returns how many walks. */
static unsigned pass(unsigned intervals, double cost_s) {
  unsigned walks = 0;
  for (unsigned i = 0; i < intervals; i++) {
    if (!walk_pace_next(&pace, 1))
      continue;
    walks++;
    walk_pace_walked(&pace, cost_s, true);
  }
  return walks;
}

/* Walks of so many sockets that are charged so much for each. Returns how many
 * are made. */
static unsigned pass_sockets(unsigned intervals, uint64_t sockets,
                             double each_s) {
  unsigned walks = 0;
  for (unsigned i = 0; i < intervals; i++) {
    if (!walk_pace_next(&pace, 1))
      continue;
    double cost_s = (double)sockets * each_s;
    walks++;
    walk_pace_walked(&pace, walk_pace_own_cost(&pace, cost_s, sockets, false),
                     true);
  }
  return walks;
}

/* Each takes 0.3 s of its 0.5; then softirqs triple what it is charged. */
START_TEST(a_flood_that_interrupts_walks_makes_them_no_rarer) {
  ck_assert_uint_eq(pass_sockets(20, 300000, 1e-6), 20);
  ck_assert_uint_eq(pass_sockets(50, 300000, 3e-6), 50);
  ck_assert_uint_eq(pace.every, 1);
}
END_TEST

START_TEST(more_sockets_make_walks_rarer_all_the_same) {
  ck_assert_uint_eq(pass_sockets(20, 300000, 1e-6), 20);
  ck_assert_uint_eq(pass_sockets(2, 900000, 1e-6), 2);
  ck_assert_uint_eq(pace.every, 2);
}
END_TEST

START_TEST(what_stays_costly_counts_in_the_end) {
  ck_assert_uint_eq(pass_sockets(20, 300000, 1e-6), 20);
  pass_sockets(2000, 300000, 3e-6);
  ck_assert_uint_eq(pace.every, 2);
}
END_TEST

START_TEST(a_few_sockets_are_charged_as_they_are) {
  ck_assert_double_eq(walk_pace_own_cost(&pace, 0.001, 10, false), 0.001);
  ck_assert_double_eq(walk_pace_own_cost(&pace, 0.1, 10, false), 0.1);
}
END_TEST

START_TEST(a_full_dump_is_measured_by_full_dumps) {
  walk_pace_own_cost(&pace, 0.01, 100000, false);
  ck_assert_double_eq(walk_pace_own_cost(&pace, 0.075, 100000, true), 0.075);
}
END_TEST

START_TEST(within_the_budget_each_interval_is_walked) {
  ck_assert_uint_eq(pass(1000, budget_s), 1000);
  ck_assert_uint_eq(pace.every, 1);
}
END_TEST

START_TEST(two_costly_walks_make_walks_rarer_at_once_by_as_much_as_it_takes) {
  ck_assert_uint_eq(pass(2, 1.7), 2);
  ck_assert_uint_eq(pace.every, 4);
  ck_assert_uint_eq(pass(400, 1.7), 100);
  ck_assert_uint_eq(pace.every, 4);
}
END_TEST

START_TEST(one_costly_walk_changes_nothing) {
  for (int i = 0; i < 100; i++) {
    ck_assert_uint_eq(pass(1, 4), 1);
    ck_assert_uint_eq(pass(3, 0.3), 3);
  }
  ck_assert_uint_eq(pace.every, 1);
}
END_TEST

START_TEST(every_second_third_to_every_tenth_interval_and_no_less) {
  for (unsigned every = 2; every <= 12; every++) {
    walk_pace_init(&pace, budget_s);
    pass(2, every * budget_s);
    ck_assert_uint_eq(pace.every, every < 10 ? every : 10);
  }
  pass(20, INFINITY);
  ck_assert_uint_eq(pace.every, 10);
  ck_assert_uint_eq(pass(100, INFINITY), 10);
}
END_TEST

START_TEST(once_walks_are_cheap_again_each_interval_is_walked_again) {
  pass(10, 2);
  ck_assert_uint_eq(pace.every, 4);
  pass(3 * 4, 0.1);
  ck_assert_uint_eq(pace.every, 1);
  ck_assert_uint_eq(pass(100, 0.1), 100);
}
END_TEST

START_TEST(of_three_cheap_walks_the_costliest_decides) {
  pass(10, 2);
  pass(4 - pace.since, 0.1);
  pass(4, 0.9); /* fits two intervals, with a quarter to spare: three */
  pass(4, 0.1);
  ck_assert_uint_eq(pace.every, 3);
}
END_TEST

START_TEST(a_cost_that_wavers_about_a_limit_changes_the_pace_once) {
  unsigned changes = 0, before = pace.every;
  for (int i = 0; i < 2000; i++) {
    pass(1, budget_s * (i % 2 == 0 ? 0.9 : 1.1));
    changes += pace.every != before;
    before = pace.every;
  }
  ck_assert_uint_le(changes, 1);
  for (int i = 0; i < 2000; i++) { /* two of each in a row */
    pass(1, budget_s * (i % 4 < 2 ? 0.9 : 1.1));
    changes += pace.every != before;
    before = pace.every;
  }
  ck_assert_uint_le(changes, 1);
}
END_TEST

/* The verifying dump costs several times as much, once in a while. */
START_TEST(a_dump_that_only_verifies_does_not_count) {
  for (int i = 0; i < 50; i++) {
    ck_assert(walk_pace_next(&pace, 1));
    walk_pace_walked(&pace, 3, false);
  }
  ck_assert_uint_eq(pace.every, 1);
  pass(4, 1);
  ck_assert_uint_eq(pace.every, 2);
  while (!walk_pace_next(&pace, 1))
    ;
  walk_pace_walked(&pace, 0.01, false);
  ck_assert(!walk_pace_next(&pace, 1)); /* yet it was a walk */
  ck_assert(walk_pace_next(&pace, 1));
}
END_TEST

START_TEST(walks_are_no_more_frequent_than_they_need_be) {
  unsigned walks = 0;
  for (int i = 0; i < 120; i++)
    if (walk_pace_next(&pace, 30)) {
      ck_assert_int_eq(i % 30, 0);
      walks++;
      walk_pace_walked(&pace, 0.001, true);
    }
  ck_assert_uint_eq(walks, 4);
  pass(4, 2); /* and no more frequent than the budget allows */
  ck_assert(!walk_pace_next(&pace, 2));
}
END_TEST

START_TEST(a_walk_that_failed_is_due_again_at_once) {
  pass(2, 2);
  ck_assert_uint_eq(pass(3, 2), 0);
  for (int i = 0; i < 50; i++)
    ck_assert(walk_pace_next(&pace, 1)); /* and none succeeds */
  walk_pace_walked(&pace, 2, true);
  ck_assert_uint_eq(pass(3, 2), 0);
  ck_assert_uint_eq(pass(1, 2), 1);
}
END_TEST

static const double no_limits[] = {0, -1, NAN};

START_TEST(without_a_budget_each_interval_is_walked_whatever_it_costs) {
  walk_pace_init(&pace, no_limits[_i]);
  ck_assert_uint_eq(pass(100, 1e9), 100);
  ck_assert_uint_eq(pass(100, INFINITY), 100);
}
END_TEST

/* Costs at random, held for a while each: once the pace has settled, walking
 * keeps to the budget, unless even every tenth interval is too much. */
START_TEST(the_settled_pace_keeps_to_the_budget) {
  uint32_t seed = 1;
  for (int run = 0; run < 500; run++) {
    seed = seed * 1664525 + 1013904223;
    double cost_s = (double)(seed >> 8) / (1 << 24) * 10 * budget_s;
    pass(60, cost_s);
    unsigned walks = pass(1000, cost_s);
    ck_assert_double_le(walks * cost_s, 1000 * budget_s + cost_s);
    ck_assert_double_ge(pace.every, ceil(cost_s / budget_s));
    ck_assert_double_le(pace.every, ceil(1.25 * cost_s / budget_s));
  }
}
END_TEST

SUITE(walk_pace) {
  Suite *suite = suite_create("walk_pace");
  TCase *tcase = tcase_create("pace");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_flood_that_interrupts_walks_makes_them_no_rarer);
  tcase_add_test(tcase, more_sockets_make_walks_rarer_all_the_same);
  tcase_add_test(tcase, what_stays_costly_counts_in_the_end);
  tcase_add_test(tcase, a_few_sockets_are_charged_as_they_are);
  tcase_add_test(tcase, a_full_dump_is_measured_by_full_dumps);
  tcase_add_test(tcase, within_the_budget_each_interval_is_walked);
  tcase_add_test(
      tcase, two_costly_walks_make_walks_rarer_at_once_by_as_much_as_it_takes);
  tcase_add_test(tcase, one_costly_walk_changes_nothing);
  tcase_add_test(tcase, every_second_third_to_every_tenth_interval_and_no_less);
  tcase_add_test(tcase,
                 once_walks_are_cheap_again_each_interval_is_walked_again);
  tcase_add_test(tcase, of_three_cheap_walks_the_costliest_decides);
  tcase_add_test(tcase, a_cost_that_wavers_about_a_limit_changes_the_pace_once);
  tcase_add_test(tcase, a_dump_that_only_verifies_does_not_count);
  tcase_add_test(tcase, walks_are_no_more_frequent_than_they_need_be);
  tcase_add_test(tcase, a_walk_that_failed_is_due_again_at_once);
  tcase_add_loop_test(
      tcase, without_a_budget_each_interval_is_walked_whatever_it_costs, 0,
      sizeof(no_limits) / sizeof(no_limits[0]));
  tcase_add_test(tcase, the_settled_pace_keeps_to_the_budget);
  suite_add_tcase(suite, tcase);
  return suite;
}
