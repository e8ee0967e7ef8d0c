/* Which metrics each instance has, all, families, ports and listeners, and
 * which of them are known without a walk. */
#include "metrics_scene.h"
#include "scenes/metric_names.h"
#include "scenes/suite.h"

#include <stdio.h>
#include <stdlib.h>

enum {
  ALL_STATES = TCP_STATE_END - 1,
  ALL_METRICS = METRIC_NAMES - COUNTER_DISPATCHED, /* of "all" */
  METRICS_MAX = 256,
};

static const uint16_t local_ports[] = {443, 25};

static void add(uint8_t family, int state, uint16_t port, uint8_t last_byte,
                unsigned times) {
  struct tcp_row row = {.family = family,
                        .state = (uint8_t)state,
                        .local_port = port,
                        .accept_depth = 1,
                        .accept_max = 10,
                        .drops = 7,
                        .max_known = true};
  row.local[3] = last_byte;
  add_row(row, times);
}

/* Port 443 listens on two addresses of IPv4 and has 5 and 2 half-open entries;
 * port 80 on IPv6 has 4; port 25, a LocalPort, has no listener. */
static void set_up_instances(void) {
  begin(local_ports, 2);
  add(TCP_IPV4, TCP_STATE_LISTEN, 443, 1, 1);
  add(TCP_IPV4, TCP_STATE_LISTEN, 443, 2, 1);
  add(TCP_IPV6, TCP_STATE_LISTEN, 80, 0, 1);
  add(TCP_IPV4, TCP_STATE_SYN_RECV, 443, 1, 5);
  add(TCP_IPV4, TCP_STATE_SYN_RECV, 443, 2, 2);
  add(TCP_IPV6, TCP_STATE_SYN_RECV, 80, 0, 4);
  add(TCP_IPV4, TCP_STATE_ESTABLISHED, 443, 1, 7);
  add(TCP_IPV6, TCP_STATE_ESTABLISHED, 80, 0, 12);
  add(TCP_IPV4, TCP_STATE_CLOSE_WAIT, 25, 1, 3);
  reading_finish(reading);
}

static void compute_with(struct metrics_options options) {
  begin_metrics(options);
  compute();
}

static size_t metrics_of(const char *instance) {
  size_t len = 0;
  for (size_t i = 0; i < list->len; i++)
    len += strcmp(list->items[i].instance, instance) == 0;
  return len;
}

static void assert_counter(const char *instance, const char *type_instance,
                           int64_t expected) {
  const struct metric *metric =
      find(instance, "protocol_counter", type_instance);
  ck_assert_msg(metric != NULL, "no %s/%s", instance, type_instance);
  ck_assert(metric->is_counter);
  ck_assert_int_eq(metric->derive, expected);
}

/* No identifier twice, none without a name, none that collectd's 128 bytes or
 * its character '/' would spoil. */
static void assert_identifiers_differ(void) {
  for (size_t i = 0; i < list->len; i++) {
    const struct metric *one = &list->items[i];
    ck_assert(one->instance[0] != '\0' && strchr(one->instance, '/') == NULL);
    for (size_t j = 0; j < i; j++)
      ck_assert_msg(
          strcmp(one->instance, list->items[j].instance) != 0 ||
              strcmp(one->type, list->items[j].type) != 0 ||
              strcmp(one->type_instance, list->items[j].type_instance) != 0,
          "%s/%s-%s twice", one->instance, one->type, one->type_instance);
  }
}

START_TEST(without_options_there_are_all_and_the_local_ports) {
  compute_with((struct metrics_options){0});
  size_t local_port = ALL_STATES + 3;
  ck_assert_uint_eq(metrics_of("443-local"), local_port);
  ck_assert_uint_eq(metrics_of("25-local"), local_port);
  ck_assert_uint_eq(metrics_of("all"), ALL_METRICS);
  ck_assert_uint_eq(list->len, ALL_METRICS + 2 * local_port);
  assert_identifiers_differ();
}
END_TEST

START_TEST(families_have_their_states_and_shares) {
  compute_with((struct metrics_options){.by_family = true});
  ck_assert_uint_eq(metrics_of("ipv4"), ALL_STATES + 5);
  ck_assert_uint_eq(metrics_of("ipv6"), ALL_STATES + 5);
  assert_value("ipv4", "tcp_connections", "SYN_RECV", 7);
  assert_value("ipv4", "current_connections", "active", 17);
  assert_value("ipv4", "percent", "completion", 50);
  assert_value("ipv6", "percent", "completion", 75);
  assert_value("ipv6", "percent", "syn_recv", 25);
  assert_value("ipv6", "current_connections", "syn_recv_aged", 0);
  assert_value("all", "tcp_connections", "SYN_RECV", 11);
  assert_identifiers_differ();
}
END_TEST

START_TEST(counts_that_are_not_right_for_a_family_are_not_told) {
  reading->by_family = false;
  compute_with((struct metrics_options){.by_family = true});
  ck_assert_uint_eq(metrics_of("ipv4") + metrics_of("ipv6"), 0);
}
END_TEST

START_TEST(local_ports_have_their_states_and_shares) {
  compute_with((struct metrics_options){0});
  assert_value("443-local", "tcp_connections", "LISTEN", 2);
  assert_value("443-local", "percent", "completion", 50);
  assert_value("443-local", "percent", "syn_recv", 50);
  assert_value("25-local", "tcp_connections", "CLOSE_WAIT", 3);
  assert_value("25-local", "tcp_connections", "ESTABLISHED", 0);
  assert_unknown("25-local", "percent", "completion");
  ck_assert_ptr_eq(find("443-local", "percent", "syn_queue"), NULL);
}
END_TEST

/* Sums of counts, percentages of the fullest socket. */
START_TEST(listeners_have_their_queues) {
  compute_with((struct metrics_options){.listeners = true});
  assert_value("443-local", "tcp_connections", "SYN_RECV", 7);
  assert_value("443-local", "current_connections", "syn_recv_aged", 0);
  assert_value("443-local", "percent", "syn_queue", 50);
  assert_value("443-local", "percent", "accept_queue", 10);
  assert_value("443-local", "queue_length", "accept", 2);
  assert_counter("443-local", "drops", 14);
  ck_assert_uint_eq(metrics_of("80-local"), 6);
  assert_value("80-local", "tcp_connections", "SYN_RECV", 4);
  assert_value("80-local", "percent", "syn_queue", 40);
  assert_counter("80-local", "drops", 7);
  assert_identifiers_differ();
}
END_TEST

START_TEST(of_a_listener_in_proc_only_counts_are_known) {
  struct tcp_row row = {
      .state = TCP_STATE_LISTEN, .local_port = 8080, .accept_depth = 3};
  ck_assert_int_eq(reading_add(reading, &row), 0);
  reading_finish(reading);
  compute_with((struct metrics_options){.listeners = true});
  assert_value("8080-local", "queue_length", "accept", 3);
  assert_unknown("8080-local", "percent", "syn_queue");
  assert_unknown("8080-local", "percent", "accept_queue");
  ck_assert_ptr_eq(find("8080-local", "protocol_counter", "drops"), NULL);
}
END_TEST

START_TEST(known_counters_are_told_as_they_are) {
  for (int i = 0; i < COUNTER_END; i++) {
    counters.known[i] = i != COUNTER_SYN_RETRANS;
    counters.value[i] = 1000 + i;
  }
  compute_with((struct metrics_options){.counters = true});
  for (int i = 0; i < COUNTER_DISPATCHED; i++)
    if (i != COUNTER_SYN_RETRANS)
      assert_counter("all", kernel_counter_name((enum kernel_counter)i),
                     1000 + i);
  ck_assert_ptr_eq(find("all", "protocol_counter", "TCPSynRetrans"), NULL);
  ck_assert_uint_eq(metrics_of("all"), ALL_METRICS + COUNTER_DISPATCHED - 1);
  compute_with((struct metrics_options){.counters = false});
  ck_assert_uint_eq(metrics_of("all"), ALL_METRICS);
}
END_TEST

START_TEST(the_list_follows_what_there_is_to_tell) {
  struct metrics_options options = {.by_family = true,
                                    .listeners = true,
                                    .counters = true,
                                    .variance_window = 2};
  begin_metrics(options);
  for (unsigned round = 0; round < 20; round++) {
    reading_clear(reading);
    unsigned listening = round % 5 * 300;
    for (unsigned port = 0; port < listening; port++)
      add(TCP_IPV4, TCP_STATE_LISTEN, (uint16_t)(1000 + port), 0, 1);
    reading_finish(reading);
    compute();
    ck_assert_uint_eq(list->len, ALL_METRICS + 2 * (ALL_STATES + 5) +
                                     2 * (ALL_STATES + 3) + 6 * listening);
    ck_assert_uint_le(list->len, list->capacity);
  }
}
END_TEST

START_TEST(the_names_have_their_order) {
  char name[METRICS_NAME_MAX * 2];
  for (int i = 0; i < COUNTER_DISPATCHED; i++)
    set((enum kernel_counter)i, 1000 + i);
  compute_with((struct metrics_options){.counters = true});
  ck_assert_uint_eq(metrics_of("all"), METRIC_NAMES);
  for (size_t i = 0; i < METRIC_NAMES; i++) {
    snprintf(name, sizeof(name), "%s-%s", list->items[i].type,
             list->items[i].type_instance);
    ck_assert_str_eq(list->items[i].instance, "all");
    ck_assert_str_eq(name, metric_names[i]);
  }
}
END_TEST

/* Every row at once: each instance, each option, every counter known. The room
 * that was made is exactly what the list takes. */
START_TEST(all_rows_at_once_fit) {
  for (int i = 0; i < COUNTER_END; i++)
    set((enum kernel_counter)i, 1000 + i);
  compute_with((struct metrics_options){
      .by_family = true, .listeners = true, .counters = true});
  ck_assert_uint_eq(list->len, list->capacity);
  ck_assert_uint_eq(list->len, ALL_METRICS + COUNTER_DISPATCHED +
                                   2 * (ALL_STATES + 5) + 2 * (ALL_STATES + 3) +
                                   5 + 6);
  assert_identifiers_differ();
  for (size_t i = 0; i < list->len; i++)
    ck_assert(list->items[i].type[0] != '\0' &&
              list->items[i].type_instance[0] != '\0');
}
END_TEST

/* A reading for which the sockets were not walked: the same names, and NAN for
 * what nobody looked at. Port 443 is a LocalPort. */
static void add_on(int state, uint16_t port, unsigned times) {
  struct tcp_row row = {.state = (uint8_t)state,
                        .local_port = port,
                        .local = {192, 0, 2, 1},
                        .remote = {198, 51, 100, 7},
                        .retransmits = 1,
                        .accept_depth = 5,
                        .accept_max = 20,
                        .max_known = true};
  add_row(row, times);
}

static void walk(unsigned half_open) {
  reading_clear(reading);
  add_on(TCP_STATE_LISTEN, 443, 1);
  add_on(TCP_STATE_LISTEN, 25, 1);
  add_on(TCP_STATE_ESTABLISHED, 443, 40);
  add_on(TCP_STATE_TIME_WAIT, 25, 30);
  add_on(TCP_STATE_SYN_RECV, 443, half_open);
  reading_finish(reading);
  compute();
}

/* Only the listeners, as by netlink. */
static void look_at_listeners(void) {
  reading_clear(reading);
  add_on(TCP_STATE_LISTEN, 443, 1);
  add_on(TCP_STATE_LISTEN, 25, 1);
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

static void set_up_unwalked(void) {
  const struct metrics_options options = {.by_family = true,
                                          .listeners = true,
                                          .counters = true,
                                          .variance_window = 30};
  begin(local_ports, 1);
  begin_metrics(options);
  set(COUNTER_MAX_TW_BUCKETS, 200);
  set(COUNTER_PASSIVE_OPENS, 1000);
  set(COUNTER_ACTIVE_OPENS, 500);
  set(COUNTER_EMBRYONIC_RSTS, 0);
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
  assert_value("all", "tcp_connections", "LISTEN", 2);
  assert_value("ipv4", "tcp_connections", "LISTEN", 2);
  assert_value("ipv6", "tcp_connections", "LISTEN", 0);
  assert_value("443-local", "tcp_connections", "LISTEN", 1);
  assert_value("all", "percent", "accept_queue", 25);
  assert_value("443-local", "percent", "accept_queue", 25);
  assert_value("25-local", "queue_length", "accept", 5);
  assert_value("443-local", "queue_length", "accept", 5);
  assert_value("25-local", "percent", "accept_queue", 25);
  assert_value("all", "percent", "time_wait", 25);
  assert_value("all", "percent", "inbound", 75);
  assert_value("all", "duration", "read", 0.25);
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
  assert_unknown("all", "percent", "accept_queue");
  assert_unknown("443-local", "percent", "accept_queue");
  assert_unknown("25-local", "queue_length", "accept");
  assert_unknown("25-local", "tcp_connections", "SYN_RECV");
  ck_assert_uint_eq(known_gauges(), 1); /* duration-read */
}
END_TEST

START_TEST(a_count_that_the_counters_tell_is_known_in_the_sum_alone) {
  walk(10);
  look_at_listeners();
  reading->known |= UINT32_C(1) << TCP_STATE_ESTABLISHED;
  reading->total[TCP_STATE_ESTABLISHED] = 77;
  compute();
  assert_value("all", "tcp_connections", "ESTABLISHED", 77);
  assert_unknown("ipv4", "tcp_connections", "ESTABLISHED");
  assert_unknown("443-local", "tcp_connections", "ESTABLISHED");
  assert_unknown("all", "current_connections", "active");
  assert_unknown("all", "percent", "completion");
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
    assert_unknown("all", "percent", "handshake");
  }
  walk(20);
  assert_value("all", "percent", "handshake", 60);
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
    assert_unknown("all", "gauge", "state_stddev");
    look_at_nothing();
  }
  walk(22); /* two of each again */
  assert_value("all", "gauge", "state_stddev", spread);
  ck_assert(fabs(third - spread) > 1e-3);
}
END_TEST

SUITE(metrics_list) {
  Suite *suite = suite_create("metrics_list");
  TCase *instances = tcase_create("instances");
  TCase *unwalked = tcase_create("unwalked");
  tcase_add_checked_fixture(instances, set_up_instances, teardown);
  tcase_add_checked_fixture(unwalked, set_up_unwalked, teardown);
  tcase_add_test(instances, without_options_there_are_all_and_the_local_ports);
  tcase_add_test(instances, families_have_their_states_and_shares);
  tcase_add_test(instances,
                 counts_that_are_not_right_for_a_family_are_not_told);
  tcase_add_test(instances, local_ports_have_their_states_and_shares);
  tcase_add_test(instances, listeners_have_their_queues);
  tcase_add_test(instances, of_a_listener_in_proc_only_counts_are_known);
  tcase_add_test(instances, known_counters_are_told_as_they_are);
  tcase_add_test(instances, the_list_follows_what_there_is_to_tell);
  tcase_add_test(instances, the_names_have_their_order);
  tcase_add_test(instances, all_rows_at_once_fit);
  tcase_add_test(unwalked, the_list_has_the_same_names_with_a_walk_and_without);
  tcase_add_test(unwalked,
                 from_the_listeners_come_their_number_and_their_accept_queues);
  tcase_add_test(unwalked, without_listeners_only_what_counters_tell_is_known);
  tcase_add_test(unwalked,
                 a_count_that_the_counters_tell_is_known_in_the_sum_alone);
  tcase_add_test(unwalked, handshakes_are_told_from_one_walk_to_the_next);
  tcase_add_test(unwalked, the_spread_over_readings_knows_only_walks);
  suite_add_tcase(suite, instances);
  suite_add_tcase(suite, unwalked);
  return suite;
}
