/* A reading and counters -> the values that are dispatched: shares, queues,
 * handshakes. */
#include "metrics_scene.h"
#include "scenes/suite.h"

#include <stdlib.h>

/* 192.0.2.1:443 with 90 ESTABLISHED, 10 half-open (4 aged) of 2 networks, 6 of
 * one address; a listener 0.0.0.0:443 with a backlog of 20 and a depth of 5. */
static void set_up_host(void) {
  struct tcp_row listener = {.state = TCP_STATE_LISTEN,
                             .local_port = 443,
                             .accept_depth = 5,
                             .accept_max = 20,
                             .drops = 9,
                             .max_known = true};
  struct tcp_row row = {
      .local_port = 443, .local = {192, 0, 2, 1}, .remote = {198, 51, 100, 7}};
  begin(NULL, 0);
  begin_metrics((struct metrics_options){0});
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

START_TEST(a_window_out_of_range_is_refused) {
  struct metrics_options options = {.variance_window = METRICS_WINDOW_MIN - 1};
  ck_assert_ptr_eq(metrics_create(&options), NULL);
  options.variance_window = METRICS_WINDOW_MAX + 1;
  ck_assert_ptr_eq(metrics_create(&options), NULL);
  begin_metrics(
      (struct metrics_options){.variance_window = METRICS_WINDOW_MAX});
}
END_TEST

START_TEST(the_ratios_by_hand) {
  set(COUNTER_MAX_TW_BUCKETS, 200);
  compute();
  assert_value("all", "current_connections", "active", 100);
  assert_value("all", "current_connections", "syn_recv_aged", 4);
  assert_value("all", "percent", "completion", 90);
  assert_value("all", "percent", "syn_recv", 10);
  assert_value("all", "percent", "syn_recv_aged", 40);
  assert_value("all", "percent", "syn_recv_top_source", 60);
  assert_value("all", "percent", "syn_queue", 50);
  assert_value("all", "percent", "syn_queue_aged", 20);
  assert_value("all", "percent", "accept_queue", 25);
  assert_value("all", "percent", "time_wait", 25);
  assert_value("all", "duration", "read", 0.25);
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
  assert_value("all", "percent", "time_wait", 40);
}
END_TEST

START_TEST(each_state_is_there_also_with_no_socket) {
  static const uint64_t counts[TCP_STATE_END] = {0,  90, 0, 10, 0, 0,
                                                 50, 0,  0, 0,  1, 0};
  compute();
  for (int state = 1; state < TCP_STATE_END; state++)
    assert_value("all", "tcp_connections", tcp_state_name(state),
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
    assert_unknown("all", "percent", ratios[i]);
  assert_unknown("all", "gauge", "state_entropy");
  assert_value("all", "current_connections", "active", 0);
  assert_value("all", "tcp_connections", "LISTEN", 0);
  for (int i = METRICS_SYN_QUEUE; i < METRICS_QUEUE_KINDS; i++) {
    ck_assert_str_eq(list->queue[i].listener, "");
    ck_assert_int_eq(list->queue[i].backlog, 0);
    ck_assert_int_eq(list->queue[i].others, 0);
  }
  ck_assert_str_eq(list->top_source, "");
}
END_TEST

START_TEST(changes_are_from_the_reading_before) {
  set(COUNTER_PASSIVE_OPENS, 100);
  set(COUNTER_ACTIVE_OPENS, 100);
  compute();
  assert_unknown("all", "percent", "handshake");
  assert_unknown("all", "percent", "inbound");
  assert_unknown("all", "gauge", "state_stddev");
  set(COUNTER_PASSIVE_OPENS, 103);
  set(COUNTER_ACTIVE_OPENS, 101);
  struct tcp_row aged = {.state = TCP_STATE_SYN_RECV, .retransmits = 1};
  add_row(aged, 1); /* 11 half-open instead of 10: variance 1/4 */
  reading_finish(reading);
  compute();
  assert_value("all", "percent", "handshake", 75);
  assert_value("all", "percent", "inbound", 75);
  assert_value("all", "gauge", "state_stddev", sqrt(0.25 / 11));
}
END_TEST

/* As of a reading by /proc whose entries wait behind TCP_DEFER_ACCEPT. */
START_TEST(aged_entries_are_held_to_what_can_be_unanswered) {
  reading->unanswered_most = 1;
  begin_metrics((struct metrics_options){.by_family = true});
  compute();
  assert_value("all", "current_connections", "syn_recv_aged", 1);
  assert_value("all", "percent", "syn_recv_aged", 10);
  assert_value("all", "percent", "syn_queue_aged", 5);
  assert_value("all", "tcp_connections", "SYN_RECV", 10);
  assert_value("ipv4", "current_connections", "syn_recv_aged", 1);
  assert_value("ipv6", "current_connections", "syn_recv_aged", 0);
  reading->unanswered_most = 0;
  compute();
  assert_value("all", "current_connections", "syn_recv_aged", 0);
  reading_clear(reading);
  ck_assert_uint_eq(reading->unanswered_most, UINT64_MAX);
}
END_TEST

START_TEST(without_retries_nothing_is_known_of_age) {
  set(COUNTER_SYNACK_RETRIES, 0);
  begin_metrics((struct metrics_options){.by_family = true});
  compute();
  assert_unknown("all", "current_connections", "syn_recv_aged");
  assert_unknown("all", "percent", "syn_recv_aged");
  assert_unknown("all", "percent", "syn_queue_aged");
  assert_unknown("ipv4", "current_connections", "syn_recv_aged");
  assert_value("all", "percent", "syn_queue", 50);
  set(COUNTER_SYNACK_RETRIES, 5);
  compute();
  assert_value("all", "current_connections", "syn_recv_aged", 4);
}
END_TEST

/* What the list says of the fullest queues: whose they are, how long they may
 * be, how many others are in the same state. */
static const struct metrics_queue *syn, *accepting;

static void set_up_queues(void) {
  begin(NULL, 0);
  begin_metrics((struct metrics_options){.listeners = true});
}

static void compute_queues(void) {
  reading_finish(reading);
  compute();
  syn = &list->queue[METRICS_SYN_QUEUE];
  accepting = &list->queue[METRICS_ACCEPT_QUEUE];
}

static void listen_on(uint16_t port, uint32_t depth, uint32_t max) {
  add_row((struct tcp_row){.state = TCP_STATE_LISTEN,
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
  add_row(row, fresh);
  row.retransmits = 2;
  add_row(row, aged);
}

START_TEST(each_queue_names_its_own_listener) {
  listen_on(443, 5, 20);
  listen_on(80, 9, 8);
  half_open_on(443, 6, 4);
  compute_queues();
  ck_assert_str_eq(syn->listener, "0.0.0.0:443");
  ck_assert_int_eq(syn->backlog, 20);
  ck_assert_int_eq(syn->others, 0);
  ck_assert_str_eq(accepting->listener, "0.0.0.0:80");
  ck_assert_int_eq(accepting->backlog, 8);
  ck_assert_int_eq(accepting->others, 0);
  ck_assert_str_eq(list->top_source, "198.51.100.0/24 100 %");
}
END_TEST

START_TEST(four_metrics_go_with_their_place) {
  listen_on(443, 5, 20);
  compute_queues();
  ck_assert_int_eq(find("all", "tcp_connections", "SYN_RECV")->queue,
                   METRICS_SYN_QUEUE);
  ck_assert_int_eq(find("all", "percent", "syn_queue")->queue,
                   METRICS_SYN_QUEUE);
  ck_assert_int_eq(find("all", "percent", "accept_queue")->queue,
                   METRICS_ACCEPT_QUEUE);
  ck_assert_int_eq(find("all", "current_connections", "held")->queue,
                   METRICS_HELD);
  size_t naming = 0;
  for (size_t i = 0; i < list->len; i++)
    naming += list->items[i].queue != METRICS_NO_QUEUE;
  ck_assert_uint_eq(naming, 4);
}
END_TEST

START_TEST(an_empty_queue_names_nobody) {
  listen_on(443, 5, 20);
  half_open_on(443, 6, 4);
  compute_queues();
  reading_clear(reading);
  listen_on(443, 0, 20);
  compute_queues();
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
  compute_queues();
  ck_assert_str_eq(syn->listener, "0.0.0.0:80");
  ck_assert_int_eq(syn->others, 1);
  ck_assert_int_eq(accepting->others, 2);
}
END_TEST

/* One of eight workers hangs: its queue is full, those of the others are empty.
 * The half-open entries of all eight stay one sum. */
START_TEST(one_full_twin_of_eight_is_a_full_accept_queue) {
  for (int worker = 0; worker < 8; worker++)
    listen_on(8081, worker == 5 ? 65 : 0, 64);
  listen_on(443, 100, 128);
  half_open_on(8081, 0, 256);
  compute_queues();
  assert_value("all", "percent", "accept_queue", 100);
  ck_assert_str_eq(accepting->listener, "0.0.0.0:8081");
  ck_assert_int_eq(accepting->backlog, 64);
  ck_assert_int_eq(accepting->others, 0);
  assert_value("8081-local", "percent", "accept_queue", 100);
  assert_value("8081-local", "queue_length", "accept", 65);
  assert_value("all", "percent", "syn_queue", 50);
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
  compute_queues();
  ck_assert_str_eq(accepting->listener, "0.0.0.0:80");
  ck_assert_int_eq(accepting->others, 1);
}
END_TEST

START_TEST(sources_that_are_scattered_are_called_so) {
  struct tcp_row row = {.state = TCP_STATE_SYN_RECV, .local_port = 80};
  for (uint8_t i = 0; i < 200; i++) {
    row.remote[0] = i;
    add_row(row, 1);
  }
  compute_queues();
  ck_assert_str_eq(list->top_source, "scattered");
}
END_TEST

START_TEST(ipv6_addresses_are_written_as_such) {
  struct tcp_row row = {.family = TCP_IPV6, .local_port = 8443};
  row.state = TCP_STATE_LISTEN;
  add_row(row, 1);
  row.state = TCP_STATE_SYN_RECV;
  memset(row.remote, 0xfe, sizeof(row.remote));
  add_row(row, 3);
  compute_queues();
  ck_assert_str_eq(syn->listener, "[::]:8443");
  ck_assert_str_eq(list->top_source, "fefe:fefe:fefe:fefe::/64 100 %");
  ck_assert_int_eq(syn->backlog, 0); /* as /proc tells it */
  ck_assert_str_eq(accepting->listener, "");
  memset(row.local, 0xfe, sizeof(row.local)); /* the longest there is */
  row.local_port = 65535;
  row.state = TCP_STATE_LISTEN;
  add_row(row, 1);
  row.state = TCP_STATE_SYN_RECV;
  add_row(row, 4);
  compute_queues();
  ck_assert_str_eq(syn->listener,
                   "[fefe:fefe:fefe:fefe:fefe:fefe:fefe:fefe]:65535");
}
END_TEST

/* Shares of the handshakes between two readings. */
static const enum kernel_counter needed[] = {
    COUNTER_PASSIVE_OPENS,   COUNTER_ACTIVE_OPENS,    COUNTER_EMBRYONIC_RSTS,
    COUNTER_SYNCOOKIES_SENT, COUNTER_SYNCOOKIES_RECV, COUNTER_REQ_Q_FULL_DROP};
enum { NEEDED_LEN = sizeof(needed) / sizeof(needed[0]) };

struct shares {
  double completed, inbound;
};

/* The shares of one more reading that has so many aged entries; NAN: their age
 * is not known. */
static struct shares advance(double aged) {
  set(COUNTER_SYNACK_RETRIES, isnan(aged) ? 0 : 5);
  reading->aged[TCP_IPV4] = isnan(aged) ? 0 : (uint64_t)aged;
  compute();
  return (struct shares){value("all", "percent", "handshake"),
                         value("all", "percent", "inbound")};
}

static double completed(double aged) { return advance(aged).completed; }

/* There is one reading; aged is 10 in it. */
static void set_up_handshakes(void) {
  begin(NULL, 0);
  begin_metrics((struct metrics_options){0});
  for (int i = 0; i < NEEDED_LEN; i++)
    set(needed[i], 1000);
  struct shares first = advance(10);
  ck_assert(isnan(first.completed));
  ck_assert(isnan(first.inbound));
}

static void assert_near(double found, double expected) {
  ck_assert_msg(fabs(found - expected) < 1e-9, "%g is not %g", found, expected);
}

START_TEST(without_handshakes_there_is_no_share) {
  struct shares shares = advance(10);
  ck_assert(isnan(shares.completed));
  ck_assert(isnan(shares.inbound));
}
END_TEST

START_TEST(handshakes_without_a_failure_are_100_percent) {
  counters.value[COUNTER_PASSIVE_OPENS] += 5;
  assert_near(completed(10), 100);
}
END_TEST

/* 40 completed; failed: 7 resets, 20 - 12 cookies, 3 refused, 14 - 10 aged. */
START_TEST(the_share_by_hand) {
  counters.value[COUNTER_PASSIVE_OPENS] += 40;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 7;
  counters.value[COUNTER_SYNCOOKIES_SENT] += 20;
  counters.value[COUNTER_SYNCOOKIES_RECV] += 12;
  counters.value[COUNTER_REQ_Q_FULL_DROP] += 3;
  assert_near(completed(14), 100.0 * 40 / (40 + 7 + 8 + 3 + 4));
}
END_TEST

START_TEST(each_term_is_for_one_interval) {
  counters.value[COUNTER_PASSIVE_OPENS] += 40;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 40;
  assert_near(completed(50), 100.0 * 40 / 120);
  counters.value[COUNTER_PASSIVE_OPENS] += 1;
  assert_near(completed(50), 100);
}
END_TEST

START_TEST(only_failures_are_0_percent) {
  counters.value[COUNTER_REQ_Q_FULL_DROP] += 3;
  assert_near(completed(10), 0);
}
END_TEST

/* Cookies of the interval before come back; aged entries expire. */
START_TEST(no_term_is_negative) {
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 10;
  counters.value[COUNTER_SYNCOOKIES_RECV] += 5;
  assert_near(completed(3), 50);
}
END_TEST

START_TEST(an_unknown_aged_count_adds_no_failures) {
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  assert_near(completed(NAN), 100);
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  assert_near(completed(30), 100); /* since when is not known */
  counters.value[COUNTER_PASSIVE_OPENS] += 10;
  assert_near(completed(40), 50);
}
END_TEST

START_TEST(a_counter_that_went_backwards_leaves_it_unknown_once) {
  for (int i = 0; i < NEEDED_LEN; i++) {
    teardown();
    set_up_handshakes();
    counters.value[COUNTER_PASSIVE_OPENS] += 10;
    counters.value[needed[i]] = 5;
    struct shares shares = advance(10);
    bool opens = needed[i] == COUNTER_PASSIVE_OPENS;
    bool active = needed[i] == COUNTER_ACTIVE_OPENS;
    ck_assert_int_eq(isnan(shares.completed) != 0, !active);
    ck_assert_int_eq(isnan(shares.inbound) != 0, opens || active);
    counters.value[COUNTER_PASSIVE_OPENS] += 10;
    shares = advance(10);
    assert_near(shares.completed, 100);
    assert_near(shares.inbound, 100);
  }
}
END_TEST

START_TEST(a_counter_that_wraps_has_not_gone_backwards) {
  counters.value[COUNTER_PASSIVE_OPENS] = INT64_MAX;
  completed(10);
  counters.value[COUNTER_PASSIVE_OPENS] = INT64_MIN + 8; /* nine later */
  counters.value[COUNTER_EMBRYONIC_RSTS] += 1;
  assert_near(completed(10), 90);
}
END_TEST

START_TEST(an_unknown_counter_adds_no_failures) {
  static const enum kernel_counter failures[] = {
      COUNTER_EMBRYONIC_RSTS, COUNTER_SYNCOOKIES_SENT, COUNTER_SYNCOOKIES_RECV,
      COUNTER_REQ_Q_FULL_DROP};
  for (int i = 0; i < 4; i++)
    counters.known[failures[i]] = false;
  counters.value[COUNTER_PASSIVE_OPENS] += 3;
  assert_near(completed(11), 75);
  for (int i = 0; i < 4; i++) { /* they come, but since when? */
    counters.known[failures[i]] = true;
    counters.value[failures[i]] += 50;
  }
  counters.value[COUNTER_PASSIVE_OPENS] += 3;
  assert_near(completed(12), 75);
}
END_TEST

START_TEST(without_passive_opens_nothing_is_known) {
  counters.known[COUNTER_PASSIVE_OPENS] = false;
  counters.value[COUNTER_ACTIVE_OPENS] += 3;
  counters.value[COUNTER_EMBRYONIC_RSTS] += 3;
  struct shares shares = advance(10);
  ck_assert(isnan(shares.completed));
  ck_assert(isnan(shares.inbound));
}
END_TEST

START_TEST(inbound_is_the_share_of_what_was_opened) {
  counters.value[COUNTER_PASSIVE_OPENS] += 30;
  counters.value[COUNTER_ACTIVE_OPENS] += 10;
  assert_near(advance(10).inbound, 75);
  counters.value[COUNTER_ACTIVE_OPENS] += 10;
  assert_near(advance(10).inbound, 0);
  counters.known[COUNTER_ACTIVE_OPENS] = false;
  counters.value[COUNTER_PASSIVE_OPENS] += 30;
  ck_assert(isnan(advance(10).inbound));
}
END_TEST

static TCase *add_case(Suite *suite, const char *name, void (*set_up)(void)) {
  TCase *tcase = tcase_create(name);
  tcase_add_checked_fixture(tcase, set_up, teardown);
  suite_add_tcase(suite, tcase);
  return tcase;
}

SUITE(metrics) {
  Suite *suite = suite_create("metrics");
  TCase *hosts = add_case(suite, "all", set_up_host);
  TCase *queues = add_case(suite, "queues", set_up_queues);
  TCase *handshakes = add_case(suite, "handshakes", set_up_handshakes);
  tcase_add_test(hosts, a_window_out_of_range_is_refused);
  tcase_add_test(hosts, the_ratios_by_hand);
  tcase_add_test(hosts, timewait_sockets_are_those_in_fin_wait2_too);
  tcase_add_test(hosts, each_state_is_there_also_with_no_socket);
  tcase_add_test(hosts, an_empty_host_has_counts_and_no_ratios);
  tcase_add_test(hosts, changes_are_from_the_reading_before);
  tcase_add_test(hosts, aged_entries_are_held_to_what_can_be_unanswered);
  tcase_add_test(hosts, without_retries_nothing_is_known_of_age);
  tcase_add_test(queues, each_queue_names_its_own_listener);
  tcase_add_test(queues, four_metrics_go_with_their_place);
  tcase_add_test(queues, an_empty_queue_names_nobody);
  tcase_add_test(queues, listeners_in_the_same_state_are_counted);
  tcase_add_test(queues, one_full_twin_of_eight_is_a_full_accept_queue);
  tcase_add_test(queues, a_full_twin_counts_among_the_others);
  tcase_add_test(queues, sources_that_are_scattered_are_called_so);
  tcase_add_test(queues, ipv6_addresses_are_written_as_such);
  tcase_add_test(handshakes, without_handshakes_there_is_no_share);
  tcase_add_test(handshakes, handshakes_without_a_failure_are_100_percent);
  tcase_add_test(handshakes, the_share_by_hand);
  tcase_add_test(handshakes, each_term_is_for_one_interval);
  tcase_add_test(handshakes, only_failures_are_0_percent);
  tcase_add_test(handshakes, no_term_is_negative);
  tcase_add_test(handshakes, an_unknown_aged_count_adds_no_failures);
  tcase_add_test(handshakes,
                 a_counter_that_went_backwards_leaves_it_unknown_once);
  tcase_add_test(handshakes, a_counter_that_wraps_has_not_gone_backwards);
  tcase_add_test(handshakes, an_unknown_counter_adds_no_failures);
  tcase_add_test(handshakes, without_passive_opens_nothing_is_known);
  tcase_add_test(handshakes, inbound_is_the_share_of_what_was_opened);
  return suite;
}
