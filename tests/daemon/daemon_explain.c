/* `collectd-baseline explain` against the real daemon: readings are put in as a
 * central server would receive them, and what the plugin made of them is read
 * from the state that the daemon saves when it is asked. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_received.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static const struct daemon_setup setup = {.more = RECEIVED_IN_ORDER};

static struct daemon daemon_;
static char output[DAEMON_TEXT_MAX];

static void start(const struct daemon_setup *with, int readings) {
  received_start(&daemon_, with, readings);
}

/* arguments: what comes behind the socket and the settings; and, after a pipe,
 * who reads the output. Returns the exit status of the last command. */
static int explain_with(const char *options, const char *arguments) {
  char command[1024];
  snprintf(command, sizeof(command),
           "cd %s && %s explain %s 2>&1 </dev/null %s", daemon_.dir,
           STATUS_COMMAND, options, arguments);
  FILE *run = popen(command, "r");
  ck_assert_ptr_nonnull(run);
  size_t len = fread(output, 1, sizeof(output) - 1, run);
  output[len] = '\0';
  return WEXITSTATUS(pclose(run));
}

static int explain(const char *arguments) {
  return explain_with("-s socket -C collectd.conf", arguments);
}

static int explain_all(void) { return explain("--verbose"); }

static void assert_shown(const char *text) {
  ck_assert_msg(strstr(output, text) != NULL, "\"%s\" is not in\n%s", text,
                output);
}

static void explain_shows(const char *arguments, const char *text) {
  explain(arguments);
  assert_shown(text);
}

static void assert_narrow(void) {
  for (const char *line = output; *line != '\0';) {
    size_t length = strcspn(line, "\n");
    ck_assert_msg(length <= 80, "too wide: %.*s", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

START_TEST(a_flood_is_explained_as_it_was_judged) {
  start(&setup, 140);
  received_readings("web1", 120, 4, 0);
  explain_shows("", "web1: OKAY. No incident is open.");
  ck_assert_int_eq(explain(""), 0);
  assert_shown("\n  Opens   syn_flood: 2 of the last 3 readings must show ");
  assert_shown("--verbose shows every test.\n");
  ck_assert_ptr_null(strstr(output, "excess: no"));
  ck_assert_int_eq(explain_all(), 0);
  assert_shown("The settings are those of collectd.conf.");
  assert_shown("excess: no\n");
  received_readings("web1", 20, 1500, 1400);
  explain_shows("", "syn_flood has been open for 3 min");
  assert_shown("\n  Clears  After ");
  assert_narrow();
  ck_assert_int_eq(explain_all(), 0);
  ck_assert_int_eq(strncmp(output, "web1: FAILURE. syn_flood", 24), 0);
  assert_shown("1501 half-open; expected ");
  assert_shown("excess: YES\n");
  assert_shown("Nothing is learned now, because:");
  ck_assert_ptr_null(strchr(output, '\033')); /* no terminal, no colour */
  ck_assert_ptr_null(strstr(output, "CAUTION"));
  assert_narrow();
}
END_TEST

START_TEST(machines_are_given_json) {
  static const char reader[] =
      "--json | python3 -c 'import json, sys; d = json.load(sys.stdin); "
      "f = d[\"incidents\"][0]; "
      "assert all(i[\"agrees\"] for i in d[\"incidents\"]); "
      "t = f[\"tests\"]; assert t[\"excess\"][\"met\"]; "
      "assert t[\"excess_floor\"][\"limit\"] == 12; "
      "print(d[\"host\"], f[\"name\"], f[\"severity\"], f[\"evidence\"][0], "
      "f[\"observed\"])'";
  start(&setup, 130);
  received_readings("web1", 120, 4, 0);
  received_readings("web1", 4, 1500, 1400);
  explain_shows(reader, "web1 syn_flood FAILURE excess 1500");
  ck_assert_int_eq(explain(reader), 0);
}
END_TEST

START_TEST(of_several_hosts_one_must_be_named) {
  start(&setup, 5);
  received_readings("web1", 5, 4, 0);
  received_next_s -= 5 * RECEIVED_STEP_S;
  received_readings("web2", 5, 4, 0);
  explain_shows("", "has 2 hosts; name one with -H: web1, web2\n");
  ck_assert_int_eq(explain(""), 1);
  ck_assert_int_eq(explain("-H web2"), 0);
  assert_shown("web2: OKAY. No incident is open.\n");
  assert_shown("The warm-up is not over: ");
  ck_assert_int_eq(explain("-H web3"), 1);
  assert_shown("has no host web3; it has web1, web2");
}
END_TEST

START_TEST(nothing_judged_yet_is_said) {
  start(&setup, 1);
  ck_assert_int_eq(explain(""), 1);
  assert_shown("has no host: nothing has been judged yet; after a start the "
               "first reading takes one interval.");
}
END_TEST

START_TEST(a_state_is_explained_without_its_daemon) {
  start(&setup, 140);
  received_readings("web1", 120, 4, 0);
  received_readings("web1", 20, 1500, 1400);
  explain_shows("", "syn_flood has been open for 3 min");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(explain(""), 1);
  assert_shown("collectd-baseline explain: socket: ");
  ck_assert_int_eq(explain_with("-C collectd.conf", "--state baseline.state"),
                   0);
  assert_shown("web1: FAILURE. syn_flood");
  assert_shown("No daemon was asked: baseline.state was saved at ");
  daemon_start_again(&daemon_, &setup);
  explain_shows("", "web1: FAILURE. syn_flood"); /* as it was before */
  ck_assert_int_eq(explain_with("-C collectd.conf", "--state nothing"), 1);
  assert_shown("there is no state at nothing");
}
END_TEST

START_TEST(settings_that_the_daemon_has_not_loaded_are_noticed) {
  start(&setup, 140);
  received_readings("web1", 120, 4, 0);
  received_readings("web1", 20, 1500, 1400);
  explain_shows("", "syn_flood has been open for 3 min");
  ck_assert_int_eq(explain("--json >before; sed -i '$a <Plugin baseline>\\n"
                           "<Incident \"syn_flood\">\\nMinExcess 9999\\n"
                           "</Incident>\\n</Plugin>' collectd.conf"),
                   0);
  ck_assert_int_eq(explain(""), 0);
  assert_shown("web1: FAILURE. syn_flood");
  assert_shown("CAUTION: with these settings the result differs from the");
}
END_TEST

START_TEST(a_daemon_without_the_plugin_is_told_from_one_that_saves_elsewhere) {
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "", 1), 0);
  daemon_start(&daemon_, &setup);
  ck_assert_int_eq(explain(""), 1);
  assert_shown("the daemon has saved nothing at ");
  assert_shown("is the line \"LoadPlugin baseline\" in its collectd.conf?");
  ck_assert_int_eq(explain("; touch baseline.state; true"), 0);
  ck_assert_int_eq(explain(""), 1);
  assert_shown("the daemon has not saved ");
}
END_TEST

START_TEST(where_nothing_is_saved_nothing_can_be_explained) {
  start(&(struct daemon_setup){.baseline = "StateFile \"\""}, 1);
  ck_assert_int_eq(explain(""), 1);
  assert_shown("StateFile is \"\" in collectd.conf: nothing is saved");
}
END_TEST

START_TEST(watched_series_are_listed_and_explained) {
  start(&(struct daemon_setup){.more = RECEIVED_IN_ORDER,
                               .baseline = "<Watch \"slow\">\n    Plugin "
                                           "\"probe\"\n    MinChange 7\n"
                                           "  </Watch>\n"},
        100);
  for (int i = 0; i < 100; i++, received_next_s += (double)RECEIVED_STEP_S)
    received_put("web1/probe/gauge-x", 100 + i % 3);
  received_next_s -= 5 * RECEIVED_STEP_S;
  received_readings("web1", 5, 4, 0);
  explain_shows("--watch slow --verbose", "from 100 values");
  ck_assert_int_eq(explain("--watch slow"), 0);
  assert_shown("web1/probe/gauge-x: OKAY, by <Watch \"slow\">.");
  assert_shown("0 of the last 2 values show evidence; 1 raise an incident.");
  assert_shown("\n  Why     The last value, ");
  ck_assert_ptr_null(strstr(output, "Learned from"));
  explain_shows("", "web1: OKAY.");
  assert_shown("\nWatched series: 1, none of them open.\n");
  explain_shows("-v", "watched series\n  slow probe/gauge-x: OKAY; ");
  ck_assert_int_eq(explain("--watch fast"), 1);
  assert_shown("has no series of <Watch \"fast\">");
}
END_TEST

static const struct {
  const char *arguments, *said;
} refused[] = {
    {"--incident flood", "there is no incident flood; known are syn_flood "},
    {"--incident syn_flood --watch x", "exclude each other"},
    {"--frobnicate", "unknown option, or its value is missing: --frobnicate"},
    {"more", "unexpected argument: more"},
    {"-t 0", "--timeout must be a number from 0.1 to 86400, not 0"},
};
enum { REFUSED = sizeof(refused) / sizeof(refused[0]) };

START_TEST(a_command_line_that_is_not_understood_ends_with_two) {
  strcpy(daemon_.dir, "/");
  ck_assert_int_eq(explain(refused[_i].arguments), 2);
  assert_shown(refused[_i].said);
}
END_TEST

TCase *daemon_explain_case(void) {
  TCase *tcase = tcase_create("explain");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, a_flood_is_explained_as_it_was_judged);
  tcase_add_test(tcase, machines_are_given_json);
  tcase_add_test(tcase, of_several_hosts_one_must_be_named);
  tcase_add_test(tcase, nothing_judged_yet_is_said);
  tcase_add_test(tcase, a_state_is_explained_without_its_daemon);
  tcase_add_test(tcase, settings_that_the_daemon_has_not_loaded_are_noticed);
  tcase_add_test(
      tcase, a_daemon_without_the_plugin_is_told_from_one_that_saves_elsewhere);
  tcase_add_test(tcase, where_nothing_is_saved_nothing_can_be_explained);
  tcase_add_test(tcase, watched_series_are_listed_and_explained);
  tcase_add_loop_test(
      tcase, a_command_line_that_is_not_understood_ends_with_two, 0, REFUSED);
  return tcase;
}
