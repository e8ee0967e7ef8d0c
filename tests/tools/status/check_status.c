/* The table and the JSON of `collectd-baseline status`, from a model made by
 * hand. check_host_model tests where the model comes from, tests/daemon the
 * real daemon. */
#define _GNU_SOURCE
#include "daemon/host_model.h"
#include "scenes/suite.h"
#include "status/draw.h"
#include "status/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double noon = 1769860800; /* 2026-01-31 12:00:00 UTC */

static struct host_model model;

static void set_up(void) {
  memset(&model, 0, sizeof(model));
  snprintf(model.host, sizeof(model.host), "web1");
  model.reading_s = noon;
  model.judged_s = noon;
  setenv("TZ", "UTC", 1);
  tzset();
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

static char *draw(bool colour) {
  char *text = NULL;
  size_t text_len = 0;
  FILE *out = open_memstream(&text, &text_len);
  ck_assert_ptr_nonnull(out);
  status_draw(out, &model, noon + 4.4, colour);
  fclose(out);
  return text;
}

static void assert_drawn(const char *expected) {
  char *text = draw(false);
  ck_assert_msg(strstr(text, expected) != NULL, "\"%s\" is not in\n%s",
                expected, text);
  free(text);
}

START_TEST(a_state_is_drawn_with_count_share_and_bar) {
  add("tcpstates", "all", "tcp_connections", "ESTABLISHED", 75);
  add("tcpstates", "all", "tcp_connections", "SYN_RECV", 25);
  add("tcpstates", "all", "tcp_connections", "CLOSING", 0);
  assert_drawn("\nESTABLISHED          75   75.0 %  ############    ");
  assert_drawn("\nSYN_RECV             25   25.0 %  ####            ");
  assert_drawn("\nCLOSING               0    0.0 %                  ");
  assert_drawn("\nLAST_ACK              -        -                  ");
}
END_TEST

START_TEST(ratios_are_drawn_and_unknown_ones_are_a_dash) {
  add("tcpstates", "all", "percent", "completion", 98.25);
  add("tcpstates", "all", "percent", "syn_queue", NAN);
  add("tcpstates", "all", "gauge", "state_entropy", 0.125);
  assert_drawn("completion            98.2 %\n");
  assert_drawn("SYN queue                  -\n");
  assert_drawn("state entropy          0.125\n");
}
END_TEST

START_TEST(only_the_whole_host_is_drawn) {
  add("tcpstates", "ipv4", "tcp_connections", "LISTEN", 17);
  add("tcpstates", "all", "tcp_connections", "LISTEN", 29);
  assert_drawn("\nLISTEN               29");
  char *text = draw(false);
  ck_assert_ptr_null(strstr(text, "17"));
  free(text);
}
END_TEST

START_TEST(the_head_has_the_host_the_readings_time_and_its_age) {
  char *text = draw(false);
  ck_assert_msg(strncmp(text, "web1  ", 6) == 0, "%s", text);
  char *end = strchr(text, '\n');
  ck_assert_int_eq(end - text, 80);
  ck_assert_int_eq(strncmp(end - 28, "2026-01-31 12:00:00, 4 s ago", 28), 0);
  free(text);
}
END_TEST

START_TEST(incidents_are_drawn_sorted_with_their_severity) {
  add("baseline", "syn_flood", "gauge", "severity", 2);
  add("baseline", "syn_flood", "gauge", "observed", 512);
  add("baseline", "syn_flood", "gauge", "expected", 4.25);
  add("baseline", "syn_flood", "gauge", "lower", 0);
  add("baseline", "syn_flood", "gauge", "upper", 21);
  add("baseline", "syn_flood", "duration", "open", 300);
  add("baseline", "close_wait_leak", "gauge", "severity", 0);
  add("baseline", "close_wait_leak", "duration", "open", 0);
  add("baseline", "outbound_stall", "gauge", "severity", 1);
  add("baseline", "state_shift", "gauge", "severity", NAN);
  assert_drawn("\nclose_wait_leak     OKAY           -        -"
               "              -\n");
  assert_drawn("\noutbound_stall      WARNING        -        -"
               "              -\n");
  assert_drawn("\nstate_shift         unknown        -        -"
               "              -\n");
  assert_drawn("\nsyn_flood           FAILURE      512     4.25"
               "        0 to 21  11:55:00 (5 min)\n");
  char *text = draw(false);
  ck_assert(strstr(text, "close_wait_leak") < strstr(text, "outbound"));
  ck_assert(strstr(text, "outbound") < strstr(text, "syn_flood"));
  free(text);
}
END_TEST

START_TEST(an_incident_of_yesterday_is_shown_with_its_date) {
  add("baseline", "syn_flood", "gauge", "severity", 1);
  add("baseline", "syn_flood", "duration", "open", 90000);
  assert_drawn("  01-30 11:00 (25 h)\n");
}
END_TEST

START_TEST(without_baseline_the_missing_line_is_named) {
  assert_drawn("a PostCacheChain does not write to it");
}
END_TEST

START_TEST(no_line_is_longer_than_eighty_columns) {
  static const char *const states[] = {"ESTABLISHED", "TIME_WAIT", "SYN_RECV"};
  for (size_t i = 0; i < 3; i++)
    add("tcpstates", "all", "tcp_connections", states[i], 9999999);
  add("tcpstates", "all", "protocol_counter", "TCPReqQFullDoCookies", 999999);
  add("tcpstates", "all", "protocol_counter", "ListenDrops", 999.94);
  add("tcpstates", "all", "percent", "completion", 100);
  add("tcpstates", "all", "gauge", "state_stddev", 9999999);
  add("baseline", "an_incident_with_a_name_that_is_rather_long_indeed", "gauge",
      "severity", 1);
  static const char *const figures[] = {"observed", "expected", "lower",
                                        "upper"};
  for (size_t i = 0; i < 4; i++)
    add("baseline", "an_incident_with_a_name_that_is_rather_long_indeed",
        "gauge", figures[i], 99999.4);
  add("baseline", "an_incident_with_a_name_that_is_rather_long_indeed",
      "duration", "open", 7199);
  memset(model.host, 'h', sizeof(model.host) - 1);
  char *text = draw(false);
  for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
    ck_assert_msg(strlen(line) <= 80, "%zu columns: %s", strlen(line), line);
  free(text);
}
END_TEST

START_TEST(colour_is_written_only_where_it_is_asked_for) {
  add("baseline", "syn_flood", "gauge", "severity", 2);
  char *plain = draw(false), *coloured = draw(true);
  ck_assert_ptr_null(strchr(plain, '\033'));
  ck_assert_ptr_nonnull(strstr(coloured, "\033[1;31mFAILURE"));
  free(plain);
  free(coloured);
}
END_TEST

static char *json(double interval_s) {
  char *text = NULL;
  size_t text_len = 0;
  FILE *out = open_memstream(&text, &text_len);
  ck_assert_ptr_nonnull(out);
  status_json(out, &model, noon + 4.4, interval_s);
  fclose(out);
  return text;
}

static void assert_json(const char *expected) {
  char *text = json(0);
  ck_assert_msg(strstr(text, expected) != NULL, "%s is not in\n%s", expected,
                text);
  free(text);
}

START_TEST(json_has_every_part_and_null_for_what_is_not_known) {
  add("tcpstates", "all", "tcp_connections", "ESTABLISHED", 75);
  add("tcpstates", "all", "tcp_connections", "SYN_RECV", 25);
  add("tcpstates", "all", "current_connections", "active", 100);
  add("tcpstates", "all", "percent", "completion", 75);
  add("tcpstates", "all", "percent", "syn_queue", NAN);
  add("tcpstates", "all", "protocol_counter", "PassiveOpens", 1.5);
  assert_json("{\"host\":\"web1\",\"time\":1769860800,\"age\":4.4,"
              "\"interval\":null,\"judged\":1769860800,");
  assert_json("\"SYN_RECV\":{\"sockets\":25,\"percent\":25}");
  assert_json("\"LISTEN\":{\"sockets\":null,\"percent\":null}");
  assert_json("\"active\":100,\"syn_recv_aged\":null");
  assert_json("\"ratios\":{\"completion\":75,\"syn_recv\":null,");
  assert_json("\"queues\":{\"syn_queue\":null,");
  assert_json("\"counters\":{\"PassiveOpens\":1.5,\"ActiveOpens\":null,");
  assert_json(",\"incidents\":[]}\n");
}
END_TEST

START_TEST(json_has_each_incident_with_its_figures) {
  add("baseline", "syn_flood", "gauge", "severity", 2);
  add("baseline", "syn_flood", "gauge", "observed", 512);
  add("baseline", "syn_flood", "gauge", "upper", 21);
  add("baseline", "syn_flood", "duration", "open", 300);
  add("baseline", "outbound_stall", "gauge", "severity", NAN);
  assert_json(
      "\"incidents\":[{\"name\":\"outbound_stall\",\"severity\":null,"
      "\"observed\":null,\"expected\":null,\"lower\":null,\"upper\":null,"
      "\"score\":null,\"since\":null,\"open\":null,\"unmeasured\":0,\"silenced_"
      "until\":null},"
      "{\"name\":\"syn_flood\",\"severity\":\"FAILURE\",\"observed\":512,"
      "\"expected\":null,\"lower\":null,\"upper\":21,\"score\":null,"
      "\"since\":1769860500,\"open\":300,\"unmeasured\":0,\"silenced_until\":"
      "null}]");
}
END_TEST

START_TEST(a_silenced_incident_says_until_when) {
  add("baseline", "syn_flood", "gauge", "severity", 2);
  add("baseline", "syn_flood", "duration", "silenced", 600);
  assert_json("\"silenced_until\":1769861400}]");
}
END_TEST

START_TEST(json_is_one_line_whatever_the_hosts_name) {
  snprintf(model.host, sizeof(model.host),
           "a\"b\\\xff\xc2\x9b\x1b h\xc3\xb6st");
  char *text = json(10);
  ck_assert_ptr_nonnull(strstr(text,
                               "{\"host\":\"a\\\"b\\\\\\ufffd\\u009b\\u001b "
                               "h\xc3\xb6st\","));
  ck_assert_ptr_nonnull(strstr(text, "\"interval\":10,"));
  ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
  free(text);
}
END_TEST

SUITE(status) {
  Suite *suite = suite_create("status");
  TCase *tcase = tcase_create("table");
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, a_state_is_drawn_with_count_share_and_bar);
  tcase_add_test(tcase, ratios_are_drawn_and_unknown_ones_are_a_dash);
  tcase_add_test(tcase, only_the_whole_host_is_drawn);
  tcase_add_test(tcase, incidents_are_drawn_sorted_with_their_severity);
  tcase_add_test(tcase, without_baseline_the_missing_line_is_named);
  tcase_add_test(tcase, no_line_is_longer_than_eighty_columns);
  tcase_add_test(tcase, colour_is_written_only_where_it_is_asked_for);
  tcase_add_test(tcase, the_head_has_the_host_the_readings_time_and_its_age);
  tcase_add_test(tcase, an_incident_of_yesterday_is_shown_with_its_date);
  tcase_add_test(tcase, json_has_every_part_and_null_for_what_is_not_known);
  tcase_add_test(tcase, json_has_each_incident_with_its_figures);
  tcase_add_test(tcase, a_silenced_incident_says_until_when);
  tcase_add_test(tcase, json_is_one_line_whatever_the_hosts_name);
  suite_add_tcase(suite, tcase);
  return suite;
}
