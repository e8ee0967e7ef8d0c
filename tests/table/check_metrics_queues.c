/* What the list of metrics says of the fullest queues: whose they are, how long
 * they may be, how many others are in the same state. */
#include "scenes/suite.h"
#include "table/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct reading *reading;
static struct kernel_counters counters;
static struct metrics *metrics;
static const struct metrics_list *list;
static const struct metrics_queue *syn, *accepting;

static void setup(void) {
  const struct metrics_options options = {.variance_window = 30,
                                          .listeners = true};
  memset(&counters, 0, sizeof(counters));
  reading = reading_create(NULL, 0);
  metrics = metrics_create(&options);
  ck_assert(reading != NULL && metrics != NULL);
}

static void teardown(void) {
  metrics_destroy(metrics);
  reading_destroy(reading);
}

static void add(struct tcp_row row, unsigned times) {
  for (unsigned i = 0; i < times; i++)
    ck_assert_int_eq(reading_add(reading, &row), 0);
}

static void listen_on(uint16_t port, uint32_t depth, uint32_t max) {
  add((struct tcp_row){.state = TCP_STATE_LISTEN,
                       .local_port = port,
                       .accept_depth = depth,
                       .accept_max = max,
                       .max_known = true},
      1);
}

static void half_open_on(uint16_t port, unsigned fresh, unsigned aged) {
  struct tcp_row row = {.state = TCP_STATE_SYN_RECV,
                        .local_port = port,
                        .local = {192, 0, 2, 1},
                        .remote = {198, 51, 100, 7}};
  add(row, fresh);
  row.retransmits = 2;
  add(row, aged);
}

static void compute(void) {
  reading_finish(reading);
  ck_assert_int_eq(metrics_compute(metrics, reading, &counters, 0.001, &list),
                   0);
  syn = &list->queue[METRICS_SYN_QUEUE];
  accepting = &list->queue[METRICS_ACCEPT_QUEUE];
}

static enum metrics_queue_kind kind_of(const char *type, const char *instance) {
  for (size_t i = 0; i < list->len; i++)
    if (strcmp(list->items[i].type, type) == 0 &&
        strcmp(list->items[i].type_instance, instance) == 0)
      return list->items[i].queue;
  ck_abort_msg("no %s-%s", type, instance);
  return METRICS_NO_QUEUE;
}

START_TEST(each_queue_names_its_own_listener) {
  listen_on(443, 5, 20);
  listen_on(80, 9, 8);
  half_open_on(443, 6, 4);
  compute();
  ck_assert_str_eq(syn->listener, "0.0.0.0:443");
  ck_assert_int_eq(syn->backlog, 20);
  ck_assert_int_eq(syn->others, 0);
  ck_assert_str_eq(accepting->listener, "0.0.0.0:80");
  ck_assert_int_eq(accepting->backlog, 8);
  ck_assert_int_eq(accepting->others, 0);
  ck_assert_str_eq(list->top_source, "198.51.100.0/24 100 %");
}
END_TEST

START_TEST(three_metrics_go_with_their_queue) {
  listen_on(443, 5, 20);
  compute();
  ck_assert_int_eq(kind_of("tcp_connections", "SYN_RECV"), METRICS_SYN_QUEUE);
  ck_assert_int_eq(kind_of("percent", "syn_queue"), METRICS_SYN_QUEUE);
  ck_assert_int_eq(kind_of("percent", "accept_queue"), METRICS_ACCEPT_QUEUE);
  size_t naming = 0;
  for (size_t i = 0; i < list->len; i++)
    naming += list->items[i].queue != METRICS_NO_QUEUE;
  ck_assert_uint_eq(naming, 3);
}
END_TEST

START_TEST(an_empty_queue_names_nobody) {
  listen_on(443, 5, 20);
  half_open_on(443, 6, 4);
  compute();
  reading_clear(reading);
  listen_on(443, 0, 20);
  compute();
  ck_assert_str_eq(syn->listener, "");
  ck_assert_int_eq(syn->backlog, 0);
  ck_assert_str_eq(accepting->listener, "");
  ck_assert_str_eq(list->top_source, "");
}
END_TEST

START_TEST(listeners_in_the_same_state_are_counted) {
  for (uint16_t port = 80; port < 83; port++)
    listen_on(port, 20, 20);
  listen_on(443, 19, 20);
  half_open_on(80, 0, 20);
  half_open_on(81, 1, 18);
  half_open_on(443, 5, 1);
  compute();
  ck_assert_str_eq(syn->listener, "0.0.0.0:80");
  ck_assert_int_eq(syn->others, 1);
  ck_assert_int_eq(accepting->others, 2);
}
END_TEST

static double gauge_of(const char *instance, const char *type,
                       const char *type_instance) {
  for (size_t i = 0; i < list->len; i++)
    if (strcmp(list->items[i].instance, instance) == 0 &&
        strcmp(list->items[i].type, type) == 0 &&
        strcmp(list->items[i].type_instance, type_instance) == 0)
      return list->items[i].gauge;
  ck_abort_msg("no %s/%s-%s", instance, type, type_instance);
  return NAN;
}

/* One of eight workers hangs: its queue is full, those of the others are empty.
 * The half-open entries of all eight stay one sum. */
START_TEST(one_full_twin_of_eight_is_a_full_accept_queue) {
  for (int worker = 0; worker < 8; worker++)
    listen_on(8081, worker == 5 ? 65 : 0, 64);
  listen_on(443, 100, 128);
  half_open_on(8081, 0, 256);
  compute();
  ck_assert_double_eq(gauge_of("all", "percent", "accept_queue"), 100);
  ck_assert_str_eq(accepting->listener, "0.0.0.0:8081");
  ck_assert_int_eq(accepting->backlog, 64);
  ck_assert_int_eq(accepting->others, 0);
  ck_assert_double_eq(gauge_of("8081-local", "percent", "accept_queue"), 100);
  ck_assert_double_eq(gauge_of("8081-local", "queue_length", "accept"), 65);
  ck_assert_double_eq(gauge_of("all", "percent", "syn_queue"), 50);
  ck_assert_int_eq(syn->backlog, 512);
}
END_TEST

/* Beside a full one, a group with a full twin is in the same state. */
START_TEST(a_full_twin_counts_among_the_others) {
  listen_on(80, 200, 100);
  listen_on(443, 0, 16);
  listen_on(443, 17, 16);
  listen_on(444, 15, 16);
  listen_on(444, 15, 16);
  compute();
  ck_assert_str_eq(accepting->listener, "0.0.0.0:80");
  ck_assert_int_eq(accepting->others, 1);
}
END_TEST

START_TEST(sources_that_are_scattered_are_called_so) {
  struct tcp_row row = {.state = TCP_STATE_SYN_RECV, .local_port = 80};
  for (uint8_t i = 0; i < 200; i++) {
    row.remote[0] = i;
    add(row, 1);
  }
  compute();
  ck_assert_str_eq(list->top_source, "scattered");
}
END_TEST

START_TEST(ipv6_addresses_are_written_as_such) {
  struct tcp_row row = {.family = TCP_IPV6, .local_port = 8443};
  row.state = TCP_STATE_LISTEN;
  add(row, 1);
  row.state = TCP_STATE_SYN_RECV;
  memset(row.remote, 0xfe, sizeof(row.remote));
  add(row, 3);
  compute();
  ck_assert_str_eq(syn->listener, "[::]:8443");
  ck_assert_str_eq(list->top_source, "fefe:fefe:fefe:fefe::/64 100 %");
  ck_assert_int_eq(syn->backlog, 0); /* as /proc tells it */
  ck_assert_str_eq(accepting->listener, "");
  memset(row.local, 0xfe, sizeof(row.local)); /* the longest there is */
  row.local_port = 65535;
  row.state = TCP_STATE_LISTEN;
  add(row, 1);
  row.state = TCP_STATE_SYN_RECV;
  add(row, 4);
  compute();
  ck_assert_str_eq(syn->listener,
                   "[fefe:fefe:fefe:fefe:fefe:fefe:fefe:fefe]:65535");
}
END_TEST

SUITE(metrics_queues) {
  Suite *suite = suite_create("metrics_queues");
  TCase *tcase = tcase_create("queues");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, each_queue_names_its_own_listener);
  tcase_add_test(tcase, three_metrics_go_with_their_queue);
  tcase_add_test(tcase, an_empty_queue_names_nobody);
  tcase_add_test(tcase, listeners_in_the_same_state_are_counted);
  tcase_add_test(tcase, one_full_twin_of_eight_is_a_full_accept_queue);
  tcase_add_test(tcase, a_full_twin_counts_among_the_others);
  tcase_add_test(tcase, sources_that_are_scattered_are_called_so);
  tcase_add_test(tcase, ipv6_addresses_are_written_as_such);
  suite_add_tcase(suite, tcase);
  return suite;
}
