/* LISTVAL's lines -> hosts and the model of one of them; ages; and the whole
 * fetch from a stand-in for the daemon. */
#define _GNU_SOURCE
#include "fake_daemon.h"
#include "status_incident.h"
#include "status_listing.h"
#include "status_model.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct status_model model;
static struct status_listing listing;
static char problem[STATUS_PROBLEM_MAX];

static void begin(const char *wanted, const char *machine) {
  listing = (struct status_listing){
      .wanted = wanted, .machine = machine, .model = &model};
  status_listing_begin(&listing);
  problem[0] = '\0';
}

static void take(const char *line) {
  ck_assert_int_eq(status_listing_take(&listing, line), 0);
}

/* The lines of one host, as collectd lists them. */
static void take_host(const char *host) {
  static const char *const names[] = {
      "baseline-syn_flood/duration-open",
      "baseline-syn_flood/gauge-severity",
      "cpu-0/cpu-idle",
      "tcpstates-all/current_connections-active",
      "tcpstates-all/tcp_connections-SYN_RECV",
      "tcpstates-ipv4/tcp_connections-SYN_RECV",
  };
  char line[512];
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    snprintf(line, sizeof(line), "%zu.500 %s/%s", 100 + i, host, names[i]);
    take(line);
  }
}

static int end(void) {
  int rc = status_listing_end(&listing, problem);
  status_listing_release(&listing);
  return rc;
}

static void assert_said(const char *text) {
  ck_assert_msg(strstr(problem, text) != NULL, "\"%s\" is not in: %s", text,
                problem);
}

START_TEST(a_line_is_taken_apart) {
  struct listed_value value;
  ck_assert_int_eq(
      listed_value_read("1.5 web-1/tcpstates-all/percent-syn_queue", &value),
      0);
  ck_assert_double_eq(value.time_s, 1.5);
  ck_assert(listed_part_is(value.host, "web-1"));
  ck_assert(listed_part_is(value.plugin, "tcpstates"));
  ck_assert(listed_part_is(value.instance, "all"));
  ck_assert(listed_part_is(value.type, "percent"));
  ck_assert(listed_part_is(value.type_instance, "syn_queue"));
  ck_assert(!listed_part_is(value.type, "percen"));
  ck_assert(!listed_part_is(value.type, "percents"));
  ck_assert_int_eq(listed_value_read("2 h/load/load", &value), 0);
  ck_assert_uint_eq(value.instance.len, 0);
  ck_assert_uint_eq(value.type_instance.len, 0);
}
END_TEST

static const char *const no_values[] = {
    "",
    "h/p/t",
    "1.5",
    "1.5 ",
    "1.5 h",
    "1.5 h/p",
    "1.5 /p/t",
    "1.5 h//t",
    "1.5 h/p/",
    "x h/p/t",
    "nan h/p/t",
    "1.5 \033[2Jh/tcpstates-all/gauge-x",
    "1.5 h\177/tcpstates-all/gauge-x",
};
enum { NO_VALUES = sizeof(no_values) / sizeof(no_values[0]) };

START_TEST(what_is_no_value_is_refused) {
  struct listed_value value = {.time_s = -7};
  ck_assert_int_ne(listed_value_read(no_values[_i], &value), 0);
  ck_assert_double_eq(value.time_s, -7);
}
END_TEST

START_TEST(the_only_host_is_chosen_with_its_values_and_times) {
  begin(NULL, "elsewhere");
  take_host("web1");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, "web1");
  ck_assert_uint_eq(model.values_len, 4); /* of cpu and of ipv4: none */
  ck_assert_double_eq(model.reading_s, 104.5);
  ck_assert_double_eq(model.judged_s, 101.5);
  const struct status_value *value = status_model_value(
      &model, "tcpstates", "all", "current_connections", "active");
  ck_assert_ptr_nonnull(value);
  ck_assert_double_eq(value->time_s, 103.5);
  ck_assert(isnan(value->value));
}
END_TEST

START_TEST(the_wanted_host_is_chosen_among_many) {
  begin("web2", "web3");
  take_host("web1");
  take_host("web2");
  take_host("web2.example.org");
  take_host("web3");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, "web2");
  ck_assert_uint_eq(model.values_len, 4);
}
END_TEST

START_TEST(this_machine_is_chosen_among_many_with_its_domain_or_without) {
  begin(NULL, "web2");
  take_host("web1");
  take_host(_i ? "web2" : "web2.example.org");
  take_host("web22");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, _i ? "web2" : "web2.example.org");
  ck_assert_uint_eq(model.values_len, 4);
}
END_TEST

START_TEST(several_hosts_are_named) {
  begin(NULL, "elsewhere");
  take_host("web1");
  take_host("web2");
  ck_assert_int_eq(end(), -1);
  ck_assert_str_eq(
      problem,
      "the daemon has values of 2 hosts; name one with -H: web1, web2");
}
END_TEST

START_TEST(of_many_hosts_eight_are_named_and_none_is_cut) {
  char host[128];
  begin(NULL, "");
  for (int i = 0; i < 20000; i++) {
    snprintf(host, sizeof(host), "host-%05d", i);
    take_host(host);
  }
  ck_assert_int_eq(end(), -1);
  assert_said("values of 20000 hosts; name one with -H: host-00000, ");
  assert_said(", host-00007 and 19992 more");

  begin(NULL, "");
  memset(host, 'h', sizeof(host));
  host[127] = '\0';
  take_host("a");
  take_host(host);
  host[126] = 'i';
  take_host(host);
  ck_assert_int_eq(end(), -1);
  assert_said("name one with -H: a, hhh");
  assert_said("h and 1 more");
}
END_TEST

START_TEST(an_unknown_host_is_said_and_the_known_ones_are_named) {
  begin("web9", "web1");
  take_host("web1");
  ck_assert_int_eq(end(), -1);
  ck_assert_str_eq(problem, "the daemon has no values of tcpstates from host "
                            "web9; it has those of web1");
}
END_TEST

START_TEST(without_tcpstates_the_missing_line_is_named) {
  begin(NULL, "web1");
  take("1.0 web1/cpu-0/cpu-idle");
  take("1.0 web1/tcpstates-ipv4/tcp_connections-SYN_RECV");
  ck_assert_int_eq(end(), -1);
  assert_said("\"LoadPlugin tcpstates\" in collectd.conf?");
}
END_TEST

/* What is left of it is going to expire. */
START_TEST(a_host_without_readings_is_not_chosen) {
  begin(NULL, "elsewhere");
  take("1.0 web1/baseline-syn_flood/gauge-severity");
  take_host("web2");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, "web2");
  begin("web1", "elsewhere");
  take("1.0 web1/baseline-syn_flood/gauge-severity");
  take_host("web2");
  ck_assert_int_eq(end(), -1);
  assert_said("from host web1; it has those of web2");
}
END_TEST

START_TEST(more_values_than_there_is_room_for_are_left_out) {
  char line[128];
  begin(NULL, "");
  for (int i = 0; i < STATUS_VALUES_MAX + 10; i++) {
    snprintf(line, sizeof(line), "1.0 web1/tcpstates-all/gauge-%d", i);
    take(line);
  }
  ck_assert_int_eq(end(), 0);
  ck_assert_uint_eq(model.values_len, STATUS_VALUES_MAX);
}
END_TEST

START_TEST(a_reading_is_too_old_after_two_intervals) {
  begin(NULL, "");
  take_host("web1"); /* its reading is of 104.5 */
  ck_assert_int_eq(end(), 0);
  ck_assert_int_eq(status_model_check_age(&model, 124.4, 10, problem), 0);
  ck_assert_int_eq(status_model_check_age(&model, 125.5, 10, problem), -1);
  ck_assert_str_eq(
      problem, "the last reading of web1 is 21 s old, more than 20 s: does its "
               "collectd still run, are the clocks of both machines set? A "
               "longer Interval of collectd is told with -i");
  ck_assert_int_eq(status_model_check_age(&model, 404.4, 0, problem), 0);
  ck_assert_int_eq(status_model_check_age(&model, 405.5, 0, problem), -1);
  assert_said("301 s old, more than 300 s");
}
END_TEST

START_TEST(a_reading_of_the_future_is_no_reading_of_now) {
  begin(NULL, "");
  take_host("web1");
  ck_assert_int_eq(end(), 0);
  ck_assert_int_eq(status_model_check_age(&model, 90, 10, problem), 0);
  ck_assert_int_eq(status_model_check_age(&model, 80, 10, problem), -1);
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
    fputs("-1 No such value\n", out); /* it has expired meanwhile */
}

START_TEST(a_host_is_fetched_with_its_incident) {
  struct fake_daemon fake;
  struct status_incident incidents[STATUS_INCIDENTS_MAX];
  fake_daemon_start(&fake, answer);
  struct status_query query = {fake.path, "web1", 5};
  ck_assert_msg(status_model_fetch(&query, &model, problem) == 0, "%s",
                problem);
  fake_daemon_stop(&fake);
  ck_assert_double_eq(status_model_find(&model, "tcpstates", "all",
                                        "tcp_connections", "SYN_RECV"),
                      512);
  ck_assert(isnan(
      status_model_find(&model, "tcpstates", "all", "percent", "completion")));
  ck_assert(isnan(
      status_model_find(&model, "tcpstates", "all", "percent", "inbound")));
  ck_assert_uint_eq(status_incidents_read(&model, incidents), 1);
  ck_assert_str_eq(incidents[0].name, "syn_flood");
  ck_assert_str_eq(status_incident_state(&incidents[0]), "FAILURE");
  ck_assert_double_eq(incidents[0].open_s, 40);
  ck_assert_double_eq(incidents[0].since_s, 60);
  ck_assert(isnan(incidents[0].upper));
}
END_TEST

START_TEST(the_hosts_of_a_daemon_are_listed) {
  struct fake_daemon fake;
  struct host_names hosts;
  fake_daemon_start(&fake, answer);
  struct status_query query = {fake.path, NULL, 5};
  ck_assert_int_eq(status_model_hosts(&query, &hosts, problem), 0);
  fake_daemon_stop(&fake);
  ck_assert_uint_eq(hosts.len, 2);
  ck_assert(host_names_has(&hosts, "web1"));
  ck_assert(host_names_has(&hosts, "other"));
  ck_assert(!host_names_has(&hosts, "web"));
  host_names_release(&hosts);
}
END_TEST

START_TEST(a_daemon_that_hangs_is_said) {
  struct fake_daemon fake;
  fake_daemon_start(&fake, NULL);
  struct status_query query = {fake.path, NULL, 0.3};
  ck_assert_int_eq(status_model_fetch(&query, &model, problem), -1);
  fake_daemon_stop(&fake);
  assert_said("no answer in time; collectd hangs or is very busy");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("status model");
  TCase *tcase = tcase_create("model");
  tcase_add_test(tcase, a_line_is_taken_apart);
  tcase_add_loop_test(tcase, what_is_no_value_is_refused, 0, NO_VALUES);
  tcase_add_test(tcase, the_only_host_is_chosen_with_its_values_and_times);
  tcase_add_test(tcase, the_wanted_host_is_chosen_among_many);
  tcase_add_loop_test(
      tcase, this_machine_is_chosen_among_many_with_its_domain_or_without, 0,
      2);
  tcase_add_test(tcase, several_hosts_are_named);
  tcase_add_test(tcase, of_many_hosts_eight_are_named_and_none_is_cut);
  tcase_add_test(tcase, an_unknown_host_is_said_and_the_known_ones_are_named);
  tcase_add_test(tcase, without_tcpstates_the_missing_line_is_named);
  tcase_add_test(tcase, a_host_without_readings_is_not_chosen);
  tcase_add_test(tcase, more_values_than_there_is_room_for_are_left_out);
  tcase_add_test(tcase, a_reading_is_too_old_after_two_intervals);
  tcase_add_test(tcase, a_reading_of_the_future_is_no_reading_of_now);
  tcase_add_test(tcase, a_host_is_fetched_with_its_incident);
  tcase_add_test(tcase, the_hosts_of_a_daemon_are_listed);
  tcase_add_test(tcase, a_daemon_that_hangs_is_said);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
