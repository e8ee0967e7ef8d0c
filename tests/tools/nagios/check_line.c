/* The line of `collectd-baseline check` of one host, from a model made by hand.
 */
#define _GNU_SOURCE
#include "nagios/line.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double noon = 1769860800; /* 2026-01-31 12:00:00 UTC */
static const struct nagios_choice all = {0};

static struct host_model model;
static char *line;
static enum nagios_state state;

static void set_up(void) {
  memset(&model, 0, sizeof(model));
  snprintf(model.host, sizeof(model.host), "web1");
  setenv("TZ", "UTC", 1);
  tzset();
}

static void tear_down(void) {
  free(line);
  line = NULL;
}

static void add(const char *plugin, const char *instance, const char *type,
                const char *type_instance, double number) {
  struct host_value *value = &model.values[model.values_len++];
  snprintf(value->plugin, sizeof(value->plugin), "%s", plugin);
  snprintf(value->instance, sizeof(value->instance), "%s", instance);
  snprintf(value->type, sizeof(value->type), "%s", type);
  snprintf(value->type_instance, sizeof(value->type_instance), "%s",
           type_instance);
  value->value = number;
  value->time_s = noon;
}

static void add_incident(const char *name, double severity) {
  add("baseline", name, "gauge", "severity", severity);
}

static void add_figures(const char *name, double observed, double expected,
                        double lower, double upper) {
  add("baseline", name, "gauge", "observed", observed);
  add("baseline", name, "gauge", "expected", expected);
  add("baseline", name, "gauge", "lower", lower);
  add("baseline", name, "gauge", "upper", upper);
}

/* Makes the line of the model. */
static void look(const struct nagios_choice *choice) {
  size_t len = 0;
  free(line);
  FILE *out = open_memstream(&line, &len);
  state = nagios_line(out, &model, choice, noon + 4);
  fclose(out);
  ck_assert_ptr_eq(strchr(line, '\n'), line + len - 1);
}

static void assert_begins(const char *text) {
  ck_assert_msg(strncmp(line, text, strlen(text)) == 0,
                "it does not begin with \"%s\": %s", text, line);
}

static void assert_has(const char *text) {
  ck_assert_msg(strstr(line, text) != NULL, "\"%s\" is not in: %s", text, line);
}

/* The guidelines for plugins allow [-0-9.] only. */
START_TEST(figures_have_no_exponent) {
  add_incident("syn_flood", 0);
  add_figures("syn_flood", 3, 1.155946e-61, 0, 1234567890123.25);
  add("tcpstates", "all", "tcp_connections", "SYN_RECV", 3);
  add("tcpstates", "all", "percent", "completion", 99.98765);
  add("tcpstates", "all", "protocol_counter", "SyncookiesSent", 1e30);
  add("tcpstates", "all", "protocol_counter", "ListenOverflows", -0.0001);
  look(&all);
  assert_has(" half_open=3;1234567890123.25;;0 ");
  assert_has(" expected=0;;;0 ");
  assert_has(" completion=99.988%;");
  assert_has(" cookies_sent=1000000000000000");
  assert_has(" listen_overflows=0;");
  for (const char *at = strchr(line, '|'); (at = strchr(at, '='));) {
    size_t length = strspn(++at, "-0123456789.");
    ck_assert_msg(length > 0 ? strspn(at + length, "%;") > 0 : *at == 'U',
                  "%.40s", at);
  }
}
END_TEST

/* The daemon's cache may still have older figures. */
START_TEST(what_is_open_and_not_measured_is_said_and_counts) {
  add_incident("accept_overflow", 2);
  add_figures("accept_overflow", 100, 3, 0, 90);
  add("baseline", "accept_overflow", "duration", "open", 300);
  add("baseline", "accept_overflow", "duration", "unmeasured", 20);
  look(&all);
  ck_assert_int_eq(state, 2);
  assert_begins("BASELINE CRITICAL - web1: accept_overflow FAILURE since "
                "11:55:00 (5 min), open, no longer measured |");
  model.values[model.values_len - 1].time_s = noon - 10; /* measured again */
  look(&all);
  assert_begins("BASELINE CRITICAL - web1: accept_overflow FAILURE since "
                "11:55:00 (5 min), 100 % of the accept queue");
}
END_TEST

START_TEST(without_an_incident_it_is_ok) {
  add_incident("syn_flood", 0);
  add_incident("close_wait_leak", 0);
  look(&all);
  ck_assert_int_eq(state, 0);
  assert_begins("BASELINE OK - web1: no incident (2 judged) | ");
}
END_TEST

START_TEST(an_incident_is_told_with_its_figures) {
  add_incident("syn_flood", 2);
  add_figures("syn_flood", 512, 4.25, 0, 21);
  add("baseline", "syn_flood", "duration", "open", 300);
  look(&all);
  ck_assert_int_eq(state, 2);
  assert_begins("BASELINE CRITICAL - web1: syn_flood FAILURE since 11:55:00 "
                "(5 min), 512 half-open (expected 4.25, limit 21) | ");
}
END_TEST

START_TEST(a_warning_is_told_without_what_is_not_known) {
  add_incident("close_wait_leak", 1);
  look(&all);
  ck_assert_int_eq(state, 1);
  assert_begins("BASELINE WARNING - web1: close_wait_leak WARNING | ");
}
END_TEST

START_TEST(the_limit_that_was_passed_is_the_one_told) {
  add_incident("state_shift", 1);
  add_figures("state_shift", 0.2, 0.5, 0.4, 0.6);
  look(&all);
  assert_has("0.2 state entropy (expected 0.5, least 0.4) |");
}
END_TEST

START_TEST(what_is_silenced_is_ok_and_told) {
  add_incident("syn_flood", 2);
  add("baseline", "syn_flood", "duration", "silenced", 7200);
  add_incident("close_wait_leak", 0);
  look(&all);
  ck_assert_int_eq(state, NAGIOS_OK);
  assert_begins("BASELINE OK - web1: syn_flood FAILURE, silenced until 14:00");
  assert_has(" syn_flood=2;0;1;0;2");
  add_incident("outbound_stall", 1);
  look(&all);
  ck_assert_int_eq(state, NAGIOS_WARNING);
  assert_begins("BASELINE WARNING - web1: outbound_stall WARNING; syn_flood "
                "FAILURE, silenced until 14:00");
}
END_TEST

/* The daemon keeps the last value for a while. */
START_TEST(an_old_value_of_a_silence_silences_nothing) {
  add_incident("syn_flood", 2);
  add("baseline", "syn_flood", "duration", "silenced", 7200);
  model.values[1].time_s -= 10;
  look(&all);
  ck_assert_int_eq(state, NAGIOS_CRITICAL);
}
END_TEST

START_TEST(all_that_are_open_are_told_the_worst_first) {
  add_incident("accept_overflow", 1);
  add_incident("close_wait_leak", 0);
  add_incident("syn_flood", 2);
  add_incident("outbound_stall", 1);
  look(&all);
  ck_assert_int_eq(state, 2);
  assert_begins("BASELINE CRITICAL - web1: syn_flood FAILURE; accept_overflow "
                "WARNING; outbound_stall WARNING | ");
}
END_TEST

START_TEST(only_the_chosen_incidents_count) {
  const char *names[] = {"close_wait_leak", "outbound_stall"};
  struct nagios_choice choice = {2, names};
  add_incident("syn_flood", 2);
  add_incident("close_wait_leak", 0);
  add_incident("outbound_stall", 0);
  look(&choice);
  ck_assert_int_eq(state, 0);
  assert_begins("BASELINE OK - web1: no incident (2 judged) | ");
  ck_assert_ptr_null(strstr(line, "syn_flood"));
}
END_TEST

START_TEST(a_chosen_incident_that_is_not_judged_is_unknown) {
  const char *names[] = {"state_shift", "syn_flood"};
  struct nagios_choice choice = {2, names};
  add_incident("syn_flood", 0);
  look(&choice);
  ck_assert_int_eq(state, 3);
  assert_begins("BASELINE UNKNOWN - web1: state_shift is not judged | ");
  assert_has(" state_shift=U");
}
END_TEST

START_TEST(an_open_incident_outranks_an_unknown_one) {
  add_incident("accept_overflow", NAN);
  add_incident("syn_flood", 1);
  look(&all);
  ck_assert_int_eq(state, 1);
  assert_begins("BASELINE WARNING - web1: syn_flood WARNING; accept_overflow "
                "is not judged | ");
}
END_TEST

START_TEST(without_any_judgement_nothing_is_said_to_be_well) {
  look(&all);
  ck_assert_int_eq(state, 3);
  assert_begins("BASELINE UNKNOWN - no incident is judged");
  assert_has("It does not load baseline, or a PostCacheChain");
}
END_TEST

START_TEST(the_performance_data_have_values_units_and_limits) {
  add_incident("syn_flood", 1);
  add_figures("syn_flood", 4, 3, 0, 21.5);
  add("tcpstates", "all", "tcp_connections", "SYN_RECV", 4);
  add("tcpstates", "all", "tcp_connections", "ESTABLISHED", 75);
  add("tcpstates", "all", "percent", "completion", 98.25);
  add("tcpstates", "all", "percent", "syn_queue", NAN);
  add("tcpstates", "all", "protocol_counter", "SyncookiesSent", 0.5);
  look(&all);
  ck_assert_str_eq(strchr(line, '|'),
                   "| half_open=4;21.5;;0 expected=3;;;0 "
                   "established=75;;;0 completion=98.25%;;;0;100 handshake=U "
                   "syn_queue=U accept_queue=U cookies_sent=0.5;;;0 "
                   "listen_overflows=U syn_flood=1;0;1;0;2\n");
}
END_TEST

START_TEST(the_data_keep_their_order_whatever_is_open) {
  add_incident("accept_overflow", 0);
  add_incident("outbound_stall", 1);
  add_incident("syn_flood", 2);
  look(&all);
  assert_has(" accept_overflow=0;0;1;0;2 outbound_stall=1;0;1;0;2 "
             "syn_flood=2;0;1;0;2\n");
}
END_TEST

START_TEST(names_from_afar_break_neither_the_line_nor_the_data) {
  snprintf(model.host, sizeof(model.host), "a|b\nc\033[2J");
  add_incident("it's an=odd|one", 1);
  look(&all);
  assert_begins("BASELINE WARNING - a?b?c?[2J: it's an=odd?one WARNING | ");
  ck_assert_ptr_eq(strchr(line, '|'), strrchr(line, '|'));
  ck_assert_ptr_null(strstr(strchr(line, '|'), "odd"));
}
END_TEST

SUITE(line) {
  Suite *suite = suite_create("line");
  TCase *tcase = tcase_create("line");
  tcase_add_checked_fixture(tcase, set_up, tear_down);
  tcase_add_test(tcase, figures_have_no_exponent);
  tcase_add_test(tcase, what_is_open_and_not_measured_is_said_and_counts);
  tcase_add_test(tcase, without_an_incident_it_is_ok);
  tcase_add_test(tcase, an_incident_is_told_with_its_figures);
  tcase_add_test(tcase, a_warning_is_told_without_what_is_not_known);
  tcase_add_test(tcase, the_limit_that_was_passed_is_the_one_told);
  tcase_add_test(tcase, what_is_silenced_is_ok_and_told);
  tcase_add_test(tcase, an_old_value_of_a_silence_silences_nothing);
  tcase_add_test(tcase, all_that_are_open_are_told_the_worst_first);
  tcase_add_test(tcase, only_the_chosen_incidents_count);
  tcase_add_test(tcase, a_chosen_incident_that_is_not_judged_is_unknown);
  tcase_add_test(tcase, an_open_incident_outranks_an_unknown_one);
  tcase_add_test(tcase, without_any_judgement_nothing_is_said_to_be_well);
  tcase_add_test(tcase, the_performance_data_have_values_units_and_limits);
  tcase_add_test(tcase, the_data_keep_their_order_whatever_is_open);
  tcase_add_test(tcase, names_from_afar_break_neither_the_line_nor_the_data);
  suite_add_tcase(suite, tcase);
  return suite;
}
