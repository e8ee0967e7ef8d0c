/* What is learnt survives: saved, loaded, set aside; and a <Watch> on values of
 * another plugin, beside the stock threshold plugin. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_probe.h"
#include "scenes/comma_locale.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Values one after the other, for five write threads mix them up. */
static const struct daemon_setup setup = {
    .more = "WriteThreads 1",
    .baseline = "StateFile \"state\"\n  " PROBE_WATCH};

static struct daemon daemon_;
static void start(const struct daemon_setup *with) {
  probe_start(&daemon_, with);
}

static void start_again(const struct daemon_setup *with) {
  probe_start_again(&daemon_, with);
}

static int count_in_log(const char *text) {
  return daemon_count_log(&daemon_, text);
}

static bool is_whole(const char *state) {
  size_t length = strlen(state);
  const char *end = strstr(state, "\nend ");
  return strncmp(state, "collectd-baseline state ", 24) == 0 && end != NULL &&
         state[length - 1] == '\n' &&
         strchr(end + 1, '\n') == state + length - 1;
}

/* Wait until the series has been judged: it stands in the saved state. */
static void await_saved(const char *text) {
  for (int i = 0; i < 50; i++) {
    daemon_tell("FLUSH plugin=baseline\n");
    char *state = daemon_read_file(&daemon_, "state");
    ck_assert_msg(is_whole(state), "not whole:\n%s", state);
    bool found = strstr(state, text) != NULL;
    free(state);
    if (found)
      return;
    daemon_pause(0.1);
  }
  ck_abort_msg("\"%s\" is not saved", text);
}

/* A daemon that ends drops what its writers have not seen yet. */
static void await_judged(void) {
  char line[256];
  snprintf(line, sizeof(line), "\nseries " PROBE_SERIES " %.0f ",
           probe_last_s());
  await_saved(line);
}

static void stop(void) {
  await_judged();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
}

START_TEST(the_answer_to_flush_comes_when_it_is_saved) {
  struct stat is;
  char path[DAEMON_PATH_MAX + 32];
  start(&setup);
  daemon_tell("FLUSH plugin=baseline\n");
  snprintf(path, sizeof(path), "%s/state", daemon_.dir);
  ck_assert_int_eq(stat(path, &is), 0);
  ck_assert_int_eq(is.st_mode & 0777, 0640);
  probe_put(20, 100);
  await_saved("\nseries " PROBE_SERIES " ");
  await_saved("\nhost testhost ");
}
END_TEST

START_TEST(it_is_saved_at_the_interval) {
  char *state = NULL;
  start(&(struct daemon_setup){.baseline =
                                   "StateFile \"state\"\n  SaveInterval 1\n"});
  for (int i = 0; i < DAEMON_WAIT_STEPS && (state == NULL || state[0] == '\0');
       i++) {
    free(state);
    daemon_pause(0.1);
    state = daemon_read_file(&daemon_, "state");
  }
  ck_assert_msg(is_whole(state), "%s", state);
  free(state);
}
END_TEST

static void remove_state(void) {
  char path[DAEMON_PATH_MAX + 32];
  snprintf(path, sizeof(path), "%s/state", daemon_.dir);
  ck_assert_int_eq(unlink(path), 0);
}

START_TEST(after_a_restart_it_is_judged_by_what_was_learnt) {
  start(&setup);
  probe_put(100, 100); /* eight hours: WarmUp is over */
  await_judged();
  await_saved("\nhost testhost ");
  remove_state(); /* the end saves it once more */
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  start_again(&setup);
  daemon_await_log(&daemon_,
                   "baseline: loaded 1 hosts and 1 series from state; "
                   "0 were too old");
  probe_put(5, 900);
  daemon_await_log(&daemon_, PROBE_RAISED);
}
END_TEST

START_TEST(an_open_incident_is_one_over_restarts) {
  start(&setup);
  probe_put(100, 100);
  probe_put(5, 900);
  daemon_await_log(&daemon_, PROBE_RAISED);
  for (int i = 0; i < 2; i++) {
    stop();
    start_again(&setup);
    probe_put(5, 900);
  }
  probe_put(30, 100);
  daemon_await_log(&daemon_, PROBE_CLEARED);
  stop();
  ck_assert_int_eq(count_in_log(PROBE_RAISED), 1);
  ck_assert_int_eq(count_in_log(PROBE_CLEARED), 1);
  ck_assert_int_eq(count_in_log("plugin_instance = slow"), 2);
}
END_TEST

START_TEST(killed_it_goes_on_with_what_was_saved_last) {
  start(&setup);
  probe_put(100, 100);
  await_saved("\nseries " PROBE_SERIES " ");
  ck_assert_int_eq(kill(daemon_.pid, SIGKILL), 0);
  waitpid(daemon_.pid, NULL, 0);
  start_again(&setup);
  daemon_await_log(&daemon_, "and 1 series from state");
}
END_TEST

static void damage_state(void) {
  char path[DAEMON_PATH_MAX + 32];
  snprintf(path, sizeof(path), "%s/state", daemon_.dir);
  FILE *file = fopen(path, "r+");
  ck_assert_ptr_nonnull(file);
  fseek(file, 3000, SEEK_SET);
  fputc('?', file);
  ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_damaged_file_is_set_aside_and_the_daemon_goes_on) {
  start(&setup);
  probe_put(50, 100);
  stop();
  damage_state();
  char *damaged = daemon_read_file(&daemon_, "state");
  start_again(&setup);
  daemon_await_log(&daemon_, "baseline: state cannot be used: ");
  ck_assert_int_eq(
      count_in_log("it is kept as state.bad and learning starts over"), 1);
  char *aside = daemon_read_file(&daemon_, "state.bad");
  ck_assert_str_eq(aside, damaged);
  free(aside);
  free(damaged);
  probe_put(50, 100);
  await_saved("\nseries " PROBE_SERIES " ");
}
END_TEST

START_TEST(where_it_may_not_write_it_says_so_once) {
  start(&(struct daemon_setup){.unprivileged = true,
                               .interval = "0.2",
                               .baseline = "StateFile \"/check_daemon.state\"\n"
                                           "  SaveInterval 1\n"});
  daemon_await_log(&daemon_, "baseline: cannot save /check_daemon.state: "
                             "Permission denied; the last saved state stays");
  daemon_pause(3);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(count_in_log("cannot save"), 1);
  ck_assert_int_eq(access("/check_daemon.state", F_OK), -1);
}
END_TEST

START_TEST(a_watch_raises_once_and_clears_once) {
  start(&setup);
  probe_put(100, 100);
  probe_put(30, 900);
  probe_put(30, 100);
  daemon_await_log(&daemon_, PROBE_CLEARED);
  stop();
  ck_assert_int_eq(count_in_log(PROBE_RAISED), 1);
  ck_assert_int_eq(count_in_log("plugin_instance = slow"), 2);
}
END_TEST

START_TEST(the_stock_threshold_plugin_works_beside_it) {
  struct daemon_setup both = setup;
  both.more = "WriteThreads 1\n<Plugin threshold>\n"
              "  <Plugin \"probe\">\n    <Type \"gauge\">\n"
              "      WarningMax 500\n    </Type>\n  </Plugin>\n</Plugin>\n";
  start(&both);
  probe_put(100, 100);
  probe_put(10, 900);
  probe_put(30, 100);
  daemon_await_log(&daemon_, PROBE_CLEARED);
  stop();
  ck_assert_int_eq(count_in_log(PROBE_RAISED), 1);
  ck_assert_int_eq(count_in_log("severity = WARNING, host = testhost, "
                                "plugin = probe, type = gauge"),
                   1);
  /* It begins with an OKAY of its own. */
  ck_assert_int_eq(count_in_log("severity = OKAY, host = testhost, "
                                "plugin = probe, type = gauge"),
                   2);
  ck_assert_int_eq(count_in_log("Notification: "), 5);
}
END_TEST

/* With a host, values and an end, so that there is something to lose. */
static void learn_and_stop(const struct daemon_setup *with) {
  start(with);
  probe_put(20, 100);
  await_saved("\nhost ");
  stop();
}

static void stat_state(struct stat *out) {
  char path[DAEMON_PATH_MAX + 32];
  snprintf(path, sizeof(path), "%s/state", daemon_.dir);
  ck_assert_int_eq(stat(path, out), 0);
}

static void assert_untouched(const struct stat *before) {
  struct stat after;
  stat_state(&after);
  ck_assert_uint_eq(after.st_ino, before->st_ino);
  ck_assert_uint_eq(after.st_uid, before->st_uid);
  ck_assert_uint_eq(after.st_mode, before->st_mode);
  ck_assert_int_eq(after.st_mtim.tv_nsec, before->st_mtim.tv_nsec);
}

/* As an administrator does who has changed the config of a daemon that runs as
 * another user. */
START_TEST(a_trial_run_of_another_user_costs_nothing) {
  struct daemon_setup other = setup;
  char command[DAEMON_PATH_MAX + 64];
  struct stat before;
  other.unprivileged = true;
  learn_and_stop(&other);
  stat_state(&before);
  snprintf(command, sizeof(command),
           "%s -T -C %s/collectd.conf >/dev/null 2>&1", COLLECTD, daemon_.dir);
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_eq(count_in_log("loaded 1 hosts and 1 series"), 1);
  assert_untouched(&before);
  start_again(&other);
  ck_assert_int_eq(count_in_log("loaded 1 hosts and 1 series"), 2);
  ck_assert_int_eq(count_in_log("learning starts over"), 0);
}
END_TEST

START_TEST(a_state_that_may_not_be_read_stays) {
  struct daemon_setup other = setup;
  char path[DAEMON_PATH_MAX + 32];
  struct stat before;
  other.unprivileged = true;
  learn_and_stop(&other);
  snprintf(path, sizeof(path), "%s/state", daemon_.dir);
  ck_assert_int_eq(chmod(path, 0), 0);
  if (geteuid() == 0)
    ck_assert_int_eq(chown(path, 0, 0), 0);
  stat_state(&before);
  start_again(&other);
  daemon_await_log(&daemon_, "cannot be loaded now: Permission denied");
  ck_assert_int_eq(daemon_ask("FLUSH plugin=baseline\n"), 0);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  assert_untouched(&before);
  ck_assert_int_eq(count_in_log("learning starts over"), 0);
}
END_TEST

START_TEST(a_second_daemon_with_the_same_file_does_not_save) {
  char own[DAEMON_PATH_MAX + 64];
  struct daemon second;
  struct stat before;
  start(&setup);
  daemon_tell("FLUSH plugin=baseline\n");
  stat_state(&before);
  snprintf(own, sizeof(own), "StateFile \"%s/state\"\n  SaveInterval 1",
           daemon_.dir);
  daemon_start(&second, &(struct daemon_setup){.baseline = own});
  daemon_await_log(&second, "another process has locked");
  daemon_pause(2.5);
  ck_assert_int_eq(daemon_stop(&second), 0);
  ck_assert_int_eq(daemon_count_log(&second, "another process has locked"), 1);
  assert_untouched(&before);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(count_in_log("cannot save"), 0);
}
END_TEST

/* Another plugin sets a locale with a decimal comma, and sets it on and on:
 * what is saved can be read without that plugin, and the other way round. */
START_TEST(a_plugin_that_sets_the_locale_costs_nothing) {
  struct daemon_setup other = setup;
  char folder[] = "/tmp/check_daemon_locale.XXXXXX";
  ck_assert_ptr_nonnull(mkdtemp(folder));
  bool made = comma_locale_make(folder);
  setlocale(LC_ALL, "C");
  if (!made) {
    comma_locale_remove(folder);
    return;
  }
  ck_assert_int_eq(setenv("OTHER_LOCALE", COMMA_LOCALE, 1), 0);
  ck_assert_int_eq(setenv("LC_ALL", "C", 1), 0);
  other.more =
      "WriteThreads 1\nPluginDir \"" TEST_PLUGINS "\"\nLoadPlugin other_locale";
  daemon_start(&daemon_, &other); /* its PUTVAL takes no point then */
  ck_assert_int_eq(count_in_log("other_locale: half is 0,5"), 1);
  daemon_talk(&daemon_);
  await_saved("\nhost testhost ");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  daemon_start_again(&daemon_, &setup);
  daemon_await_log(&daemon_, "loaded 1 hosts and 0 series");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  daemon_start_again(&daemon_, &other);
  daemon_pause(2);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(count_in_log("loaded 1 hosts and 0 series"), 2);
  ck_assert_int_eq(count_in_log("learning starts over"), 0);
  comma_locale_remove(folder);
}
END_TEST

TCase *daemon_memory_case(void) {
  TCase *tcase = tcase_create("memory");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, the_answer_to_flush_comes_when_it_is_saved);
  tcase_add_test(tcase, it_is_saved_at_the_interval);
  tcase_add_test(tcase, after_a_restart_it_is_judged_by_what_was_learnt);
  tcase_add_test(tcase, an_open_incident_is_one_over_restarts);
  tcase_add_test(tcase, killed_it_goes_on_with_what_was_saved_last);
  tcase_add_test(tcase, a_damaged_file_is_set_aside_and_the_daemon_goes_on);
  tcase_add_test(tcase, where_it_may_not_write_it_says_so_once);
  tcase_add_test(tcase, a_watch_raises_once_and_clears_once);
  tcase_add_test(tcase, the_stock_threshold_plugin_works_beside_it);
  tcase_add_test(tcase, a_trial_run_of_another_user_costs_nothing);
  tcase_add_test(tcase, a_state_that_may_not_be_read_stays);
  tcase_add_test(tcase, a_second_daemon_with_the_same_file_does_not_save);
  tcase_add_test(tcase, a_plugin_that_sets_the_locale_costs_nothing);
  return tcase;
}
