/* snapshot: counters become rates, reset-safe; what is not there is NAN. */
#include "scenes/suite.h"
#include "verdict/snapshot.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static struct snapshot before, now;
static struct observation seen;

static void put_gauge(struct snapshot *snapshot, enum signal signal, double v) {
  snapshot->have |= 1u << signal;
  snapshot->value[signal].gauge = v;
}

static void put_counter(struct snapshot *snapshot, enum signal signal,
                        int64_t v) {
  snapshot->have |= 1u << signal;
  snapshot->value[signal].counter = v;
}

static void observe(void) {
  struct snapshot_mark mark;
  snapshot_take_mark(&before, &mark);
  snapshot_observe(&mark, &now, &seen);
}

/* Of the snapshot before at least one value is there. */
static void setup(void) {
  memset(&before, 0, sizeof(before));
  memset(&now, 0, sizeof(now));
  memset(&seen, 0xff, sizeof(seen));
  before.time_s = 1000;
  now.time_s = 1010;
  before.interval_s = now.interval_s = 10;
  put_gauge(&before, SIGNAL_CLOSE_WAIT, 0);
}

START_TEST(gauges_pass_as_they_are) {
  put_gauge(&now, SIGNAL_SYN_RECV, 512);
  put_gauge(&now, SIGNAL_STATE_ENTROPY, 0);
  observe();
  ck_assert_double_eq(seen.value[SIGNAL_SYN_RECV], 512);
  ck_assert_double_eq(seen.value[SIGNAL_STATE_ENTROPY], 0);
  ck_assert_double_eq(seen.time_s, 1010);
  ck_assert_double_eq(seen.interval_s, 10);
  ck_assert_double_eq(seen.dt_s, 10);
  ck_assert(!seen.gap);
}
END_TEST

START_TEST(a_missing_member_is_unknown) {
  put_gauge(&before, SIGNAL_SYN_RECV, 3);
  put_counter(&before, SIGNAL_PASSIVE_OPENS, 3);
  observe();
  for (int i = 0; i < SIGNAL_COUNT; i++)
    ck_assert(isnan(seen.value[i]));
}
END_TEST

static const double impossible[] = {NAN, INFINITY, -INFINITY, -1, 1e16, 1e308};

START_TEST(an_impossible_gauge_is_unknown) {
  put_gauge(&now, SIGNAL_SYN_RECV, impossible[_i]);
  put_gauge(&now, SIGNAL_ESTABLISHED, 7);
  now.rates = 1u << SIGNAL_PASSIVE_OPENS;
  put_gauge(&now, SIGNAL_PASSIVE_OPENS, impossible[_i]);
  observe();
  ck_assert(isnan(seen.value[SIGNAL_SYN_RECV]));
  ck_assert(isnan(seen.value[SIGNAL_PASSIVE_OPENS]));
  ck_assert_double_eq(seen.value[SIGNAL_ESTABLISHED], 7);
}
END_TEST

START_TEST(a_counter_becomes_events_a_second) {
  put_counter(&before, SIGNAL_PASSIVE_OPENS, 100000);
  put_counter(&now, SIGNAL_PASSIVE_OPENS, 100250);
  put_counter(&before, SIGNAL_COOKIES_SENT, 5);
  put_counter(&now, SIGNAL_COOKIES_SENT, 5);
  observe();
  ck_assert_double_eq_tol(seen.value[SIGNAL_PASSIVE_OPENS], 25, 1e-12);
  ck_assert_double_eq(seen.value[SIGNAL_COOKIES_SENT], 0);
}
END_TEST

START_TEST(the_rate_is_over_the_true_time_between_two_snapshots) {
  now.time_s = 1020; /* one reading is missing */
  put_counter(&before, SIGNAL_PASSIVE_OPENS, 0);
  put_counter(&now, SIGNAL_PASSIVE_OPENS, 250);
  observe();
  ck_assert(!seen.gap);
  ck_assert_double_eq(seen.dt_s, 20);
  ck_assert_double_eq_tol(seen.value[SIGNAL_PASSIVE_OPENS], 12.5, 1e-12);
}
END_TEST

static const int64_t resets[][2] = {
    {100, 99}, {INT64_MAX, 0}, {INT64_MIN, 5}, {-3, 5}, {5, -1}};

START_TEST(a_counter_that_went_backwards_has_no_rate) {
  put_counter(&before, SIGNAL_PASSIVE_OPENS, resets[_i][0]);
  put_counter(&now, SIGNAL_PASSIVE_OPENS, resets[_i][1]);
  put_counter(&before, SIGNAL_COOKIES_SENT, 10);
  put_counter(&now, SIGNAL_COOKIES_SENT, 20);
  observe();
  ck_assert(isnan(seen.value[SIGNAL_PASSIVE_OPENS]));
  ck_assert_double_eq(seen.value[SIGNAL_COOKIES_SENT], 1);
}
END_TEST

START_TEST(a_counter_missing_on_one_side_has_no_rate) {
  put_counter(&before, SIGNAL_PASSIVE_OPENS, 10);
  put_counter(&now, SIGNAL_COOKIES_SENT, 20);
  observe();
  ck_assert(isnan(seen.value[SIGNAL_PASSIVE_OPENS]));
  ck_assert(isnan(seen.value[SIGNAL_COOKIES_SENT]));
}
END_TEST

START_TEST(the_first_snapshot_has_gauges_and_no_rates) {
  put_gauge(&now, SIGNAL_SYN_RECV, 4);
  put_counter(&now, SIGNAL_PASSIVE_OPENS, 100250);
  snapshot_observe(NULL, &now, &seen);
  ck_assert(seen.gap);
  ck_assert_double_eq(seen.dt_s, 10);
  ck_assert_double_eq(seen.value[SIGNAL_SYN_RECV], 4);
  ck_assert(isnan(seen.value[SIGNAL_PASSIVE_OPENS]));
}
END_TEST

static const struct {
  double time_s;
  bool gap;
} times[] = {{1000.5, false}, {1025, false}, {1025.1, true},
             {9000, true},    {1000, true},  {900, true}};

START_TEST(a_gap_is_two_and_a_half_intervals_or_a_step_back) {
  now.time_s = times[_i].time_s;
  put_gauge(&now, SIGNAL_SYN_RECV, 4);
  put_counter(&before, SIGNAL_PASSIVE_OPENS, 10);
  put_counter(&now, SIGNAL_PASSIVE_OPENS, 20);
  observe();
  ck_assert_int_eq(seen.gap, times[_i].gap);
  ck_assert_int_eq(isnan(seen.value[SIGNAL_PASSIVE_OPENS]) != 0, times[_i].gap);
  ck_assert_double_eq(seen.dt_s, times[_i].gap ? 10 : times[_i].time_s - 1000);
  ck_assert_double_eq(seen.value[SIGNAL_SYN_RECV], 4);
}
END_TEST

START_TEST(what_is_given_as_a_rate_needs_no_snapshot_before) {
  now.rates = 1u << SIGNAL_PASSIVE_OPENS;
  put_gauge(&now, SIGNAL_PASSIVE_OPENS, 12.5);
  snapshot_observe(NULL, &now, &seen);
  ck_assert_double_eq(seen.value[SIGNAL_PASSIVE_OPENS], 12.5);
  put_counter(&before, SIGNAL_PASSIVE_OPENS, 3);
  observe();
  ck_assert_double_eq(seen.value[SIGNAL_PASSIVE_OPENS], 12.5);
}
END_TEST

START_TEST(a_rate_and_a_counter_are_not_subtracted) {
  before.rates = 1u << SIGNAL_PASSIVE_OPENS;
  put_gauge(&before, SIGNAL_PASSIVE_OPENS, 12.5);
  put_counter(&now, SIGNAL_PASSIVE_OPENS, INT64_MAX);
  observe();
  ck_assert(isnan(seen.value[SIGNAL_PASSIVE_OPENS]));
}
END_TEST

START_TEST(a_changed_interval_is_said_and_is_no_gap) {
  observe();
  ck_assert(!seen.interval_changed);
  before.interval_s = 60;
  now.time_s = 1061;
  put_counter(&before, SIGNAL_PASSIVE_OPENS, 0);
  put_counter(&now, SIGNAL_PASSIVE_OPENS, 61);
  observe();
  ck_assert(seen.interval_changed);
  ck_assert(!seen.gap);
  ck_assert_double_eq(seen.interval_s, 10);
  ck_assert_double_eq(seen.value[SIGNAL_PASSIVE_OPENS], 1);
  snapshot_observe(NULL, &now, &seen);
  ck_assert(!seen.interval_changed);
}
END_TEST

START_TEST(addresses_and_backlog_go_along) {
  now.syn_queue = (struct snapshot_queue){"0.0.0.0:443", 511, 2};
  now.accept_queue = (struct snapshot_queue){"[::]:80", 128, 0};
  strcpy(now.top_source, "192.0.2.0/24 40 %");
  observe();
  ck_assert_str_eq(seen.syn_queue.listener, "0.0.0.0:443");
  ck_assert_int_eq(seen.syn_queue.backlog, 511);
  ck_assert_int_eq(seen.syn_queue.others, 2);
  ck_assert_str_eq(seen.accept_queue.listener, "[::]:80");
  ck_assert_int_eq(seen.accept_queue.backlog, 128);
  ck_assert_str_eq(seen.top_source, "192.0.2.0/24 40 %");
}
END_TEST

/* A sender that leaves out what is unknown, and counts its sockets only now and
 * then; of its values, that of the sockets comes last. Returns the readings
 * that were taken with it. */
static int gather_counted_each(int each, int readings) {
  struct snapshot_gather gather;
  struct snapshot_pool pool = {NULL};
  struct snapshot_stamp last = {.have = 0};
  struct snapshot taken_last;
  int taken = 0;

  snapshot_gather_init(&gather, 0);
  for (int i = 0; i < 2 * readings; i++) {
    int reading = i / 2;
    bool counted = reading % each == 0, comes_last = i % 2 == 1;
    struct hosts_value value = {.host = "web1",
                                .signal = comes_last ? SIGNAL_SYN_RECV
                                                     : SIGNAL_PASSIVE_OPENS,
                                .time_s = 1000 + 10 * reading,
                                .interval_s = 10,
                                .now_s = 1000 + 10 * reading + 0.01 * i};
    if (comes_last && !counted)
      continue;
    while (snapshot_gather_put(&gather, &pool, &last, &value) == -EAGAIN ||
           snapshot_gather_ready(&gather, value.now_s)) {
      snapshot_gather_take(&gather, &pool, &taken_last);
      last = snapshot_stamp_of(&taken_last);
      taken += (last.have >> SIGNAL_SYN_RECV & 1) != 0;
    }
  }
  snapshot_gather_release(&gather, &pool);
  snapshot_pool_free(&pool);
  return taken;
}

START_TEST(a_value_that_is_left_out_for_nine_readings_is_waited_for) {
  /* But for the first one that comes after it was left out. */
  ck_assert_int_ge(gather_counted_each(10, 201), 21 - 1);
  ck_assert_int_ge(gather_counted_each(2, 201), 101 - 1);
  ck_assert_int_ge(gather_counted_each(1, 201), 200);
}
END_TEST

SUITE(snapshot) {
  Suite *suite = suite_create("snapshot");
  TCase *tests = tcase_create("observe");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, gauges_pass_as_they_are);
  tcase_add_test(tests, a_missing_member_is_unknown);
  tcase_add_loop_test(tests, an_impossible_gauge_is_unknown, 0,
                      sizeof(impossible) / sizeof(impossible[0]));
  tcase_add_test(tests, a_counter_becomes_events_a_second);
  tcase_add_test(tests, the_rate_is_over_the_true_time_between_two_snapshots);
  tcase_add_loop_test(tests, a_counter_that_went_backwards_has_no_rate, 0,
                      sizeof(resets) / sizeof(resets[0]));
  tcase_add_test(tests, a_counter_missing_on_one_side_has_no_rate);
  tcase_add_test(tests, the_first_snapshot_has_gauges_and_no_rates);
  tcase_add_loop_test(tests, a_gap_is_two_and_a_half_intervals_or_a_step_back,
                      0, sizeof(times) / sizeof(times[0]));
  tcase_add_test(tests, what_is_given_as_a_rate_needs_no_snapshot_before);
  tcase_add_test(tests, a_rate_and_a_counter_are_not_subtracted);
  tcase_add_test(tests, a_changed_interval_is_said_and_is_no_gap);
  tcase_add_test(tests, addresses_and_backlog_go_along);
  tcase_add_test(tests,
                 a_value_that_is_left_out_for_nine_readings_is_waited_for);
  suite_add_tcase(suite, tests);
  return suite;
}
