/* table_source: what a reading asks of the kernel, what is tried again, when
 * /proc replaces netlink, and what a budget leaves out. */
#define _GNU_SOURCE
#include "scenes/suite.h"
#include "table/reading_options.h"
#include "table_fixture.h"

#include <errno.h>
#include <string.h>

/* What one reading asks of a kernel that answers. */

#define BIT(state) (UINT32_C(1) << (state))

START_TEST(the_first_reading_is_a_full_dump_then_walks_are_filtered) {
  create("netlink", false, false);
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.was_full_dump && reading->by_family);
  ck_assert_uint_eq(fake.sends, 2);
  ck_assert_uint_eq(fake.requests[0].states, BIT(TCP_STATE_LISTEN));
  ck_assert(fake.requests[0].memory && !fake.requests[1].memory);
  const uint32_t all = fake.requests[1].states;
  ck_assert_uint_eq(all & BIT(TCP_STATE_LISTEN), 0);
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.was_full_dump && !reading->by_family);
  ck_assert_uint_eq(
      fake.requests[1].states,
      all & ~(BIT(TCP_STATE_ESTABLISHED) | BIT(TCP_STATE_TIME_WAIT)));
  assert_whole();
  ck_assert_int_eq(counters->value[COUNTER_PASSIVE_OPENS], 12);
  ck_assert(!outcome.counters_doubted && !from_proc());
  ck_assert_int_eq(outcome.first_error, 0);
  ck_assert(outcome.cost_s > 0);
  ck_assert_str_eq(outcome.detail, "");
}
END_TEST

START_TEST(every_verify_everyth_reading_is_a_full_dump) {
  create("netlink", false, false);
  unsigned full = 0;
  for (int i = 0; i < 31; i++) {
    ck_assert_int_eq(take(), 0);
    full += outcome.was_full_dump;
    assert_whole();
  }
  ck_assert_uint_eq(full, 4);
}
END_TEST

START_TEST(every_sixtieth_reading_is_a_full_dump_where_nothing_else_is_said) {
  const struct table_source_options options = {.source = "netlink",
                                               .proc_root = root};
  ck_assert_int_eq(table_source_create(&options, &source), 0);
  for (int i = 0; i < 121; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.was_full_dump, i % 60 == 0);
  }
}
END_TEST

START_TEST(a_local_port_is_asked_for_what_the_walk_left_out) {
  create("netlink", false, true);
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_ESTABLISHED], 2);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_TIME_WAIT], 1);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_LISTEN], 2);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_CLOSE_WAIT], 0);
    assert_whole();
  }
  ck_assert_uint_eq(fake.sends, 3);
  ck_assert(fake.requests[2].filtered && !fake.requests[1].filtered);
  ck_assert_uint_eq(fake.requests[2].states,
                    BIT(TCP_STATE_ESTABLISHED) | BIT(TCP_STATE_TIME_WAIT));
}
END_TEST

START_TEST(by_family_every_reading_is_a_full_dump) {
  create("netlink", true, false);
  for (int i = 0; i < 5; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(outcome.was_full_dump && reading->by_family);
    ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_ESTABLISHED], 2);
    assert_whole();
  }
}
END_TEST

START_TEST(the_first_close_wait_makes_a_full_dump_in_the_same_reading) {
  fake.rows[4].state = TCP_STATE_ESTABLISHED;
  create("netlink", false, false);
  ck_assert_int_eq(take(), 0);
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.was_full_dump);
  fake.rows[4].state = TCP_STATE_CLOSE_WAIT;
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.was_full_dump);
  assert_whole();
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.was_full_dump);
  assert_whole();
}
END_TEST

START_TEST(counters_that_contradict_the_dump_are_never_used) {
  fake_netlink_add(TCP_STATE_ESTABLISHED, 8080, 20);
  create("netlink", false, false);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(outcome.counters_doubted && outcome.was_full_dump);
    ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 22);
  }
}
END_TEST

START_TEST(more_ports_than_a_reading_holds_are_refused) {
  uint16_t ports[READING_PORTS_MAX + 1] = {0};
  const struct table_source_options options = {
      .ports = ports, .ports_len = READING_PORTS_MAX + 1};
  ck_assert_int_eq(table_source_create(&options, &source), -EINVAL);
  ck_assert_ptr_null(source);
}
END_TEST

START_TEST(names_are_taken_in_any_case_and_others_are_refused) {
  ck_assert_str_eq(reading_options_source(0), "auto");
  for (size_t i = 0; reading_options_source(i) != NULL; i++) {
    ck_assert_uint_lt(i, 10);
    create(reading_options_source(i), false, false);
    table_source_destroy(source);
    source = NULL;
  }
  create("PROC", false, false);
  ck_assert_int_eq(take(), 0);
  ck_assert(from_proc());
  struct table_source *none = NULL;
  const struct table_source_options options = {.source = "ebpf"};
  ck_assert_int_eq(table_source_create(&options, &none), -EINVAL);
  ck_assert_ptr_null(none);
}
END_TEST

/* What is tried again, what /proc takes over, when netlink comes back. */

enum { PAUSE = 60 };

static const enum fake_fault transient[] = {
    FAULT_NO_BUFFERS, FAULT_BAD_DESCRIPTOR,   FAULT_SHUT_DOWN,
    FAULT_EMPTY,      FAULT_TRUNCATED,        FAULT_OTHER_FAMILY,
    FAULT_CUT,        FAULT_INTERRUPTED_DUMP, FAULT_OVERRUN,
    FAULT_FAILED_DUMP};
enum { TRANSIENT_LEN = sizeof(transient) / sizeof(transient[0]) };

START_TEST(one_fault_is_mended_within_the_reading) {
  create("netlink", false, false);
  for (int i = 0; i < 3; i++) {
    fault(transient[_i], 1);
    ck_assert_int_eq(take(), 0);
    ck_assert(!from_proc());
    assert_whole();
  }
}
END_TEST

START_TEST(two_faults_are_served_by_proc_and_netlink_is_tried_next_time) {
  create("auto", false, false);
  fault(transient[_i], 2);
  ck_assert_int_eq(take(), 0);
  ck_assert(from_proc() && reading->by_family);
  ck_assert_int_lt(outcome.first_error, 0);
  ck_assert_ptr_null(outcome.cheaper);
  ck_assert_str_ne(outcome.first_failed, "");
  ck_assert_str_eq(outcome.detail, "");
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 1);
  assert_whole();
  ck_assert_int_eq(take(), 0);
  ck_assert(!from_proc());
  ck_assert_int_eq(outcome.first_error, 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
  assert_whole();
}
END_TEST

START_TEST(netlink_alone_fails_the_reading_and_leaves_the_last_one_whole) {
  create("netlink", false, false);
  ck_assert_int_eq(take(), 0);
  const struct reading *last = reading;
  fault(transient[_i], 2);
  ck_assert_int_lt(take(), 0);
  ck_assert_ptr_eq(reading, last);
  ck_assert(!from_proc());
  ck_assert_ptr_nonnull(strstr(outcome.detail, "netlink "));
  assert_whole();
  ck_assert_int_eq(take(), 0);
  assert_whole();
}
END_TEST

/* The rows of the first datagram are in when the second is spoilt. */
START_TEST(no_row_of_a_broken_walk_is_counted_in_the_next) {
  create("netlink", false, false);
  fault(FAULT_CUT, 1);
  fake.fault_at = 3;
  ck_assert_int_eq(take(), 0);
  assert_whole();
}
END_TEST

static const int absent[] = {EPROTONOSUPPORT, EAFNOSUPPORT, EPERM, EACCES};

START_TEST(where_netlink_is_not_there_proc_serves_and_it_is_tried_later) {
  create("auto", false, false);
  fake.socket_error = absent[_i];
  for (int i = 0; i < 2 * (PAUSE + 1); i++) {
    const unsigned tried = fake.sockets;
    ck_assert_int_eq(take(), 0);
    ck_assert(from_proc());
    ck_assert_int_eq(outcome.first_error, -absent[_i]);
    ck_assert_str_eq(outcome.first_failed, "socket");
    ck_assert_uint_eq(fake.sockets - tried, i % (PAUSE + 1) == 0);
    assert_whole();
  }
  fake.socket_error = 0;
  ck_assert_int_eq(take(), 0);
  ck_assert(!from_proc());
  ck_assert_int_eq(outcome.first_error, 0);
}
END_TEST

START_TEST(a_kernel_without_tcp_diag_is_served_by_proc) {
  create("auto", false, false);
  fault(FAULT_REFUSED, 1);
  ck_assert_int_eq(take(), 0);
  ck_assert(from_proc());
  ck_assert_int_eq(outcome.first_error, -ENOENT);
  ck_assert_str_eq(outcome.first_failed, "dump");
  ck_assert_int_eq(take(), 0);
  ck_assert(from_proc());
  ck_assert_uint_eq(fake.sends, 0);
}
END_TEST

/* Each try waits for seconds. */
START_TEST(a_kernel_that_does_not_answer_is_asked_once_and_then_later) {
  create("auto", false, false);
  ck_assert_int_eq(take(), 0);
  fault(FAULT_SILENCE, UINT32_MAX);
  ck_assert_int_eq(take(), 0);
  ck_assert(from_proc());
  ck_assert_int_eq(outcome.first_error, -ETIMEDOUT);
  ck_assert_uint_eq(fake.receives, 1);
  for (int i = 0; i < PAUSE; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(from_proc());
    ck_assert_uint_eq(fake.sends, 0);
  }
  ck_assert_int_eq(take(), 0);
  ck_assert(!from_proc());
  assert_whole();
}
END_TEST

START_TEST(netlink_alone_that_is_not_there_is_tried_at_each_reading) {
  create("netlink", false, false);
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
  create("auto", false, true);
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

/* By /proc, and without the kernel's counters. */

static void assert_no_counters_of_snmp(void) {
  ck_assert(!counters->known[COUNTER_PASSIVE_OPENS]);
  ck_assert(!counters->known[COUNTER_CURR_ESTAB]);
  ck_assert(counters->known[COUNTER_LISTEN_DROPS]);
  ck_assert_ptr_nonnull(strstr(outcome.detail, "/net/snmp"));
}

START_TEST(proc_alone_never_opens_a_socket) {
  create("proc", false, true);
  ck_assert_int_eq(take(), 0);
  ck_assert_uint_eq(fake.sockets, 0);
  ck_assert(from_proc() && outcome.was_full_dump);
  ck_assert_int_eq(outcome.first_error, 0);
  ck_assert_str_eq(outcome.cheaper, "netlink");
  ck_assert_uint_eq(reading->port_count[0][TCP_STATE_ESTABLISHED], 2);
  ck_assert_int_eq(counters->value[COUNTER_CURR_ESTAB], 3);
  assert_whole();
}
END_TEST

START_TEST(a_cut_proc_table_touches_nothing_and_the_next_reading_is_whole) {
  create("proc", false, false);
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
  create("auto", false, false);
  fake.socket_error = EPERM;
  proc_root_write(root, "net/tcp", "");
  ck_assert_int_eq(take(), -EBADMSG);
  ck_assert_int_eq(outcome.first_error, -EPERM);
  ck_assert_str_eq(outcome.first_failed, "socket");
  ck_assert_ptr_nonnull(strstr(outcome.detail, "/net/tcp"));
  ck_assert_ptr_null(reading);
}
END_TEST

/* From the first reading on, or lost after netlink's rule was learnt. */
START_TEST(without_counters_there_are_full_dumps) {
  create("netlink", false, false);
  for (int i = 0; i < _i; i++)
    ck_assert_int_eq(take(), 0);
  proc_root_write(root, "net/snmp", "Tcp: \nnothing");
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.counters_error, -EBADMSG);
    ck_assert(outcome.was_full_dump && !from_proc());
    if (i > 0) /* no filtered walk is wasted before it */
      ck_assert_uint_eq(fake.sends, 2);
    assert_no_counters_of_snmp();
    assert_whole();
  }
}
END_TEST

/* netstat alone is odd, as in gVisor: what walks need is there. */
START_TEST(without_netstat_walks_are_filtered_as_ever) {
  create("netlink", false, false);
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
  create("proc", false, false);
  proc_root_write(root, "net/snmp", NULL);
  ck_assert_int_eq(take(), 0);
  ck_assert_int_eq(outcome.counters_error, -ENOENT);
  assert_no_counters_of_snmp();
  assert_whole();
}
END_TEST

START_TEST(counters_come_back) {
  create("netlink", false, false);
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
    const char *mode;
    const char *netstat;
    unsigned most;
  } told[] = {{"proc", "TcpExt: TCPSynRetrans\nTcpExt: 1\n", 0},
              {"proc", "TcpExt: TCPSynRetrans\nTcpExt: 2\n", 1},
              {"proc", "TcpExt: Other\nTcpExt: 0\n", 9},
              {"netlink", "TcpExt: TCPSynRetrans\nTcpExt: 1\n", 9}};
  create(told[_i].mode, false, false);
  proc_root_write(root, "net/netstat", told[_i].netstat);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_uint_eq(reading_unanswered(reading, 9), told[_i].most);
  }
}
END_TEST

/* Under a budget: what a reading asks for if a walk is left out. The kernel of
 * the test answers in microseconds: it is the interval that is made short. */

enum { SLOWEST = 10 }; /* every tenth interval is walked whatever it costs */

static void create_with_budget(const char *mode, double interval_s,
                               unsigned read_budget) {
  const struct table_source_options options = {.source = mode,
                                               .interval_s = interval_s,
                                               .read_budget = read_budget,
                                               .verify_every = 1000,
                                               .proc_root = root};
  ck_assert_int_eq(table_source_create(&options, &source), 0);
}

/* The first reading verifies; two more cost too much. */
static void walk_over_budget(unsigned usual_from) {
  for (unsigned i = 0; i < usual_from + 2; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(!outcome.walk_left_out);
    assert_whole();
  }
}

START_TEST(a_walk_beyond_the_budget_is_made_every_tenth_time) {
  create_with_budget("netlink", 1e-6, 1);
  walk_over_budget(1);
  for (int i = 1; i <= 3 * SLOWEST; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.walk_left_out, i % SLOWEST != 0);
    ck_assert_uint_eq(fake.sends, i % SLOWEST != 0 ? 1 : 2);
  }
  assert_whole();
}
END_TEST

START_TEST(in_between_the_listeners_and_the_counters_are_read) {
  create_with_budget("netlink", 1e-6, 1);
  walk_over_budget(1);
  ck_assert_int_eq(take(), 0);
  ck_assert_uint_eq(fake.requests[0].states, BIT(TCP_STATE_LISTEN));
  ck_assert(fake.requests[0].memory);
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 2);
  ck_assert(reading_knows(reading, TCP_STATE_LISTEN));
  ck_assert(!reading_knows(reading, TCP_STATE_SYN_RECV));
  ck_assert(!reading_knows(reading, TCP_STATE_ESTABLISHED));
  ck_assert_uint_eq(reading->listeners_len, 1);
  ck_assert(reading->mini_sockets_known);
  ck_assert_uint_eq(reading->mini_sockets, 1); /* sockstat's tw */
  ck_assert_int_eq(counters->value[COUNTER_PASSIVE_OPENS], 12);
  ck_assert(!outcome.was_full_dump && !from_proc());
}
END_TEST

START_TEST(by_proc_the_counters_alone_are_read_in_between) {
  create_with_budget("proc", 1e-6, 1);
  walk_over_budget(0);
  for (int i = 1; i <= 2 * SLOWEST; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.walk_left_out, i % SLOWEST != 0);
    if (i % SLOWEST == 0)
      continue;
    ck_assert_uint_eq(reading->known, 0);
    ck_assert(!reading->mini_sockets_known); /* nobody has verified it */
    ck_assert_int_eq(counters->value[COUNTER_PASSIVE_OPENS], 12);
  }
  assert_whole();
}
END_TEST

START_TEST(a_walk_that_is_due_and_fails_is_made_the_next_time) {
  create_with_budget("netlink", 1e-6, 1);
  walk_over_budget(1);
  for (int i = 1; i < SLOWEST; i++)
    ck_assert_int_eq(take(), 0);
  fault(FAULT_CUT, 100);
  ck_assert_int_ne(take(), 0);
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.walk_left_out);
  assert_whole();
}
END_TEST

START_TEST(within_the_budget_every_reading_is_a_walk) {
  create_with_budget("netlink", 1000, 100);
  for (int i = 0; i < 50; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(!outcome.walk_left_out && !outcome.slow);
    ck_assert(outcome.took_s > 0);
    assert_whole();
  }
}
END_TEST

START_TEST(without_an_interval_there_is_no_budget_and_nothing_is_slow) {
  create_with_budget("netlink", 0, 5);
  for (int i = 0; i < 50; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(!outcome.walk_left_out && !outcome.slow);
  }
}
END_TEST

START_TEST(a_reading_longer_than_a_quarter_of_the_interval_is_slow) {
  create_with_budget("proc", 1e-6, 100);
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.slow);
}
END_TEST

SUITE(table_source) {
  Suite *suite = suite_create("table_source");
  TCase *walks = table_case(suite, "walks");
  tcase_add_test(walks,
                 the_first_reading_is_a_full_dump_then_walks_are_filtered);
  tcase_add_test(walks, every_verify_everyth_reading_is_a_full_dump);
  tcase_add_test(
      walks, every_sixtieth_reading_is_a_full_dump_where_nothing_else_is_said);
  tcase_add_test(walks, a_local_port_is_asked_for_what_the_walk_left_out);
  tcase_add_test(walks, by_family_every_reading_is_a_full_dump);
  tcase_add_test(walks,
                 the_first_close_wait_makes_a_full_dump_in_the_same_reading);
  tcase_add_test(walks, counters_that_contradict_the_dump_are_never_used);
  tcase_add_test(walks, more_ports_than_a_reading_holds_are_refused);
  tcase_add_test(walks, names_are_taken_in_any_case_and_others_are_refused);
  TCase *faults = table_case(suite, "faults");
  tcase_add_loop_test(faults, one_fault_is_mended_within_the_reading, 0,
                      TRANSIENT_LEN);
  tcase_add_loop_test(
      faults, two_faults_are_served_by_proc_and_netlink_is_tried_next_time, 0,
      TRANSIENT_LEN);
  tcase_add_loop_test(
      faults, netlink_alone_fails_the_reading_and_leaves_the_last_one_whole, 0,
      TRANSIENT_LEN);
  tcase_add_test(faults, no_row_of_a_broken_walk_is_counted_in_the_next);
  tcase_add_loop_test(
      faults, where_netlink_is_not_there_proc_serves_and_it_is_tried_later, 0,
      (int)(sizeof(absent) / sizeof(absent[0])));
  tcase_add_test(faults, a_kernel_without_tcp_diag_is_served_by_proc);
  tcase_add_test(faults,
                 a_kernel_that_does_not_answer_is_asked_once_and_then_later);
  tcase_add_test(faults,
                 netlink_alone_that_is_not_there_is_tried_at_each_reading);
  tcase_add_test(faults,
                 readings_good_and_bad_keep_the_number_of_files_constant);
  TCase *proc = table_case(suite, "proc");
  tcase_add_test(proc, proc_alone_never_opens_a_socket);
  tcase_add_test(
      proc, a_cut_proc_table_touches_nothing_and_the_next_reading_is_whole);
  tcase_add_test(proc, where_both_fail_both_reasons_are_told);
  tcase_add_loop_test(proc, without_counters_there_are_full_dumps, 0, 3);
  tcase_add_test(proc, without_netstat_walks_are_filtered_as_ever);
  tcase_add_test(proc, proc_serves_without_counters);
  tcase_add_test(proc, counters_come_back);
  tcase_add_loop_test(
      proc, by_proc_what_was_sent_again_holds_what_is_unanswered, 0, 4);
  TCase *budget = table_case(suite, "budget");
  tcase_add_test(budget, a_walk_beyond_the_budget_is_made_every_tenth_time);
  tcase_add_test(budget, in_between_the_listeners_and_the_counters_are_read);
  tcase_add_test(budget, by_proc_the_counters_alone_are_read_in_between);
  tcase_add_test(budget, a_walk_that_is_due_and_fails_is_made_the_next_time);
  tcase_add_test(budget, within_the_budget_every_reading_is_a_walk);
  tcase_add_test(budget,
                 without_an_interval_there_is_no_budget_and_nothing_is_slow);
  tcase_add_test(budget,
                 a_reading_longer_than_a_quarter_of_the_interval_is_slow);
  return suite;
}
