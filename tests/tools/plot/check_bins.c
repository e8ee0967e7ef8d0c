/* What a picture shows, in bounded memory. Curves: nothing visible may be lost,
 * whatever the order and the number of values. Incidents: from the first
 * notification to the OKAY. */
#include "plot/bins.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- curves --------------------------------------------------------------- */

enum { CAPACITY = 64, MANY = 100000 };

static struct plot_bins bins;

static void setup(void) {
  ck_assert_int_eq(plot_bins_init(&bins, CAPACITY), 0);
}
static void teardown(void) { plot_bins_release(&bins); }

static double noise(void) { return (double)rand() / RAND_MAX; }

START_TEST(many_values_keep_their_extremes_sum_and_count) {
  double min = INFINITY, max = -INFINITY, sum = 0, low = 0, high = 0;
  double found = 0, first_s = 0, last_s = 0;
  uint64_t count = 0;

  srand((unsigned)_i + 1);
  for (int i = 0; i < MANY; i++) {
    double value = noise() * 1000 - 300;
    min = fmin(min, value);
    max = fmax(max, value);
    sum += value;
    plot_bins_put(&bins, 1e9 + 10 * i, value, 10);
  }
  ck_assert(plot_bins_extent(&bins, &low, &high));
  ck_assert_double_eq(low, min);
  ck_assert_double_eq(high, max);
  ck_assert(plot_bins_range(&bins, &first_s, &last_s));
  ck_assert_double_eq(first_s, 1e9);
  ck_assert_double_eq(last_s, 1e9 + 10.0 * (MANY - 1));
  ck_assert_uint_le(bins.len, CAPACITY);
  ck_assert_uint_ge(bins.len, CAPACITY / 2);
  for (size_t i = 0; i < bins.len; i++) {
    found += bins.bins[i].count > 0 ? bins.bins[i].sum : 0;
    count += bins.bins[i].count;
  }
  ck_assert_uint_eq(count, MANY);
  ck_assert_double_eq_tol(found, sum, 1e-6 * fabs(sum));
}
END_TEST

START_TEST(a_single_spike_is_in_its_column) {
  struct plot_bin column[20];
  size_t at = 0;

  for (int i = 0; i < MANY; i++)
    plot_bins_put(&bins, 1e6 + i, i == 61234 ? 500 : 1, 1);
  plot_bins_columns(&bins, 1e6, 1e6 + (double)MANY, column, 20);
  for (size_t i = 0; i < 20; i++)
    if (column[i].max > 400)
      at = i;
    else
      ck_assert_double_eq(column[i].max, 1);
  /* 61234 of 100000 in 20 columns: the 12th or a neighbour. */
  ck_assert_uint_ge(at, 11);
  ck_assert_uint_le(at, 13);
  ck_assert_double_eq(column[at].min, 1);
}
END_TEST

START_TEST(the_order_of_values_does_not_matter) {
  enum { LEN = 3000 };
  struct plot_bin forward[50], shuffled[50];
  int order[LEN];

  for (int i = 0; i < LEN; i++) {
    order[i] = i;
    plot_bins_put(&bins, 5000 + i, sin(i), 1);
  }
  plot_bins_columns(&bins, 5000, 8000, forward, 50);
  teardown();
  setup();
  srand(7);
  for (int i = LEN - 1; i > 0; i--) {
    int k = rand() % (i + 1), was = order[i];
    order[i] = order[k];
    order[k] = was;
  }
  for (int i = 0; i < LEN; i++)
    plot_bins_put(&bins, 5000 + order[i], sin(order[i]), 1);
  plot_bins_columns(&bins, 5000, 8000, shuffled, 50);
  uint64_t count = 0;
  for (int i = 0; i < 50; i++)
    count += shuffled[i].count;
  ck_assert_uint_eq(count, LEN);
  double low = 0, high = 0, first_s = 0, last_s = 0;
  ck_assert(plot_bins_extent(&bins, &low, &high));
  ck_assert(plot_bins_range(&bins, &first_s, &last_s));
  ck_assert_double_eq(first_s, 5000);
  ck_assert_double_eq(last_s, 5000 + LEN - 1);
  ck_assert_double_gt(high, 0.999);
  ck_assert_double_lt(low, -0.999);
}
END_TEST

START_TEST(first_and_last_value_go_by_time) {
  struct plot_bin column;

  plot_bins_put(&bins, 102, 3, 1);
  plot_bins_put(&bins, 100, 1, 1);
  plot_bins_put(&bins, 101, 2, 1);
  plot_bins_columns(&bins, 0, 200, &column, 1);
  ck_assert_uint_eq(column.count, 3);
  ck_assert_double_eq(column.first, 1);
  ck_assert_double_eq(column.last, 3);
  ck_assert_double_eq(column.first_s, 100);
  ck_assert_double_eq(column.last_s, 102);
}
END_TEST

START_TEST(times_far_apart_fit) {
  double first_s = 0, last_s = 0;

  plot_bins_put(&bins, 5e10, 1, 10);
  plot_bins_put(&bins, 1e11, 2, 10);
  plot_bins_put(&bins, 1, 3, 10);
  ck_assert(plot_bins_range(&bins, &first_s, &last_s));
  ck_assert_double_eq(first_s, 1);
  ck_assert_double_eq(last_s, 1e11);
  ck_assert_uint_le(bins.len, CAPACITY);
}
END_TEST

START_TEST(what_is_no_number_is_no_value) {
  double low = 0, high = 0;

  plot_bins_put(&bins, 10, NAN, 1);
  plot_bins_put(&bins, 11, INFINITY, 1);
  plot_bins_put(&bins, NAN, 1, 1);
  ck_assert(!plot_bins_extent(&bins, &low, &high));
  ck_assert(!plot_bins_range(&bins, &low, &high));
  ck_assert(isnan(plot_bins_mostly_below(&bins, 10)));
}
END_TEST

START_TEST(a_missing_reading_is_a_gap_a_late_one_is_none) {
  struct plot_bin left = {.count = 1, .last_s = 100}, right = {.count = 1};

  plot_bins_put(&bins, 100, 1, 10);
  right.first_s = 115;
  ck_assert(!plot_bins_is_gap(&bins, &left, &right));
  right.first_s = 119.5;
  ck_assert(plot_bins_is_gap(&bins, &left, &right));
}
END_TEST

START_TEST(columns_hold_their_range_only) {
  struct plot_bin column[4];

  for (int i = 0; i < 40; i++)
    plot_bins_put(&bins, i, i, 1);
  plot_bins_columns(&bins, 10, 18, column, 4);
  ck_assert_double_eq(column[0].min, 10);
  ck_assert_double_eq(column[1].min, 12);
  ck_assert_double_eq(column[3].max, 18);
}
END_TEST

START_TEST(outliers_are_left_out_of_what_is_mostly_so) {
  for (int i = 0; i < 60; i++)
    plot_bins_put(&bins, i, i == 30 ? 1000 : 5, 1);
  ck_assert_double_eq(plot_bins_mostly_below(&bins, 50), 5);
  plot_bins_put(&bins, 60, 1000, 1);
  plot_bins_put(&bins, 61, 1000, 1);
  ck_assert_double_eq(plot_bins_mostly_below(&bins, 50), 1000);
}
END_TEST

/* --- incidents ------------------------------------------------------------ */

static struct plot_spans spans;

static void setup_spans(void) { plot_spans_init(&spans); }
static void teardown_spans(void) { plot_spans_release(&spans); }

static void notify(double time_s, enum severity severity, const char *name,
                   const char *subject) {
  struct notice notice = {.time_s = time_s, .severity = severity};

  snprintf(notice.host, sizeof(notice.host), "web1");
  snprintf(notice.instance, sizeof(notice.instance), "%s", name);
  snprintf(notice.text, sizeof(notice.text), "at %g", time_s);
  ck_assert_int_eq(plot_spans_put(&spans, &notice, subject, 0), 0);
}

START_TEST(incident_lasts_from_its_first_notice_to_its_okay) {
  notify(10, SEVERITY_WARNING, "a", "web1");
  notify(20, SEVERITY_FAILURE, "a", "web1");
  notify(25, SEVERITY_WARNING, "b", "web1");
  notify(30, SEVERITY_OKAY, "a", "web1");
  ck_assert_uint_eq(spans.len, 2);
  ck_assert_double_eq(spans.spans[0].start_s, 10);
  ck_assert_double_eq(spans.spans[0].failure_s, 20);
  ck_assert_double_eq(spans.spans[0].end_s, 30);
  ck_assert_uint_eq(spans.spans[0].notices_len, 3);
  ck_assert_str_eq(spans.spans[0].notices[2].text, "at 30");
  ck_assert_int_eq(plot_spans_severity(&spans.spans[0]), SEVERITY_FAILURE);
  ck_assert(isinf(spans.spans[1].end_s));
  ck_assert_int_eq(plot_spans_severity(&spans.spans[1]), SEVERITY_WARNING);
  ck_assert(plot_spans_has(&spans, "b", "web1"));
  ck_assert(!plot_spans_has(&spans, "b", "web2"));
}
END_TEST

START_TEST(two_series_of_one_watch_are_two_incidents) {
  notify(10, SEVERITY_WARNING, "a", "web1/x/gauge-1");
  notify(20, SEVERITY_WARNING, "a", "web1/x/gauge-2");
  notify(30, SEVERITY_OKAY, "a", "web1/x/gauge-1");
  ck_assert_uint_eq(spans.len, 2);
  ck_assert_double_eq(spans.spans[0].end_s, 30);
  ck_assert(isinf(spans.spans[1].end_s));
}
END_TEST

START_TEST(an_okay_of_nothing_is_nothing) {
  notify(10, SEVERITY_OKAY, "a", "web1");
  ck_assert_uint_eq(spans.len, 0);
}
END_TEST

START_TEST(reminders_push_each_other_out_not_the_end) {
  for (int i = 0; i < 10; i++)
    notify(i + 1, SEVERITY_WARNING, "a", "web1");
  notify(99, SEVERITY_OKAY, "a", "web1");
  ck_assert_uint_eq(spans.len, 1);
  ck_assert_uint_eq(spans.spans[0].notices_len, PLOT_SPAN_NOTICES_MAX);
  ck_assert_uint_eq(spans.spans[0].notices_more, 11 - PLOT_SPAN_NOTICES_MAX);
  ck_assert_double_eq(spans.spans[0].notices[0].time_s, 1);
  ck_assert_double_eq(spans.spans[0].notices[PLOT_SPAN_NOTICES_MAX - 1].time_s,
                      99);
}
END_TEST

START_TEST(more_incidents_than_there_is_room_for_are_counted) {
  for (int i = 0; i < PLOT_SPANS_MAX + 5; i++) {
    notify(10 * i + 1, SEVERITY_WARNING, "a", "web1");
    notify(10 * i + 5, SEVERITY_OKAY, "a", "web1");
  }
  ck_assert_uint_eq(spans.len, PLOT_SPANS_MAX);
  ck_assert_uint_eq(spans.more, 5);
  plot_spans_cut(&spans, 100, 200);
  ck_assert_uint_eq(spans.len, 10);
  ck_assert_double_eq(spans.spans[0].start_s, 101);
}
END_TEST

START_TEST(incidents_before_the_picture_make_room) {
  struct notice notice = {.severity = SEVERITY_WARNING};

  for (int i = 0; i < PLOT_SPANS_MAX; i++) {
    notify(10 * i + 1, SEVERITY_WARNING, "a", "web1");
    notify(10 * i + 5, SEVERITY_OKAY, "a", "web1");
  }
  notice.time_s = 1e6;
  ck_assert_int_eq(plot_spans_put(&spans, &notice, "web1", 1e5), 0);
  ck_assert_uint_eq(spans.len, 1);
  ck_assert_uint_eq(spans.more, 0);
}
END_TEST

SUITE(plot_bins) {
  TCase *tcase = tcase_create("bins"), *span = tcase_create("spans");
  Suite *suite = suite_create("plot_bins");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, many_values_keep_their_extremes_sum_and_count, 0,
                      3);
  tcase_add_test(tcase, a_single_spike_is_in_its_column);
  tcase_add_test(tcase, the_order_of_values_does_not_matter);
  tcase_add_test(tcase, first_and_last_value_go_by_time);
  tcase_add_test(tcase, times_far_apart_fit);
  tcase_add_test(tcase, what_is_no_number_is_no_value);
  tcase_add_test(tcase, a_missing_reading_is_a_gap_a_late_one_is_none);
  tcase_add_test(tcase, columns_hold_their_range_only);
  tcase_add_test(tcase, outliers_are_left_out_of_what_is_mostly_so);
  tcase_add_checked_fixture(span, setup_spans, teardown_spans);
  tcase_add_test(span, incident_lasts_from_its_first_notice_to_its_okay);
  tcase_add_test(span, two_series_of_one_watch_are_two_incidents);
  tcase_add_test(span, an_okay_of_nothing_is_nothing);
  tcase_add_test(span, reminders_push_each_other_out_not_the_end);
  tcase_add_test(span, more_incidents_than_there_is_room_for_are_counted);
  tcase_add_test(span, incidents_before_the_picture_make_room);
  suite_add_tcase(suite, tcase);
  suite_add_tcase(suite, span);
  return suite;
}
