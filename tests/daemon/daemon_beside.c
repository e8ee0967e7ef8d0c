/* The plugins beside what collectd itself does with their values: its write
 * threads, its queue's limits, plugins that take the same values, another
 * interval. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_received.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STARTS = 4, BURSTS = 40, BURST = 10 };

static struct daemon daemon_;

static void set_up(void) { daemon_enter_namespace(); }

/* Values of the plugin that the daemon's cache refused for their time. */
static int own_refused(void) {
  char *log = daemon_read_file(&daemon_, "log");
  int refused = 0;
  for (char *at = log; (at = strstr(at, "Value too old: name = ")) != NULL;
       at++)
    refused += strncmp(strchr(at, '/'), "/baseline-", 10) == 0;
  free(log);
  return refused;
}

/* Without counters a reading is never seen to be complete, so that the tick
 * judges it, too; at the start above all. */
START_TEST(own_values_keep_their_order_from_the_start) {
  for (int i = 0; i < STARTS; i++) {
    daemon_start(&daemon_,
                 &(struct daemon_setup){.more = "WriteThreads 20",
                                        .options = "ReportCounters false"});
    daemon_pause(4);
    ck_assert_int_eq(daemon_stop(&daemon_), 0);
    ck_assert_int_eq(own_refused(), 0);
  }
}
END_TEST

/* As from a sender that was cut off for a while. */
START_TEST(of_readings_that_come_at_once_no_own_value_is_lost) {
  char queue[64];
  snprintf(queue, sizeof(queue), "WriteThreads %d", _i);
  received_start(&daemon_, &(struct daemon_setup){.more = queue},
                 BURSTS * BURST);
  for (int i = 0; i < BURSTS; i++)
    received_readings("web1", BURST, 3, 0);
  daemon_hang_up();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  int refused = own_refused();
  ck_assert_msg(refused == 0, "%d own values were lost", refused);
}
END_TEST

/* A reading of one of two machines that are both called web1. */
static void put_machine(double time_s, double half_open, double opens) {
  received_next_s = time_s;
  received_put("web1/tcpstates-all/tcp_connections-ESTABLISHED", 100);
  received_put("web1/tcpstates-all/tcp_connections-SYN_RECV", half_open);
  received_put("web1/tcpstates-all/current_connections-syn_recv_aged",
               half_open);
  received_put("web1/tcpstates-all/protocol_counter-PassiveOpens", opens);
}

START_TEST(two_machines_of_one_name_are_said_once_and_raise_nothing) {
  received_start(&daemon_, &(struct daemon_setup){.more = RECEIVED_IN_ORDER},
                 120);
  double begin_s = received_next_s;
  for (int i = 0; i < 110; i++) {
    double time_s = begin_s + RECEIVED_STEP_S * i;
    put_machine(time_s, 2, 1e6 + 200 * i);
    if (i >= 80)
      put_machine(time_s + 4, 90, 5e3 + 10 * i);
  }
  daemon_await_log(&daemon_, "more than one machine sends as host web1");
  daemon_hang_up();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "more than one machine"), 1);
  ck_assert_int_eq(daemon_count_log(&daemon_, "Notification: "), 0);
}
END_TEST

TCase *daemon_beside_case(void) {
  TCase *tcase = tcase_create("beside");

  tcase_set_timeout(tcase, 120);
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, own_values_keep_their_order_from_the_start);
  tcase_add_loop_test(tcase, of_readings_that_come_at_once_no_own_value_is_lost,
                      20, 21);
  tcase_add_test(tcase,
                 two_machines_of_one_name_are_said_once_and_raise_nothing);
  return tcase;
}
