/* diag_source against the fake kernel: what it asks, what it survives, what it
 * refuses. */
#define _GNU_SOURCE
#include "fake_netlink.h"
#include "io/diag_source.h"
#include "proc_root.h"
#include "scenes/suite.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct diag_source *source;
static struct reading *reading;
static const struct diag_request closing = {
    .states = (1u << TCP_STATE_CLOSING) | (1u << TCP_STATE_LAST_ACK)};

static void setup(void) {
  fake_netlink_reset();
  fake_netlink_add(TCP_STATE_CLOSING, 80, 3);
  fake_netlink_add(TCP_STATE_LAST_ACK, 80, 2);
  fake_netlink_add(TCP_STATE_ESTABLISHED, 80, 7);
  source = diag_source_create();
  reading = reading_create(NULL, 0);
  ck_assert(source != NULL && reading != NULL);
}

static void teardown(void) {
  reading_destroy(reading);
  diag_source_destroy(source);
}

static int walk(void) {
  reading_clear(reading);
  return diag_source_walk(source, &closing, false, reading);
}

static void assert_rows_are_whole(void) {
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_CLOSING], 3);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_LAST_ACK], 2);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_ESTABLISHED], 0);
}

START_TEST(one_socket_serves_many_walks_with_rising_sequence) {
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(walk(), 0);
    assert_rows_are_whole();
  }
  ck_assert_uint_eq(fake.sockets, 1);
  ck_assert_uint_eq(fake.sends, 3);
  ck_assert_uint_eq(fake.requests[1].sequence, fake.requests[0].sequence + 1);
  ck_assert_uint_eq(fake.requests[2].sequence, fake.requests[1].sequence + 1);
  ck_assert_uint_eq(fake.requests[0].states, closing.states);
}
END_TEST

/* An emulator may forget it: qemu 10 does, for s390x. */
static bool timeouts_are_kept(void) {
  struct timeval timeout = {.tv_sec = 5}, read = {0};
  socklen_t length = sizeof(timeout);
  int fds[2]; /* not of the fake kernel, whose is socket() */
  ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
  ck_assert_int_eq(
      setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &timeout, length), 0);
  bool kept =
      getsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &read, &length) == 0 &&
      read.tv_sec == 5;
  close(fds[0]);
  close(fds[1]);
  return kept;
}

START_TEST(the_socket_waits_for_seconds_only_and_is_not_inherited) {
  ck_assert_int_eq(walk(), 0);
  if (timeouts_are_kept())
    ck_assert_int_eq(fake.timeout_s, 5);
  ck_assert(fake.close_on_exec);
}
END_TEST

static const enum fake_fault passed_over[] = {FAULT_SIGNAL, FAULT_STRANGER,
                                              FAULT_STALE, FAULT_OTHER_TYPE,
                                              FAULT_ACKNOWLEDGED};
enum { PASSED_OVER_LEN = sizeof(passed_over) / sizeof(passed_over[0]) };

START_TEST(signals_and_foreign_messages_are_passed_over) {
  fake.fault = passed_over[_i];
  fake.fault_times = 3;
  ck_assert_int_eq(walk(), 0);
  assert_rows_are_whole();
  ck_assert_uint_eq(fake.sockets, 1);
}
END_TEST

START_TEST(what_is_passed_over_holds_nobody_up_for_ever) {
  fake.fault = passed_over[_i];
  fake.fault_times = UINT32_MAX;
  fake.wait_s = 4;
  ck_assert_int_eq(walk(), -ETIMEDOUT);
  ck_assert_uint_le(fake.receives, 8);
  fake.fault_times = 0;
  ck_assert_int_eq(walk(), 0);
  assert_rows_are_whole();
}
END_TEST

static const struct {
  enum fake_fault fault;
  int rc;
  const char *failed;
} fatal[] = {
    {FAULT_NO_BUFFERS, -ENOBUFS, "receive"},
    {FAULT_SILENCE, -ETIMEDOUT, "receive"},
    {FAULT_BAD_DESCRIPTOR, -EBADF, "receive"},
    {FAULT_HUNG_UP, -ECONNREFUSED, "receive"},
    {FAULT_SHUT_DOWN, -EBADMSG, "receive"},
    {FAULT_EMPTY, -EBADMSG, "receive"},
    {FAULT_TRUNCATED, -EBADMSG, "receive"},
    {FAULT_INTERRUPTED_DUMP, -EINTR, "dump"},
    {FAULT_CUT, -EBADMSG, "dump"},
    {FAULT_REFUSED, -ENOENT, "dump"},
    {FAULT_OTHER_FAMILY, -EBADMSG, "dump"},
    {FAULT_OVERRUN, -ENOBUFS, "dump"},
    {FAULT_FAILED_DUMP, -ENOMEM, "dump"},
};

/* At the first datagram, and at the second, when rows are already in. */
START_TEST(a_broken_answer_is_an_error_and_the_socket_is_opened_anew) {
  ck_assert_int_eq(walk(), 0);
  for (unsigned at = 0; at < 2; at++) {
    const unsigned sockets = fake.sockets;
    fake.fault = fatal[_i].fault;
    fake.fault_at = fake.receives + at;
    fake.fault_times = 1;
    ck_assert_int_eq(walk(), fatal[_i].rc);
    ck_assert_str_eq(diag_source_failed(source), fatal[_i].failed);
    ck_assert_int_eq(walk(), 0);
    assert_rows_are_whole();
    ck_assert_uint_eq(fake.sockets, sockets + 1);
  }
}
END_TEST

START_TEST(a_refused_socket_or_send_is_told_apart) {
  fake.socket_error = EPROTONOSUPPORT;
  ck_assert_int_eq(walk(), -EPROTONOSUPPORT);
  ck_assert_str_eq(diag_source_failed(source), "socket");
  fake.socket_error = 0;
  fake.send_error = EPERM;
  ck_assert_int_eq(walk(), -EPERM);
  ck_assert_str_eq(diag_source_failed(source), "send");
  fake.send_error = 0;
  ck_assert_int_eq(walk(), 0);
  assert_rows_are_whole();
}
END_TEST

START_TEST(failures_and_a_destroyed_source_leave_no_socket_open) {
  const unsigned before = open_fds();
  fake.fault = FAULT_CUT;
  fake.fault_times = 1000;
  for (int i = 0; i < 50; i++)
    ck_assert_int_eq(walk(), -EBADMSG);
  fake.fault_times = 0;
  ck_assert_int_eq(walk(), 0);
  ck_assert_uint_eq(open_fds(), before + 1);
  diag_source_destroy(source);
  source = NULL;
  ck_assert_uint_eq(open_fds(), before);
}
END_TEST

START_TEST(ports_only_changes_nothing_but_port_counts) {
  const uint16_t port = 80;
  struct reading *ported = reading_create(&port, 1);
  const struct diag_request request = {
      .states = closing.states, .ports = &port, .ports_len = 1};
  ck_assert_int_eq(diag_source_walk(source, &request, true, ported), 0);
  ck_assert(fake.requests[0].filtered);
  ck_assert_uint_eq(ported->port_count[0][TCP_STATE_CLOSING], 3);
  ck_assert_uint_eq(ported->count[TCP_IPV4][TCP_STATE_CLOSING], 0);
  reading_destroy(ported);
}
END_TEST

SUITE(diag_source) {
  Suite *suite = suite_create("diag_source");
  TCase *tcase = tcase_create("walk");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, one_socket_serves_many_walks_with_rising_sequence);
  tcase_add_test(tcase, the_socket_waits_for_seconds_only_and_is_not_inherited);
  tcase_add_loop_test(tcase, signals_and_foreign_messages_are_passed_over, 0,
                      PASSED_OVER_LEN);
  tcase_add_loop_test(tcase, what_is_passed_over_holds_nobody_up_for_ever, 0,
                      PASSED_OVER_LEN);
  tcase_add_loop_test(tcase,
                      a_broken_answer_is_an_error_and_the_socket_is_opened_anew,
                      0, (int)(sizeof(fatal) / sizeof(fatal[0])));
  tcase_add_test(tcase, a_refused_socket_or_send_is_told_apart);
  tcase_add_test(tcase, failures_and_a_destroyed_source_leave_no_socket_open);
  tcase_add_test(tcase, ports_only_changes_nothing_but_port_counts);
  suite_add_tcase(suite, tcase);
  return suite;
}
