/* What a fault of netlink comes to in the daemon: the read callback returns 0,
 * the interval has no values or those that /proc serves, the log has one line,
 * and the next interval is whole. */
#define _GNU_SOURCE
#include "reader_scene.h"
#include "scenes/collectd_log.h"
#include "scenes/suite.h"

#include <errno.h>
#include <string.h>

enum { FAULTY_READINGS = 5, PAUSE = 60 };

static const struct netlink_fault {
  const char *said; /* of a reading that is skipped */
  enum fake_fault kind;
  int socket_error, send_error;
  double wait_s;
} netlink_faults[] = {
    {"netlink receive: No buffer space available", FAULT_NO_BUFFERS, 0, 0, 0},
    {"netlink receive: Connection timed out", FAULT_SILENCE, 0, 0, 0},
    {"netlink receive: Connection timed out", FAULT_SIGNAL, 0, 0, 4},
    {"netlink receive: Connection timed out", FAULT_STRANGER, 0, 0, 4},
    {"netlink receive: Connection timed out", FAULT_STALE, 0, 0, 4},
    {"netlink receive: Connection timed out", FAULT_OTHER_TYPE, 0, 0, 4},
    {"netlink receive: Bad file descriptor", FAULT_BAD_DESCRIPTOR, 0, 0, 0},
    {"netlink receive: Connection refused", FAULT_HUNG_UP, 0, 0, 0},
    {"netlink receive is garbled", FAULT_SHUT_DOWN, 0, 0, 0},
    {"netlink receive is garbled", FAULT_EMPTY, 0, 0, 0},
    {"netlink receive is garbled", FAULT_TRUNCATED, 0, 0, 0},
    {"netlink dump is garbled", FAULT_CUT, 0, 0, 0},
    {"netlink dump is garbled", FAULT_OTHER_FAMILY, 0, 0, 0},
    {"netlink dump was interrupted twice", FAULT_INTERRUPTED_DUMP, 0, 0, 0},
    {"netlink dump: No such file or directory", FAULT_REFUSED, 0, 0, 0},
    {"netlink dump: No buffer space available", FAULT_OVERRUN, 0, 0, 0},
    {"netlink dump: Cannot allocate memory", FAULT_FAILED_DUMP, 0, 0, 0},
    {"netlink socket: Operation not permitted", FAULT_NONE, EPERM, 0, 0},
    {"netlink socket: Permission denied", FAULT_NONE, EACCES, 0, 0},
    {"netlink socket: Too many open files", FAULT_NONE, EMFILE, 0, 0},
    {"netlink socket: Protocol not supported", FAULT_NONE, EPROTONOSUPPORT, 0,
     0},
    {"netlink send: Connection refused", FAULT_NONE, 0, ECONNREFUSED, 0},
    {"netlink send: Operation not permitted", FAULT_NONE, 0, EPERM, 0},
};
enum { NETLINK_FAULTS = sizeof(netlink_faults) / sizeof(netlink_faults[0]) };

/* Of the next readings; a socket that is open already does not ask again. */
static void break_netlink(const struct netlink_fault *fault) {
  const bool lasts = fault->socket_error != 0;
  fake.fault = lasts ? FAULT_BAD_DESCRIPTOR : fault->kind;
  fake.fault_at = 0;
  fake.fault_times = lasts ? 1 : UINT32_MAX;
  fake.wait_s = fault->wait_s;
  fake.socket_error = fault->socket_error;
  fake.send_error = fault->send_error;
}

static void mend_netlink(void) {
  fake.fault = FAULT_NONE;
  fake.fault_times = 0;
  fake.wait_s = 0;
  fake.socket_error = fake.send_error = 0;
}

START_TEST(netlink_alone_skips_the_reading_and_says_so_once) {
  const struct netlink_fault *fault = &netlink_faults[_i];
  reader_scene_begin("netlink");
  const unsigned files = reader_scene_open_files();
  for (int i = 0; i < FAULTY_READINGS; i++) {
    break_netlink(fault);
    ck_assert_uint_eq(reader_scene_read(), 0);
  }
  ck_assert_ptr_nonnull(strstr(collectd_log_text(), "<4> tcpstates: "));
  ck_assert_ptr_nonnull(strstr(collectd_log_text(), "reading is skipped"));
  reader_scene_assert_one_line(fault->said);
  mend_netlink();
  reader_scene_assert_whole();
  reader_scene_assert_one_line("readings succeed again");
  reader_scene_assert_whole();
  ck_assert_uint_eq(reader_scene_open_files(), files);
  reader_scene_stop();
}
END_TEST

START_TEST(with_proc_behind_it_no_reading_is_missed) {
  reader_scene_begin("auto");
  for (int i = 0; i < FAULTY_READINGS; i++) {
    break_netlink(&netlink_faults[_i]);
    reader_scene_assert_whole();
    ck_assert_double_eq(reader_scene_value("tcp_connections", "SYN_RECV"), 1);
  }
  /* What waited for half a minute says that, too. */
  ck_assert_uint_eq(collectd_log_lines(), 1 + (netlink_faults[_i].wait_s > 0));
  reader_scene_assert_said("reading /proc instead");
  mend_netlink();
  for (int i = 0; i <= PAUSE; i++)
    reader_scene_assert_whole();
  reader_scene_assert_one_line("reading again through netlink");
  ck_assert_double_eq(reader_scene_value("tcp_connections", "SYN_RECV"), 0);
  reader_scene_stop();
}
END_TEST

START_TEST(a_fault_within_one_reading_is_not_even_said) {
  reader_scene_begin("netlink");
  for (int i = 0; i < 3; i++) {
    fake.fault = FAULT_INTERRUPTED_DUMP;
    fake.fault_at = 1;
    fake.fault_times = 1;
    reader_scene_assert_whole();
  }
  ck_assert_str_eq(collectd_log_text(), "");
  reader_scene_stop();
}
END_TEST

START_TEST(refused_from_the_start_it_begins_when_it_is_allowed) {
  ck_assert_int_eq(reader_scene_configure("netlink", false), 0);
  fake.socket_error = EPERM;
  ck_assert_int_eq(reader_scene_init(), 0);
  for (int i = 0; i < FAULTY_READINGS; i++)
    ck_assert_uint_eq(reader_scene_read(), 0);
  reader_scene_assert_one_line("netlink socket: Operation not permitted");
  fake.socket_error = 0;
  reader_scene_assert_whole();
  reader_scene_assert_one_line("readings succeed again");
  reader_scene_stop();
}
END_TEST

SUITE(netlink_faults) {
  Suite *suite = suite_create("netlink_faults");
  TCase *tcase = tcase_create("netlink_faults");
  tcase_add_checked_fixture(tcase, reader_scene_setup, reader_scene_teardown);
  tcase_add_loop_test(tcase, netlink_alone_skips_the_reading_and_says_so_once,
                      0, NETLINK_FAULTS);
  tcase_add_loop_test(tcase, with_proc_behind_it_no_reading_is_missed, 0,
                      NETLINK_FAULTS);
  tcase_add_test(tcase, a_fault_within_one_reading_is_not_even_said);
  tcase_add_test(tcase, refused_from_the_start_it_begins_when_it_is_allowed);
  suite_add_tcase(suite, tcase);
  return suite;
}
