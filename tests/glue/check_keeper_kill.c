/* keeper: kill -9 two hundred times, in any moment of a save: each time there
 * is a whole file that loads, and never an older one than before. */
#include "random_load.h"
#include "saved_file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 200, KILLED_HOSTS = 40, ROUND_MAX = 1000 };

static double save_s; /* how long a save takes here */

static void learn(int n) {
  for (int i = 0; i < KILLED_HOSTS; i++)
    kept_feed((char[]){'h', (char)('0' + i), '\0'}, n, 1, 0);
}

/* Tells of each save that begins. Learns nothing more when its round is over:
 * the next one begins there, however late the kill comes on a busy machine. */
static void learn_and_save_for_ever(int round, int tell) {
  int n = ROUND_MAX * round;
  kept_start(kept_now_s());
  for (;;) {
    if (n < ROUND_MAX * (round + 1))
      learn(n++);
    if (write(tell, "", 1) != 1 || keeper_save(kept.keeper) != 0)
      _exit(EXIT_FAILURE);
  }
}

/* Killed in one of its first saves, at any moment. */
static void kill_a_saver(int round, struct random_load *random) {
  int status, told[2];
  char begun[3];
  ck_assert_int_eq(pipe(told), 0);
  pid_t pid = fork();
  if (pid == 0)
    learn_and_save_for_ever(round, told[1]);
  for (uint64_t wait = 1 + random_bits(random) % sizeof(begun); wait > 0;
       wait--)
    ck_assert_int_eq(read(told[0], begun, 1), 1);
  kept_pause(1.2 * save_s * random_unit(random));
  ck_assert_int_eq(kill(pid, SIGKILL), 0);
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert(WIFSIGNALED(status));
  close(told[0]);
  close(told[1]);
}

static double measure_a_save(void) {
  double begun_s = kept_clock_s();
  learn(0);
  for (int i = 0; i < 5; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  double each_s = (kept_clock_s() - begun_s) / 5;
  ck_assert_int_eq(unlink(kept.rules.state_file), 0);
  return each_s;
}

/* What is loaded: all hosts once there is a file, and no older than before.
 * Returns how old. */
static double look(double before_s) {
  struct watch_host host = {.seen_s = before_s};
  if (watch_hosts(kept.watch) > 0) {
    ck_assert_uint_eq(watch_hosts(kept.watch), KILLED_HOSTS);
    watch_host_at(kept.watch, 0, &host);
  }
  ck_assert_double_ge(host.seen_s, before_s);
  ck_assert_uint_eq(fake_log_count("<3>") + fake_log_count("<4>"), 0);
  fake_log_forget();
  return host.seen_s;
}

START_TEST(killed_in_any_moment_of_a_save_it_leaves_a_whole_file) {
  struct random_load random = {5};
  int half_done = 0, went_on = 0;
  double seen_s = 0;
  save_s = measure_a_save();
  for (int i = 0; i < KILLS; i++) {
    kept_stop();
    kill_a_saver(i, &random);
    half_done += access(saved_beside, F_OK) == 0;
    kept_start(kept_now_s());
    double before_s = seen_s;
    seen_s = look(before_s);
    went_on += seen_s > before_s;
  }
  printf("killed %d times: %d in the midst of a save; a newer file %d times\n",
         KILLS, half_done, went_on);
  ck_assert_int_ge(half_done, KILLS / 5);
  ck_assert_int_ge(went_on, KILLS / 4);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("keeper_kill");
  TCase *tcase = tcase_create("keeper_kill");

  tcase_add_checked_fixture(tcase, saved_setup, kept_teardown);
  tcase_set_timeout(tcase, 60);
  tcase_add_test(tcase, killed_in_any_moment_of_a_save_it_leaves_a_whole_file);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
