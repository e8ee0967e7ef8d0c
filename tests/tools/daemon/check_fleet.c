/* All hosts of a daemon: which are taken, how bad each is, and their order. */
#define _GNU_SOURCE
#include "daemon/fleet.h"
#include "scenes/fake_daemon.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double noon = 1769860800; /* 2026-01-31 12:00:00 UTC */

static struct fleet fleet;

static void tear_down(void) { fleet_release(&fleet); }

static void list_value(double time_s, const char *host, const char *name) {
  char text[512];
  snprintf(text, sizeof(text), "%.3f %s/%s", time_s, host, name);
  ck_assert_int_eq(fleet_take(&fleet, text), 0);
}

static void list_host(const char *host, double time_s, double severity) {
  list_value(time_s, host, "baseline-syn_flood/gauge-severity");
  list_value(time_s, host, "tcpstates-all/percent-completion");
  if (fleet.last_taken)
    fleet.hosts[fleet.len - 1].severity[INCIDENT_SYN_FLOOD] = severity;
}

static void assert_order(const char *expected) {
  char names[256] = "";
  fleet_sort(&fleet, noon + 4, 20);
  for (size_t i = 0; i < fleet.len; i++)
    snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s ",
             fleet.hosts[i].name);
  ck_assert_str_eq(names, expected);
}

START_TEST(the_worst_stands_first) {
  list_host("a-okay", noon, 0);
  list_host("b-warning", noon, 1);
  list_host("c-old", noon - 21, 0);
  list_host("d-failure", noon, 2);
  list_host("e-okay", noon, 0);
  list_host("f-failure", noon, 2);
  assert_order("d-failure f-failure b-warning c-old a-okay e-okay ");
  ck_assert_int_eq(fleet.hosts[0].worst, HOST_FAILURE);
  ck_assert_int_eq(fleet.hosts[3].worst, HOST_NOT_JUDGED);
}
END_TEST

START_TEST(what_is_silenced_stands_behind_its_like) {
  list_value(noon, "a", "baseline-syn_flood/duration-silenced");
  list_host("a", noon, 2);
  list_host("b", noon, 2);
  list_host("c", noon, 1);
  assert_order("b a c ");
  ck_assert(fleet_is_silenced(&fleet.hosts[1]));
  ck_assert(!fleet_is_silenced(&fleet.hosts[0]));
}
END_TEST

START_TEST(a_silent_host_is_not_judged_unless_something_is_open) {
  list_host("a", noon - 500, 0);
  fleet.hosts[0].silent = 1;
  list_host("b", noon - 500, 1);
  fleet.hosts[1].silent = 1;
  list_host("c", noon, 0);
  assert_order("b a c ");
  ck_assert_int_eq(fleet.hosts[0].worst, HOST_WARNING);
  ck_assert_int_eq(fleet.hosts[1].worst, HOST_NOT_JUDGED);
}
END_TEST

START_TEST(what_sends_no_readings_is_no_host) {
  list_value(noon, "gone", "baseline-syn_flood/gauge-severity");
  list_host("web1", noon, 0);
  list_value(noon, "switch1", "cpu-0/cpu-idle");
  assert_order("web1 ");
}
END_TEST

START_TEST(only_what_matches_is_taken_and_the_others_are_counted) {
  char problem[UNIXSOCK_PROBLEM_MAX];
  fleet.patterns = "web1,*@web1";
  list_host("db1", noon, 2);
  list_host("shop@web1", noon, 1);
  list_host("shop@web2", noon, 2);
  list_host("web1", noon, 0);
  assert_order("shop@web1 web1 ");
  ck_assert_uint_eq(fleet.known, 4);
  fleet_no_host(&fleet, problem);
  ck_assert_ptr_nonnull(strstr(problem, "none of the 4 hosts"));
  ck_assert_ptr_nonnull(strstr(problem, "matches web1,*@web1;"));
}
END_TEST

enum { MANY = 20000 };

/* Every hundredth host has a flood; of these the daemon says for how long. */
static void answer(const char *command, FILE *out) {
  int host = 0;
  if (strcmp(command, "LISTVAL") == 0) {
    fputs("40000 Values found\n", out);
    for (int i = 0; i < MANY; i++)
      fprintf(out,
              "1.000 host-%05d/baseline-syn_flood/gauge-severity\n"
              "1.000 host-%05d/tcpstates-all/percent-completion\n",
              i, i);
  } else if (sscanf(command, "GETVAL \"host-%d/baseline-syn", &host) == 1) {
    bool open = strstr(command, "duration-open") != NULL;
    fprintf(out, "1 Value found\nvalue=%d\n",
            open             ? 60 + host
            : host % 100 > 0 ? 0
                             : 1 + host / 100 % 2);
  } else {
    fputs("-1 No such value\n", out);
  }
}

START_TEST(twenty_thousand_hosts_are_asked_for_and_sorted) {
  struct fake_daemon fake;
  fake_daemon_start(&fake, answer);
  struct host_query query = {fake.path, NULL, 60, 0};
  ck_assert_int_eq(fleet_fetch(&query, NULL, &fleet), 0);
  ck_assert_uint_eq(fleet.len, MANY);
  fleet_sort(&fleet, 2, 20);
  ck_assert_int_eq(fleet_fetch_open(&query, &fleet, 101), 0);
  fake_daemon_stop(&fake);
  ck_assert_str_eq(fleet.hosts[0].name, "host-00100");
  ck_assert_int_eq(fleet.hosts[99].worst, HOST_FAILURE);
  ck_assert_str_eq(fleet.hosts[100].name, "host-00000");
  ck_assert_int_eq(fleet.hosts[199].worst, HOST_WARNING);
  ck_assert_int_eq(fleet.hosts[200].worst, HOST_OKAY);
  ck_assert_double_eq(fleet.hosts[0].open_s[INCIDENT_SYN_FLOOD], 160);
  ck_assert_double_eq(fleet.hosts[100].open_s[INCIDENT_SYN_FLOOD], 60);
  ck_assert_double_nan(fleet.hosts[101].open_s[INCIDENT_SYN_FLOOD]);
}
END_TEST

START_TEST(incidents_that_are_not_wanted_are_not_asked_for) {
  struct fake_daemon fake;
  bool wanted[INCIDENT_COUNT] = {[INCIDENT_STATE_SHIFT] = true};
  fake_daemon_start(&fake, answer);
  struct host_query query = {fake.path, "host-0000?", 60, 0};
  ck_assert_int_eq(fleet_fetch(&query, wanted, &fleet), 0);
  fake_daemon_stop(&fake);
  ck_assert_uint_eq(fleet.len, 10);
  ck_assert_uint_eq(fleet.known, MANY);
  ck_assert(fleet.hosts[0].has[INCIDENT_SYN_FLOOD]);
  ck_assert_double_nan(fleet.hosts[0].severity[INCIDENT_SYN_FLOOD]);
}
END_TEST

SUITE(fleet) {
  Suite *suite = suite_create("fleet");
  TCase *tcase = tcase_create("fleet");
  tcase_add_checked_fixture(tcase, NULL, tear_down);
  tcase_set_timeout(tcase, 30);
  tcase_add_test(tcase, the_worst_stands_first);
  tcase_add_test(tcase, what_is_silenced_stands_behind_its_like);
  tcase_add_test(tcase, a_silent_host_is_not_judged_unless_something_is_open);
  tcase_add_test(tcase, what_sends_no_readings_is_no_host);
  tcase_add_test(tcase, only_what_matches_is_taken_and_the_others_are_counted);
  tcase_add_test(tcase, twenty_thousand_hosts_are_asked_for_and_sorted);
  tcase_add_test(tcase, incidents_that_are_not_wanted_are_not_asked_for);
  suite_add_tcase(suite, tcase);
  return suite;
}
