/* Silences in the real daemon: nothing is notified while one lasts, everything
 * is judged and shown, and what is open at its end is notified once; a restart
 * changes nothing of it. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_received.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define NOTIFIED "host = web1, plugin = baseline, plugin_instance = syn_flood"

enum { QUIET = 170, FLOOD = 10 };

static const struct daemon_setup setup = {.more = RECEIVED_IN_ORDER,
                                          .baseline = "StateFile \"state\"\n"};

static struct daemon daemon_;
static char output[DAEMON_TEXT_MAX];

/* In the daemon's folder. Returns the exit status. */
static int run(const char *arguments) {
  char command[1024];
  snprintf(command, sizeof(command), "cd %s && %s %s 2>&1 </dev/null",
           daemon_.dir, STATUS_COMMAND, arguments);
  FILE *run = popen(command, "r");
  ck_assert_ptr_nonnull(run);
  size_t len = fread(output, 1, sizeof(output) - 1, run);
  output[len] = '\0';
  return WEXITSTATUS(pclose(run));
}

static void run_well(const char *arguments) {
  ck_assert_msg(run(arguments) == 0, "%s: %s", arguments, output);
}

static void assert_shown(const char *text) {
  ck_assert_msg(strstr(output, text) != NULL, "\"%s\" is not in\n%s", text,
                output);
}

static int notified(void) { return daemon_count_log(&daemon_, NOTIFIED); }

/* The interval of the tests is a second. */
static void silence(void) {
  run_well("silence -C collectd.conf web1 syn_flood 1h --why 'load test'");
  assert_shown("syn_flood on web1 is silenced until ");
  daemon_await_log(&daemon_, "baseline: 1 silences from state.silences");
}

static void end_silence(void) {
  run_well("silence -C collectd.conf --end web1 syn_flood");
  daemon_await_log(&daemon_, "baseline: 0 silences from state.silences");
}

static void flood(int readings) {
  received_readings("web1", readings, 1500, 1400);
}

/* Without it the others could not fail. */
START_TEST(without_a_silence_it_is_notified) {
  received_start(&daemon_, &setup, QUIET + FLOOD);
  received_readings("web1", QUIET, 4, 0);
  flood(FLOOD);
  daemon_await_log(&daemon_, NOTIFIED);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
}
END_TEST

START_TEST(what_begins_and_ends_within_is_shown_and_not_notified) {
  received_start(&daemon_, &setup, QUIET + 3 * FLOOD);
  received_readings("web1", QUIET, 4, 0);
  silence();
  flood(FLOOD);
  run_well("check -s socket -i 3600");
  assert_shown("BASELINE OK - web1: syn_flood FAILURE since ");
  assert_shown(", silenced until ");
  assert_shown(" syn_flood=2;0;1;0;2");
  run_well("check -s socket --all-hosts");
  assert_shown("; silenced on web1 |");
  run_well("status -s socket");
  assert_shown("\n  silenced until ");
  run_well("status -s socket --json | jq -e '.incidents[] | "
           "select(.name == \"syn_flood\") | .severity == \"FAILURE\" and "
           ".silenced_until > now + 3000 and .silenced_until < now + 3700'");
  run_well("explain -s socket -C collectd.conf");
  assert_shown("syn_flood has been open for ");
  assert_shown("silenced until ");
  assert_shown(" (load test).");
  run_well("silence -C collectd.conf --list");
  assert_shown("load test");
  received_readings("web1", 2 * FLOOD, 4, 0);
  run_well("check -s socket -i 3600");
  assert_shown("BASELINE OK - web1: no incident (");
  end_silence();
  ck_assert_int_eq(daemon_stop(&daemon_), 0); /* the queue is empty then */
  ck_assert_int_eq(notified(), 0);
}
END_TEST

START_TEST(what_is_open_at_its_end_is_notified_once_over_a_restart) {
  received_start(&daemon_, &setup, QUIET + 8 * FLOOD);
  received_readings("web1", QUIET, 4, 0);
  silence();
  flood(FLOOD);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(notified(), 0);
  daemon_start_again(&daemon_, &setup);
  daemon_talk(&daemon_);
  flood(2 * FLOOD);
  run_well("check -s socket -i 3600");
  assert_shown(", silenced until ");
  ck_assert_int_eq(notified(), 0);
  end_silence();
  flood(FLOOD);
  daemon_await_log(&daemon_, "; it was silenced");
  flood(FLOOD);
  ck_assert_int_eq(run("check -s socket -i 3600"), 2);
  ck_assert_int_eq(notified(), 1);
  received_readings("web1", 2 * FLOOD, 4, 0);
  daemon_await_log(&daemon_, "severity = OKAY, " NOTIFIED);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(notified(), 2);
}
END_TEST

START_TEST(a_maintenance_silences_at_its_times) {
  const struct daemon_setup with = {
      .more = RECEIVED_IN_ORDER,
      .baseline = "StateFile \"state\"\n  <Maintenance \"always\">\n"
                  "    Host \"web*\"\n    TimeZone \"UTC\"\n"
                  "  </Maintenance>\n"};
  received_start(&daemon_, &with, QUIET + FLOOD);
  received_readings("web1", QUIET, 4, 0);
  flood(FLOOD);
  run_well("check -s socket -i 3600");
  assert_shown(", silenced until ");
  run_well("explain -s socket -C collectd.conf");
  assert_shown("\"always\">.");
  run_well("silence -C collectd.conf --list");
  assert_shown("<Maintenance \"always\">");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(notified(), 0);
}
END_TEST

START_TEST(a_time_zone_that_is_none_is_named) {
  const struct daemon_setup with = {
      .baseline = "<Maintenance \"night\">\n"
                  "    TimeZone \"Europe/Nowhere\"\n  </Maintenance>\n"};
  daemon_start(&daemon_, &with);
  daemon_await_log(&daemon_, "baseline: <Maintenance \"night\">: TimeZone "
                             "\"Europe/Nowhere\" is not below");
  ck_assert_int_eq(daemon_count_log(&daemon_, "nothing is judged"), 1);
  daemon_stop(&daemon_);
}
END_TEST

/* A hand in the file: it is refused whole, and what was read before stays. */
START_TEST(a_file_that_is_wrong_is_named_and_not_used) {
  char path[DAEMON_PATH_MAX + 32];
  received_start(&daemon_, &setup, QUIET + FLOOD);
  received_readings("web1", QUIET, 4, 0);
  silence();
  snprintf(path, sizeof(path), "%s/state.silences", daemon_.dir);
  FILE *file = fopen(path, "a");
  ck_assert_ptr_nonnull(file);
  fputs("never web1 *\n", file);
  ck_assert_int_eq(fclose(file), 0);
  daemon_await_log(&daemon_, "state.silences cannot be used: line 4: it is no "
                             "silence");
  flood(FLOOD);
  run_well("check -s socket -i 3600");
  ck_assert_int_eq(run("silence -C collectd.conf --list"), 1);
  assert_shown("line 4: it is no silence");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(notified(), 0);
}
END_TEST

TCase *daemon_silence_case(void) {
  TCase *tcase = tcase_create("silence");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, without_a_silence_it_is_notified);
  tcase_add_test(tcase, what_begins_and_ends_within_is_shown_and_not_notified);
  tcase_add_test(tcase,
                 what_is_open_at_its_end_is_notified_once_over_a_restart);
  tcase_add_test(tcase, a_maintenance_silences_at_its_times);
  tcase_add_test(tcase, a_time_zone_that_is_none_is_named);
  tcase_add_test(tcase, a_file_that_is_wrong_is_named_and_not_used);
  return tcase;
}
