/* table_source under a budget: what a reading asks for when a walk is left out.
 * The kernel of the test answers in microseconds: it is the interval that is
 * made short. */
#define _GNU_SOURCE
#include "suites.h"
#include "table_fixture.h"

#define BIT(state) (UINT32_C(1) << (state))

enum { SLOWEST = 10 }; /* every tenth interval is walked whatever it costs */

static void create_with_budget(enum table_source_mode mode, double interval_s,
                               unsigned read_budget) {
  const struct table_source_options options = {.mode = mode,
                                               .interval_s = interval_s,
                                               .read_budget = read_budget,
                                               .verify_every = 1000,
                                               .proc_root = root};
  ck_assert_int_eq(table_source_create(&options, &source), 0);
}

/* The first reading verifies; two more are dear. */
static void walk_until_dear(unsigned usual_from) {
  for (unsigned i = 0; i < usual_from + 2; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(!outcome.walk_left_out);
    assert_whole();
  }
}

START_TEST(a_walk_beyond_the_budget_is_made_every_tenth_time) {
  create_with_budget(TABLE_SOURCE_NETLINK, 1e-6, 1);
  walk_until_dear(1);
  for (int i = 1; i <= 3 * SLOWEST; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.walk_left_out, i % SLOWEST != 0);
    ck_assert_uint_eq(fake.sends, i % SLOWEST != 0 ? 1 : 2);
  }
  assert_whole();
}
END_TEST

START_TEST(in_between_the_listeners_and_the_counters_are_read) {
  create_with_budget(TABLE_SOURCE_NETLINK, 1e-6, 1);
  walk_until_dear(1);
  ck_assert_int_eq(take(), 0);
  ck_assert_uint_eq(fake.requests[0].states, BIT(TCP_STATE_LISTEN));
  ck_assert(fake.requests[0].memory);
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 2);
  ck_assert(reading_knows(reading, TCP_STATE_LISTEN));
  ck_assert(!reading_knows(reading, TCP_STATE_SYN_RECV));
  ck_assert(!reading_knows(reading, TCP_STATE_ESTABLISHED));
  ck_assert_uint_eq(reading->listeners_len, 1);
  ck_assert(reading->mini_sockets_known);
  ck_assert_uint_eq(reading->mini_sockets, 1); /* sockstat's tw */
  ck_assert_int_eq(counters->value[COUNTER_PASSIVE_OPENS], 12);
  ck_assert(!outcome.was_full_dump && !outcome.from_proc);
}
END_TEST

START_TEST(by_proc_the_counters_alone_are_read_in_between) {
  create_with_budget(TABLE_SOURCE_PROC, 1e-6, 1);
  walk_until_dear(0);
  for (int i = 1; i <= 2 * SLOWEST; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.walk_left_out, i % SLOWEST != 0);
    if (i % SLOWEST == 0)
      continue;
    ck_assert_uint_eq(reading->known, 0);
    ck_assert(!reading->mini_sockets_known); /* nobody has verified it */
    ck_assert_int_eq(counters->value[COUNTER_PASSIVE_OPENS], 12);
  }
  assert_whole();
}
END_TEST

START_TEST(a_walk_that_is_due_and_fails_is_made_the_next_time) {
  create_with_budget(TABLE_SOURCE_NETLINK, 1e-6, 1);
  walk_until_dear(1);
  for (int i = 1; i < SLOWEST; i++)
    ck_assert_int_eq(take(), 0);
  fault(FAULT_CUT, 100);
  ck_assert_int_ne(take(), 0);
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.walk_left_out);
  assert_whole();
}
END_TEST

START_TEST(within_the_budget_every_reading_is_a_walk) {
  create_with_budget(TABLE_SOURCE_NETLINK, 1000, 100);
  for (int i = 0; i < 50; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(!outcome.walk_left_out && !outcome.slow);
    ck_assert(outcome.took_s > 0);
    assert_whole();
  }
}
END_TEST

START_TEST(without_an_interval_there_is_no_budget_and_nothing_is_slow) {
  create_with_budget(TABLE_SOURCE_NETLINK, 0, 5);
  for (int i = 0; i < 50; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(!outcome.walk_left_out && !outcome.slow);
  }
}
END_TEST

START_TEST(a_reading_longer_than_a_quarter_of_the_interval_is_slow) {
  create_with_budget(TABLE_SOURCE_PROC, 1e-6, 100);
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.slow);
}
END_TEST

void table_budget_add(TCase *tcase) {
  tcase_add_test(tcase, a_walk_beyond_the_budget_is_made_every_tenth_time);
  tcase_add_test(tcase, in_between_the_listeners_and_the_counters_are_read);
  tcase_add_test(tcase, by_proc_the_counters_alone_are_read_in_between);
  tcase_add_test(tcase, a_walk_that_is_due_and_fails_is_made_the_next_time);
  tcase_add_test(tcase, within_the_budget_every_reading_is_a_walk);
  tcase_add_test(tcase,
                 without_an_interval_there_is_no_budget_and_nothing_is_slow);
  tcase_add_test(tcase,
                 a_reading_longer_than_a_quarter_of_the_interval_is_slow);
}
