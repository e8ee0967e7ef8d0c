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
  struct host_query query = {fake.path, "web1", 5, 0};
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

/* --- from a model made by hand ------------------------------------------- */

static void add_at(double time_s, const char *incident, const char *type,
                   const char *type_instance, double number) {
  struct host_value *value = &model.values[model.values_len++];
  *value = (struct host_value){.time_s = time_s, .value = number};
  snprintf(value->plugin, sizeof(value->plugin), "baseline");
  snprintf(value->instance, sizeof(value->instance), "%s", incident);
  snprintf(value->type, sizeof(value->type), "%s", type);
  snprintf(value->type_instance, sizeof(value->type_instance), "%s",
           type_instance);
}

static const struct host_incident *read_one(void) {
  static struct host_incident incidents[HOST_INCIDENTS_MAX];
  ck_assert_uint_eq(host_incidents_read(&model, incidents), 1);
  return &incidents[0];
}

static void begin_model(void) { model = (struct host_model){.reading_s = 100}; }

START_TEST(an_open_incident_is_at_its_newest_listener) {
  char text[HOST_INCIDENT_WORDS_MAX];
  begin_model();
  add_at(100, "syn_flood", "gauge", "severity", 1);
  add_at(90, "syn_flood", "gauge", "listener=0.0.0.0:80", 128);
  add_at(100, "syn_flood", "gauge", "listener=[2001:db8::1]:443", 511);
  add_at(100, "syn_flood", "gauge", "top_source=198.51.100.0_24 72 %", 1);
  const struct host_incident *flood = read_one();
  ck_assert_str_eq(flood->listener, "[2001:db8::1]:443");
  ck_assert_double_eq(flood->backlog, 511);
  ck_assert_str_eq(flood->top_source, "198.51.100.0/24 72 %");
  ck_assert_str_eq(host_incident_place(flood, text),
                   "at [2001:db8::1]:443, backlog 511, from 198.51.100.0/24 "
                   "72 %");
  ck_assert_str_eq(host_incident_hindrance(flood, text), "");
}
END_TEST

START_TEST(what_is_older_than_the_severity_no_longer_counts) {
  char text[HOST_INCIDENT_WORDS_MAX];
  begin_model();
  add_at(100, "syn_flood", "gauge", "severity", 1);
  add_at(90, "syn_flood", "gauge", "listener=0.0.0.0:80", 128);
  add_at(90, "syn_flood", "gauge", "top_source=scattered", 1);
  add_at(90, "syn_flood", "duration", "learning", 20);
  add_at(90, "syn_flood", "gauge", "unjudged=no listener", 1);
  const struct host_incident *flood = read_one();
  ck_assert_str_eq(host_incident_place(flood, text), "");
  ck_assert_str_eq(host_incident_hindrance(flood, text), "");
  ck_assert_int_eq(flood->severity, HOST_WARNING);
}
END_TEST

START_TEST(a_calm_incident_is_nowhere) {
  char text[HOST_INCIDENT_WORDS_MAX];
  begin_model();
  add_at(100, "syn_flood", "gauge", "severity", 0);
  add_at(100, "syn_flood", "gauge", "listener=0.0.0.0:80", 128);
  ck_assert_str_eq(host_incident_place(read_one(), text), "");
}
END_TEST

static const struct {
  const char *type, *name;
  double number;
  const char *said;
} hindrances[] = {
    {"duration", "learning", 540, "learning, 9 min left"},
    {"duration", "learning", 0.2, "learning, 1 s left"},
    {"duration", "learning", NAN, ""},
    {"gauge", "unjudged=no listener", 1, ""}, /* it was, a moment ago */
};

START_TEST(what_keeps_it_from_an_alarm_is_said) {
  char text[HOST_INCIDENT_WORDS_MAX];
  begin_model();
  add_at(100, "syn_flood", "gauge", "severity", 0);
  add_at(100, "syn_flood", hindrances[_i].type, hindrances[_i].name,
         hindrances[_i].number);
  ck_assert_str_eq(host_incident_hindrance(read_one(), text),
                   hindrances[_i].said);
}
END_TEST

START_TEST(one_that_is_not_judged_is_there_without_a_severity) {
  char text[HOST_INCIDENT_WORDS_MAX];
  begin_model();
  add_at(100, "accept_overflow", "gauge", "unjudged=no listener", 1);
  const struct host_incident *overflow = read_one();
  ck_assert_str_eq(overflow->name, "accept_overflow");
  ck_assert_int_eq(overflow->severity, HOST_NOT_JUDGED);
  ck_assert_str_eq(host_incident_hindrance(overflow, text),
                   "not judged: no listener");
}
END_TEST

/* What a stranger may put into the daemon's cache. */
START_TEST(long_texts_are_cut) {
  char name[LISTING_NAME_MAX], text[HOST_INCIDENT_WORDS_MAX];
  begin_model();
  memset(name, 'x', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  memcpy(name, "listener=", 9);
  add_at(100, "syn_flood", "gauge", "severity", 2);
  add_at(100, "syn_flood", "gauge", name, 1e300);
  memcpy(name, "top_source=", 11);
  add_at(100, "syn_flood", "gauge", name, 1);
  ck_assert_uint_lt(strlen(host_incident_place(read_one(), text)),
                    HOST_INCIDENT_WORDS_MAX);
}
END_TEST

static void answer_port(const char *command, FILE *out) {
  if (strcmp(command, "LISTVAL") == 0)
    fputs("4 Values found\n"
          "100.000 web1/tcpstates-443-local/protocol_counter-drops\n"
          "100.000 web1/tcpstates-443-local/tcp_connections-SYN_RECV\n"
          "100.000 web1/tcpstates-80-local/tcp_connections-SYN_RECV\n"
          "100.000 web1/tcpstates-all/percent-completion\n",
          out);
  else if (strstr(command, "\"web1/tcpstates-443-local/tcp_connections-SYN_"))
    fputs("1 Value found\nvalue=7.000000e+00\n", out);
  else
    fputs("1 Value found\nvalue=NaN\n", out);
}

START_TEST(one_port_is_fetched_if_it_is_asked_for) {
  struct fake_daemon fake;
  struct host_query query = {.host = "web1", .limit_s = 5, .port = 443};
  fake_daemon_start(&fake, answer_port);
  query.socket_path = fake.path;
  ck_assert_msg(host_model_fetch(&query, &model, problem) == 0, "%s", problem);
  ck_assert_int_eq(host_model_check_port(&model, problem), 0);
  ck_assert_double_eq(host_model_metric(&model, SHOWN_PORT_HALF_OPEN), 7);
  ck_assert(isnan(host_model_metric(&model, SHOWN_PORT_DROPS)));
  ck_assert(isnan(host_model_metric(&model, SHOWN_PORT_SYN_QUEUE)));
  fake_daemon_stop(&fake);
  fake_daemon_start(&fake, answer_port);
  query.socket_path = fake.path;
  query.port = 8080;
  ck_assert_msg(host_model_fetch(&query, &model, problem) == 0, "%s", problem);
  ck_assert_int_eq(host_model_check_port(&model, problem), -1);
  assert_said("no values of port 8080 of web1");
  fake_daemon_stop(&fake);
}
END_TEST

START_TEST(the_hosts_of_a_daemon_are_listed) {
  struct fake_daemon fake;
  struct listing_hosts hosts;
  fake_daemon_start(&fake, answer);
  struct host_query query = {fake.path, NULL, 5, 0};
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
  struct host_query query = {fake.path, NULL, 0.3, 0};
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
  tcase_add_test(tcase, an_open_incident_is_at_its_newest_listener);
  tcase_add_test(tcase, what_is_older_than_the_severity_no_longer_counts);
  tcase_add_test(tcase, a_calm_incident_is_nowhere);
  tcase_add_loop_test(tcase, what_keeps_it_from_an_alarm_is_said, 0,
                      sizeof(hindrances) / sizeof(hindrances[0]));
  tcase_add_test(tcase, one_that_is_not_judged_is_there_without_a_severity);
  tcase_add_test(tcase, long_texts_are_cut);
  tcase_add_test(tcase, one_port_is_fetched_if_it_is_asked_for);
  tcase_add_test(tcase, the_hosts_of_a_daemon_are_listed);
  tcase_add_test(tcase, a_daemon_that_hangs_is_said);
  suite_add_tcase(suite, tcase);
  return suite;
}
