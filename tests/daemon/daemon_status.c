/* `collectd-baseline status` against the real daemon. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_sockets.h"
#include "daemon_talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static char output[DAEMON_TEXT_MAX];

/* arguments: with %s for the daemon's folder. Returns the exit status. */
static int run_status(const struct daemon *daemon, const char *arguments) {
  char command[1024];
  snprintf(command, sizeof(command),
           "%s status --socket %s/socket %s 2>&1 </dev/null", STATUS_COMMAND,
           daemon->dir, arguments);
  FILE *status = popen(command, "r");
  ck_assert_ptr_nonnull(status);
  size_t len = fread(output, 1, sizeof(output) - 1, status);
  output[len] = '\0';
  return WEXITSTATUS(pclose(status));
}

static void assert_shown(const char *text) {
  ck_assert_msg(strstr(output, text) != NULL, "\"%s\" is not in\n%s", text,
                output);
}

/* As a central server would receive it from another host. */
static void put_value(const struct daemon *daemon, const char *host) {
  char identifier[128];
  double now_s = (double)time(NULL);
  snprintf(identifier, sizeof(identifier),
           "%s/tcpstates-all/current_connections-active", host);
  daemon_talk(daemon);
  daemon_tell("PUTVAL %s interval=10 %.3f:5\n", identifier, now_s);
  daemon_await_time(identifier, now_s);
}

START_TEST(status_shows_the_states_of_the_daemon) {
  struct daemon daemon;
  char line[64];
  sockets_make_scene();
  unsigned established = sockets_count("", "ESTAB");
  daemon_start(&daemon, &(struct daemon_setup){0});
  daemon_await(&daemon, "tcpstates-all/tcp_connections-ESTABLISHED",
               established);
  daemon_await(&daemon, "tcpstates-all/percent-accept_queue", 100);
  ck_assert_int_eq(run_status(&daemon, ""), 0);
  assert_shown("testhost ");
  snprintf(line, sizeof(line), "\nESTABLISHED  %10u", established);
  assert_shown(line);
  assert_shown("accept queue         100.0 %\n");
  ck_assert_ptr_null(strchr(output, '\033')); /* no terminal, no colour */
}
END_TEST

START_TEST(status_names_the_hosts_where_there_are_several) {
  struct daemon daemon;
  daemon_start(&daemon, &(struct daemon_setup){0});
  daemon_await(&daemon, "tcpstates-all/tcp_connections-LISTEN", 0);
  put_value(&daemon, "another");
  ck_assert_int_eq(run_status(&daemon, ""), 1);
  assert_shown("values of 2 hosts; name one with -H: ");
  assert_shown("another");
  ck_assert_int_eq(run_status(&daemon, "-H another"), 0);
  assert_shown("another ");
  assert_shown("active                5        -");
  ck_assert_int_eq(run_status(&daemon, "-H third"), 1);
  assert_shown("no values of tcpstates from host third; it has values of");
}
END_TEST

START_TEST(status_says_which_plugin_is_not_loaded) {
  struct daemon daemon;
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "", 1), 0);
  daemon_start(&daemon, &(struct daemon_setup){0});
  ck_assert_int_eq(run_status(&daemon, ""), 1);
  assert_shown("\"LoadPlugin tcpstates\" in collectd.conf?");
  ck_assert_int_eq(daemon_stop(&daemon), 0);

  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "tcpstates", 1), 0);
  daemon_start(&daemon, &(struct daemon_setup){0});
  daemon_await(&daemon, "tcpstates-all/tcp_connections-LISTEN", 0);
  ck_assert_int_eq(run_status(&daemon, ""), 0);
  assert_shown("It does not load");
}
END_TEST

START_TEST(status_says_what_is_learned_and_what_is_not_judged) {
  struct daemon daemon;
  daemon_start(&daemon, &(struct daemon_setup){0});
  daemon_await(&daemon, "baseline-syn_flood/gauge-severity", 0);
  daemon_pause(2);
  ck_assert_int_eq(run_status(&daemon, ""), 0);
  assert_shown("\naccept_overflow     unknown not judged: no listener\n");
  assert_shown("  learning, 9 min left\n");
  ck_assert_int_eq(run_status(&daemon, "--json"), 0);
  assert_shown("\"unjudged\":\"no listener\"");
  assert_shown("\"learning\":5");
}
END_TEST

/* They are for the command alone. */
START_TEST(facts_are_in_the_cache_and_reach_no_writer) {
  struct daemon daemon;
  char command[2 * DAEMON_PATH_MAX + 128];
  daemon_start(&daemon,
               &(struct daemon_setup){
                   .stock = "LoadPlugin csv\n<Plugin csv>\nDataDir \"csv\"\n"
                            "</Plugin>\n"});
  daemon_await(&daemon, "baseline-syn_flood/gauge-severity", 0);
  daemon_pause(3);
  ck_assert_int_eq(run_status(&daemon, ""), 0);
  assert_shown("learning, ");
  snprintf(command, sizeof(command),
           "ls %s/csv/testhost/baseline-syn_flood | grep -q severity && "
           "! ls -R %s/csv/testhost | grep -E '=|learning'",
           daemon.dir, daemon.dir);
  ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(a_port_is_shown_with_its_half_open_connections) {
  struct daemon daemon;
  sockets_make_scene();
  daemon_start(&daemon,
               &(struct daemon_setup){.options = "ReportListeners true"});
  daemon_await(&daemon, "tcpstates-7070-local/tcp_connections-SYN_RECV",
               SCENE_HALF_OPEN);
  daemon_pause(2.2); /* a rate takes two readings */
  ck_assert_int_eq(run_status(&daemon, "--port 7070"), 0);
  assert_shown("\nPORT 7070\nhalf-open                  2    ");
  assert_shown("\ndrops                  0.0/s\n");
  ck_assert_int_eq(run_status(&daemon, "--port 9090 --json"), 0);
  assert_shown("\"port\":{\"number\":9090,\"half_open\":0,");
  assert_shown(",\"waiting\":2,\"accept_queue\":100,");
  ck_assert_int_eq(run_status(&daemon, "--port 1"), 1);
  assert_shown("no values of port 1 of testhost: its tcpstates needs "
               "\"ReportListeners true\"");
}
END_TEST

/* A full accept queue refuses whoever comes. */
START_TEST(an_open_incident_is_shown_with_its_listener) {
  struct daemon daemon;
  sockets_make_scene();
  daemon_start(&daemon,
               &(struct daemon_setup){
                   .baseline = "<Incident \"accept_overflow\">\nRaiseAfter 1\n"
                               "ClearAfter 64\n</Incident>\n"});
  daemon_await(&daemon, "baseline-accept_overflow/gauge-severity", 1);
  ck_assert_int_eq(run_status(&daemon, ""), 0);
  assert_shown("\n  at [::1]:9090, backlog 1");
}
END_TEST

static const struct {
  const char *arguments;
  const char *said;
} refused[] = {
    {"--port 0", "--port must be a number from 1 to 65535, not 0"},
    {"--port 65536", "--port must be a number from 1 to 65535, not 65536"},
    {"--port http", "--port must be a number from 1 to 65535, not http"},
    {"--port 1.5", "--port must be a number from 1 to 65535, not 1.5"},
    {"--interval", "unknown option, or its value is missing: --interval"},
    {"--nothing", "unknown option, or its value is missing: --nothing"},
    {"--interval x", "--interval must be a number from 0.001 to 86400, not x"},
    {"--timeout 0", "--timeout must be a number from 0.1 to 86400, not 0"},
    {"--host a/b", "--host must be a host name as collectd writes it, with _ "
                   "instead of /, not a/b"},
    {"--all-hosts --hosts", "--all-hosts excludes --hosts and --port"},
    {"--all-hosts --port 1", "--all-hosts excludes --hosts and --port"},
    {"--limit 3", "--limit is for --all-hosts"},
    {"--all-hosts --limit -1", "--limit must be a whole number, not -1"},
    {"--all-hosts --limit 1x", "--limit must be a whole number, not 1x"},
    {"--all-hosts --limit 99999999999999999999", "--limit must be a whole"},
    {"--hosts -H a,,b", "--host must be names or patterns with commas"},
    {"--json --hosts", "--json and --hosts exclude each other"},
    {"more", "unexpected argument: more"},
};
enum { REFUSED = sizeof(refused) / sizeof(refused[0]) };

START_TEST(a_command_line_that_is_not_understood_ends_with_two) {
  struct daemon nowhere = {.dir = "/nonexistent"};
  ck_assert_int_eq(run_status(&nowhere, refused[_i].arguments), 2);
  assert_shown(refused[_i].said);
}
END_TEST

TCase *daemon_status_case(void) {
  TCase *tcase = tcase_create("status");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, status_shows_the_states_of_the_daemon);
  tcase_add_test(tcase, status_names_the_hosts_where_there_are_several);
  tcase_add_test(tcase, status_says_which_plugin_is_not_loaded);
  tcase_add_test(tcase, status_says_what_is_learned_and_what_is_not_judged);
  tcase_add_test(tcase, facts_are_in_the_cache_and_reach_no_writer);
  tcase_add_test(tcase, a_port_is_shown_with_its_half_open_connections);
  tcase_add_test(tcase, an_open_incident_is_shown_with_its_listener);
  tcase_add_loop_test(
      tcase, a_command_line_that_is_not_understood_ends_with_two, 0, REFUSED);
  return tcase;
}
