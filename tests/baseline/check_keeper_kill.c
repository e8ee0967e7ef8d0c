/* keeper: kill -9 two hundred times, in any moment of a save: each time there
 * is a whole file that loads, never an older one than before, and a newer one
 * where a save had ended. */
#include "saved_file.h"
#include "scenes/random_load.h"
#include "scenes/suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  KILLS = 200,
  FIRST_KILLS = 20,
  KILLED_HOSTS = 40,
  ROUND_MAX = 1000,
  LEARNT_FIRST = 3
};

static double save_s; /* how long a save takes here */

static void learn(int n) {
  for (int i = 0; i < KILLED_HOSTS; i++)
    kept_feed((char[]){'h', (char)('0' + i), '\0'}, n, 1, 0);
}

/* A new host's first reading is judged with its third, for more of it might
 * come; one that was loaded is judged with each. */
static void learn_first(int n) {
  for (int i = 0; i < LEARNT_FIRST; i++)
    learn(n + i);
}

/* Behind the first file. */
static int round_begins(int round) { return ROUND_MAX * (round + 1); }

/* When the readings were that a round's numbered save is to hold. The parent's
 * own are those of the first file. */
static double to_be_saved_s(int round, int save) {
  int n = round_begins(round) + LEARNT_FIRST + save - 1;
  return kept_now_s() + 10.0 * (n - (LEARNT_FIRST - 1));
}

/* Tells of each save that begins. Learns nothing more when its round is over:
 * the next one begins there, however late the kill comes on a busy machine. */
static void learn_and_save_for_ever(int round, int tell) {
  int n = round_begins(round);
  kept_start(kept_now_s());
  learn_first(n);
  n += LEARNT_FIRST;
  for (;;) {
    if (n < round_begins(round + 1))
      learn(n++);
    if (write(tell, "", 1) != 1 || keeper_save(kept.keeper) != 0)
      _exit(EXIT_FAILURE);
  }
}

/* Killed at any moment from when it has begun that save of its own. */
static void kill_a_saver(int round, int in_save, struct random_load *random) {
  int status, told[2];
  char begun;
  ck_assert_int_eq(pipe(told), 0);
  pid_t pid = fork();
  if (pid == 0)
    learn_and_save_for_ever(round, told[1]);
  for (; in_save > 0; in_save--)
    ck_assert_int_eq(read(told[0], &begun, 1), 1);
  kept_pause(1.2 * save_s * random_unit(random));
  ck_assert_int_eq(kill(pid, SIGKILL), 0);
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert(WIFSIGNALED(status));
  close(told[0]);
  close(told[1]);
}

/* Leaves a file with all hosts. */
static void measure_a_save(void) {
  learn_first(0);
  double begun_s = kept_clock_s();
  for (int i = 0; i < 5; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  save_s = (kept_clock_s() - begun_s) / 5;
}

static void assert_no_complaint(void) {
  ck_assert_uint_eq(fake_log_count("<3>") + fake_log_count("<4>"), 0);
  fake_log_forget();
}

/* All hosts are loaded. Returns when they were seen last. */
static double look(void) {
  struct hosts_host host;
  ck_assert_uint_eq(hosts_count(kept.hosts), KILLED_HOSTS);
  hosts_at(kept.hosts, 0, &host);
  assert_no_complaint();
  return host.seen_s;
}

START_TEST(killed_in_any_moment_of_a_save_it_leaves_a_whole_file) {
  struct random_load random = {5};
  int half_done = 0, ended = 0, went_on = 0;
  double seen_s = 0;
  measure_a_save();
  for (int i = 0; i < KILLS; i++) {
    int in_save = 1 + (int)(random_bits(&random) % 3);
    kept_stop();
    kill_a_saver(i, in_save, &random);
    half_done += access(saved_beside, F_OK) == 0;
    kept_start(kept_now_s());
    double before_s = seen_s;
    seen_s = look();
    ck_assert_double_ge(seen_s, before_s);
    if (in_save > 1) /* the one before it has ended */
      ck_assert_double_ge(seen_s, to_be_saved_s(i, in_save - 1));
    ended += in_save > 1;
    went_on += seen_s > before_s;
  }
  printf("killed %d times: %d in the midst of a save; a newer file %d times\n",
         KILLS, half_done, went_on);
  ck_assert_int_ge(half_done, KILLS / 5);
  ck_assert_int_ge(ended, KILLS / 2); /* by the seed: two of three */
}
END_TEST

START_TEST(killed_in_its_first_save_of_all_it_leaves_none_or_a_whole_file) {
  struct random_load random = {6};
  measure_a_save();
  for (int i = 0; i < FIRST_KILLS; i++) {
    unlink(kept.rules.state_file);
    kept_stop();
    kill_a_saver(i, 1, &random);
    kept_start(kept_now_s());
    if (hosts_count(kept.hosts) > 0)
      look();
    assert_no_complaint();
  }
}
END_TEST

SUITE(keeper_kill) {
  Suite *suite = suite_create("keeper_kill");
  TCase *tcase = tcase_create("keeper_kill");

  tcase_add_checked_fixture(tcase, saved_setup, kept_teardown);
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, killed_in_any_moment_of_a_save_it_leaves_a_whole_file);
  tcase_add_test(
      tcase, killed_in_its_first_save_of_all_it_leaves_none_or_a_whole_file);
  suite_add_tcase(suite, tcase);
  return suite;
}
