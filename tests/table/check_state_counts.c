/* The names of the states; percentages, entropy, and the spread of the counts
 * per state over the last readings. */
#include "scenes/suite.h"
#include "table/state_counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STATES = TCP_STATE_END - 1, RUN = 700 };

static void add_one(struct state_spread *spread, int state, uint64_t count) {
  uint64_t total[TCP_STATE_END] = {0};
  total[state] = count;
  state_spread_add(spread, total);
}

static void assert_near(double value, double expected) {
  ck_assert_msg(fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected)),
                "%.17g is not %.17g", value, expected);
}

/* In two passes and long double, the way a textbook does. */
static double naive(uint64_t (*totals)[TCP_STATE_END], size_t len) {
  long double variances = 0;
  for (int state = 1; state < TCP_STATE_END; state++) {
    long double mean = 0, squares = 0;
    for (size_t i = 0; i < len; i++)
      mean += (long double)totals[i][state] / (long double)len;
    for (size_t i = 0; i < len; i++) {
      long double off = (long double)totals[i][state] - mean;
      squares += off * off;
    }
    variances += squares / (long double)len;
  }
  return (double)sqrtl(variances / (double)STATES);
}

START_TEST(a_window_out_of_range_is_refused) {
  ck_assert_ptr_eq(state_spread_create(0), NULL);
  ck_assert_ptr_eq(state_spread_create(1), NULL);
  ck_assert_ptr_eq(state_spread_create(4097), NULL);
  struct state_spread *spread = state_spread_create(4096);
  ck_assert_ptr_ne(spread, NULL);
  state_spread_destroy(spread);
  state_spread_destroy(NULL);
}
END_TEST

START_TEST(one_reading_has_no_spread) {
  struct state_spread *spread = state_spread_create(30);
  ck_assert(isnan(state_spread_value(spread)));
  add_one(spread, TCP_STATE_SYN_RECV, 5);
  ck_assert(isnan(state_spread_value(spread)));
  add_one(spread, TCP_STATE_SYN_RECV, 5);
  ck_assert(state_spread_value(spread) == 0);
  state_spread_destroy(spread);
}
END_TEST

/* 2, 4, 4, 4, 5, 5, 7, 9: mean 5, variance 4; the ten other states have 0. */
START_TEST(the_spread_by_hand) {
  static const uint64_t counts[] = {2, 4, 4, 4, 5, 5, 7, 9};
  struct state_spread *spread = state_spread_create(30);
  for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
    add_one(spread, TCP_STATE_SYN_RECV, counts[i]);
  assert_near(state_spread_value(spread), sqrt(4.0 / 11));
  state_spread_destroy(spread);
}
END_TEST

/* A window of 3 over 100, 1, 2, 3 has forgotten the 100: variance 2/3. */
START_TEST(the_oldest_reading_falls_out) {
  static const uint64_t counts[] = {100, 1, 2, 3};
  struct state_spread *spread = state_spread_create(3);
  for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
    add_one(spread, TCP_STATE_LISTEN, counts[i]);
  assert_near(state_spread_value(spread), sqrt(2.0 / 3 / 11));
  state_spread_destroy(spread);
}
END_TEST

START_TEST(the_spread_is_that_of_a_naive_computation) {
  static const unsigned windows[] = {2, 3, 30, 499, RUN};
  static const uint64_t sizes[] = {3, 1000, 1000000, STATE_SPREAD_COUNT_MAX};
  static uint64_t totals[RUN][TCP_STATE_END];
  srand(4711);
  for (size_t w = 0; w < 5; w++)
    for (size_t s = 0; s < 4; s++) {
      struct state_spread *spread = state_spread_create(windows[w]);
      for (size_t i = 0; i < RUN; i++) {
        for (int state = 1; state < TCP_STATE_END; state++)
          totals[i][state] = (uint64_t)rand() % (sizes[s] + 1);
        state_spread_add(spread, totals[i]);
        size_t len = i + 1 < windows[w] ? i + 1 : windows[w];
        if (len >= 2 && i % 37 < 3)
          assert_near(state_spread_value(spread),
                      naive(totals + i + 1 - len, len));
      }
      state_spread_destroy(spread);
    }
}
END_TEST

/* Where a sum of squared doubles would have lost it long since. */
START_TEST(a_small_spread_of_large_counts_does_not_drift) {
  struct state_spread *spread = state_spread_create(4096);
  for (unsigned i = 0; i < 200000; i++)
    add_one(spread, TCP_STATE_ESTABLISHED, STATE_SPREAD_COUNT_MAX - i % 2);
  assert_near(state_spread_value(spread), sqrt(0.25 / 11));
  for (unsigned i = 0; i < 4096; i++)
    add_one(spread, TCP_STATE_ESTABLISHED, STATE_SPREAD_COUNT_MAX);
  ck_assert(state_spread_value(spread) == 0);
  state_spread_destroy(spread);
}
END_TEST

START_TEST(counts_beyond_the_limit_are_held_there) {
  struct state_spread *spread = state_spread_create(2);
  add_one(spread, TCP_STATE_ESTABLISHED, UINT64_MAX);
  add_one(spread, TCP_STATE_ESTABLISHED, STATE_SPREAD_COUNT_MAX - 2);
  assert_near(state_spread_value(spread), sqrt(1.0 / 11));
  state_spread_destroy(spread);
}
END_TEST

START_TEST(each_state_has_the_name_tcpconns_gives_it) {
  static const struct {
    int kernel_number;
    const char *name;
  } states[] = {{1, "ESTABLISHED"}, {2, "SYN_SENT"},   {3, "SYN_RECV"},
                {4, "FIN_WAIT1"},   {5, "FIN_WAIT2"},  {6, "TIME_WAIT"},
                {7, "CLOSED"},      {8, "CLOSE_WAIT"}, {9, "LAST_ACK"},
                {10, "LISTEN"},     {11, "CLOSING"}};
  ck_assert_uint_eq(sizeof(states) / sizeof(states[0]), TCP_STATE_END - 1);
  for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
    ck_assert_str_eq(tcp_state_name(states[i].kernel_number), states[i].name);
}
END_TEST

START_TEST(other_numbers_have_no_name) {
  static const int none[] = {-2147483647 - 1, -1, 0, 12, 13, 255, 2147483647};
  for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
    ck_assert_ptr_eq(tcp_state_name(none[i]), NULL);
}
END_TEST

START_TEST(a_percentage_is_held_in_its_range) {
  ck_assert(table_percent(1, 4) == 25);
  ck_assert(table_percent(129, 128) == 100);
  ck_assert(table_percent(-1, 128) == 0);
  ck_assert(table_percent(0, 128) == 0);
  ck_assert(table_percent(INFINITY, 128) == 100);
  ck_assert(isnan(table_percent(1, 0)));
  ck_assert(isnan(table_percent(0, 0)));
  ck_assert(isnan(table_percent(NAN, 1)));
  ck_assert(isnan(table_percent(1, NAN)));
}
END_TEST

/* Shares 1/2, 1/4, 1/8, 1/8: 1.75 bits of 3. */
START_TEST(the_entropy_by_hand) {
  uint64_t total[TCP_STATE_END] = {0};
  ck_assert(isnan(state_counts_entropy(total)));
  total[TCP_STATE_LISTEN] = total[TCP_STATE_TIME_WAIT] = 7;
  total[TCP_STATE_CLOSED] = 3;
  ck_assert(isnan(state_counts_entropy(total)));
  total[TCP_STATE_ESTABLISHED] = 4;
  ck_assert(state_counts_entropy(total) == 0);
  total[TCP_STATE_SYN_RECV] = 2;
  total[TCP_STATE_CLOSING] = total[TCP_STATE_LAST_ACK] = 1;
  ck_assert(fabs(state_counts_entropy(total) - 1.75 / 3) < 1e-12);
  for (int state = 1; state < TCP_STATE_END; state++)
    total[state] = 1000;
  ck_assert(fabs(state_counts_entropy(total) - 1) < 1e-12);
}
END_TEST

SUITE(state_counts) {
  Suite *suite = suite_create("state_counts");
  TCase *tcase = tcase_create("counts");
  tcase_add_test(tcase, each_state_has_the_name_tcpconns_gives_it);
  tcase_add_test(tcase, other_numbers_have_no_name);
  tcase_add_test(tcase, a_percentage_is_held_in_its_range);
  tcase_add_test(tcase, the_entropy_by_hand);
  tcase_add_test(tcase, a_window_out_of_range_is_refused);
  tcase_add_test(tcase, one_reading_has_no_spread);
  tcase_add_test(tcase, the_spread_by_hand);
  tcase_add_test(tcase, the_oldest_reading_falls_out);
  tcase_add_test(tcase, the_spread_is_that_of_a_naive_computation);
  tcase_add_test(tcase, a_small_spread_of_large_counts_does_not_drift);
  tcase_add_test(tcase, counts_beyond_the_limit_are_held_there);
  suite_add_tcase(suite, tcase);
  return suite;
}
