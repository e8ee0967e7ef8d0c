/* keeper: the plugin's lock is held briefly, never over the disk, and values
 * come in from five threads meanwhile. */
#include "kept_engine.h"
#include "saved_file.h"

#include "scenes/random_load.h"
#include "scenes/suite.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  THREADS = 5,
  HOSTS_EACH = 20,
  SNAPSHOTS = 20,
  MANY = 20000,
  FED_MEANWHILE = 47
};
static const double longest_s = 0.010;

static atomic_bool stop, saved;

static void *feed_some(void *number) {
  char host[32];
  for (int n = 0; n < SNAPSHOTS; n++)
    for (int i = 0; i < HOSTS_EACH; i++) {
      snprintf(host, sizeof(host), "host-%d-%d", *(int *)number, i);
      kept_feed(host, n, 1, 0);
    }
  return NULL;
}

static void start_feeding(pthread_t *threads) {
  static int numbers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    numbers[i] = i;
    ck_assert_int_eq(pthread_create(&threads[i], NULL, feed_some, &numbers[i]),
                     0);
  }
}

static void join_all(pthread_t *threads) {
  for (int i = 0; i < THREADS; i++)
    ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
}

START_TEST(it_saves_whole_states_while_values_come_in) {
  pthread_t threads[THREADS];
  start_feeding(threads);
  for (int i = 0; i < 10; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  join_all(threads);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), THREADS * HOSTS_EACH);
  for (size_t i = 0; i < THREADS * HOSTS_EACH; i++) {
    struct hosts_host host;
    hosts_at(kept.hosts, i, &host);
    ck_assert_double_eq(host.last.time_s, kept_now_s());
  }
}
END_TEST

static void *save_often(void *unused) {
  while (!stop)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  return unused;
}

START_TEST(two_who_save_at_once_and_the_interval_do_not_disturb_each_other) {
  pthread_t threads[THREADS], savers[2];
  kept_stop();
  kept.rules.save_interval_s = 1;
  kept_start(kept_now_s());
  for (int i = 0; i < 2; i++)
    ck_assert_int_eq(pthread_create(&savers[i], NULL, save_often, NULL), 0);
  start_feeding(threads);
  join_all(threads);
  kept_pause(1.2);
  stop = true;
  for (int i = 0; i < 2; i++)
    ck_assert_int_eq(pthread_join(savers[i], NULL), 0);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), THREADS * HOSTS_EACH);
  ck_assert_uint_eq(fake_log_count("cannot"), 0);
}
END_TEST

static void *save_once(void *unused) {
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved = true;
  return unused;
}

/* The disk does not answer before the values are in: where they have to wait
 * for it, that is for ever. */
static unsigned feed_at_each_call_of_the_disk(void) {
  unsigned calls = 0;
  for (int n = 3; !saved;)
    if (held_locks_disk_waits()) {
      kept_feed("a", n, FED_MEANWHILE, 0);
      n += FED_MEANWHILE;
      calls++;
      held_locks_let_through();
    } else
      kept_pause(0.001);
  return calls;
}

START_TEST(a_slow_disk_holds_up_nobody_but_the_one_who_saves) {
  pthread_t saver;
  kept_feed("a", 0, 3, 0);
  held_locks_close_disk();
  ck_assert_int_eq(pthread_create(&saver, NULL, save_once, NULL), 0);
  /* The text is written, its file is synced, then the folder. */
  ck_assert_uint_ge(feed_at_each_call_of_the_disk(), 3);
  ck_assert_int_eq(pthread_join(saver, NULL), 0);
}
END_TEST

START_TEST(the_lock_is_held_briefly_and_never_over_the_disk) {
  char host[32];
  for (int i = 0; i < MANY; i++) {
    snprintf(host, sizeof(host), "host-%d.example", i);
    kept_feed(host, 0, 3, 0);
  }
  held_locks_watch(&kept.lock);
  double begun_s = kept_clock_s();
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  printf("%d hosts: saved in %.2f s, longest hold of the lock %.3f ms\n", MANY,
         kept_clock_s() - begun_s, 1000 * held_locks_longest_s());
  ck_assert_double_gt(held_locks_longest_s(), 0);
  ck_assert_double_le(held_locks_longest_s(), longest_s);
  ck_assert_uint_eq(held_locks_disk_calls(), 0);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), MANY);
}
END_TEST

START_TEST(the_watch_sees_a_write_under_the_lock) {
  FILE *file = fopen("/dev/null", "w");
  ck_assert_ptr_nonnull(file);
  held_locks_watch(&kept.lock);
  pthread_mutex_lock(&kept.lock);
  ck_assert_int_eq(fsync(fileno(file)), -1);
  pthread_mutex_unlock(&kept.lock);
  ck_assert_int_eq(fclose(file), 0);
  ck_assert_uint_eq(held_locks_disk_calls(), 1);
}
END_TEST

SUITE(keeper_lock) {
  Suite *suite = suite_create("keeper_lock");
  TCase *tcase = tcase_create("keeper_lock");

  tcase_add_checked_fixture(tcase, kept_setup, kept_teardown);
  tcase_set_timeout(tcase, 20);
  tcase_add_test(tcase, it_saves_whole_states_while_values_come_in);
  tcase_add_test(
      tcase, two_who_save_at_once_and_the_interval_do_not_disturb_each_other);
  tcase_add_test(tcase, a_slow_disk_holds_up_nobody_but_the_one_who_saves);
  tcase_add_test(tcase, the_lock_is_held_briefly_and_never_over_the_disk);
  tcase_add_test(tcase, the_watch_sees_a_write_under_the_lock);
  suite_add_tcase(suite, tcase);
  return suite;
}

/* keeper: kill -9 two hundred times, in any moment of a save: each time there
 * is a whole file that loads, never an older one than before, and a newer one
 * where a save had ended. */

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
