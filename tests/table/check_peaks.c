/* The largest values of several looks, and how they are dispatched. */
#include "metrics_scene.h"
#include "scenes/suite.h"
#include "table/peaks.h"

static struct peaks peaks;

static void setup(void) {
  begin(NULL, 0);
  peaks_clear(&peaks);
}

/* One look: a listener with a backlog of 100. */
static void look(uint64_t half_open, uint64_t aged, uint32_t waiting) {
  struct cohort cohort = {.port = 80, .half_open = half_open, .aged = aged};
  reading_clear(reading);
  add_row((struct tcp_row){.state = TCP_STATE_LISTEN,
                           .local_port = 80,
                           .accept_max = 100,
                           .accept_depth = waiting,
                           .max_known = true},
          1);
  ck_assert_int_eq(reading_add_cohort(reading, &cohort), 0);
  reading_finish(reading);
}

static void add(void) { peaks_add(&peaks, reading, &counters); }

START_TEST(the_largest_of_each_value_is_kept) {
  look(40, 0, 3);
  add();
  look(100, 90, 0);
  add();
  look(1, 1, 50);
  add();
  ck_assert_double_eq(peaks.half_open, 100);
  ck_assert_double_eq(peaks.aged, 90);
  ck_assert_double_eq(peaks.syn_queue, 100);
  ck_assert_double_eq(peaks.accept_queue, 50);
}
END_TEST

START_TEST(what_is_not_known_changes_nothing) {
  look(40, 10, 3);
  add();
  look(70, 70, 9);
  reading_know_only(reading, UINT32_C(1) << TCP_STATE_LISTEN);
  add();
  ck_assert_double_eq(peaks.half_open, 40);
  ck_assert_double_eq(peaks.accept_queue, 9);
  peaks_clear(&peaks);
  reading_know_only(reading, 0);
  add();
  ck_assert(isnan(peaks.half_open) && isnan(peaks.aged));
  ck_assert(isnan(peaks.syn_queue) && isnan(peaks.accept_queue));
}
END_TEST

START_TEST(entries_that_are_never_sent_again_have_no_age) {
  set(COUNTER_SYNACK_RETRIES, 0);
  look(40, 10, 3);
  add();
  ck_assert_double_eq(peaks.half_open, 40);
  ck_assert(isnan(peaks.aged));
}
END_TEST

START_TEST(peaks_are_dispatched_beside_the_values_if_asked_for) {
  look(40, 10, 3);
  add();
  look(0, 0, 0);
  begin_metrics((struct metrics_options){.peaks = true});
  metrics_note_peaks(metrics, &peaks);
  compute();
  assert_value("all", "tcp_connections", "SYN_RECV", 0);
  assert_value("all", "current_connections", "syn_recv_peak", 40);
  assert_value("all", "current_connections", "syn_recv_aged_peak", 10);
  assert_value("all", "percent", "syn_queue_peak", 40);
  assert_value("all", "percent", "accept_queue_peak", 3);
  begin_metrics((struct metrics_options){.peaks = false});
  metrics_note_peaks(metrics, &peaks);
  compute();
  ck_assert_ptr_null(find("all", "percent", "syn_queue_peak"));
}
END_TEST

START_TEST(the_queue_that_was_full_is_named_if_most_of_it_is_gone) {
  look(100, 90, 0);
  add();
  for (uint64_t left = 0; left <= 60; left += 60) {
    begin_metrics((struct metrics_options){.peaks = true});
    metrics_note_peaks(metrics, &peaks);
    look(left, 0, 0);
    reading->listeners[0].address[3] = 9;
    compute();
    ck_assert_str_eq(list->queue[METRICS_SYN_QUEUE].listener,
                     left == 0 ? "0.0.0.0:80" : "0.0.0.9:80");
    ck_assert_int_eq(list->queue[METRICS_SYN_QUEUE].backlog, 100);
  }
  peaks_clear(&peaks);
  metrics_note_peaks(metrics, &peaks);
  look(0, 0, 0);
  compute();
  ck_assert_str_eq(list->queue[METRICS_SYN_QUEUE].listener, "");
}
END_TEST

START_TEST(the_sources_of_the_last_walk_stay) {
  begin_metrics((struct metrics_options){.peaks = false});
  reading_clear(reading);
  add_row((struct tcp_row){.state = TCP_STATE_SYN_RECV,
                           .remote = {198, 51, 100, 7}},
          4);
  reading_finish(reading);
  compute();
  assert_value("all", "percent", "syn_recv_top_source", 100);
  ck_assert_str_eq(list->top_source, "198.51.100.0/24 100 %");
  look(40, 10, 3);
  compute();
  assert_unknown("all", "percent", "syn_recv_top_source");
  ck_assert_str_eq(list->top_source, "198.51.100.0/24 100 %");
  look(0, 0, 0);
  compute();
  ck_assert_str_eq(list->top_source, "");
}
END_TEST

SUITE(peaks) {
  Suite *suite = suite_create("peaks");
  TCase *tcase = tcase_create("looks");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, the_largest_of_each_value_is_kept);
  tcase_add_test(tcase, what_is_not_known_changes_nothing);
  tcase_add_test(tcase, entries_that_are_never_sent_again_have_no_age);
  tcase_add_test(tcase, peaks_are_dispatched_beside_the_values_if_asked_for);
  tcase_add_test(tcase, the_queue_that_was_full_is_named_if_most_of_it_is_gone);
  tcase_add_test(tcase, the_sources_of_the_last_walk_stay);
  suite_add_tcase(suite, tcase);
  return suite;
}
