/* table_source: what is tried again, what /proc takes over, when netlink comes
 * back. */
#define _GNU_SOURCE
#include "suites.h"
#include "table_fixture.h"

#include <errno.h>
#include <string.h>

enum { PAUSE = 60 };

static const enum fake_fault transient[] = {
    FAULT_NO_BUFFERS, FAULT_BAD_DESCRIPTOR,   FAULT_SHUT_DOWN,
    FAULT_EMPTY,      FAULT_TRUNCATED,        FAULT_OTHER_FAMILY,
    FAULT_CUT,        FAULT_INTERRUPTED_DUMP, FAULT_OVERRUN,
    FAULT_FAILED_DUMP};
enum { TRANSIENT_LEN = sizeof(transient) / sizeof(transient[0]) };

START_TEST(one_fault_is_mended_within_the_reading) {
  create(TABLE_SOURCE_NETLINK, false, false);
  for (int i = 0; i < 3; i++) {
    fault(transient[_i], 1);
    ck_assert_int_eq(take(), 0);
    ck_assert(!outcome.from_proc);
    assert_whole();
  }
}
END_TEST

START_TEST(two_faults_are_served_by_proc_and_netlink_is_tried_next_time) {
  create(TABLE_SOURCE_AUTO, false, false);
  fault(transient[_i], 2);
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.from_proc && reading->by_family);
  ck_assert_int_lt(outcome.netlink_error, 0);
  ck_assert_str_ne(outcome.netlink_failed, "");
  ck_assert_str_eq(outcome.detail, "");
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 1);
  assert_whole();
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.from_proc);
  ck_assert_int_eq(outcome.netlink_error, 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
  assert_whole();
}
END_TEST

START_TEST(netlink_alone_fails_the_reading_and_leaves_the_last_one_whole) {
  create(TABLE_SOURCE_NETLINK, false, false);
  ck_assert_int_eq(take(), 0);
  const struct reading *last = reading;
  fault(transient[_i], 2);
  ck_assert_int_lt(take(), 0);
  ck_assert_ptr_eq(reading, last);
  ck_assert(!outcome.from_proc);
  ck_assert_ptr_nonnull(strstr(outcome.detail, "netlink "));
  assert_whole();
  ck_assert_int_eq(take(), 0);
  assert_whole();
}
END_TEST

/* The rows of the first datagram are in when the second is spoilt. */
START_TEST(no_row_of_a_broken_walk_is_counted_in_the_next) {
  create(TABLE_SOURCE_NETLINK, false, false);
  fault(FAULT_CUT, 1);
  fake.fault_at = 3;
  ck_assert_int_eq(take(), 0);
  assert_whole();
}
END_TEST

static const int absent[] = {EPROTONOSUPPORT, EAFNOSUPPORT, EPERM, EACCES};

START_TEST(where_netlink_is_not_there_proc_serves_and_it_is_tried_later) {
  create(TABLE_SOURCE_AUTO, false, false);
  fake.socket_error = absent[_i];
  for (int i = 0; i < 2 * (PAUSE + 1); i++) {
    const unsigned tried = fake.sockets;
    ck_assert_int_eq(take(), 0);
    ck_assert(outcome.from_proc);
    ck_assert_int_eq(outcome.netlink_error, -absent[_i]);
    ck_assert_str_eq(outcome.netlink_failed, "socket");
    ck_assert_uint_eq(fake.sockets - tried, i % (PAUSE + 1) == 0);
    assert_whole();
  }
  fake.socket_error = 0;
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.from_proc);
  ck_assert_int_eq(outcome.netlink_error, 0);
}
END_TEST

START_TEST(a_kernel_without_tcp_diag_is_served_by_proc) {
  create(TABLE_SOURCE_AUTO, false, false);
  fault(FAULT_REFUSED, 1);
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.from_proc);
  ck_assert_int_eq(outcome.netlink_error, -ENOENT);
  ck_assert_str_eq(outcome.netlink_failed, "dump");
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.from_proc);
  ck_assert_uint_eq(fake.sends, 0);
}
END_TEST

/* Each try waits for seconds. */
START_TEST(a_kernel_that_does_not_answer_is_asked_once_and_then_later) {
  create(TABLE_SOURCE_AUTO, false, false);
  ck_assert_int_eq(take(), 0);
  fault(FAULT_SILENCE, UINT32_MAX);
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.from_proc);
  ck_assert_int_eq(outcome.netlink_error, -ETIMEDOUT);
  ck_assert_uint_eq(fake.receives, 1);
  for (int i = 0; i < PAUSE; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(outcome.from_proc);
    ck_assert_uint_eq(fake.sends, 0);
  }
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.from_proc);
  assert_whole();
}
END_TEST

START_TEST(netlink_alone_that_is_not_there_is_tried_at_each_reading) {
  create(TABLE_SOURCE_NETLINK, false, false);
  fake.socket_error = EPROTONOSUPPORT;
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), -EPROTONOSUPPORT);
    ck_assert_str_eq(outcome.detail, "netlink socket");
    ck_assert_ptr_null(reading);
  }
  fake.socket_error = 0;
  ck_assert_int_eq(take(), 0);
  assert_whole();
}
END_TEST

START_TEST(readings_good_and_bad_keep_the_number_of_files_constant) {
  create(TABLE_SOURCE_AUTO, false, true);
  ck_assert_int_eq(take(), 0);
  const unsigned before = open_fds();
  for (unsigned i = 0; i < 200; i++) {
    fault(transient[i % TRANSIENT_LEN], i % 3);
    ck_assert_int_eq(take(), 0);
  }
  ck_assert_int_eq(take(), 0);
  ck_assert_uint_eq(open_fds(), before);
}
END_TEST

void table_faults_add(TCase *tcase) {
  tcase_add_loop_test(tcase, one_fault_is_mended_within_the_reading, 0,
                      TRANSIENT_LEN);
  tcase_add_loop_test(
      tcase, two_faults_are_served_by_proc_and_netlink_is_tried_next_time, 0,
      TRANSIENT_LEN);
  tcase_add_loop_test(
      tcase, netlink_alone_fails_the_reading_and_leaves_the_last_one_whole, 0,
      TRANSIENT_LEN);
  tcase_add_test(tcase, no_row_of_a_broken_walk_is_counted_in_the_next);
  tcase_add_loop_test(
      tcase, where_netlink_is_not_there_proc_serves_and_it_is_tried_later, 0,
      (int)(sizeof(absent) / sizeof(absent[0])));
  tcase_add_test(tcase, a_kernel_without_tcp_diag_is_served_by_proc);
  tcase_add_test(tcase,
                 a_kernel_that_does_not_answer_is_asked_once_and_then_later);
  tcase_add_test(tcase,
                 netlink_alone_that_is_not_there_is_tried_at_each_reading);
  tcase_add_test(tcase,
                 readings_good_and_bad_keep_the_number_of_files_constant);
}
