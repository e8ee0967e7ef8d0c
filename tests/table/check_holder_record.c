/* What the BPF program writes of established sockets, in a look: the same as
 * rows and tcp_info of inet_diag; cut, hostile and in odd places. */
#include "scenes/suite.h"
#include "table/holder_record.h"
#include "table/holders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static struct holders holders;

static void setup(void) {
  ck_assert_int_eq(holders_init(&holders), 0);
  holders_clear(&holders, true);
}

static void teardown(void) { holders_release(&holders); }

/* Takes nothing of what was sent, and answers probes. */
static struct holder_record slow_reader(void) {
  return (struct holder_record){.local = {10, 0, 0, 1},
                                .remote = {198, 51, 100, 7},
                                .local_port = 443,
                                .family = AF_INET,
                                .state = TCP_STATE_ESTABLISHED,
                                .timer = TCP_TIMER_PROBE,
                                .sent_ms = 12000,
                                .received_ms = 13000,
                                .data_segs_in = 1,
                                .data_segs_out = 3,
                                .bytes_acked = 4000,
                                .bytes_received = 80,
                                .busy_us = 12900000};
}

/* Twenty seconds old, a line of 8 octets each 5 s. */
static struct holder_record slowloris(void) {
  return (struct holder_record){.local = {[15] = 1},
                                .remote = {0x20, 1, 0xd, 0xb8, [15] = 9},
                                .local_port = 443,
                                .family = AF_INET6,
                                .state = TCP_STATE_ESTABLISHED,
                                .sent_ms = 20000,
                                .received_ms = 3000,
                                .data_segs_in = 4,
                                .bytes_received = 50};
}

static int parse(const struct holder_record *records, size_t len) {
  return holder_record_parse(records, len * sizeof(*records), &holders);
}

static void add_listener(enum tcp_family family, uint16_t port) {
  const struct tcp_row row = {.state = TCP_STATE_LISTEN,
                              .family = (uint8_t)family,
                              .local_port = port,
                              .accept_max = 128,
                              .max_known = true};
  ck_assert_int_eq(holders_add(&holders, &row, NULL), 0);
}

static void assert_kinds(uint64_t zero_window, uint64_t drip, uint64_t starved,
                         uint64_t mute) {
  ck_assert_uint_eq(holders.kind[HOLDER_ZERO_WINDOW], zero_window);
  ck_assert_uint_eq(holders.kind[HOLDER_DRIP], drip);
  ck_assert_uint_eq(holders.kind[HOLDER_STARVED], starved);
  ck_assert_uint_eq(holders.kind[HOLDER_MUTE], mute);
}

START_TEST(every_kind_is_judged_as_a_row_is) {
  struct holder_record records[] = {slow_reader(), slow_reader(), slow_reader(),
                                    slowloris(), slowloris()};
  records[1].state = TCP_STATE_FIN_WAIT1; /* the server gave up */
  records[2].retransmits = 3;             /* the client has vanished */
  records[4].data_segs_in = 0;
  records[4].bytes_received = 0;
  ck_assert_int_eq(parse(records, 5), 0);
  ck_assert_uint_eq(holders.sockets, 5);
  ck_assert_uint_eq(holders.lacking, 0);
  ck_assert(holders_know_kinds(&holders));
  assert_kinds(2, 1, 2, 1);
}
END_TEST

START_TEST(they_have_their_listener_and_their_network) {
  const struct holder_record records[] = {slow_reader(), slowloris(),
                                          slowloris()};
  add_listener(TCP_IPV4, 443);
  add_listener(TCP_IPV6, 443);
  ck_assert_int_eq(parse(records, 3), 0);
  holders_finish(&holders);
  const struct listener *listener = holders_listener(&holders);
  ck_assert_ptr_nonnull(listener);
  ck_assert_uint_eq(listener->family, TCP_IPV6);
  ck_assert_uint_eq(listener->port, 443);
  ck_assert_uint_eq(listener->half_open, 2);
  ck_assert_uint_eq(holders.at->source.half_open, 2);
  ck_assert_uint_eq(holders.at->source.prefix, 64);
  ck_assert_mem_eq(holders.at->source.address, records[1].remote, 8);
}
END_TEST

START_TEST(without_tcp_info_only_timers_count) {
  const struct holder_record records[] = {slow_reader(), slowloris()};
  holders_clear(&holders, false);
  ck_assert_int_eq(parse(records, 2), 0);
  ck_assert_uint_eq(holders.sockets, 2);
  ck_assert(!holders_know_kinds(&holders));
  assert_kinds(1, 0, 0, 0);
}
END_TEST

START_TEST(a_record_that_is_cut_is_an_error) {
  const struct holder_record records[] = {slow_reader(), slowloris()};
  for (size_t length = 1; length < sizeof(records); length++) {
    char *bytes = malloc(length); /* a read beyond is seen */
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, records, length);
    int rc = holder_record_parse(bytes, length, &holders);
    ck_assert_int_eq(rc, length == sizeof(records[0]) ? 0 : -EBADMSG);
    free(bytes);
  }
  ck_assert_int_eq(holder_record_parse(NULL, 0, &holders), 0);
  ck_assert_uint_eq(holders.sockets, 1);
}
END_TEST

START_TEST(what_no_program_writes_is_an_error) {
  struct holder_record record = slow_reader();
  for (unsigned family = 0; family <= UINT16_MAX; family++) {
    record.family = (uint16_t)family;
    bool good = family == AF_INET || family == AF_INET6;
    ck_assert_int_eq(parse(&record, 1), good ? 0 : -EBADMSG);
  }
  record = slow_reader();
  for (unsigned state = 0; state <= UINT8_MAX; state++) {
    record.state = (uint8_t)state;
    bool good = state == TCP_STATE_ESTABLISHED || state == TCP_STATE_FIN_WAIT1;
    ck_assert_int_eq(parse(&record, 1), good ? 0 : -EBADMSG);
  }
}
END_TEST

START_TEST(any_alignment_will_do) {
  char bytes[2 * sizeof(struct holder_record) + 8];
  const struct holder_record records[] = {slow_reader(), slowloris()};
  for (size_t at = 0; at < 8; at++) {
    memcpy(bytes + at, records, sizeof(records));
    ck_assert_int_eq(holder_record_parse(bytes + at, sizeof(records), &holders),
                     0);
  }
  assert_kinds(8, 8, 8, 0);
}
END_TEST

START_TEST(a_record_has_no_padding) {
  ck_assert_uint_eq(sizeof(struct holder_record),
                    offsetof(struct holder_record, busy_us) + 8);
  ck_assert_uint_eq(offsetof(struct holder_record, bytes_acked),
                    2 * 16 + 2 * 2 + 4 * 1 + 4 * 4);
}
END_TEST

SUITE(holder_record) {
  Suite *suite = suite_create("holder_record");
  TCase *tcase = tcase_create("records");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, every_kind_is_judged_as_a_row_is);
  tcase_add_test(tcase, they_have_their_listener_and_their_network);
  tcase_add_test(tcase, without_tcp_info_only_timers_count);
  tcase_add_test(tcase, a_record_that_is_cut_is_an_error);
  tcase_add_test(tcase, what_no_program_writes_is_an_error);
  tcase_add_test(tcase, any_alignment_will_do);
  tcase_add_test(tcase, a_record_has_no_padding);
  suite_add_tcase(suite, tcase);
  return suite;
}
