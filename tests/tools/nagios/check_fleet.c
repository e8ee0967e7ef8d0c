/* The line of `collectd-baseline check` of all hosts, from the lines of LISTVAL
 * and from a stand-in for the daemon. */
#define _GNU_SOURCE
#include "nagios/fleet.h"
#include "scenes/fake_daemon.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double noon = 1769860800; /* 2026-01-31 12:00:00 UTC */
static const struct nagios_choice all = {0};

static struct fleet fleet;
static char *line;
static enum nagios_state state;

static void tear_down(void) {
  fleet_release(&fleet);
  free(line);
  line = NULL;
}

static void assert_begins(const char *text) {
  ck_assert_msg(strncmp(line, text, strlen(text)) == 0,
                "it does not begin with \"%s\": %s", text, line);
}

static void assert_has(const char *text) {
  ck_assert_msg(strstr(line, text) != NULL, "\"%s\" is not in: %s", text, line);
}

static void list_value(double time_s, const char *host, const char *name) {
  char text[512];
  snprintf(text, sizeof(text), "%.3f %s/%s", time_s, host, name);
  ck_assert_int_eq(fleet_take(&fleet, text), 0);
}

static void list_host(const char *host, double time_s, double severity) {
  list_value(time_s, host, "baseline-syn_flood/gauge-severity");
  list_value(time_s, host, "baseline-syn_flood/gauge-upper");
  list_value(time_s, host, "tcpstates-all/percent-completion");
  for (int i = 0; i < INCIDENT_COUNT; i++)
    fleet.hosts[fleet.len - 1].severity[i] = NAN;
  fleet.hosts[fleet.len - 1].severity[INCIDENT_SYN_FLOOD] = severity;
}

static void look_at_all(const struct nagios_choice *choice) {
  size_t len = 0;
  free(line);
  FILE *out = open_memstream(&line, &len);
  state = nagios_fleet_line(out, &fleet, choice, noon + 4, 20);
  fclose(out);
  ck_assert_ptr_eq(strchr(line, '\n'), line + len - 1);
}

/* What a <Watch> reports of a host that is not judged makes it none. */
START_TEST(what_is_expected_of_a_series_is_no_host) {
  list_host("web1", noon, 0);
  list_value(noon, "switch1", "baseline-traffic/gauge-snmp_if_octets_rx-score");
  list_value(noon, "switch1", "baseline-traffic/gauge-snmp_if_octets_rx-upper");
  ck_assert_uint_eq(fleet.len, 1);
}
END_TEST

START_TEST(hosts_without_incidents_are_counted) {
  list_host("web1", noon, 0);
  list_host("web2", noon, 0);
  list_value(noon, "cache1", "cpu-0/cpu-idle");
  look_at_all(&all);
  ck_assert_int_eq(state, 0);
  ck_assert_str_eq(line, "BASELINE OK - no incident on 2 hosts | hosts=2;;;0 "
                         "warning=0;0;;0 critical=0;;0;0 not_judged=0;;;0\n");
}
END_TEST

START_TEST(what_is_silenced_is_ok_and_named) {
  list_value(noon, "web1", "baseline-syn_flood/duration-silenced");
  list_host("web1", noon, 2);
  list_value(noon - 10, "web2", "baseline-syn_flood/duration-silenced");
  list_host("web2", noon, 0);
  look_at_all(&all);
  ck_assert_int_eq(state, 0);
  assert_begins("BASELINE OK - no incident on 2 hosts; silenced on web1 |");
  list_value(noon - 10, "web3", "baseline-syn_flood/duration-silenced");
  list_host("web3", noon, 2);
  look_at_all(&all);
  ck_assert_int_eq(state, 2);
  assert_begins("BASELINE CRITICAL - FAILURE on web3 syn_flood; silenced on "
                "web1 |");
}
END_TEST

/* collectd forgets the values of a host that has stopped sending. */
static void list_silent(const char *host, double severity) {
  list_value(noon, host, "baseline-host_silent/gauge-severity");
  fleet.hosts[fleet.len - 1].silent = 1;
  for (int i = 0; i < INCIDENT_COUNT; i++)
    fleet.hosts[fleet.len - 1].severity[i] = NAN;
  if (severity > 0)
    list_value(noon, host, "baseline-syn_flood/gauge-severity");
  fleet.hosts[fleet.len - 1].severity[INCIDENT_SYN_FLOOD] = severity;
}

START_TEST(a_known_host_that_stopped_is_unknown) {
  list_host("web1", noon, 0);
  list_silent("web2", 0);
  look_at_all(&all);
  ck_assert_int_eq(state, 3);
  assert_has("not judged now: web2 |");
  assert_has("hosts=2;;;0");
  assert_has("not_judged=1");
}
END_TEST

START_TEST(what_is_open_on_a_host_that_stopped_counts) {
  list_host("web1", noon, 0);
  list_silent("web2", 2);
  look_at_all(&all);
  ck_assert_int_eq(state, 2);
  assert_has("FAILURE on web2 syn_flood");
}
END_TEST

START_TEST(hosts_with_incidents_are_named_the_worst_first) {
  list_host("web1", noon, 1);
  list_host("web2", noon, 0);
  list_host("web3", noon, 2);
  list_value(noon, "web3", "baseline-close_wait_leak/gauge-severity");
  fleet.hosts[2].severity[INCIDENT_CLOSE_WAIT_LEAK] = 2;
  look_at_all(&all);
  ck_assert_int_eq(state, 2);
  ck_assert_str_eq(
      line, "BASELINE CRITICAL - FAILURE on web3 syn_flood+close_wait_leak; "
            "WARNING on web1 syn_flood | hosts=3;;;0 warning=1;0;;0 "
            "critical=1;;0;0 not_judged=0;;;0\n");
}
END_TEST

START_TEST(many_hosts_are_named_in_part) {
  char host[16];
  for (int i = 0; i < 20; i++) {
    snprintf(host, sizeof(host), "web%02d", i);
    list_host(host, noon, 1);
  }
  look_at_all(&all);
  assert_has(", web07 syn_flood and 12 more |");
  ck_assert_ptr_null(strstr(line, "web08"));
}
END_TEST

START_TEST(a_host_that_is_not_judged_is_unknown_and_named) {
  list_host("web1", noon, 0);
  list_value(noon, "web2", "tcpstates-all/percent-completion");
  list_host("web3", noon - 30, 0); /* too old */
  list_host("web4", noon, 0);
  fleet.hosts[3].judged_s = noon - 41; /* its judgement is too old */
  look_at_all(&all);
  ck_assert_int_eq(state, 3);
  assert_begins("BASELINE UNKNOWN - not judged now: web2, web3, web4 | ");
  assert_has("not_judged=3;");
}
END_TEST

START_TEST(an_incident_outranks_a_host_that_is_not_judged) {
  list_host("web1", noon, 1);
  list_value(noon, "web2", "tcpstates-all/percent-completion");
  look_at_all(&all);
  ck_assert_int_eq(state, 1);
  assert_begins("BASELINE WARNING - WARNING on web1 syn_flood; not judged now: "
                "web2 | ");
}
END_TEST

START_TEST(an_incident_that_was_not_chosen_is_passed_over) {
  const char *names[] = {"close_wait_leak"};
  struct nagios_choice choice = {1, names};
  list_host("web1", noon, 2);
  list_value(noon, "web1", "baseline-close_wait_leak/gauge-severity");
  fleet.hosts[0].severity[INCIDENT_CLOSE_WAIT_LEAK] = 0;
  look_at_all(&choice);
  ck_assert_int_eq(state, 0);
}
END_TEST

START_TEST(what_is_missing_is_said_of_all_hosts_at_once) {
  look_at_all(&all);
  ck_assert_int_eq(state, 3);
  assert_has("\"LoadPlugin tcpstates\" in collectd.conf?");
  list_value(noon, "web1", "tcpstates-all/percent-completion");
  list_value(noon, "web2", "tcpstates-all/percent-completion");
  look_at_all(&all);
  ck_assert_int_eq(state, 3);
  assert_has("It does not load baseline, or a PostCacheChain");
}
END_TEST

/* host-N has syn_flood of severity N % 3. */
static void answer(const char *command, FILE *out) {
  int host = 0;
  if (strcmp(command, "LISTVAL") == 0) {
    fputs("600 Values found\n", out);
    for (int i = 0; i < 300; i++)
      fprintf(out,
              "1.000 host-%03d/baseline-syn_flood/gauge-severity\n"
              "1.000 host-%03d/tcpstates-all/percent-completion\n",
              i, i);
  } else if (sscanf(command, "GETVAL \"host-%d/baseline-syn", &host) == 1) {
    fprintf(out, "1 Value found\nvalue=%d\n", host % 3);
  } else {
    fputs("-1 No such value\n", out);
  }
}

START_TEST(each_host_has_its_own_severity) {
  struct fake_daemon fake;
  fake_daemon_start(&fake, answer);
  struct host_query query = {fake.path, NULL, 5, 0};
  ck_assert_int_eq(fleet_fetch(&query, NULL, &fleet), 0);
  fake_daemon_stop(&fake);
  ck_assert_uint_eq(fleet.len, 300);
  for (size_t i = 0; i < fleet.len; i++) {
    ck_assert_double_eq(fleet.hosts[i].severity[INCIDENT_SYN_FLOOD],
                        (double)(i % 3));
    ck_assert(isnan(fleet.hosts[i].severity[INCIDENT_STATE_SHIFT]));
  }
}
END_TEST

SUITE(fleet) {
  Suite *suite = suite_create("fleet");
  TCase *tcase = tcase_create("fleet");
  tcase_add_checked_fixture(tcase, NULL, tear_down);
  tcase_add_test(tcase, what_is_expected_of_a_series_is_no_host);
  tcase_add_test(tcase, hosts_without_incidents_are_counted);
  tcase_add_test(tcase, what_is_silenced_is_ok_and_named);
  tcase_add_test(tcase, a_known_host_that_stopped_is_unknown);
  tcase_add_test(tcase, what_is_open_on_a_host_that_stopped_counts);
  tcase_add_test(tcase, hosts_with_incidents_are_named_the_worst_first);
  tcase_add_test(tcase, many_hosts_are_named_in_part);
  tcase_add_test(tcase, a_host_that_is_not_judged_is_unknown_and_named);
  tcase_add_test(tcase, an_incident_outranks_a_host_that_is_not_judged);
  tcase_add_test(tcase, an_incident_that_was_not_chosen_is_passed_over);
  tcase_add_test(tcase, what_is_missing_is_said_of_all_hosts_at_once);
  tcase_add_test(tcase, each_host_has_its_own_severity);
  suite_add_tcase(suite, tcase);
  return suite;
}
