/* The table of `collectd-baseline status`: from a model made by hand, and what
 * is said where there is no daemon. The real daemon is in tests/daemon. */
#define _GNU_SOURCE
#include "status_draw.h"
#include "status_model.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct status_model model;

static void set_up(void) {
  memset(&model, 0, sizeof(model));
  snprintf(model.host, sizeof(model.host), "web1");
}

static void add(const char *plugin, const char *instance, const char *type,
                const char *type_instance, double number) {
  struct status_value *value = &model.values[model.values_len++];
  snprintf(value->plugin, sizeof(value->plugin), "%s", plugin);
  snprintf(value->instance, sizeof(value->instance), "%s", instance);
  snprintf(value->type, sizeof(value->type), "%s", type);
  snprintf(value->type_instance, sizeof(value->type_instance), "%s",
           type_instance);
  value->value = number;
}

static char *draw(bool colour) {
  char *text = NULL;
  size_t text_len = 0;
  FILE *out = open_memstream(&text, &text_len);
  ck_assert_ptr_nonnull(out);
  status_draw(out, &model, "2026-01-31 12:00:00", colour);
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

START_TEST(incidents_are_drawn_sorted_with_their_severity) {
  add("baseline", "syn_flood", "gauge", "severity", 2);
  add("baseline", "syn_flood", "gauge", "expected", 4.25);
  add("baseline", "syn_flood", "gauge", "upper", 21);
  add("baseline", "close_wait_leak", "gauge", "severity", 0);
  add("baseline", "outbound_stall", "gauge", "severity", 1);
  assert_drawn("close_wait_leak              OKAY      ");
  assert_drawn("outbound_stall               WARNING   ");
  assert_drawn("syn_flood                    FAILURE         4.2         -"
               "      21.0         -\n");
  char *text = draw(false);
  ck_assert(strstr(text, "close_wait_leak") < strstr(text, "outbound"));
  ck_assert(strstr(text, "outbound") < strstr(text, "syn_flood"));
  free(text);
}
END_TEST

START_TEST(without_baseline_the_missing_line_is_named) {
  assert_drawn("\"LoadPlugin baseline\"");
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

START_TEST(a_missing_socket_is_explained) {
  char problem[STATUS_PROBLEM_MAX];
  ck_assert_int_eq(
      status_model_fetch("/nonexistent/socket", NULL, &model, problem), -1);
  ck_assert_str_eq(
      problem,
      "/nonexistent/socket: No such file or directory; is collectd running, "
      "with the line \"LoadPlugin unixsock\" in collectd.conf? Another socket "
      "is named with -s");
}
END_TEST

START_TEST(a_socket_without_a_daemon_is_explained) {
  char problem[STATUS_PROBLEM_MAX], path[] = "/tmp/check_status.XXXXXX";
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  ck_assert_int_ge(close(mkstemp(path)), 0);
  ck_assert_int_eq(unlink(path), 0);
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
  close(fd);
  ck_assert_int_eq(status_model_fetch(path, NULL, &model, problem), -1);
  unlink(path);
  ck_assert_ptr_nonnull(strstr(problem, "collectd is not running"));
}
END_TEST

START_TEST(a_path_that_no_socket_can_have_is_explained) {
  char problem[STATUS_PROBLEM_MAX], path[4096];
  memset(path, 'x', sizeof(path));
  path[sizeof(path) - 1] = '\0';
  ck_assert_int_eq(status_model_fetch(path, NULL, &model, problem), -1);
  ck_assert_ptr_nonnull(strstr(problem, "File name too long"));
}
END_TEST

int main(void) {
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
  tcase_add_test(tcase, a_missing_socket_is_explained);
  tcase_add_test(tcase, a_socket_without_a_daemon_is_explained);
  tcase_add_test(tcase, a_path_that_no_socket_can_have_is_explained);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
