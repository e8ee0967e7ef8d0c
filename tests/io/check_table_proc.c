/* table_source by /proc, and without the kernel's counters. */
#define _GNU_SOURCE
#include "suites.h"
#include "table_fixture.h"

#include <errno.h>
#include <string.h>

static void assert_no_counters_of_snmp(void) {
  ck_assert(!counters->known[COUNTER_PASSIVE_OPENS]);
  ck_assert(!counters->known[COUNTER_CURR_ESTAB]);
  ck_assert(counters->known[COUNTER_LISTEN_DROPS]);
  ck_assert_ptr_nonnull(strstr(outcome.detail, "/net/snmp"));
}

START_TEST(proc_alone_never_opens_a_socket) {
  create(TABLE_SOURCE_PROC, false, true);
  ck_assert_int_eq(take(), 0);
  ck_assert_uint_eq(fake.sockets, 0);
  ck_assert(outcome.from_proc && outcome.was_full_dump);
  ck_assert_int_eq(outcome.netlink_error, 0);
  ck_assert_uint_eq(reading->port_count[0][TCP_STATE_ESTABLISHED], 2);
  ck_assert_int_eq(counters->value[COUNTER_CURR_ESTAB], 3);
  assert_whole();
}
END_TEST

START_TEST(a_cut_proc_table_touches_nothing_and_the_next_reading_is_whole) {
  create(TABLE_SOURCE_PROC, false, false);
  ck_assert_int_eq(take(), 0);
  const struct reading *last = reading;
  proc_root_write(root, "net/tcp6", "  sl  local_address and then");
  ck_assert_int_eq(take(), -EBADMSG);
  ck_assert_ptr_nonnull(strstr(outcome.detail, "/net/tcp6"));
  ck_assert_ptr_eq(reading, last);
  assert_whole();
  proc_root_write(root, "net/tcp6", proc_root_tcp6);
  ck_assert_int_eq(take(), 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 1);
  ck_assert_str_eq(outcome.detail, "");
  assert_whole();
}
END_TEST

START_TEST(where_both_fail_both_reasons_are_told) {
  create(TABLE_SOURCE_AUTO, false, false);
  fake.socket_error = EPERM;
  proc_root_write(root, "net/tcp", "");
  ck_assert_int_eq(take(), -EBADMSG);
  ck_assert_int_eq(outcome.netlink_error, -EPERM);
  ck_assert_str_eq(outcome.netlink_failed, "socket");
  ck_assert_ptr_nonnull(strstr(outcome.detail, "/net/tcp"));
  ck_assert_ptr_null(reading);
}
END_TEST

/* From the first reading on, or lost after netlink's rule was learnt. */
START_TEST(without_counters_there_are_full_dumps) {
  create(TABLE_SOURCE_NETLINK, false, false);
  for (int i = 0; i < _i; i++)
    ck_assert_int_eq(take(), 0);
  proc_root_write(root, "net/snmp", "Tcp: \nnothing");
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.counters_error, -EBADMSG);
    ck_assert(outcome.was_full_dump && !outcome.from_proc);
    if (i > 0) /* no filtered walk is wasted before it */
      ck_assert_uint_eq(fake.sends, 2);
    assert_no_counters_of_snmp();
    assert_whole();
  }
}
END_TEST

/* netstat alone is odd, as in gVisor: what walks need is there. */
START_TEST(without_netstat_walks_are_filtered_as_ever) {
  create(TABLE_SOURCE_NETLINK, false, false);
  proc_root_write(root, "net/netstat", "TcpExt: ListenDrops\n");
  for (int i = 0; i < 4; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.counters_error, -EBADMSG);
    ck_assert_uint_ne(outcome.counters_lost, 0);
    ck_assert_ptr_nonnull(strstr(outcome.detail, "/net/netstat"));
    ck_assert_int_eq(outcome.was_full_dump, i == 0);
    ck_assert_int_eq(counters->value[COUNTER_PASSIVE_OPENS], 12);
    assert_whole();
  }
}
END_TEST

START_TEST(proc_serves_without_counters) {
  create(TABLE_SOURCE_PROC, false, false);
  proc_root_write(root, "net/snmp", NULL);
  ck_assert_int_eq(take(), 0);
  ck_assert_int_eq(outcome.counters_error, -ENOENT);
  assert_no_counters_of_snmp();
  assert_whole();
}
END_TEST

START_TEST(counters_come_back) {
  create(TABLE_SOURCE_NETLINK, false, false);
  proc_root_write(root, "net/sockstat", "TCP: inuse\n");
  ck_assert_int_eq(take(), 0);
  ck_assert_int_eq(outcome.counters_error, -EBADMSG);
  proc_root_write(root, "net/sockstat", "TCP: inuse 3 tw 1\n");
  ck_assert_int_eq(take(), 0);
  ck_assert_int_eq(outcome.counters_error, 0);
  ck_assert(outcome.was_full_dump);
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.was_full_dump && !outcome.counters_doubted);
  assert_whole();
}
END_TEST

/* The half-open entry's timer has expired twice: whether a SYN-ACK was sent
 * again, only the counter can tell. Netlink shows it for the entry itself. */
START_TEST(by_proc_what_was_sent_again_holds_what_is_unanswered) {
  static const struct {
    enum table_source_mode mode;
    const char *netstat;
    unsigned most;
  } told[] = {{TABLE_SOURCE_PROC, "TcpExt: TCPSynRetrans\nTcpExt: 1\n", 0},
              {TABLE_SOURCE_PROC, "TcpExt: TCPSynRetrans\nTcpExt: 2\n", 1},
              {TABLE_SOURCE_PROC, "TcpExt: Other\nTcpExt: 0\n", 9},
              {TABLE_SOURCE_NETLINK, "TcpExt: TCPSynRetrans\nTcpExt: 1\n", 9}};
  create(told[_i].mode, false, false);
  proc_root_write(root, "net/netstat", told[_i].netstat);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_uint_eq(reading_unanswered(reading, 9), told[_i].most);
  }
}
END_TEST

void table_proc_add(TCase *tcase) {
  tcase_add_test(tcase, proc_alone_never_opens_a_socket);
  tcase_add_test(
      tcase, a_cut_proc_table_touches_nothing_and_the_next_reading_is_whole);
  tcase_add_test(tcase, where_both_fail_both_reasons_are_told);
  tcase_add_loop_test(tcase, without_counters_there_are_full_dumps, 0, 3);
  tcase_add_test(tcase, without_netstat_walks_are_filtered_as_ever);
  tcase_add_test(tcase, proc_serves_without_counters);
  tcase_add_test(tcase, counters_come_back);
  tcase_add_loop_test(
      tcase, by_proc_what_was_sent_again_holds_what_is_unanswered, 0, 4);
}
