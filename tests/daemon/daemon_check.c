/* `collectd-baseline check` and the incidents of `status` against the real
 * daemon: a host's readings are put in as a central server would receive them,
 * a flood among them, in seconds. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_received.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Only those that are put in. */
static const struct daemon_setup setup = {.more = RECEIVED_IN_ORDER};

static struct daemon daemon_;
static char output[DAEMON_TEXT_MAX];

static void start(int readings) { received_start(&daemon_, &setup, readings); }

/* rest: the arguments, and where its output goes. Returns the exit status of
 * the last command. */
static int run(const char *subcommand, const char *rest) {
  char command[1024];
  snprintf(command, sizeof(command), "%s %s -s %s/socket 2>&1 </dev/null %s",
           STATUS_COMMAND, subcommand, daemon_.dir, rest);
  FILE *run = popen(command, "r");
  ck_assert_ptr_nonnull(run);
  size_t len = fread(output, 1, sizeof(output) - 1, run);
  output[len] = '\0';
  return WEXITSTATUS(pclose(run));
}

static void assert_shown(const char *text) {
  ck_assert_msg(strstr(output, text) != NULL, "\"%s\" is not in\n%s", text,
                output);
}

static void check(const char *arguments, int expected) {
  int status = run("check", arguments);
  ck_assert_msg(status == expected, "check %s: status %d, not %d\n%s",
                arguments, status, expected, output);
}

START_TEST(a_flood_is_critical_and_ok_when_it_is_over) {
  start(200);
  received_readings("web1", 180, 4, 0);
  check("", 0);
  assert_shown("BASELINE OK - web1: no incident (");
  assert_shown(" judged) | half_open=");
  received_readings("web1", 10, 1500, 1400);
  check("", 2);
  assert_shown("BASELINE CRITICAL - web1: syn_flood FAILURE since ");
  assert_shown(" half-open (expected ");
  assert_shown(" syn_flood=2;0;1;0;2");
  ck_assert_int_eq(run("check", "--incident close_wait_leak"), 0);
  received_readings("web1", 10, 4, 0);
  check("", 0);
  assert_shown("BASELINE OK - web1: no incident (");
}
END_TEST

START_TEST(an_open_incident_is_shown_with_its_figures_and_since_when) {
  start(180);
  received_readings("web1", 170, 4, 0);
  received_readings("web1", 10, 1500, 1400);
  check("", 2);
  ck_assert_int_eq(run("status", ""), 0);
  assert_shown("\nsyn_flood           FAILURE     150");
  assert_shown(" s)\n");
  ck_assert_int_eq(run("status", "--json | jq -c '.incidents[] | "
                                 "select(.name == \"syn_flood\") | [.severity, "
                                 ".observed >= 1500, .upper < 100, .open > 30, "
                                 ".since + .open]'"),
                   0);
  assert_shown("[\"FAILURE\",true,true,true,");
  double last_s = atof(strrchr(output, ',') + 1);
  ck_assert_double_eq_tol(last_s, received_next_s - (double)RECEIVED_STEP_S,
                          0.01);
}
END_TEST

START_TEST(json_of_a_host_is_one_object_that_jq_reads) {
  start(3);
  received_readings("web1", 3, 4, 0);
  ck_assert_int_eq(run("status", "--json | jq -e '.host == \"web1\" and "
                                 ".states.ESTABLISHED.sockets == 400 and "
                                 ".ratios.handshake == null and "
                                 ".counters.PassiveOpens == 10 and "
                                 "(.incidents | length) > 0'"),
                   0);
  assert_shown("true\n");
}
END_TEST

START_TEST(many_hosts_are_checked_at_once_or_by_name) {
  start(180);
  received_readings("web1", 170, 4, 0);
  received_readings("web1", 10, 1500, 1400);
  received_next_s -= 5 * RECEIVED_STEP_S;
  received_readings("web2", 5, 4, 0);
  check("--all-hosts", 2);
  assert_shown("BASELINE CRITICAL - FAILURE on web1 syn_flood | hosts=2;");
  ck_assert_int_eq(run("check", "--all-hosts --incident close_wait_leak"), 0);
  assert_shown("BASELINE OK - no incident on 2 hosts | ");
  ck_assert_int_eq(run("check", "--all-hosts -H '*2,db*'"), 0);
  assert_shown("BASELINE OK - no incident on 1 host | ");
  ck_assert_int_eq(run("check", "--all-hosts -H 'db*'"), 3);
  assert_shown("none of the 2 hosts that send readings matches db*");
  ck_assert_int_eq(run("status", "--all-hosts"), 0);
  assert_shown("2 hosts: 1 FAILURE, 0 WARNING, 0 not judged, 1 OKAY\n\n"
               "FAILURE web1                  syn_flood FAILURE ");
  assert_shown("\nOKAY    web2\n");
  ck_assert_int_eq(run("status", "--all-hosts --limit 1"), 0);
  assert_shown("\nand 1 more; --limit 0 shows all\n");
  ck_assert_int_eq(run("status", "--all-hosts -H web2 --json"), 0);
  assert_shown("{\"hosts\":1,\"known\":2,\"failure\":0,\"warning\":0,"
               "\"not_judged\":0,\"okay\":1,\"left_out\":0,\"list\":[{"
               "\"host\":\"web2\",\"severity\":\"OKAY\",");
  ck_assert_int_eq(run("status", "--hosts -H '*1'"), 0);
  ck_assert_str_eq(output, "web1\n");
  ck_assert_int_eq(run("status", "--hosts -H db1"), 1);
  assert_shown("none of the 2 hosts that send readings matches db1;");
  ck_assert_int_eq(run("check", ""), 3);
  assert_shown("BASELINE UNKNOWN - the daemon has values of 2 hosts; name one "
               "with -H: web1, web2");
  ck_assert_int_eq(run("check", "-H web1"), 2);
  ck_assert_int_eq(run("check", "-H web2"), 0);
  ck_assert_int_eq(run("status", "--hosts"), 0);
  ck_assert_str_eq(output, "web1\nweb2\n");
}
END_TEST

START_TEST(values_of_an_hour_ago_say_nothing_of_now) {
  start(363);
  received_readings("web1", 3, 4, 0);
  check("", 3);
  assert_shown("BASELINE UNKNOWN - the last reading of web1 is 36");
  assert_shown(" s old, more than 300 s: does its collectd still run");
  ck_assert_int_eq(run("status", ""), 1);
  assert_shown("collectd-baseline status: the last reading of web1 is 36");
}
END_TEST

START_TEST(a_daemon_that_stands_still_is_given_up) {
  start(1);
  ck_assert_int_eq(kill(daemon_.pid, SIGSTOP), 0);
  time_t begun = time(NULL);
  ck_assert_int_eq(run("check", "--timeout 0.5"), 3);
  assert_shown("/socket: no answer in time; collectd hangs or is very busy");
  ck_assert_int_eq(run("status", "-t 0.5"), 1);
  ck_assert_int_lt(time(NULL) - begun, 5);
  ck_assert_int_eq(kill(daemon_.pid, SIGCONT), 0);
}
END_TEST

static const struct {
  const char *arguments, *said;
} refused[] = {
    {"--incident flood",
     "--incident must be the name of an incident, not flood"},
    {"--all-hosts -H web1,", "--host must be names or patterns with commas "
                             "between, not web1,"},
    {"--timeout 1x", "--timeout must be a number from 0.1 to 86400, not 1x"},
    {"--nothing", "unknown option, or its value is missing: --nothing"},
    {"more", "unexpected argument: more"},
};
enum { REFUSED = sizeof(refused) / sizeof(refused[0]) };

START_TEST(a_mistake_in_the_command_line_is_unknown) {
  strcpy(daemon_.dir, "/nonexistent");
  ck_assert_int_eq(run("check", refused[_i].arguments), 3);
  assert_shown("BASELINE UNKNOWN - ");
  assert_shown(refused[_i].said);
}
END_TEST

/* Clients that the daemon has on its unixsock. Source: net/unix/af_unix.c; the
 * sixth column is the state, 03 connected. */
static int count_clients(void) {
  char line[512];
  int count = 0;
  FILE *sockets = fopen("/proc/net/unix", "r");
  ck_assert_ptr_nonnull(sockets);
  while (fgets(line, sizeof(line), sockets) != NULL)
    count += strstr(line, daemon_.dir) != NULL && strstr(line, " 03 ") != NULL;
  fclose(sockets);
  return count;
}

static void await_no_client(const char *after) {
  for (int i = 0; i < 50 && count_clients() > 0; i++)
    daemon_pause(0.1);
  ck_assert_msg(count_clients() == 0, "a client stays after %s", after);
}

/* collectd waits at its end for whoever stays connected and says nothing, with
 * glibc from 2.41 on: none of ours does. */
START_TEST(no_command_stays_connected) {
  static const char *const commands[] = {"status", "status --hosts", "check",
                                         "check --all-hosts"};
  static const char *const intervals[] = {"0.001", "10", "86400"};
  start(20);
  received_readings("web1", 20, 4, 0);
  ck_assert_int_eq(count_clients(), 1); /* this test */
  daemon_hang_up();
  await_no_client("the test");
  for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
    for (size_t j = 0; j < sizeof(intervals) / sizeof(intervals[0]); j++) {
      char rest[64];
      snprintf(rest, sizeof(rest), "--interval %s", intervals[j]);
      run(commands[i], rest);
      await_no_client(commands[i]);
    }
  run("explain", "");
  await_no_client("explain");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
}
END_TEST

/* Whoever starts a daemon hears of it at once. */
START_TEST(a_plugin_that_cannot_be_loaded_is_named) {
  struct daemon_setup missing = {.more = "LoadPlugin no_such_plugin"};
  char *said = calloc(1, DAEMON_TEXT_MAX);
  ck_assert_ptr_nonnull(said);
  daemon_run_refused(&missing, said);
  const char *failure = daemon_load_failure(said);
  ck_assert_msg(failure != NULL, "not found in: %s", said);
  ck_assert_ptr_nonnull(strstr(failure, "no_such_plugin"));
  ck_assert_ptr_null(daemon_load_failure(
      "plugin_load: plugin \"csv\" successfully loaded.\n"));
  free(said);
}
END_TEST

TCase *daemon_check_case(void) {
  TCase *tcase = tcase_create("check");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, a_flood_is_critical_and_ok_when_it_is_over);
  tcase_add_test(tcase,
                 an_open_incident_is_shown_with_its_figures_and_since_when);
  tcase_add_test(tcase, json_of_a_host_is_one_object_that_jq_reads);
  tcase_add_test(tcase, many_hosts_are_checked_at_once_or_by_name);
  tcase_add_test(tcase, values_of_an_hour_ago_say_nothing_of_now);
  tcase_add_test(tcase, a_daemon_that_stands_still_is_given_up);
  tcase_add_loop_test(tcase, a_mistake_in_the_command_line_is_unknown, 0,
                      REFUSED);
  tcase_add_test(tcase, no_command_stays_connected);
  tcase_add_test(tcase, a_plugin_that_cannot_be_loaded_is_named);
  return tcase;
}
