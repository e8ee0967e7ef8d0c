/* What the log says where something is wrong, and that it says it once. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADING                                                                \
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "        \
  "retrnsmt   uid  timeout inode\n"
#define ROW(state)                                                             \
  "   0: 0100007F:1F90 00000000:0000 " state " 00000000:00000000 00:00000000 " \
  "00000000     0        0 1 1 0 100 0 0 10 0\n"

static int compare_lines(const void *left, const void *right) {
  char *const *a = left, *const *b = right;
  return strcmp(*a, *b);
}

/* Behind the time, "[2026-01-31 12:00:00] ", no line stands twice; but that the
 * daemon finds a tenth of a second short on a busy machine is no fault. */
static void assert_nothing_is_said_twice(const struct daemon *daemon) {
  char *log = daemon_read_file(daemon, "log"), *lines[4096] = {0};
  size_t len = 0;
  for (char *line = strtok(log, "\n"); line != NULL;
       line = strtok(NULL, "\n")) {
    char *said = strstr(line, "] ");
    ck_assert_ptr_nonnull(said);
    if (strstr(said, "which is above its read interval") != NULL)
      continue;
    ck_assert_uint_lt(len, 4096);
    lines[len++] = said;
  }
  ck_assert_uint_gt(len, 0);
  qsort(lines, len, sizeof(lines[0]), compare_lines);
  for (size_t i = 1; i < len; i++)
    ck_assert_str_ne(lines[i], lines[i - 1]);
  free(log);
}

START_TEST(a_healthy_daemon_says_nothing_and_ends_on_sigterm) {
  struct daemon daemon;
  daemon_start(&daemon, &(struct daemon_setup){.interval = "0.1"});
  daemon_await(&daemon, "tcpstates-all/tcp_connections-LISTEN", 0);
  daemon_pause(2);
  ck_assert_int_eq(daemon_stop(&daemon), 0);
  ck_assert_int_eq(daemon_complaints(&daemon), 0);
  assert_nothing_is_said_twice(&daemon);
}
END_TEST

START_TEST(without_netlink_proc_is_read_and_that_is_said_once) {
  struct daemon daemon;
  daemon_start(&daemon, &(struct daemon_setup){.interval = "0.1",
                                               .without_netlink = true});
  daemon_await(&daemon, "tcpstates-all/tcp_connections-LISTEN", 0);
  daemon_await_log(&daemon,
                   "tcpstates: netlink is not available (Protocol not "
                   "supported); reading /proc instead, netlink is tried again "
                   "later");
  daemon_pause(7); /* more than 60 readings: it has been tried again */
  ck_assert_int_eq(daemon_stop(&daemon), 0);
  assert_nothing_is_said_twice(&daemon);
}
END_TEST

START_TEST(netlink_alone_skips_readings_where_there_is_none) {
  struct daemon daemon;
  double value = 0;
  daemon_start(&daemon, &(struct daemon_setup){.interval = "0.1",
                                               .without_netlink = true,
                                               .options = "Source netlink"});
  daemon_await_log(&daemon, "tcpstates: this reading is skipped: netlink "
                            "socket: Protocol not supported");
  daemon_pause(2);
  ck_assert(
      !daemon_value(&daemon, "tcpstates-all/tcp_connections-LISTEN", &value));
  ck_assert_int_eq(daemon_stop(&daemon), 0);
  assert_nothing_is_said_twice(&daemon);
}
END_TEST

START_TEST(a_garbled_table_is_skipped_until_it_is_whole_again) {
  struct daemon daemon;
  double value = 0;
  daemon_start(&daemon,
               &(struct daemon_setup){.interval = "0.1",
                                      .options = "Source proc",
                                      .tcp_table = HEADING "   0: 0100"});
  daemon_await_log(&daemon, "tcpstates: this reading is skipped: "
                            "/proc/net/tcp is garbled");
  daemon_pause(1);
  ck_assert(
      !daemon_value(&daemon, "tcpstates-all/tcp_connections-LISTEN", &value));
  daemon_change_table(&daemon, HEADING ROW("0A"));
  daemon_await(&daemon, "tcpstates-all/tcp_connections-LISTEN", 1);
  daemon_await_log(&daemon, "tcpstates: readings succeed again");
  ck_assert_int_eq(daemon_stop(&daemon), 0);
  assert_nothing_is_said_twice(&daemon);
}
END_TEST

/* Neither way works: netlink is refused and the table is empty. */
START_TEST(where_both_ways_fail_each_is_said_once_and_values_come_back) {
  struct daemon daemon;
  double value = 0;
  daemon_start(&daemon, &(struct daemon_setup){.interval = "0.1",
                                               .without_netlink = true,
                                               .tcp_table = ""});
  daemon_await_log(&daemon, "tcpstates: netlink is not available (Protocol not "
                            "supported)");
  daemon_await_log(&daemon, "tcpstates: this reading is skipped: "
                            "/proc/net/tcp is garbled");
  daemon_pause(1);
  ck_assert(
      !daemon_value(&daemon, "tcpstates-all/tcp_connections-LISTEN", &value));
  daemon_change_table(&daemon, HEADING ROW("0A"));
  daemon_await(&daemon, "tcpstates-all/tcp_connections-LISTEN", 1);
  daemon_await_log(&daemon, "tcpstates: readings succeed again");
  ck_assert_int_eq(daemon_stop(&daemon), 0);
  assert_nothing_is_said_twice(&daemon);
}
END_TEST

START_TEST(a_state_of_a_later_kernel_is_said_once_and_counts_nothing) {
  struct daemon daemon;
  daemon_start(&daemon, &(struct daemon_setup){.interval = "0.1",
                                               .options = "Source proc",
                                               .tcp_table = HEADING ROW("1A")});
  daemon_await_log(&daemon,
                   "tcpstates: sockets are in a state that is not one of the "
                   "eleven known ones (1 of them)");
  daemon_await(&daemon, "tcpstates-all/current_connections-active", 0);
  daemon_pause(1);
  ck_assert_int_eq(daemon_stop(&daemon), 0);
  assert_nothing_is_said_twice(&daemon);
}
END_TEST

TCase *daemon_conditions_case(void) {
  TCase *tcase = tcase_create("conditions");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, a_healthy_daemon_says_nothing_and_ends_on_sigterm);
  tcase_add_test(tcase, without_netlink_proc_is_read_and_that_is_said_once);
  tcase_add_test(tcase, netlink_alone_skips_readings_where_there_is_none);
  tcase_add_test(tcase, a_garbled_table_is_skipped_until_it_is_whole_again);
  tcase_add_test(tcase,
                 where_both_ways_fail_each_is_said_once_and_values_come_back);
  tcase_add_test(tcase,
                 a_state_of_a_later_kernel_is_said_once_and_counts_nothing);
  return tcase;
}
