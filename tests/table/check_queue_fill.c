/* How full the queues of listening sockets are, and which one is named. */
#include "scenes/suite.h"
#include "table/queue_fill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct reading *reading;
static struct listener listeners[8];
static struct kernel_counters counters;

static void setup(void) {
  reading = reading_create(NULL, 0);
  memset(&counters, 0, sizeof(counters));
}

static void teardown(void) {
  reading->listeners = NULL; /* they are not the reading's */
  reading_destroy(reading);
}

static struct listener *put(uint16_t port, uint64_t half_open, uint64_t depth,
                            uint64_t max) {
  struct listener *listener = &listeners[reading->listeners_len++];
  *listener = (struct listener){.port = port,
                                .max_known = true,
                                .sockets = 1,
                                .half_open = half_open,
                                .accept_depth = depth,
                                .accept_max = max,
                                .fullest_depth = (uint32_t)depth,
                                .fullest_max = (uint32_t)max,
                                .drops = 3};
  reading->listeners = listeners;
  return listener;
}

static void set(enum kernel_counter counter, int64_t value) {
  counters.known[counter] = true;
  counters.value[counter] = value;
}

static void assert_near(double value, double expected) {
  ck_assert_msg(fabs(value - expected) < 1e-9, "%g is not %g", value, expected);
}

START_TEST(without_a_listener_nothing_is_known) {
  struct queue_fill fill = queue_fill_of(reading, &counters);
  ck_assert(isnan(fill.syn.percent));
  ck_assert(isnan(fill.accept.percent));
  ck_assert_ptr_eq(fill.syn.listener, NULL);
  ck_assert_ptr_eq(fill.accept.listener, NULL);
}
END_TEST

START_TEST(the_fullest_queue_is_the_one_of_highest_percentage) {
  put(80, 100, 3, 1000);
  struct listener *fullest = put(443, 60, 0, 128);
  struct listener *deepest = put(8080, 10, 64, 256);
  struct queue_fill fill = queue_fill_of(reading, &counters);
  assert_near(fill.syn.percent, 100.0 * 60 / 128);
  assert_near(fill.syn.max, 128);
  assert_near(fill.accept.percent, 25);
  assert_near(fill.accept.max, 256);
  ck_assert_ptr_eq(fill.syn.listener, fullest);
  ck_assert_ptr_eq(fill.accept.listener, deepest);
  ck_assert_uint_eq(fill.half_open, 170);
  ck_assert_uint_eq(fill.accept_depth, 67);
  ck_assert_uint_eq(fill.drops, 9);
}
END_TEST

START_TEST(of_equally_full_queues_it_is_the_one_with_more_entries) {
  put(80, 129, 0, 128); /* a queue may hold one more than its maximum */
  struct listener *fullest = put(443, 512, 0, 512);
  put(8080, 5, 0, 5);
  struct queue_fill fill = queue_fill_of(reading, &counters);
  assert_near(fill.syn.percent, 100);
  ck_assert_ptr_eq(fill.syn.listener, fullest);
}
END_TEST

/* Others of a flood on 443, which has 500 of 511, 400 of them aged. */
static const struct {
  uint64_t half_open, aged, max, others;
} beside[] = {{500, 400, 511, 1},
              {128, 120, 128, 1},    /* smaller, and as full */
              {1260, 1200, 4096, 1}, /* not as full, and as many */
              {500, 240, 511, 0},    /* a crowd: answered */
              {120, 110, 4096, 0},   /* neither full nor many */
              {0, 0, 511, 0}};

START_TEST(who_is_flooded_beside_the_fullest_is_counted) {
  put(443, 500, 0, 511)->aged = 400;
  put(80, beside[_i].half_open, 0, beside[_i].max)->aged = beside[_i].aged;
  struct queue_fill fill = queue_fill_of(reading, &counters);
  ck_assert_uint_eq(fill.syn.others, beside[_i].others);
  ck_assert_uint_eq(fill.accept.others, 0);
}
END_TEST

START_TEST(what_cannot_be_unanswered_is_no_flood) {
  put(443, 500, 0, 511)->aged = 400;
  put(80, 500, 0, 511)->aged = 400;
  reading->unanswered_most = 249;
  ck_assert_uint_eq(queue_fill_of(reading, &counters).syn.others, 0);
  reading->unanswered_most = 250;
  ck_assert_uint_eq(queue_fill_of(reading, &counters).syn.others, 1);
}
END_TEST

START_TEST(beside_a_queue_of_fresh_entries_nobody_is_flooded) {
  put(443, 500, 0, 511)->aged = 200;
  put(80, 50, 0, 511)->aged = 50;
  put(25, 0, 0, 0)->max_known = false;
  ck_assert_uint_eq(queue_fill_of(reading, &counters).syn.others, 0);
}
END_TEST

START_TEST(who_has_a_full_accept_queue_beside_the_fullest_is_counted) {
  put(443, 0, 129, 128);
  put(80, 0, 512, 511);
  put(8080, 0, 4, 4);
  put(25, 0, 90, 100);
  put(22, 0, 0, 0);
  put(23, 0, 7, 0)->max_known = false;
  struct queue_fill fill = queue_fill_of(reading, &counters);
  ck_assert_uint_eq(fill.accept.listener->port, 80);
  ck_assert_uint_eq(fill.accept.others, 2);
  ck_assert_uint_eq(fill.syn.others, 0);
}
END_TEST

START_TEST(with_unknown_maxima_the_most_entries_name_the_listener) {
  struct listener *deepest = put(80, 5, 50, 0);
  deepest->max_known = false;
  struct listener *most = put(443, 7, 1, 0);
  most->max_known = false;
  put(8080, 6, 1, 0)->max_known = false;
  struct queue_fill fill = queue_fill_of(reading, &counters);
  ck_assert(isnan(fill.syn.percent));
  ck_assert(isnan(fill.accept.percent));
  ck_assert_ptr_eq(fill.syn.listener, most);
  ck_assert_ptr_eq(fill.accept.listener, deepest);
  ck_assert(!fill.drops_known);
}
END_TEST

START_TEST(a_backlog_of_0_has_no_percentage) {
  put(80, 1, 1, 0);
  struct queue_fill fill = queue_fill_of(reading, &counters);
  ck_assert(isnan(fill.syn.percent));
  ck_assert(isnan(fill.accept.percent));
}
END_TEST

/* Three quarters of 256 are 192; for two twins 384. */
START_TEST(without_cookies_the_syn_backlog_limits_the_queue) {
  struct listener *listener = put(80, 96, 96, 512);
  set(COUNTER_MAX_SYN_BACKLOG, 256);
  set(COUNTER_SYNCOOKIES_MODE, 0);
  struct queue_fill fill = queue_fill_of(reading, &counters);
  assert_near(fill.syn.percent, 50);
  assert_near(fill.accept.percent, 100.0 * 96 / 512);
  listener->sockets = 2;
  assert_near(queue_fill_syn_max(listener, &counters), 384);
  listener->accept_max = 128;
  assert_near(queue_fill_syn_max(listener, &counters), 128);
}
END_TEST

START_TEST(with_cookies_or_an_unknown_mode_the_backlog_is_the_limit) {
  struct listener *listener = put(80, 0, 0, 512);
  set(COUNTER_MAX_SYN_BACKLOG, 256);
  assert_near(queue_fill_syn_max(listener, &counters), 512);
  set(COUNTER_SYNCOOKIES_MODE, 1);
  assert_near(queue_fill_syn_max(listener, &counters), 512);
  set(COUNTER_SYNCOOKIES_MODE, 0);
  counters.known[COUNTER_MAX_SYN_BACKLOG] = false;
  assert_near(queue_fill_syn_max(listener, &counters), 512);
  listener->max_known = false;
  ck_assert(isnan(queue_fill_syn_max(listener, &counters)));
}
END_TEST

START_TEST(a_port_adds_up_counts_and_keeps_the_fullest_socket) {
  struct queue_ports ports = {0};
  put(443, 10, 1, 100);
  put(80, 1, 0, 100);
  put(443, 40, 2, 50);
  for (int round = 0; round < 2; round++) { /* and forgets the last reading */
    ck_assert_int_eq(queue_ports_fill(&ports, reading, &counters), 0);
    ck_assert_uint_eq(ports.len, 2);
    ck_assert_uint_eq(ports.ports[0].port, 443);
    ck_assert_uint_eq(ports.ports[0].fill.half_open, 50);
    ck_assert_uint_eq(ports.ports[0].fill.accept_depth, 3);
    ck_assert_uint_eq(ports.ports[0].fill.drops, 6);
    assert_near(ports.ports[0].fill.syn.percent, 80);
    assert_near(ports.ports[0].fill.accept.percent, 4);
    ck_assert_uint_eq(ports.ports[1].fill.half_open, 1);
  }
  reading->listeners_len = 0;
  ck_assert_int_eq(queue_ports_fill(&ports, reading, &counters), 0);
  ck_assert_uint_eq(ports.len, 0);
  queue_ports_release(&ports);
}
END_TEST

START_TEST(every_port_can_have_a_listener) {
  struct queue_ports ports = {0};
  for (int port = 0; port < 65536; port++) {
    struct tcp_row row = {.state = TCP_STATE_LISTEN,
                          .local_port = (uint16_t)port};
    ck_assert_int_eq(reading_add(reading, &row), 0);
  }
  ck_assert_int_eq(queue_ports_fill(&ports, reading, &counters), 0);
  ck_assert_uint_eq(ports.len, 65536);
  ck_assert_uint_eq(ports.ports[65535].port, 65535);
  queue_ports_release(&ports);
  free(reading->listeners); /* teardown forgets them */
}
END_TEST

SUITE(queue_fill) {
  Suite *suite = suite_create("queue_fill");
  TCase *tcase = tcase_create("queues");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, without_a_listener_nothing_is_known);
  tcase_add_test(tcase, the_fullest_queue_is_the_one_of_highest_percentage);
  tcase_add_test(tcase, of_equally_full_queues_it_is_the_one_with_more_entries);
  tcase_add_loop_test(tcase, who_is_flooded_beside_the_fullest_is_counted, 0,
                      sizeof(beside) / sizeof(beside[0]));
  tcase_add_test(tcase, what_cannot_be_unanswered_is_no_flood);
  tcase_add_test(tcase, beside_a_queue_of_fresh_entries_nobody_is_flooded);
  tcase_add_test(tcase,
                 who_has_a_full_accept_queue_beside_the_fullest_is_counted);
  tcase_add_test(tcase, with_unknown_maxima_the_most_entries_name_the_listener);
  tcase_add_test(tcase, a_backlog_of_0_has_no_percentage);
  tcase_add_test(tcase, without_cookies_the_syn_backlog_limits_the_queue);
  tcase_add_test(tcase,
                 with_cookies_or_an_unknown_mode_the_backlog_is_the_limit);
  tcase_add_test(tcase, a_port_adds_up_counts_and_keeps_the_fullest_socket);
  tcase_add_test(tcase, every_port_can_have_a_listener);
  suite_add_tcase(suite, tcase);
  return suite;
}
