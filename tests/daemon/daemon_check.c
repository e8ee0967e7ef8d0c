/* `collectd-baseline check` and the incidents of `status` against the real
 * daemon: a host's readings are put in as a central server would receive them,
 * a flood among them, in seconds. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_talk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Values one after the other, for five write threads mix them up. Only those
 * that are put in. */
static const struct daemon_setup setup = {.more = "WriteThreads 1"};

enum { STEP_S = 10 };

static struct daemon daemon_;
static double reading_s; /* time of the next reading */
static char output[DAEMON_TEXT_MAX];

/* So many readings are going to end about now. */
static void start(int readings) {
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "baseline", 1), 0);
  daemon_start(&daemon_, &setup);
  daemon_talk(&daemon_);
  reading_s = (double)time(NULL) - readings * STEP_S;
}

static void put_value(const char *host, const char *name, double value) {
  daemon_tell("PUTVAL %s/tcpstates-all/%s interval=%d %.3f:%.10g\n", host, name,
              STEP_S, reading_s, value);
}

/* One reading of a host with 400 established connections and half-open ones,
 * none of which or all of which are unanswered. */
static void put_reading(const char *host, double half_open, double aged) {
  static double opened;
  opened += 100;
  put_value(host, "tcp_connections-ESTABLISHED", 400);
  put_value(host, "tcp_connections-SYN_SENT", 0);
  put_value(host, "tcp_connections-CLOSE_WAIT", 0);
  put_value(host, "tcp_connections-SYN_RECV", half_open);
  put_value(host, "current_connections-active", 400 + half_open);
  put_value(host, "current_connections-syn_recv_aged", aged);
  put_value(host, "percent-completion", 40000 / (400 + half_open));
  daemon_tell(
      "PUTVAL %s/tcpstates-all/protocol_counter-PassiveOpens interval=%d "
      "%.3f:%.0f\n",
      host, STEP_S, reading_s, opened);
}

static void put_readings(const char *host, int count, double half_open,
                         double aged) {
  for (int i = 0; i < count; i++, reading_s += STEP_S)
    put_reading(host, half_open + i % 3, aged);
}

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

/* Until the writer has come to the last reading. */
static void await_check(const char *arguments, int expected) {
  int status = -1;
  for (int i = 0; i < 50; i++) {
    status = run("check", arguments);
    if (status == expected)
      return;
    daemon_pause(0.1);
  }
  ck_abort_msg("check %s: status %d, not %d\n%s", arguments, status, expected,
               output);
}

START_TEST(a_flood_is_critical_and_ok_when_it_is_over) {
  start(200);
  put_readings("web1", 180, 4, 0);
  await_check("", 0);
  assert_shown("BASELINE OK - web1: no incident (");
  assert_shown(" judged) | half_open=");
  put_readings("web1", 10, 1500, 1400);
  await_check("", 2);
  assert_shown("BASELINE CRITICAL - web1: syn_flood FAILURE since ");
  assert_shown(" half-open (expected ");
  assert_shown(" syn_flood=2;0;1;0;2");
  ck_assert_int_eq(run("check", "--incident close_wait_leak"), 0);
  put_readings("web1", 10, 4, 0);
  await_check("", 0);
  assert_shown("BASELINE OK - web1: no incident (");
}
END_TEST

START_TEST(an_open_incident_is_shown_with_its_figures_and_since_when) {
  start(180);
  put_readings("web1", 170, 4, 0);
  put_readings("web1", 10, 1500, 1400);
  await_check("", 2);
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
  ck_assert_double_eq_tol(last_s, reading_s - STEP_S, 0.01);
}
END_TEST

START_TEST(json_of_a_host_is_one_object_that_jq_reads) {
  start(3);
  put_readings("web1", 3, 4, 0);
  daemon_pause(0.5);
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
  put_readings("web1", 170, 4, 0);
  put_readings("web1", 10, 1500, 1400);
  reading_s -= 5 * STEP_S;
  put_readings("web2", 5, 4, 0);
  await_check("--all-hosts", 2);
  assert_shown("BASELINE CRITICAL - FAILURE on web1 syn_flood | hosts=2;");
  ck_assert_int_eq(run("check", "--all-hosts --incident close_wait_leak"), 0);
  assert_shown("BASELINE OK - no incident on 2 hosts | ");
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
  put_readings("web1", 3, 4, 0);
  await_check("", 3);
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
    {"--incident flood", "--incident must be the name of one, not flood"},
    {"--all-hosts -H web1", "--host and --all-hosts exclude each other"},
    {"--timeout 1x", "--timeout must be a number from 0.1 to 86400, not 1x"},
    {"--nothing", "unknown option, or one without its value: --nothing"},
    {"more", "no argument is taken: more"},
};
enum { REFUSED = sizeof(refused) / sizeof(refused[0]) };

START_TEST(a_mistake_in_the_command_line_is_unknown) {
  strcpy(daemon_.dir, "/nonexistent");
  ck_assert_int_eq(run("check", refused[_i].arguments), 3);
  assert_shown("BASELINE UNKNOWN - ");
  assert_shown(refused[_i].said);
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
  return tcase;
}
