/* Notification handlers that take a minute, fail, or do not exist: values are
 * judged and saved meanwhile, notifications come in their order, and the daemon
 * ends in time. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_probe.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* SLOW_S: longer than a save is waited for, and the end waits. */
enum { SLOW_S = 25, SAVE_S = 10, DRAIN_S = 10 };

static struct daemon daemon_;

/* All that the plugin says, but for what each start says. */
static int complaints(void) {
  return daemon_count_log(&daemon_, "baseline: ") -
         daemon_count_log(&daemon_, "baseline: days of a <Watch> are");
}

static double clock_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* In the root of a user namespace there is nobody else to run a program as:
 * its map has a line of one id, and not of all. */
static bool may_run_as_nobody(void) {
  char line[64] = "";
  FILE *map = fopen("/proc/self/uid_map", "r");
  bool all = map && fgets(line, sizeof(line), map) && strstr(line, " 42949672");
  if (map)
    fclose(map);
  if (!all)
    puts("left out, for it needs root: a handler run by exec");
  return all;
}

/* A program that writes what it is told to a file, and goes on so. */
static void write_handler(char *path, size_t size, const char *go_on) {
  char folder[] = "/tmp/check_handler.XXXXXX";
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(chmod(folder, 0777), 0);
  snprintf(path, size, "%s/handler", folder);
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fprintf(file,
          "#!/bin/sh\necho $$ >>%s/pids\n"
          "grep ^Severity: >>%s/told\n%s\n",
          folder, folder, go_on);
  ck_assert_int_eq(fclose(file), 0);
  ck_assert_int_eq(chmod(path, 0755), 0);
}

static void start_with(const char *stock, const char *more) {
  struct daemon_setup setup = {
      .stock = stock,
      .more = more,
      .baseline = "StateFile \"state\"\n  SaveInterval 1\n  " PROBE_WATCH};
  probe_start(&daemon_, &setup);
}

static void start_with_exec(const char *program) {
  char stock[512];
  snprintf(stock, sizeof(stock),
           "LoadPlugin exec\n<Plugin exec>\n"
           "  NotificationExec \"nobody\" \"%s\"\n</Plugin>\n",
           program);
  start_with(stock, "WriteThreads 1\n");
}

/* The series is off and well again, and both are told. */
static void raise_and_clear(void) {
  probe_put(100, 100);
  probe_put(30, 900);
  daemon_await_log(&daemon_, PROBE_RAISED);
  probe_put(30, 100);
  daemon_await_log(&daemon_, PROBE_CLEARED);
}

static char *read_beside(const char *handler, const char *name) {
  static char text[4096];
  char path[128];
  int folder = (int)(strrchr(handler, '/') - handler);
  snprintf(path, sizeof(path), "%.*s/%s", folder, handler, name);
  FILE *file = fopen(path, "r");
  size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
  if (file)
    fclose(file);
  text[len] = '\0';
  return text;
}

static void await_told(const char *handler, const char *expected) {
  for (int i = 0; i < 100; i++) {
    if (strcmp(read_beside(handler, "told"), expected) == 0)
      return;
    daemon_pause(0.1);
  }
  ck_abort_msg("told: %s", read_beside(handler, "told"));
}

/* As raise_and_clear; exec itself keeps no order. */
static void raise_and_clear_in_turn(const char *handler) {
  probe_put(100, 100);
  probe_put(30, 900);
  await_told(handler, "Severity: WARNING\n");
  probe_put(30, 100);
  await_told(handler, "Severity: WARNING\nSeverity: OKAY\n");
}

/* The number may be another's by now. */
static bool still_sleeps(long pid) {
  char path[64], command[8] = "";
  snprintf(path, sizeof(path), "/proc/%ld/cmdline", pid);
  FILE *file = fopen(path, "r");
  if (file == NULL)
    return false;
  size_t len = fread(command, 1, sizeof(command) - 1, file);
  fclose(file);
  return len > 0 && strcmp(command, "sleep") == 0;
}

/* What still runs of it, and its files. */
static void remove_handler(const char *handler) {
  char command[256];
  int folder = (int)(strrchr(handler, '/') - handler);
  char *rest = read_beside(handler, "pids");
  for (long pid; (pid = strtol(rest, &rest, 10)) > 1;)
    if (still_sleeps(pid))
      kill((pid_t)pid, SIGKILL);
  snprintf(command, sizeof(command), "rm -rf %.*s", folder, handler);
  ck_assert_int_eq(system(command), 0);
}

START_TEST(a_program_that_takes_a_minute_holds_nothing_up) {
  char handler[128];
  if (!may_run_as_nobody())
    return;
  write_handler(handler, sizeof(handler), "exec sleep 60");
  start_with_exec(handler);
  double begun_s = clock_s();
  raise_and_clear_in_turn(handler);
  daemon_tell("FLUSH plugin=baseline\n");
  int status = daemon_stop(&daemon_);
  remove_handler(handler);
  ck_assert_int_eq(status, 0);
  ck_assert_double_lt(clock_s() - begun_s, 30);
  ck_assert_int_eq(complaints(), 0);
}
END_TEST

static const char *const failures[] = {"exit 1", "kill -KILL $$"};

START_TEST(a_program_that_fails_is_told_the_next_time_too) {
  char handler[128];
  if (!may_run_as_nobody())
    return;
  write_handler(handler, sizeof(handler), failures[_i]);
  start_with_exec(handler);
  raise_and_clear_in_turn(handler);
  int status = daemon_stop(&daemon_);
  remove_handler(handler);
  ck_assert_int_eq(status, 0);
  ck_assert_int_eq(complaints(), 0);
}
END_TEST

START_TEST(a_program_that_does_not_exist_hinders_nobody) {
  if (!may_run_as_nobody())
    return;
  start_with_exec("/nonexistent/handler");
  raise_and_clear();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, PROBE_RAISED), 1);
  ck_assert_int_eq(daemon_count_log(&daemon_, PROBE_CLEARED), 1);
}
END_TEST

static void start_with_slow_handler(const char *seconds) {
  ck_assert_int_eq(setenv("SLOW_HANDLER_S", seconds, 1), 0);
  start_with(NULL, "WriteThreads 1\nPluginDir \"" TEST_PLUGINS "\"\n"
                   "LoadPlugin slow_handler\n");
}

/* Ask the daemon to end. Returns how long that took. */
static double stop_slowly(void) {
  double begun_s = clock_s();
  int status = 0;
  daemon_hang_up();
  ck_assert_int_eq(kill(daemon_.pid, SIGTERM), 0);
  ck_assert_int_eq(waitpid(daemon_.pid, &status, 0), daemon_.pid);
  ck_assert_int_eq(status, 0);
  return clock_s() - begun_s;
}

/* Wait until what was put last is saved, without a flush. */
static void await_saved_by_itself(void) {
  char line[128];
  snprintf(line, sizeof(line), "\nseries " PROBE_SERIES " %.0f ",
           probe_last_s());
  for (int i = 0; i < 10 * SAVE_S; i++) {
    char *state = daemon_read_file(&daemon_, "state");
    bool found = strstr(state, line) != NULL;
    free(state);
    if (found)
      return;
    daemon_pause(0.1);
  }
  ck_abort_msg("%s is not saved", line);
}

START_TEST(while_a_handler_is_stuck_values_are_judged_and_saved) {
  start_with_slow_handler("60");
  probe_put(100, 100);
  probe_put(30, 900);
  daemon_await_log(&daemon_, "slow_handler: begins with severity 2");
  double begun_s = clock_s();
  probe_put(200, 100);
  await_saved_by_itself();
  daemon_await(&daemon_, "baseline-syn_flood/gauge-severity", 0);
  ck_assert_double_lt(clock_s() - begun_s, 50);
  ck_assert_int_eq(daemon_count_log(&daemon_, "slow_handler: ends"), 0);
  ck_assert_int_eq(complaints(), 0);
  ck_assert_int_eq(kill(daemon_.pid, SIGKILL), 0);
}
END_TEST

/* The queue is waited for at most ten seconds, then what was learnt is saved,
 * then the handler that runs is waited for, and no other. */
START_TEST(the_end_waits_for_the_running_handler_only) {
  char slow[8];
  snprintf(slow, sizeof(slow), "%d", SLOW_S);
  start_with_slow_handler(slow);
  probe_put(100, 100);
  probe_put(30, 900);
  daemon_await_log(&daemon_, "slow_handler: begins with severity 2");
  probe_put(30, 100);
  await_saved_by_itself();
  double took_s = stop_slowly();
  ck_assert_double_ge(took_s, DRAIN_S - 1);
  ck_assert_double_lt(took_s, SLOW_S + 5);
  ck_assert_int_eq(daemon_count_log(&daemon_, "slow_handler: begins"), 1);
  ck_assert_int_eq(daemon_count_log(&daemon_, "slow_handler: ends"), 1);
  ck_assert_int_eq(daemon_count_log(&daemon_,
                                    "baseline: 2 notifications still wait for "
                                    "their handlers after 10 s"),
                   1);
  ck_assert_int_eq(
      daemon_count_log(&daemon_, "baseline: 1 notifications were not sent"), 1);
  ck_assert_int_eq(complaints(), 2);
}
END_TEST

START_TEST(handlers_that_are_a_little_slow_are_told_all_in_order) {
  start_with_slow_handler("1");
  probe_put(100, 100);
  probe_put(30, 900);
  probe_put(30, 100);
  await_saved_by_itself();
  double took_s = stop_slowly();
  ck_assert_double_lt(took_s, DRAIN_S);
  char *log = daemon_read_file(&daemon_, "log");
  char *raised = strstr(log, "slow_handler: begins with severity 2");
  char *cleared = strstr(log, "slow_handler: begins with severity 4");
  ck_assert(raised != NULL && cleared > raised);
  free(log);
  ck_assert_int_eq(daemon_count_log(&daemon_, "slow_handler: ends"), 2);
  ck_assert_int_eq(complaints(), 0);
}
END_TEST

TCase *daemon_handlers_case(void) {
  TCase *tcase = tcase_create("handlers");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, a_program_that_takes_a_minute_holds_nothing_up);
  tcase_add_loop_test(tcase, a_program_that_fails_is_told_the_next_time_too, 0,
                      2);
  tcase_add_test(tcase, a_program_that_does_not_exist_hinders_nobody);
  tcase_add_test(tcase, while_a_handler_is_stuck_values_are_judged_and_saved);
  tcase_add_test(tcase, the_end_waits_for_the_running_handler_only);
  tcase_add_test(tcase, handlers_that_are_a_little_slow_are_told_all_in_order);
  return tcase;
}
