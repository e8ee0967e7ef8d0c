/* Which established sockets hold: the kinds by timer and tcp_info, with the
 * figures of real clients, and where they are. */
#include "scenes/suite.h"
#include "table/holders.h"

#include <string.h>

static struct holders holders;
static struct tcp_row row;
static struct tcp_activity activity;

static void setup(void) {
  ck_assert_int_eq(holders_init(&holders), 0);
  holders_clear(&holders, true);
  row = (struct tcp_row){.state = TCP_STATE_ESTABLISHED,
                         .family = TCP_IPV4,
                         .local_port = 443,
                         .local = {10, 0, 0, 1},
                         .remote = {198, 51, 100, 7}};
  memset(&activity, 0, sizeof(activity));
}

static void teardown(void) { holders_release(&holders); }

static void add(void) {
  ck_assert_int_eq(holders_add(&holders, &row, &activity), 0);
}

static void assert_kinds(uint64_t zero_window, uint64_t drip, uint64_t starved,
                         uint64_t mute) {
  ck_assert_uint_eq(holders.kind[HOLDER_ZERO_WINDOW], zero_window);
  ck_assert_uint_eq(holders.kind[HOLDER_DRIP], drip);
  ck_assert_uint_eq(holders.kind[HOLDER_STARVED], starved);
  ck_assert_uint_eq(holders.kind[HOLDER_MUTE], mute);
}

/* Twenty seconds old, a line of 8 octets each 5 s. */
static void be_slowloris(void) {
  activity = (struct tcp_activity){.sent_ms = 20000,
                                   .received_ms = 3000,
                                   .data_segs_in = 4,
                                   .bytes_received = 50};
}

START_TEST(a_line_now_and_then_is_a_drip) {
  be_slowloris();
  add();
  assert_kinds(0, 1, 0, 0);
}
END_TEST

/* The handshake of TLS is no answer. */
START_TEST(so_it_is_behind_tls) {
  be_slowloris();
  activity.data_segs_out = 4;
  activity.bytes_acked = 5000;
  add();
  assert_kinds(0, 1, 0, 0);
}
END_TEST

START_TEST(whoever_gets_an_answer_drips_not) {
  be_slowloris();
  activity.received_ms = activity.sent_ms + 10;
  add();
  be_slowloris();
  activity.bytes_acked = 100000;
  add();
  assert_kinds(0, 0, 0, 0);
}
END_TEST

START_TEST(an_upload_is_no_drip) {
  be_slowloris();
  activity.data_segs_in = 400;
  activity.bytes_received = 400 * 8844;
  add();
  activity.bytes_received = 400 * 500; /* small pieces, but fast */
  add();
  assert_kinds(0, 0, 0, 0);
}
END_TEST

/* Its backend is slow, perhaps. */
START_TEST(one_request_without_an_answer_is_no_drip) {
  activity = (struct tcp_activity){.sent_ms = 20040,
                                   .received_ms = 20000,
                                   .data_segs_in = 1,
                                   .bytes_received = 80};
  add();
  assert_kinds(0, 0, 0, 0);
}
END_TEST

START_TEST(a_drip_that_ended_long_ago_is_none) {
  be_slowloris();
  activity.sent_ms = 100000;
  activity.received_ms = 40000;
  add();
  assert_kinds(0, 0, 0, 0);
}
END_TEST

START_TEST(who_never_says_anything_is_mute_after_a_second) {
  activity.sent_ms = activity.received_ms = 900;
  add();
  assert_kinds(0, 0, 0, 0);
  activity.sent_ms = activity.received_ms = 1000;
  add();
  assert_kinds(0, 0, 0, 1);
}
END_TEST

static void be_slow_reader(void) {
  row.timer = TCP_TIMER_PROBE;
  activity = (struct tcp_activity){.sent_ms = 12000,
                                   .received_ms = 13000,
                                   .data_segs_in = 1,
                                   .bytes_received = 80,
                                   .data_segs_out = 3,
                                   .bytes_acked = 4000,
                                   .busy_us = 12900000};
}

START_TEST(who_reads_nothing_is_starved) {
  be_slow_reader();
  add();
  row.state = TCP_STATE_FIN_WAIT1; /* the server gave up */
  add();
  assert_kinds(2, 0, 2, 0);
}
END_TEST

START_TEST(who_reads_two_kilobytes_a_second_is_not) {
  be_slow_reader();
  activity.bytes_acked = 12 * 2048;
  add();
  activity.bytes_acked--;
  add();
  assert_kinds(2, 0, 1, 0);
}
END_TEST

START_TEST(ten_seconds_must_have_passed) {
  be_slow_reader();
  activity.busy_us = 10000000;
  add();
  assert_kinds(1, 0, 0, 0);
}
END_TEST

/* idiag_retrans of a probe: those that were not answered. */
START_TEST(who_answers_no_probe_has_vanished) {
  be_slow_reader();
  row.retransmits = 1;
  add();
  assert_kinds(0, 0, 0, 0);
}
END_TEST

START_TEST(without_tcp_info_zero_windows_alone_are_known) {
  be_slow_reader();
  ck_assert_int_eq(holders_add(&holders, &row, NULL), 0);
  assert_kinds(1, 0, 0, 0);
  ck_assert(!holders_know_kinds(&holders));
  holders_clear(&holders, true);
  add();
  ck_assert(holders_know_kinds(&holders));
  holders_clear(&holders, false);
  add();
  ck_assert(!holders_know_kinds(&holders));
}
END_TEST

START_TEST(only_open_sockets_count) {
  for (int state = 1; state < TCP_STATE_END; state++) {
    row.state = (uint8_t)state;
    add();
  }
  ck_assert_uint_eq(holders.sockets, 2);
}
END_TEST

static void listen_on(uint16_t port) {
  struct tcp_row listener = {
      .state = TCP_STATE_LISTEN, .family = TCP_IPV4, .local_port = port};
  ck_assert_int_eq(holders_add(&holders, &listener, NULL), 0);
}

START_TEST(the_place_is_of_those_that_hold) {
  listen_on(80);
  listen_on(443);
  for (int i = 0; i < 10; i++) /* busy clients elsewhere */
    add();
  row.local_port = 80;
  for (uint8_t i = 0; i < 4; i++) {
    be_slowloris();
    row.remote[3] = i;
    add();
  }
  holders_finish(&holders);
  ck_assert_uint_eq(holders_listener(&holders)->port, 80);
  ck_assert_uint_eq(holders.at->total[TCP_STATE_SYN_RECV], 4);
  ck_assert_uint_eq(holders.at->source.half_open, 4);
  ck_assert_uint_eq(holders.at->source.prefix, 24);
}
END_TEST

/* Connections that this host opened: nobody listens at their local ends, which
 * need no memory. */
START_TEST(the_place_is_found_beside_many_outgoing_ones) {
  listen_on(443);
  be_slowloris();
  for (unsigned i = 0; i < READING_COHORTS_MAX + 1; i++) {
    row.local_port = (uint16_t)(1024 + i % 60000);
    row.local[3] = (uint8_t)(i / 60000);
    add();
  }
  row.local_port = 443;
  add();
  holders_finish(&holders);
  ck_assert_ptr_nonnull(holders_listener(&holders));
  ck_assert_uint_eq(holders_listener(&holders)->half_open, 1);
  ck_assert_uint_eq(holders.at->total[TCP_STATE_SYN_RECV],
                    READING_COHORTS_MAX + 2);
  ck_assert_uint_eq(holders.at->dropped_rows, 0);
}
END_TEST

START_TEST(nobody_who_holds_is_nowhere) {
  listen_on(443);
  add();
  holders_finish(&holders);
  ck_assert_ptr_null(holders_listener(&holders));
}
END_TEST

SUITE(holders) {
  Suite *suite = suite_create("holders");
  TCase *tests = tcase_create("kinds");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_line_now_and_then_is_a_drip);
  tcase_add_test(tests, so_it_is_behind_tls);
  tcase_add_test(tests, whoever_gets_an_answer_drips_not);
  tcase_add_test(tests, an_upload_is_no_drip);
  tcase_add_test(tests, one_request_without_an_answer_is_no_drip);
  tcase_add_test(tests, a_drip_that_ended_long_ago_is_none);
  tcase_add_test(tests, who_never_says_anything_is_mute_after_a_second);
  tcase_add_test(tests, who_reads_nothing_is_starved);
  tcase_add_test(tests, who_reads_two_kilobytes_a_second_is_not);
  tcase_add_test(tests, ten_seconds_must_have_passed);
  tcase_add_test(tests, who_answers_no_probe_has_vanished);
  tcase_add_test(tests, without_tcp_info_zero_windows_alone_are_known);
  tcase_add_test(tests, only_open_sockets_count);
  tcase_add_test(tests, the_place_is_of_those_that_hold);
  tcase_add_test(tests, the_place_is_found_beside_many_outgoing_ones);
  tcase_add_test(tests, nobody_who_holds_is_nowhere);
  suite_add_tcase(suite, tests);
  return suite;
}
