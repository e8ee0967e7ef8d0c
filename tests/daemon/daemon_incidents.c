/* `collectd-baseline incidents` and the real daemon: a flood that it receives
 * is in its record while it is open, after a restart, after a crash, and with
 * its end. Readings are put in as a central server would receive them. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_received.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct daemon_setup setup = {.more = RECEIVED_IN_ORDER};

static struct daemon daemon_;
static char output[DAEMON_TEXT_MAX];

static int incidents(const char *arguments) {
  char command[1024];
  snprintf(command, sizeof(command),
           "cd %s && %s incidents -C collectd.conf %s 2>&1 </dev/null",
           daemon_.dir, STATUS_COMMAND, arguments);
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

/* Nobody asks the daemon to save: its own thread writes the record. */
static void await(const char *text) {
  for (int i = 0; i < DAEMON_WAIT_STEPS; i++) {
    if (incidents("") == 0 && strstr(output, text) != NULL)
      return;
    daemon_pause(0.1);
  }
  ck_abort_msg("\"%s\" is not in\n%s", text, output);
}

static void raise_flood(void) {
  received_start(&daemon_, &setup, 170);
  received_readings("web1", 120, 4, 0);
  received_readings("web1", 10, 1500, 1400);
  await("FAILURE syn_flood web1\n");
}

START_TEST(a_flood_is_listed_while_open_after_a_restart_and_when_over) {
  raise_flood();
  assert_shown("open for ");
  assert_shown("first: syn_flood: ");
  assert_shown("worse: syn_flood: ");
  assert_shown("at its worst: 150");
  assert_shown("evidence: ");
  ck_assert_int_eq(incidents("--json"), 0);
  assert_shown("\"daemon_runs\":true");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(incidents(""), 0);
  assert_shown("open or end unknown: ");
  assert_shown("the daemon ended at ");
  daemon_start_again(&daemon_, &setup);
  await("open for ");
  daemon_talk(&daemon_);
  received_readings("web1", 40, 4, 0);
  await("there is no evidence of it any more");
  assert_shown("over: syn_flood over");
  assert_shown("1 incident on 1 host;");
}
END_TEST

/* Killed: the state was never saved, the record was. */
START_TEST(after_a_crash_its_end_is_unknown) {
  raise_flood();
  ck_assert_int_eq(kill(daemon_.pid, SIGKILL), 0);
  ck_assert_int_eq(waitpid(daemon_.pid, NULL, 0), daemon_.pid);
  daemon_hang_up();
  ck_assert_int_eq(incidents("--json"), 0);
  assert_shown("\"state\":\"open\""); /* it was written not long ago */
  daemon_start_again(&daemon_, &setup);
  await("end unknown: ");
  assert_shown("1 incident on 1 host;");
}
END_TEST

START_TEST(a_trial_run_writes_no_record) {
  char command[512];
  received_start(&daemon_, &setup, 1);
  await("no incidents");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  snprintf(command, sizeof(command),
           "cd %s && rm baseline.state.incidents && " COLLECTD
           " -T -C collectd.conf >/dev/null 2>&1; "
           "test ! -e baseline.state.incidents",
           daemon_.dir);
  ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(keep_incidents_zero_records_none) {
  received_start(&daemon_,
                 &(struct daemon_setup){.more = RECEIVED_IN_ORDER,
                                        .baseline = "KeepIncidents 0"},
                 1);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(incidents(""), 1);
  assert_shown("there is no record at ");
}
END_TEST

TCase *daemon_incidents_case(void) {
  TCase *tcase = tcase_create("incidents");
  tcase_set_timeout(tcase, 90);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase,
                 a_flood_is_listed_while_open_after_a_restart_and_when_over);
  tcase_add_test(tcase, after_a_crash_its_end_is_unknown);
  tcase_add_test(tcase, a_trial_run_writes_no_record);
  tcase_add_test(tcase, keep_incidents_zero_records_none);
  return tcase;
}
