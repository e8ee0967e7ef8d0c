/* The age of a reading, and the model fetched from a stand-in for the daemon.
 */
#define _GNU_SOURCE
#include "daemon/host_model.h"
#include "scenes/fake_daemon.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct host_model model;
static char problem[UNIXSOCK_PROBLEM_MAX];

static void assert_said(const char *text) {
  ck_assert_msg(strstr(problem, text) != NULL, "\"%s\" is not in: %s", text,
                problem);
}

/* The last reading came at 104.5. */
static void read_at(void) {
  snprintf(model.host, sizeof(model.host), "web1");
  model.reading_s = 104.5;
}

START_TEST(a_reading_is_too_old_after_two_intervals) {
  read_at();
  ck_assert_int_eq(host_model_check_age(&model, 124.4, 10, problem), 0);
  ck_assert_int_eq(host_model_check_age(&model, 125.5, 10, problem), -1);
  ck_assert_str_eq(problem,
                   "the last reading of web1 is 21 s old, more than 20 s: does "
                   "its collectd still run, and are both clocks right? If "
                   "collectd's Interval is longer, give it with -i");
  ck_assert_int_eq(host_model_check_age(&model, 404.4, 0, problem), 0);
  ck_assert_int_eq(host_model_check_age(&model, 405.5, 0, problem), -1);
  assert_said("301 s old, more than 300 s");
}
END_TEST

START_TEST(a_reading_of_the_future_is_no_reading_of_now) {
  read_at();
  ck_assert_int_eq(host_model_check_age(&model, 90, 10, problem), 0);
  ck_assert_int_eq(host_model_check_age(&model, 80, 10, problem), -1);
  assert_said("the last reading of web1 is 24 s in the future: set the clocks");
}
END_TEST

/* --- fetched -------------------------------------------------------------- */

static void answer(const char *command, FILE *out) {
  if (strcmp(command, "LISTVAL") == 0)
    fputs("6 Values found\n"
          "99.000 other/tcpstates-all/percent-completion\n"
          "100.000 web1/baseline-syn_flood/duration-open\n"
          "100.000 web1/baseline-syn_flood/gauge-severity\n"
          "100.000 web1/baseline-syn_flood/gauge-upper\n"
          "100.000 web1/tcpstates-all/percent-completion\n"
          "100.000 web1/tcpstates-all/tcp_connections-SYN_RECV\n",
          out);
  else if (strstr(command, "\"web1/tcpstates-all/tcp_connections-SYN_RECV\""))
    fputs("1 Value found\nvalue=5.120000e+02\n", out);
  else if (strstr(command, "\"web1/tcpstates-all/percent-completion\""))
    fputs("1 Value found\nvalue=NaN\n", out);
  else if (strstr(command, "\"web1/baseline-syn_flood/gauge-severity\""))
    fputs("1 Value found\nvalue=2.000000e+00\n", out);
  else if (strstr(command, "\"web1/baseline-syn_flood/duration-open\""))
    fputs("1 Value found\nseconds=4.000000e+01\n", out);
  else
    fputs("-1 No such value\n", out); /* it has expired in the meantime */
}

START_TEST(a_host_is_fetched_with_its_incident) {
  struct fake_daemon fake;
  struct host_incident incidents[HOST_INCIDENTS_MAX];
  fake_daemon_start(&fake, answer);
  struct host_query query = {fake.path, "web1", 5};
  ck_assert_msg(host_model_fetch(&query, &model, problem) == 0, "%s", problem);
  fake_daemon_stop(&fake);
  ck_assert_double_eq(host_model_find(&model, "tcpstates", "all",
                                      "tcp_connections", "SYN_RECV"),
                      512);
  ck_assert(isnan(
      host_model_find(&model, "tcpstates", "all", "percent", "completion")));
  ck_assert(
      isnan(host_model_find(&model, "tcpstates", "all", "percent", "inbound")));
  ck_assert_uint_eq(host_incidents_read(&model, incidents), 1);
  ck_assert_str_eq(incidents[0].name, "syn_flood");
  ck_assert_str_eq(host_severity_word(incidents[0].severity), "FAILURE");
  ck_assert_double_eq(incidents[0].open_s, 40);
  ck_assert_double_eq(incidents[0].since_s, 60);
  ck_assert(isnan(incidents[0].upper));
}
END_TEST

START_TEST(the_hosts_of_a_daemon_are_listed) {
  struct fake_daemon fake;
  struct listing_hosts hosts;
  fake_daemon_start(&fake, answer);
  struct host_query query = {fake.path, NULL, 5};
  ck_assert_int_eq(host_model_hosts(&query, &hosts, problem), 0);
  fake_daemon_stop(&fake);
  ck_assert_uint_eq(hosts.len, 2);
  ck_assert_str_eq(hosts.name[0], "other");
  ck_assert_str_eq(hosts.name[1], "web1");
  listing_hosts_release(&hosts);
}
END_TEST

START_TEST(a_daemon_that_hangs_is_said) {
  struct fake_daemon fake;
  fake_daemon_start(&fake, NULL);
  struct host_query query = {fake.path, NULL, 0.3};
  ck_assert_int_eq(host_model_fetch(&query, &model, problem), -1);
  fake_daemon_stop(&fake);
  assert_said("no answer in time; collectd hangs or is very busy");
}
END_TEST

SUITE(host_model) {
  Suite *suite = suite_create("host_model");
  TCase *tcase = tcase_create("model");
  tcase_add_test(tcase, a_reading_is_too_old_after_two_intervals);
  tcase_add_test(tcase, a_reading_of_the_future_is_no_reading_of_now);
  tcase_add_test(tcase, a_host_is_fetched_with_its_incident);
  tcase_add_test(tcase, the_hosts_of_a_daemon_are_listed);
  tcase_add_test(tcase, a_daemon_that_hangs_is_said);
  suite_add_tcase(suite, tcase);
  return suite;
}
