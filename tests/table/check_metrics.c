/* A reading and counters -> the list that is dispatched. */
#include "scenes/suite.h"
#include "table/metrics.h"
#include "table/percent.h"
#include "table/state_counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct reading *reading;
static struct kernel_counters counters;
static struct metrics *metrics;
static const struct metrics_list *list;

static void add_row(struct tcp_row row, unsigned times) {
  for (unsigned i = 0; i < times; i++)
    ck_assert_int_eq(reading_add(reading, &row), 0);
}

static void set(enum kernel_counter counter, int64_t value) {
  counters.known[counter] = true;
  counters.value[counter] = value;
}

/* 192.0.2.1:443 with 90 ESTABLISHED, 10 half-open (4 aged) of 2 networks, 6 of
 * one address; a listener 0.0.0.0:443 with a backlog of 20 and a depth of 5. */
static void setup(void) {
  struct tcp_row listener = {.state = TCP_STATE_LISTEN,
                             .local_port = 443,
                             .accept_depth = 5,
                             .accept_max = 20,
                             .drops = 9,
                             .max_known = true};
  struct tcp_row row = {
      .local_port = 443, .local = {192, 0, 2, 1}, .remote = {198, 51, 100, 7}};
  metrics = NULL;
  memset(&counters, 0, sizeof(counters));
  reading = reading_create(NULL, 0);
  add_row(listener, 1);
  row.state = TCP_STATE_ESTABLISHED;
  add_row(row, 90);
  row.state = TCP_STATE_SYN_RECV;
  add_row(row, 6);
  row.retransmits = 2;
  row.remote[2] = 101;
  add_row(row, 4);
  row.state = TCP_STATE_TIME_WAIT;
  add_row(row, 50);
  reading_finish(reading);
}

static void teardown(void) {
  metrics_destroy(metrics);
  reading_destroy(reading);
}

static void compute_with(struct metrics_options options) {
  if (metrics == NULL) {
    options.variance_window = 30;
    metrics = metrics_create(&options);
  }
  ck_assert_int_eq(metrics_compute(metrics, reading, &counters, 0.25, &list),
                   0);
}

static void compute(void) { compute_with((struct metrics_options){0}); }

/* The one metric of that name, or NULL. */
static const struct metric *find(const char *instance, const char *type,
                                 const char *type_instance) {
  const struct metric *found = NULL;
  for (size_t i = 0; i < list->len; i++) {
    const struct metric *metric = &list->items[i];
    if (strcmp(metric->instance, instance) != 0 ||
        strcmp(metric->type, type) != 0 ||
        strcmp(metric->type_instance, type_instance) != 0)
      continue;
    ck_assert_msg(found == NULL, "%s/%s-%s twice", instance, type,
                  type_instance);
    found = metric;
  }
  return found;
}

static double value(const char *instance, const char *type,
                    const char *type_instance) {
  const struct metric *metric = find(instance, type, type_instance);
  ck_assert_msg(metric != NULL, "no %s/%s-%s", instance, type, type_instance);
  ck_assert(!metric->is_counter);
  return metric->gauge;
}

static void assert_value(const char *type, const char *type_instance,
                         double expected) {
  double found = value("all", type, type_instance);
  ck_assert_msg(fabs(found - expected) < 1e-9, "%s-%s: %g is not %g", type,
                type_instance, found, expected);
}

static void assert_unknown(const char *type, const char *type_instance) {
  ck_assert_msg(isnan(value("all", type, type_instance)), "%s-%s", type,
                type_instance);
}

START_TEST(a_window_out_of_range_is_refused) {
  struct metrics_options options = {.variance_window = METRICS_WINDOW_MIN - 1};
  ck_assert_ptr_eq(metrics_create(&options), NULL);
  options.variance_window = METRICS_WINDOW_MAX + 1;
  ck_assert_ptr_eq(metrics_create(&options), NULL);
  options.variance_window = METRICS_WINDOW_MAX;
  metrics = metrics_create(&options);
  ck_assert_ptr_ne(metrics, NULL);
}
END_TEST

START_TEST(the_ratios_by_hand) {
  set(COUNTER_MAX_TW_BUCKETS, 200);
  compute();
  assert_value("current_connections", "active", 100);
  assert_value("current_connections", "syn_recv_aged", 4);
  assert_value("percent", "completion", 90);
  assert_value("percent", "syn_recv", 10);
  assert_value("percent", "syn_recv_aged", 40);
  assert_value("percent", "syn_recv_top_source", 60);
  assert_value("percent", "syn_queue", 50);
  assert_value("percent", "syn_queue_aged", 20);
  assert_value("percent", "accept_queue", 25);
  assert_value("percent", "time_wait", 25);
  assert_value("duration", "read", 0.25);
}
END_TEST

/* The kernel's limit is one for mini-sockets of both states. */
START_TEST(timewait_sockets_are_those_in_fin_wait2_too) {
  struct tcp_row row = {.state = TCP_STATE_FIN_WAIT2, .timewait = true};
  add_row(row, 30);
  row.timewait = false;
  add_row(row, 5);
  reading_finish(reading);
  set(COUNTER_MAX_TW_BUCKETS, 200);
  compute();
  assert_value("percent", "time_wait", 40);
}
END_TEST

START_TEST(each_state_is_there_also_with_no_socket) {
  static const uint64_t counts[TCP_STATE_END] = {0,  90, 0, 10, 0, 0,
                                                 50, 0,  0, 0,  1, 0};
  compute();
  for (int state = 1; state < TCP_STATE_END; state++)
    assert_value("tcp_connections", tcp_state_name(state),
                 (double)counts[state]);
}
END_TEST

START_TEST(an_empty_host_has_counts_and_no_ratios) {
  static const char *const ratios[] = {
      "completion", "syn_recv",           "syn_recv_aged",  "handshake",
      "inbound",    "syn_queue",          "syn_queue_aged", "accept_queue",
      "time_wait",  "syn_recv_top_source"};
  reading_clear(reading);
  reading_finish(reading);
  compute();
  for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); i++)
    assert_unknown("percent", ratios[i]);
  assert_unknown("gauge", "state_entropy");
  assert_value("current_connections", "active", 0);
  assert_value("tcp_connections", "LISTEN", 0);
  for (int i = METRICS_SYN_QUEUE; i < METRICS_QUEUE_KINDS; i++) {
    ck_assert_str_eq(list->queue[i].listener, "");
    ck_assert_int_eq(list->queue[i].backlog, 0);
    ck_assert_int_eq(list->queue[i].others, 0);
  }
  ck_assert_str_eq(list->top_source, "");
}
END_TEST

START_TEST(a_percentage_is_held_in_its_range) {
  ck_assert(percent_of(1, 4) == 25);
  ck_assert(percent_of(129, 128) == 100);
  ck_assert(percent_of(-1, 128) == 0);
  ck_assert(percent_of(0, 128) == 0);
  ck_assert(percent_of(INFINITY, 128) == 100);
  ck_assert(isnan(percent_of(1, 0)));
  ck_assert(isnan(percent_of(0, 0)));
  ck_assert(isnan(percent_of(NAN, 1)));
  ck_assert(isnan(percent_of(1, NAN)));
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

START_TEST(changes_are_from_the_reading_before) {
  set(COUNTER_PASSIVE_OPENS, 100);
  set(COUNTER_ACTIVE_OPENS, 100);
  compute();
  assert_unknown("percent", "handshake");
  assert_unknown("percent", "inbound");
  assert_unknown("gauge", "state_stddev");
  set(COUNTER_PASSIVE_OPENS, 103);
  set(COUNTER_ACTIVE_OPENS, 101);
  struct tcp_row aged = {.state = TCP_STATE_SYN_RECV, .retransmits = 1};
  add_row(aged, 1); /* 11 half-open instead of 10: variance 1/4 */
  reading_finish(reading);
  compute();
  assert_value("percent", "handshake", 75);
  assert_value("percent", "inbound", 75);
  assert_value("gauge", "state_stddev", sqrt(0.25 / 11));
}
END_TEST

/* As of a reading by /proc whose entries wait behind TCP_DEFER_ACCEPT. */
START_TEST(aged_entries_are_held_to_what_can_be_unanswered) {
  reading->unanswered_most = 1;
  compute_with((struct metrics_options){.by_family = true});
  assert_value("current_connections", "syn_recv_aged", 1);
  assert_value("percent", "syn_recv_aged", 10);
  assert_value("percent", "syn_queue_aged", 5);
  assert_value("tcp_connections", "SYN_RECV", 10);
  ck_assert(value("ipv4", "current_connections", "syn_recv_aged") == 1);
  ck_assert(value("ipv6", "current_connections", "syn_recv_aged") == 0);
  reading->unanswered_most = 0;
  compute();
  assert_value("current_connections", "syn_recv_aged", 0);
  reading_clear(reading);
  ck_assert_uint_eq(reading->unanswered_most, UINT64_MAX);
}
END_TEST

START_TEST(without_retries_nothing_is_known_of_age) {
  set(COUNTER_SYNACK_RETRIES, 0);
  compute_with((struct metrics_options){.by_family = true});
  assert_unknown("current_connections", "syn_recv_aged");
  assert_unknown("percent", "syn_recv_aged");
  assert_unknown("percent", "syn_queue_aged");
  ck_assert(isnan(value("ipv4", "current_connections", "syn_recv_aged")));
  assert_value("percent", "syn_queue", 50);
  set(COUNTER_SYNACK_RETRIES, 5);
  compute();
  assert_value("current_connections", "syn_recv_aged", 4);
}
END_TEST

SUITE(metrics) {
  Suite *suite = suite_create("metrics");
  TCase *tcase = tcase_create("all");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_window_out_of_range_is_refused);
  tcase_add_test(tcase, the_ratios_by_hand);
  tcase_add_test(tcase, timewait_sockets_are_those_in_fin_wait2_too);
  tcase_add_test(tcase, each_state_is_there_also_with_no_socket);
  tcase_add_test(tcase, an_empty_host_has_counts_and_no_ratios);
  tcase_add_test(tcase, a_percentage_is_held_in_its_range);
  tcase_add_test(tcase, the_entropy_by_hand);
  tcase_add_test(tcase, changes_are_from_the_reading_before);
  tcase_add_test(tcase, aged_entries_are_held_to_what_can_be_unanswered);
  tcase_add_test(tcase, without_retries_nothing_is_known_of_age);
  suite_add_tcase(suite, tcase);
  return suite;
}
