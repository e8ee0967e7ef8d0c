/* keeper: the plugin's lock is held briefly, never over the disk, and values
 * come in from five threads meanwhile. */
#include "kept_engine.h"
#include "scenes/suite.h"

#include <stdatomic.h>
#include <stdio.h>
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
