/* Which metrics each instance has: all, families, ports, listeners. */
#include "scenes/suite.h"
#include "table/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALL_STATES = TCP_STATE_END - 1 };

static const uint16_t local_ports[] = {443, 25};

static struct reading *reading;
static struct kernel_counters counters;
static struct metrics *metrics;
static const struct metrics_list *list;

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
  for (unsigned i = 0; i < times; i++)
    ck_assert_int_eq(reading_add(reading, &row), 0);
}

/* Port 443 listens on two addresses of IPv4 and has 5 and 2 half-open entries;
 * port 80 on IPv6 has 4; port 25, a LocalPort, has no listener. */
static void setup(void) {
  metrics = NULL;
  memset(&counters, 0, sizeof(counters));
  reading = reading_create(local_ports, 2);
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

static void teardown(void) {
  metrics_destroy(metrics);
  reading_destroy(reading);
}

static void compute(struct metrics_options options) {
  options.variance_window = 30;
  metrics_destroy(metrics);
  metrics = metrics_create(&options);
  ck_assert_int_eq(metrics_compute(metrics, reading, &counters, 0, &list), 0);
}

static const struct metric *find(const char *instance, const char *type,
                                 const char *type_instance) {
  for (size_t i = 0; i < list->len; i++)
    if (strcmp(list->items[i].instance, instance) == 0 &&
        strcmp(list->items[i].type, type) == 0 &&
        strcmp(list->items[i].type_instance, type_instance) == 0)
      return &list->items[i];
  return NULL;
}

static size_t metrics_of(const char *instance) {
  size_t len = 0;
  for (size_t i = 0; i < list->len; i++)
    len += strcmp(list->items[i].instance, instance) == 0;
  return len;
}

static void assert_value(const char *instance, const char *type,
                         const char *type_instance, double expected) {
  const struct metric *metric = find(instance, type, type_instance);
  ck_assert_msg(metric != NULL, "no %s/%s-%s", instance, type, type_instance);
  ck_assert(!metric->is_counter);
  ck_assert_msg(fabs(metric->gauge - expected) < 1e-9, "%s/%s-%s is %g",
                instance, type, type_instance, metric->gauge);
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
  compute((struct metrics_options){0});
  size_t local_port = ALL_STATES + 3;
  ck_assert_uint_eq(metrics_of("443-local"), local_port);
  ck_assert_uint_eq(metrics_of("25-local"), local_port);
  ck_assert_uint_eq(metrics_of("all"), 26);
  ck_assert_uint_eq(list->len, 26 + 2 * local_port);
  assert_identifiers_differ();
}
END_TEST

START_TEST(families_have_their_states_and_shares) {
  compute((struct metrics_options){.by_family = true});
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
  compute((struct metrics_options){.by_family = true});
  ck_assert_uint_eq(metrics_of("ipv4") + metrics_of("ipv6"), 0);
}
END_TEST

START_TEST(local_ports_have_their_states_and_shares) {
  compute((struct metrics_options){0});
  assert_value("443-local", "tcp_connections", "LISTEN", 2);
  assert_value("443-local", "percent", "completion", 50);
  assert_value("443-local", "percent", "syn_recv", 50);
  assert_value("25-local", "tcp_connections", "CLOSE_WAIT", 3);
  assert_value("25-local", "tcp_connections", "ESTABLISHED", 0);
  ck_assert(isnan(find("25-local", "percent", "completion")->gauge));
  ck_assert_ptr_eq(find("443-local", "percent", "syn_queue"), NULL);
}
END_TEST

/* Sums of counts, percentages of the fullest socket. */
START_TEST(listeners_have_their_queues) {
  compute((struct metrics_options){.listeners = true});
  assert_value("443-local", "tcp_connections", "SYN_RECV", 7);
  assert_value("443-local", "percent", "syn_queue", 50);
  assert_value("443-local", "percent", "accept_queue", 10);
  assert_value("443-local", "queue_length", "accept", 2);
  assert_counter("443-local", "drops", 14);
  ck_assert_uint_eq(metrics_of("80-local"), 5);
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
  compute((struct metrics_options){.listeners = true});
  assert_value("8080-local", "queue_length", "accept", 3);
  ck_assert(isnan(find("8080-local", "percent", "syn_queue")->gauge));
  ck_assert(isnan(find("8080-local", "percent", "accept_queue")->gauge));
  ck_assert_ptr_eq(find("8080-local", "protocol_counter", "drops"), NULL);
}
END_TEST

START_TEST(known_counters_are_told_as_they_are) {
  for (int i = 0; i < COUNTER_END; i++) {
    counters.known[i] = i != COUNTER_SYN_RETRANS;
    counters.value[i] = 1000 + i;
  }
  compute((struct metrics_options){.counters = true});
  for (int i = 0; i < COUNTER_DISPATCHED; i++)
    if (i != COUNTER_SYN_RETRANS)
      assert_counter("all", kernel_counter_name((enum kernel_counter)i),
                     1000 + i);
  ck_assert_ptr_eq(find("all", "protocol_counter", "TCPSynRetrans"), NULL);
  ck_assert_uint_eq(metrics_of("all"), 26 + COUNTER_DISPATCHED - 1);
  compute((struct metrics_options){.counters = false});
  ck_assert_uint_eq(metrics_of("all"), 26);
}
END_TEST

START_TEST(the_list_follows_what_there_is_to_tell) {
  struct metrics_options options = {.by_family = true,
                                    .listeners = true,
                                    .counters = true,
                                    .variance_window = 2};
  metrics = metrics_create(&options);
  for (unsigned round = 0; round < 20; round++) {
    reading_clear(reading);
    unsigned listening = round % 5 * 300;
    for (unsigned port = 0; port < listening; port++)
      add(TCP_IPV4, TCP_STATE_LISTEN, (uint16_t)(1000 + port), 0, 1);
    reading_finish(reading);
    ck_assert_int_eq(metrics_compute(metrics, reading, &counters, 0, &list), 0);
    ck_assert_uint_eq(list->len, 26 + 2 * (ALL_STATES + 5) +
                                     2 * (ALL_STATES + 3) + 5 * listening);
    ck_assert_uint_le(list->len, list->capacity);
  }
}
END_TEST

SUITE(metrics_instances) {
  Suite *suite = suite_create("metrics_instances");
  TCase *tcase = tcase_create("instances");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, without_options_there_are_all_and_the_local_ports);
  tcase_add_test(tcase, families_have_their_states_and_shares);
  tcase_add_test(tcase, counts_that_are_not_right_for_a_family_are_not_told);
  tcase_add_test(tcase, local_ports_have_their_states_and_shares);
  tcase_add_test(tcase, listeners_have_their_queues);
  tcase_add_test(tcase, of_a_listener_in_proc_only_counts_are_known);
  tcase_add_test(tcase, known_counters_are_told_as_they_are);
  tcase_add_test(tcase, the_list_follows_what_there_is_to_tell);
  suite_add_tcase(suite, tcase);
  return suite;
}
