/* What is said about readings, and how seldom. */
#include "collectd.h"

#include "scenes/collectd_log.h"
#include "scenes/suite.h"
#include "tcpstates/tcpstates_conditions.h"

#include <errno.h>

static struct tcpstates_conditions conditions;
static struct table_source_outcome outcome;
static struct reading reading;

static void set_up(void) {
  conditions = (struct tcpstates_conditions){0};
  outcome = (struct table_source_outcome){.first = "netlink", .from = "/proc"};
  reading = (struct reading){0};
  collectd_log_clear();
}

static void report(unsigned times) {
  while (times-- > 0)
    tcpstates_conditions_report(&conditions, &outcome,
                                outcome.error == 0 ? &reading : NULL);
}

static void skip(int error, const char *detail) {
  outcome.error = error;
  snprintf(outcome.detail, sizeof(outcome.detail), "%s", detail);
}

START_TEST(readings_without_fault_say_nothing) {
  report(1000);
  ck_assert_str_eq(collectd_log_text(), "");
}
END_TEST

START_TEST(a_lasting_fault_is_said_once_and_so_is_its_end) {
  outcome.first_error = -EPROTONOSUPPORT;
  report(500);
  ck_assert_str_eq(collectd_log_text(),
                   "<4> tcpstates: netlink is not available (Protocol not "
                   "supported); reading /proc instead, netlink is tried again "
                   "later\n");
  collectd_log_clear();
  outcome.first_error = 0;
  report(500);
  ck_assert_str_eq(collectd_log_text(),
                   "<5> tcpstates: reading again through netlink\n");
}
END_TEST

START_TEST(bpf_that_is_refused_is_said_once_and_louder_if_asked_for) {
  conditions.bpf_asked = _i != 0;
  outcome.bpf_error = -EPERM;
  outcome.bpf_failed = "load";
  report(500);
  ck_assert_str_eq(collectd_log_text(),
                   _i != 0 ? "<4> tcpstates: BPF cannot count the half-open "
                             "sockets (load: Operation not permitted); walks "
                             "count them\n"
                           : "<5> tcpstates: BPF cannot count the half-open "
                             "sockets (load: Operation not permitted); walks "
                             "count them\n");
}
END_TEST

START_TEST(bpf_that_counts_again_after_a_shortage_is_said) {
  outcome.bpf_error = -ENOMEM;
  outcome.bpf_failed = "iterator";
  report(60);
  ck_assert_str_eq(collectd_log_text(),
                   "<5> tcpstates: BPF cannot count the half-open sockets "
                   "(iterator: Cannot allocate memory); walks count them\n");
  collectd_log_clear();
  outcome.bpf_error = 0;
  report(500);
  ck_assert_str_eq(collectd_log_text(),
                   "<5> tcpstates: BPF counts the half-open sockets again\n");
}
END_TEST

START_TEST(bpf_that_walks_contradict_is_said_once) {
  outcome.bpf_doubted = true;
  report(500);
  ck_assert_str_eq(collectd_log_text(),
                   "<4> tcpstates: BPF and walks count different half-open "
                   "sockets; walks count them from now on\n");
}
END_TEST

START_TEST(a_look_that_bpf_cannot_make_is_said_once_and_so_is_its_end) {
  outcome.look_bpf_error = -ENOMEM;
  outcome.look_bpf_failed = "load";
  report(500);
  ck_assert_str_eq(collectd_log_text(),
                   "<5> tcpstates: BPF cannot look at the established sockets "
                   "(load: Cannot allocate memory); netlink looks at them\n");
  collectd_log_clear();
  outcome.look_bpf_error = 0;
  report(500);
  ck_assert_str_eq(
      collectd_log_text(),
      "<5> tcpstates: BPF looks at the established sockets again\n");
}
END_TEST

START_TEST(looks_by_bpf_that_netlink_contradicts_are_said_once) {
  outcome.look_bpf_doubted = true;
  report(500);
  ck_assert_str_eq(collectd_log_text(),
                   "<4> tcpstates: BPF and netlink find different established "
                   "sockets; netlink looks at them from now on\n");
}
END_TEST

START_TEST(a_fault_that_comes_and_goes_is_said_once_in_sixty_readings) {
  for (int i = 0; i < 600; i++) {
    skip(i % 2 == 0 ? -EBADMSG : 0, i % 2 == 0 ? "/proc/net/tcp" : "");
    report(1);
  }
  ck_assert_uint_le(collectd_log_lines(), 2 * 600 / 60);
  ck_assert_uint_ge(collectd_log_lines(), 2 * 600 / 62);
}
END_TEST

START_TEST(a_fault_that_came_back_too_soon_is_said_in_the_end) {
  skip(-EBADMSG, "/proc/net/tcp");
  report(1);
  skip(0, "");
  report(1);
  ck_assert_uint_eq(collectd_log_lines(), 2);
  skip(-EBADMSG, "/proc/net/tcp");
  report(30);
  ck_assert_uint_eq(collectd_log_lines(), 2);
  report(30);
  ck_assert_uint_eq(collectd_log_lines(), 3);
}
END_TEST

START_TEST(an_end_is_said_only_of_what_was_said_to_begin) {
  skip(-EBADMSG, "/proc/net/tcp");
  report(1);
  skip(0, "");
  report(1);
  skip(-EBADMSG, "/proc/net/tcp");
  report(1); /* too soon to be said */
  skip(0, "");
  report(200);
  ck_assert_str_eq(collectd_log_text(),
                   "<4> tcpstates: this reading is skipped: /proc/net/tcp is "
                   "garbled\n"
                   "<5> tcpstates: readings succeed again\n");
}
END_TEST

START_TEST(another_reason_is_said_anew) {
  skip(-EACCES, "/proc/net/tcp");
  report(100);
  skip(-EBADMSG, "/proc/net/tcp6");
  report(100);
  skip(-EINTR, "netlink dump");
  report(100);
  skip(-ENOMEM, "");
  report(100);
  ck_assert_str_eq(
      collectd_log_text(),
      "<4> tcpstates: this reading is skipped: /proc/net/tcp: Permission "
      "denied\n"
      "<4> tcpstates: this reading is skipped: /proc/net/tcp6 is garbled\n"
      "<4> tcpstates: this reading is skipped: netlink dump was interrupted "
      "twice\n"
      "<4> tcpstates: this reading is skipped: the TCP table: Cannot allocate "
      "memory\n");
}
END_TEST

START_TEST(a_skipped_reading_ends_no_condition_of_the_tables) {
  reading.unknown_states = 3;
  outcome.counters_doubted = true;
  report(1);
  ck_assert_uint_eq(collectd_log_lines(), 2);
  skip(-EINTR, "netlink dump");
  report(1);
  skip(0, "");
  report(1);
  ck_assert_uint_eq(collectd_log_lines(), 4); /* skipped, and its end */
}
END_TEST

START_TEST(each_condition_of_the_tables_has_its_line) {
  reading.unknown_states = 3;
  reading.dropped_rows = 7;
  outcome.counters_doubted = true;
  outcome.counters_error = -ENOENT;
  outcome.counters_lost = 1;
  snprintf(outcome.detail, sizeof(outcome.detail), "/proc/net/snmp");
  report(2);
  const char *log = collectd_log_text();
  ck_assert_uint_eq(collectd_log_lines(), 4);
  ck_assert_ptr_nonnull(strstr(log, "(3 of them); they are not counted"));
  ck_assert_ptr_nonnull(strstr(log, "tcpstates: 7 sockets belong to more"));
  ck_assert_ptr_nonnull(strstr(log, "full dumps from now on"));
  ck_assert_ptr_nonnull(strstr(log, "counters in /proc/net/snmp: No such"));
}
END_TEST

/* Each with the same error as before. */
START_TEST(another_counter_file_that_cannot_be_read_is_said_too) {
  static const char *const files[] = {"/proc/net/netstat",
                                      "/proc/net/snmp, /proc/net/netstat"};
  outcome.counters_error = -EBADMSG;
  for (unsigned i = 0; i < 2; i++) {
    outcome.counters_lost = i + 1;
    snprintf(outcome.detail, sizeof(outcome.detail), "%s", files[i]);
    report(200);
  }
  ck_assert_uint_eq(collectd_log_lines(), 2);
  ck_assert_ptr_nonnull(strstr(collectd_log_text(), files[1]));
}
END_TEST

START_TEST(slow_readings_are_said_once_for_good_with_what_to_set) {
  for (int i = 0; i < 1000; i++) {
    outcome.slow = i % 70 < 2;
    outcome.took_s = outcome.slow ? 3.25 : 0.1;
    report(1);
  }
  ck_assert_str_eq(collectd_log_text(),
                   "<4> tcpstates: a reading took 3.25 s, more than a quarter "
                   "of the interval; a longer Interval in <LoadPlugin "
                   "tcpstates> makes readings rarer\n");
}
END_TEST

START_TEST(of_slow_readings_from_proc_it_is_said_that_netlink_is_cheaper) {
  outcome.slow = true;
  outcome.cheaper = "netlink";
  report(2);
  ck_assert_uint_eq(collectd_log_lines(), 1);
  ck_assert_ptr_nonnull(
      strstr(collectd_log_text(), ", Source \"netlink\" makes them cheaper"));
}
END_TEST

START_TEST(where_netlink_failed_it_is_not_said_to_be_cheaper) {
  outcome.slow = true;
  outcome.first_error = -ETIMEDOUT;
  report(2);
  ck_assert_uint_eq(collectd_log_lines(), 2);
  ck_assert_ptr_null(strstr(collectd_log_text(), "cheaper"));
}
END_TEST

START_TEST(a_reading_without_a_walk_ends_no_condition_of_the_tables) {
  reading.unknown_states = 3;
  report(1);
  reading.unknown_states = 0;
  outcome.walk_left_out = true;
  report(100);
  ck_assert_uint_eq(collectd_log_lines(), 1);
  outcome.walk_left_out = false;
  report(1);
  ck_assert_uint_eq(collectd_log_lines(), 2);
}
END_TEST

SUITE(tcpstates_conditions) {
  Suite *suite = suite_create("tcpstates_conditions");
  TCase *tcase = tcase_create("log");
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, readings_without_fault_say_nothing);
  tcase_add_loop_test(
      tcase, bpf_that_is_refused_is_said_once_and_louder_if_asked_for, 0, 2);
  tcase_add_test(tcase, bpf_that_counts_again_after_a_shortage_is_said);
  tcase_add_test(tcase, bpf_that_walks_contradict_is_said_once);
  tcase_add_test(tcase,
                 a_look_that_bpf_cannot_make_is_said_once_and_so_is_its_end);
  tcase_add_test(tcase, looks_by_bpf_that_netlink_contradicts_are_said_once);
  tcase_add_test(tcase, a_lasting_fault_is_said_once_and_so_is_its_end);
  tcase_add_test(tcase,
                 a_fault_that_comes_and_goes_is_said_once_in_sixty_readings);
  tcase_add_test(tcase, a_fault_that_came_back_too_soon_is_said_in_the_end);
  tcase_add_test(tcase, an_end_is_said_only_of_what_was_said_to_begin);
  tcase_add_test(tcase, another_reason_is_said_anew);
  tcase_add_test(tcase, a_skipped_reading_ends_no_condition_of_the_tables);
  tcase_add_test(tcase, each_condition_of_the_tables_has_its_line);
  tcase_add_test(tcase, another_counter_file_that_cannot_be_read_is_said_too);
  tcase_add_test(tcase, slow_readings_are_said_once_for_good_with_what_to_set);
  tcase_add_test(tcase,
                 of_slow_readings_from_proc_it_is_said_that_netlink_is_cheaper);
  tcase_add_test(tcase, where_netlink_failed_it_is_not_said_to_be_cheaper);
  tcase_add_test(tcase,
                 a_reading_without_a_walk_ends_no_condition_of_the_tables);
  suite_add_tcase(suite, tcase);
  return suite;
}
