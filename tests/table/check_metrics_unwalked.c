/* The metrics of a reading for which the sockets were not walked: the same
 * names, and NAN for whatever was not looked at. */
#include "scenes/suite.h"
#include "table/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { METRICS_MAX = 256 };

static const uint16_t local_port = 443;

static struct reading *reading;
static struct kernel_counters counters;
static struct metrics *metrics;
static const struct metrics_list *list;

static void add(int state, uint16_t port, unsigned times) {
  struct tcp_row row = {.state = (uint8_t)state,
                        .local_port = port,
                        .local = {192, 0, 2, 1},
                        .remote = {198, 51, 100, 7},
                        .retransmits = 1,
                        .accept_depth = 5,
                        .accept_max = 20,
                        .max_known = true};
  for (unsigned i = 0; i < times; i++)
    ck_assert_int_eq(reading_add(reading, &row), 0);
}

static void set(enum kernel_counter counter, int64_t value) {
  counters.known[counter] = true;
  counters.value[counter] = value;
}

static void compute(void) {
  ck_assert_int_eq(metrics_compute(metrics, reading, &counters, 0.25, &list),
                   0);
}

static void walk(unsigned half_open) {
  reading_clear(reading);
  add(TCP_STATE_LISTEN, 443, 1);
  add(TCP_STATE_LISTEN, 25, 1);
  add(TCP_STATE_ESTABLISHED, 443, 40);
  add(TCP_STATE_TIME_WAIT, 25, 30);
  add(TCP_STATE_SYN_RECV, 443, half_open);
  reading_finish(reading);
  compute();
}

/* Only the listeners, as by netlink. */
static void look_at_listeners(void) {
  reading_clear(reading);
  add(TCP_STATE_LISTEN, 443, 1);
  add(TCP_STATE_LISTEN, 25, 1);
  reading_finish(reading);
  reading_know_only(reading, UINT32_C(1) << TCP_STATE_LISTEN);
  reading->mini_sockets = 50;
  reading->mini_sockets_known = true;
  compute();
}

/* Nothing at all, as by /proc. */
static void look_at_nothing(void) {
  reading_clear(reading);
  reading_finish(reading);
  reading_know_only(reading, 0);
  compute();
}

static void setup(void) {
  const struct metrics_options options = {.by_family = true,
                                          .listeners = true,
                                          .counters = true,
                                          .variance_window = 30};
  memset(&counters, 0, sizeof(counters));
  reading = reading_create(&local_port, 1);
  metrics = metrics_create(&options);
  ck_assert(reading != NULL && metrics != NULL);
  set(COUNTER_MAX_TW_BUCKETS, 200);
  set(COUNTER_PASSIVE_OPENS, 1000);
  set(COUNTER_ACTIVE_OPENS, 500);
  set(COUNTER_EMBRYONIC_RSTS, 0);
}

static void teardown(void) {
  metrics_destroy(metrics);
  reading_destroy(reading);
}

static const struct metric *find(const char *instance, const char *type,
                                 const char *type_instance) {
  for (size_t i = 0; i < list->len; i++)
    if (strcmp(list->items[i].instance, instance) == 0 &&
        strcmp(list->items[i].type, type) == 0 &&
        strcmp(list->items[i].type_instance, type_instance) == 0)
      return &list->items[i];
  ck_abort_msg("no %s/%s-%s", instance, type, type_instance);
  return NULL;
}

static double value(const char *instance, const char *type,
                    const char *type_instance) {
  return find(instance, type, type_instance)->gauge;
}

/* Of the values that are no counters, how many are known. */
static size_t known_gauges(void) {
  size_t known = 0;
  for (size_t i = 0; i < list->len; i++)
    known += !list->items[i].is_counter && !isnan(list->items[i].gauge);
  return known;
}

START_TEST(the_list_has_the_same_names_with_a_walk_and_without) {
  static struct metric walked[METRICS_MAX];
  walk(10);
  size_t len = list->len;
  ck_assert_uint_le(len, METRICS_MAX);
  memcpy(walked, list->items, len * sizeof(walked[0]));
  look_at_listeners();
  ck_assert_uint_eq(list->len, len);
  for (size_t i = 0; i < len; i++) {
    ck_assert_str_eq(list->items[i].instance, walked[i].instance);
    ck_assert_str_eq(list->items[i].type, walked[i].type);
    ck_assert_str_eq(list->items[i].type_instance, walked[i].type_instance);
    ck_assert_int_eq(list->items[i].is_counter, walked[i].is_counter);
  }
}
END_TEST

START_TEST(from_the_listeners_come_their_number_and_their_accept_queues) {
  walk(10);
  set(COUNTER_PASSIVE_OPENS, 1030);
  set(COUNTER_ACTIVE_OPENS, 510);
  look_at_listeners();
  ck_assert(value("all", "tcp_connections", "LISTEN") == 2);
  ck_assert(value("ipv4", "tcp_connections", "LISTEN") == 2);
  ck_assert(value("ipv6", "tcp_connections", "LISTEN") == 0);
  ck_assert(value("443-local", "tcp_connections", "LISTEN") == 1);
  ck_assert(value("all", "percent", "accept_queue") == 25);
  ck_assert(value("443-local", "percent", "accept_queue") == 25);
  ck_assert(value("25-local", "queue_length", "accept") == 5);
  ck_assert(value("443-local", "queue_length", "accept") == 5);
  ck_assert(value("25-local", "percent", "accept_queue") == 25);
  ck_assert(value("all", "percent", "time_wait") == 25);
  ck_assert(value("all", "percent", "inbound") == 75);
  ck_assert(value("all", "duration", "read") == 0.25);
  ck_assert_uint_eq(known_gauges(), 12); /* and nothing else */
  ck_assert_int_eq(find("all", "protocol_counter", "PassiveOpens")->derive,
                   1030);
  ck_assert_str_eq(list->queue[METRICS_SYN_QUEUE].listener, "");
  ck_assert_str_ne(list->queue[METRICS_ACCEPT_QUEUE].listener, "");
  ck_assert_str_eq(list->top_source, "");
}
END_TEST

START_TEST(without_listeners_only_what_counters_tell_is_known) {
  walk(10);
  size_t len = list->len;
  look_at_nothing();
  ck_assert_uint_eq(list->len + 2, len); /* a counter of drops has no NAN */
  ck_assert(isnan(value("all", "percent", "accept_queue")));
  ck_assert(isnan(value("443-local", "percent", "accept_queue")));
  ck_assert(isnan(value("25-local", "queue_length", "accept")));
  ck_assert(isnan(value("25-local", "tcp_connections", "SYN_RECV")));
  ck_assert_uint_eq(known_gauges(), 1); /* duration-read */
}
END_TEST

START_TEST(a_count_that_the_counters_tell_is_known_in_the_sum_alone) {
  walk(10);
  look_at_listeners();
  reading->known |= UINT32_C(1) << TCP_STATE_ESTABLISHED;
  reading->total[TCP_STATE_ESTABLISHED] = 77;
  compute();
  ck_assert(value("all", "tcp_connections", "ESTABLISHED") == 77);
  ck_assert(isnan(value("ipv4", "tcp_connections", "ESTABLISHED")));
  ck_assert(isnan(value("443-local", "tcp_connections", "ESTABLISHED")));
  ck_assert(isnan(value("all", "current_connections", "active")));
  ck_assert(isnan(value("all", "percent", "completion")));
}
END_TEST

/* 60 completed, 20 reset and 20 newly aged, over three intervals. */
START_TEST(handshakes_are_told_from_one_walk_to_the_next) {
  walk(0);
  for (int i = 1; i <= 3; i++) {
    set(COUNTER_PASSIVE_OPENS, 1000 + 20 * i);
    set(COUNTER_EMBRYONIC_RSTS, 20);
    if (i == 3)
      break;
    look_at_listeners();
    ck_assert(isnan(value("all", "percent", "handshake")));
  }
  walk(20);
  ck_assert(fabs(value("all", "percent", "handshake") - 60) < 1e-9);
}
END_TEST

START_TEST(the_spread_over_readings_knows_only_walks) {
  walk(0);
  walk(22);
  double spread = value("all", "gauge", "state_stddev");
  ck_assert(spread > 0);
  walk(0);
  double third = value("all", "gauge", "state_stddev");
  for (int i = 0; i < 5; i++) {
    look_at_listeners();
    ck_assert(isnan(value("all", "gauge", "state_stddev")));
    look_at_nothing();
  }
  walk(22); /* two of each again */
  ck_assert(fabs(value("all", "gauge", "state_stddev") - spread) < 1e-9);
  ck_assert(fabs(third - spread) > 1e-3);
}
END_TEST

SUITE(metrics_unwalked) {
  Suite *suite = suite_create("metrics_unwalked");
  TCase *tcase = tcase_create("list");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, the_list_has_the_same_names_with_a_walk_and_without);
  tcase_add_test(tcase,
                 from_the_listeners_come_their_number_and_their_accept_queues);
  tcase_add_test(tcase, without_listeners_only_what_counters_tell_is_known);
  tcase_add_test(tcase,
                 a_count_that_the_counters_tell_is_known_in_the_sum_alone);
  tcase_add_test(tcase, handshakes_are_told_from_one_walk_to_the_next);
  tcase_add_test(tcase, the_spread_over_readings_knows_only_walks);
  suite_add_tcase(suite, tcase);
  return suite;
}
