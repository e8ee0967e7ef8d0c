/* What `collectd-baseline learn` makes of a history is what the real daemon
 * begins with; and it does not write under a daemon that runs. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_talk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STEP_S = 10, HISTORY_ROWS = 720, ROW_MAX = 128 };
static const char *const names[] = {
    "tcp_connections-ESTABLISHED", "tcp_connections-SYN_RECV",
    "current_connections-syn_recv_aged", "protocol_counter-PassiveOpens"};
#define RAISED "host = web1, plugin = baseline, plugin_instance = syn_flood"

/* Values one after the other, for five write threads mix them up. */
static const struct daemon_setup setup = {.more = "WriteThreads 1",
                                          .baseline = "StateFile \"state\""};

static struct daemon daemon_;
static double first_s; /* of the history */
static char output[DAEMON_TEXT_MAX];

static void set_up(void) {
  daemon_enter_namespace();
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "baseline", 1), 0);
  first_s = (double)time(NULL) - HISTORY_ROWS * STEP_S - 60;
}

/* A reading as the kernel would count: 300 handshakes each, 4 half-open, or a
 * flood of unanswered ones. */
static void make_reading(int row, double flood, double out[4]) {
  out[0] = 400 + row % 7;
  out[1] = 3 + row % 3 + flood;
  out[2] = flood;
  out[3] = 300.0 * row;
}

static void write_history(void) {
  char path[DAEMON_PATH_MAX + 16];
  double value[4];

  snprintf(path, sizeof(path), "%s/web1.csv", daemon_.dir);
  FILE *out = fopen(path, "w");
  ck_assert_ptr_nonnull(out);
  fputs("time", out);
  for (int i = 0; i < 4; i++)
    fprintf(out, ",tcpstates-all/%s", names[i]);
  for (int row = 0; row < HISTORY_ROWS; row++) {
    make_reading(row, 0, value);
    fprintf(out, "\n%.3f,%.0f,%.0f,%.0f,%.0f", first_s + row * STEP_S, value[0],
            value[1], value[2], value[3]);
  }
  fputs("\n", out);
  ck_assert_int_eq(fclose(out), 0);
}

/* Returns the exit status; what it says is in output. */
static int learn(const char *options) {
  char command[1024];

  write_history();
  snprintf(command, sizeof(command),
           "%s learn --from %s/web1.csv --state %s/state %s 2>&1 </dev/null",
           STATUS_COMMAND, daemon_.dir, daemon_.dir, options);
  FILE *run = popen(command, "r");
  ck_assert_ptr_nonnull(run);
  output[fread(output, 1, sizeof(output) - 1, run)] = '\0';
  return WEXITSTATUS(pclose(run));
}

/* Readings number from..to behind the history; the flood grows in the first
 * four of them, for a burst is none. A reading of an unknown host is judged
 * when the one after the next begins. */
static void put_readings(int from, int to, double flood) {
  double value[4];

  for (int row = HISTORY_ROWS + from; row <= HISTORY_ROWS + to; row++) {
    double grown = fmin(1, (row - HISTORY_ROWS - from + 1) / 4.);
    make_reading(row, flood * grown, value);
    for (int i = 0; i < 4; i++)
      ck_assert_int_ge(
          daemon_ask("PUTVAL web1/tcpstates-all/%s interval=%d %.3f:%.0f\n",
                     names[i], STEP_S, first_s + row * STEP_S, value[i]),
          0);
  }
  daemon_await_time("web1/baseline-syn_flood/gauge-severity",
                    first_s + (HISTORY_ROWS + to) * STEP_S);
}

/* The daemon ends; what it has raised stands in its log then. */
static bool was_raised(void) {
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  return daemon_count_log(&daemon_, RAISED) > 0;
}

START_TEST(the_first_readings_are_judged_by_what_was_learnt) {
  daemon_start(&daemon_, &setup);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_msg(learn("--force") == 0, "%s", output);
  daemon_start_again(&daemon_, &setup);
  daemon_talk(&daemon_);
  daemon_await_log(&daemon_, "loaded 1 hosts and 0 series");
  put_readings(0, 6, 60);
  daemon_await_log(&daemon_, RAISED);
  daemon_await_log(&daemon_, "(expected ");
  ck_assert(was_raised());
}
END_TEST

START_TEST(what_is_usual_is_not_raised) {
  daemon_start(&daemon_, &setup);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_msg(learn("--force") == 0, "%s", output);
  daemon_start_again(&daemon_, &setup);
  daemon_talk(&daemon_);
  daemon_await_log(&daemon_, "loaded 1 hosts and 0 series");
  put_readings(0, 12, 0);
  ck_assert(!was_raised());
}
END_TEST

/* The same readings, and nothing learnt: the proof of the first test. */
START_TEST(without_it_the_same_readings_are_none) {
  daemon_start(&daemon_, &setup);
  daemon_talk(&daemon_);
  put_readings(0, 6, 60);
  ck_assert(!was_raised());
}
END_TEST

START_TEST(a_daemon_that_runs_with_the_file_is_noticed) {
  daemon_start(&daemon_, &setup);
  daemon_talk(&daemon_);
  ck_assert_int_eq(learn(""), 1);
  ck_assert_msg(strstr(output, "stop it first") != NULL, "%s", output);
  char name[32];
  snprintf(name, sizeof(name), "process %ld", (long)daemon_.pid);
  ck_assert_msg(strstr(output, name) != NULL, "%s", output);
  ck_assert_int_eq(learn("--force"), 0);
  ck_assert_ptr_nonnull(strstr(output, "written: "));
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
}
END_TEST

TCase *daemon_learn_case(void) {
  TCase *tcase = tcase_create("learn");

  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, the_first_readings_are_judged_by_what_was_learnt);
  tcase_add_test(tcase, what_is_usual_is_not_raised);
  tcase_add_test(tcase, without_it_the_same_readings_are_none);
  tcase_add_test(tcase, a_daemon_that_runs_with_the_file_is_noticed);
  return tcase;
}
