/* series: what becomes of values: counters and increments, gaps and clocks. */
#include "scenes/series_feed.h"
#include "scenes/suite.h"

#include <math.h>

static int count_to(int64_t counter) {
  next.kind = SERIES_COUNTER;
  next.counter = counter;
  return step();
}

START_TEST(a_counter_is_judged_as_a_rate) {
  ck_assert_int_eq(count_to(1000), -ENODATA);
  ck_assert_int_eq(count_to(1500), 0);
  ck_assert_double_eq(got.finding.observed, 50);
  next.time_s += 10; /* one was missed: over twenty seconds */
  ck_assert_int_eq(count_to(1600), 0);
  ck_assert_double_eq(got.finding.observed, 5);
}
END_TEST

START_TEST(a_counter_that_went_back_has_no_rate_once) {
  count_to(1000);
  count_to(1500);
  ck_assert_int_eq(count_to(3), -ENODATA);
  ck_assert_int_eq(count_to(13), 0);
  ck_assert_double_eq(got.finding.observed, 1);
}
END_TEST

START_TEST(over_a_gap_a_counter_has_no_rate) {
  count_to(1000);
  count_to(1500);
  next.time_s += 60;
  ck_assert_int_eq(count_to(90000), -ENODATA);
  ck_assert_int_eq(count_to(90010), 0);
  ck_assert_double_eq(got.finding.observed, 1);
}
END_TEST

START_TEST(the_largest_counters_do_not_overflow) {
  count_to(0);
  ck_assert_int_eq(count_to(INT64_MAX), 0);
  ck_assert_double_eq(got.finding.observed, (double)INT64_MAX / 10);
  ck_assert_int_eq(count_to(INT64_MIN), -ENODATA);
  ck_assert_int_eq(count_to(INT64_MAX), -ENODATA);
}
END_TEST

START_TEST(an_increment_is_a_rate_by_itself) {
  next.kind = SERIES_INCREMENT;
  ck_assert_int_eq(put(50), 0);
  ck_assert_double_eq(got.finding.observed, 5);
  ck_assert_int_eq(put(20), 0);
  ck_assert_double_eq(got.finding.observed, 2);
}
END_TEST

/* The least spread that is believed: of a count as Poisson says, of anything
 * else a hundredth. */
static double spread_of_constant(const char *plugin, const char *type) {
  name.plugin = plugin;
  name.type = type;
  run_at(100, 0, DAY_S);
  return (got.finding.upper - got.finding.expected) / watch->sigmas;
}

START_TEST(counts_are_known_by_their_type_alone) {
  ck_assert_double_eq_tol(spread_of_constant("p", "users"), sqrt(104), 1e-6);
  ck_assert_double_eq_tol(spread_of_constant("p", "gauge"), 1, 1e-6);
  ck_assert_double_eq_tol(spread_of_constant("users", "gauge"), 1, 1e-6);
  ck_assert_double_eq_tol(spread_of_constant("p", "usersx"), 1, 1e-6);
  name.data_source = "value";
  ck_assert_double_eq_tol(spread_of_constant("p", "files"), sqrt(104), 1e-6);
}
END_TEST

static const double no_value[] = {NAN, INFINITY, -INFINITY};

START_TEST(what_is_no_number_is_not_judged) {
  put(1);
  struct baseline before = memory_of(0)->baseline;
  ck_assert_int_eq(put(no_value[_i]), -ENODATA);
  ck_assert_mem_eq(&before, &memory_of(0)->baseline, sizeof(before));
  ck_assert_int_eq(put(1), 0);
}
END_TEST

static const struct {
  double time_s, interval_s;
} no_time[] = {{NAN, 10},     {0, 10},  {-1, 10}, {INFINITY, 10}, {1, 0},
               {1, INFINITY}, {1, -10}, {1, NAN}, {1e300, 10},    {1, 1e300}};

START_TEST(without_a_time_or_an_interval_nothing_is_judged) {
  next.time_s = no_time[_i].time_s;
  next.interval_s = no_time[_i].interval_s;
  ck_assert_int_eq(put(1), -ENODATA);
  ck_assert_uint_eq(series_count(series), 0);
}
END_TEST

START_TEST(a_name_with_control_characters_is_never_judged) {
  name.host = "h\n";
  ck_assert_int_eq(put(1), -EILSEQ);
  name.host = "h";
  name.plugin_instance = "i\x1b[2J";
  ck_assert_int_eq(put(1), -EILSEQ);
  name.plugin_instance = "";
  name.type_instance = "j\xc2\x9b";
  ck_assert_int_eq(put(1), -EILSEQ);
  ck_assert_uint_eq(series_count(series), 0);
  name.type_instance = "two words, h\xc3\xb6st";
  ck_assert_int_eq(put(1), 0);
}
END_TEST

START_TEST(a_value_twice_or_late_counts_once) {
  put(1);
  put(1);
  next.time_s -= 10;
  ck_assert_int_eq(put(1e6), -ESTALE);
  next.time_s -= 25;
  ck_assert_int_eq(put(1e6), -ESTALE);
  ck_assert_double_eq(memory_of(0)->baseline.level, 1);
}
END_TEST

START_TEST(a_clock_set_back_is_followed) {
  run(DAY_S);
  next.time_s -= 7200;
  ck_assert_int_eq(put(100), 0);
  ck_assert_int_eq(put(100), 0);
  next.time_s += 20 * 3600;
  ck_assert_int_eq(put(100), 0);
  run(HOUR_S);
  assert_changes(0, 0);
}
END_TEST

START_TEST(sources_of_one_value_are_series_of_their_own) {
  name.data_source = "rx";
  put(1);
  name.data_source = "tx";
  next.time_s = START_S;
  put(2);
  ck_assert_str_eq(got.identifier, "h/p/gauge-x:tx");
  ck_assert_uint_eq(series_count(series), 2);
}
END_TEST

SUITE(series_values) {
  Suite *suite = suite_create("series_values");
  TCase *tcase = tcase_create("series_values");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_counter_is_judged_as_a_rate);
  tcase_add_test(tcase, a_counter_that_went_back_has_no_rate_once);
  tcase_add_test(tcase, over_a_gap_a_counter_has_no_rate);
  tcase_add_test(tcase, the_largest_counters_do_not_overflow);
  tcase_add_test(tcase, an_increment_is_a_rate_by_itself);
  tcase_add_test(tcase, counts_are_known_by_their_type_alone);
  tcase_add_loop_test(tcase, what_is_no_number_is_not_judged, 0, 3);
  tcase_add_loop_test(tcase, without_a_time_or_an_interval_nothing_is_judged, 0,
                      (int)(sizeof(no_time) / sizeof(no_time[0])));
  tcase_add_test(tcase, a_name_with_control_characters_is_never_judged);
  tcase_add_test(tcase, a_value_twice_or_late_counts_once);
  tcase_add_test(tcase, a_clock_set_back_is_followed);
  tcase_add_test(tcase, sources_of_one_value_are_series_of_their_own);
  suite_add_tcase(suite, tcase);
  return suite;
}
