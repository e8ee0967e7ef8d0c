/* keeper: what is saved when, what is loaded, and what is said about it. */
#include "allocations.h"
#include "kept_engine.h"
#include "scenes/suite.h"
#include "verdict/packed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(what_was_learnt_is_there_after_a_restart) {
  kept_feed("a", 0, 20, 0);
  kept_feed("b", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  struct hosts_host before, after;
  hosts_at(kept.hosts, 0, &before);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), 2);
  hosts_at(kept.hosts, 0, &after);
  ck_assert_str_eq(after.name, before.name);
  ck_assert_double_eq(after.seen_s, before.seen_s);
  ck_assert_double_eq(after.last.time_s, before.last.time_s);
  ck_assert_double_eq(after.judge.syn_flood.model.learnt,
                      before.judge.syn_flood.model.learnt);
  ck_assert_double_gt(after.judge.syn_flood.model.learnt, 0);
  ck_assert_uint_eq(fake_log_count("loaded 2 hosts and 0 series"), 1);
}
END_TEST

START_TEST(an_open_incident_stays_open_over_a_restart) {
  kept_feed("a", 0, 20, 0);
  kept_feed("a", 20, 4, 20000);
  ck_assert_uint_eq(kept.raised, 1);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  kept_restart(kept_now_s());
  kept_feed("a", 24, 4, 20000);
  ck_assert_uint_eq(kept.raised, 0);
  ck_assert_uint_eq(kept.cleared, 0);
  kept_feed("a", 28, 30, 0);
  ck_assert_uint_eq(kept.cleared, 1);
  ck_assert_uint_eq(kept.raised, 0);
}
END_TEST

/* Waits for what comes: long enough for the slowest machine. */
static const double far_s = 30;

static bool wait_for_file(void) {
  double limit_s = far_s;
  for (; access(kept.rules.state_file, F_OK) != 0; limit_s -= 0.01)
    if (limit_s <= 0)
      return false;
    else
      kept_pause(0.01);
  return true;
}

START_TEST(it_saves_again_and_again_at_the_interval) {
  kept_stop();
  kept.rules.save_interval_s = 1;
  double begun_s = kept_clock_s();
  kept_start(kept_now_s());
  kept_feed("a", 0, 3, 0);
  ck_assert(wait_for_file());
  ck_assert_double_ge(kept_clock_s() - begun_s, 1); /* not at its start */
  ck_assert_int_eq(unlink(kept.rules.state_file), 0);
  ck_assert(wait_for_file());
}
END_TEST

START_TEST(the_end_does_not_wait_for_the_interval) {
  kept_stop();
  kept.rules.save_interval_s = 86400;
  kept_start(kept_now_s());
  double begun_s = kept_clock_s();
  kept_restart(kept_now_s());
  ck_assert_double_lt(kept_clock_s() - begun_s, far_s);
}
END_TEST

START_TEST(without_a_file_nothing_is_saved) {
  kept_stop();
  strcpy(kept.rules.state_file, "");
  kept_start(kept_now_s());
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_str_eq(fake_log_text(), "");
}
END_TEST

START_TEST(a_missing_folder_is_said_once_and_so_is_its_return) {
  char inner[sizeof(kept.folder) + 16];
  snprintf(inner, sizeof(inner), "%s/gone", kept.folder);
  kept_stop();
  snprintf(kept.rules.state_file, sizeof(kept.rules.state_file), "%s/state",
           inner);
  kept_start(kept_now_s());
  for (int i = 0; i < 5; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), -ENOENT);
  ck_assert_uint_eq(fake_log_count("cannot save"), 1);
  ck_assert_int_eq(mkdir(inner, 0755), 0);
  for (int i = 0; i < 5; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_uint_eq(fake_log_count("is saved again"), 1);
  ck_assert_uint_eq(fake_log_count("baseline: "), 2);
}
END_TEST

/* Of a whole file: its first half, its middle, another one's beginning. */
enum { CUT, CHANGED, FOREIGN, EMPTY, DAMAGES };

static void damage(int how) {
  FILE *file = fopen(kept.rules.state_file, "r+");
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
  long length = ftell(file);
  ck_assert_int_gt(length, 100);
  ck_assert_int_eq(fseek(file, how == CHANGED ? length / 2 : 0, SEEK_SET), 0);
  if (how == CHANGED || how == FOREIGN)
    ck_assert_int_gt(fprintf(file, "\t#!/bin/sh\n"), 0);
  ck_assert_int_eq(fclose(file), 0);
  if (how == CUT || how == EMPTY)
    ck_assert_int_eq(
        truncate(kept.rules.state_file, how == CUT ? length / 2 : 0), 0);
}

START_TEST(a_damaged_file_is_set_aside_and_said) {
  char aside[sizeof(kept.rules.state_file) + 8];
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  damage(_i);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), 0);
  snprintf(aside, sizeof(aside), "%s.bad", kept.rules.state_file);
  ck_assert_int_eq(access(aside, F_OK), 0);
  ck_assert_int_ne(access(kept.rules.state_file, F_OK), 0);
  ck_assert_uint_eq(fake_log_count("learning starts over"), 1);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
}
END_TEST

START_TEST(a_folder_in_the_place_of_the_file_is_set_aside) {
  char aside[sizeof(kept.rules.state_file) + 8];
  struct stat is;
  ck_assert_int_eq(mkdir(kept.rules.state_file, 0755), 0);
  kept_restart(kept_now_s());
  snprintf(aside, sizeof(aside), "%s.bad", kept.rules.state_file);
  ck_assert_int_eq(stat(aside, &is), 0);
  ck_assert(S_ISDIR(is.st_mode));
  ck_assert_uint_eq(fake_log_count("learning starts over"), 1);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
}
END_TEST

START_TEST(a_host_is_loaded_up_to_max_age) {
  kept_feed("old", 0, 20, 0);
  double seen_s = kept_now_s();
  kept_feed("young", 60, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  kept_restart(seen_s + kept.rules.max_age_s + 60);
  ck_assert_uint_eq(hosts_count(kept.hosts), 1);
  struct hosts_host left;
  hosts_at(kept.hosts, 0, &left);
  ck_assert_str_eq(left.name, "young");
  ck_assert_uint_eq(fake_log_count("loaded 1 hosts"), 1);
  ck_assert_uint_eq(fake_log_count("1 were too old"), 1);
}
END_TEST

START_TEST(hosts_beyond_the_limit_are_not_loaded) {
  for (int i = 0; i < 5; i++)
    kept_feed((char[]){(char)('a' + i), '\0'}, 0, 3, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  kept_stop();
  kept.rules.max_hosts = 3;
  kept_start(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), 3);
  ck_assert_uint_eq(fake_log_count("loaded 3 hosts"), 1);
}
END_TEST

START_TEST(a_link_in_the_place_of_the_file_is_neither_read_nor_written) {
  char target[sizeof(kept.folder) + 16];
  struct stat is;
  snprintf(target, sizeof(target), "%s/target", kept.folder);
  FILE *file = fopen(target, "w");
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq(fclose(file), 0);
  ck_assert_int_eq(symlink(target, kept.rules.state_file), 0);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(fake_log_count("cannot be read"), 1);
  ck_assert_int_eq(keeper_save(kept.keeper), -ELOOP);
  ck_assert_int_eq(stat(target, &is), 0);
  ck_assert_int_eq(is.st_size, 0);
}
END_TEST

/* Memory for one host only, where it is short. */
static bool beyond_one_host(size_t size) {
  static const size_t slab = 32 * sizeof(struct packed_chunk);
  static unsigned slabs;
  bool is_slab = size >= slab && size < slab + sizeof(struct packed_chunk);
  return is_slab && ++slabs > 1;
}

START_TEST(a_file_that_was_loaded_in_part_is_not_written_over) {
  for (int i = 0; i < 3; i++)
    kept_feed((char[]){(char)('a' + i), '\0'}, 0, 3, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  allocations_refuse = beyond_one_host;
  kept_restart(kept_now_s());
  allocations_refuse = NULL;
  ck_assert_uint_eq(hosts_count(kept.hosts), 1);
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), -ENOMEM);
  ck_assert_uint_eq(fake_log_count("it stays as it is"), 1);
  ck_assert_uint_eq(fake_log_count("<3>"), 1);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), 3);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
}
END_TEST

/* A second keeper, as of another daemon: a lock is one of the open file. */
static struct keeper *another(void) {
  struct keeper_charge charge = {
      .rules = &kept.rules, .lock = &kept.lock, .engine = kept.engine};
  struct keeper *keeper;
  ck_assert_int_eq(keeper_create(&charge, kept_now_s(), &keeper), 0);
  return keeper;
}

START_TEST(of_two_with_one_file_the_second_says_so_and_does_not_save) {
  kept_feed("a", 0, 3, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  struct keeper *second = another();
  ck_assert_uint_eq(fake_log_count("another process has locked"), 1);
  ck_assert_int_eq(unlink(kept.rules.state_file), 0);
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(keeper_save(second), -EWOULDBLOCK);
  ck_assert_int_ne(access(kept.rules.state_file, F_OK), 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  keeper_destroy(kept.keeper);
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(keeper_save(second), 0);
  ck_assert_uint_eq(fake_log_count("another process has locked"), 1);
  ck_assert_uint_eq(fake_log_count("is saved again"), 1);
  kept.keeper = second;
}
END_TEST

START_TEST(the_second_moves_no_damaged_file_away_under_the_first) {
  char aside[sizeof(kept.rules.state_file) + 8];
  snprintf(aside, sizeof(aside), "%s.bad", kept.rules.state_file);
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  damage(CUT);
  struct keeper *second = another();
  ck_assert_uint_eq(fake_log_count("cannot be used"), 1);
  ck_assert_int_eq(access(kept.rules.state_file, F_OK), 0);
  ck_assert_int_ne(access(aside, F_OK), 0);
  keeper_destroy(second);
}
END_TEST

/* No lock can be had: a link stands in its place. */
START_TEST(without_a_lock_it_is_saved_all_the_same_and_said_once) {
  char lock[sizeof(kept.rules.state_file) + 8];
  snprintf(lock, sizeof(lock), "%s.lock", kept.rules.state_file);
  kept_stop();
  ck_assert_int_eq(unlink(lock), 0);
  ck_assert_int_eq(symlink("nowhere", lock), 0);
  kept_start(kept_now_s());
  kept_feed("a", 0, 3, 0);
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_uint_eq(fake_log_count("cannot lock"), 1);
  ck_assert_uint_eq(fake_log_count("baseline: "), 1);
}
END_TEST

START_TEST(a_trial_run_saves_moves_and_locks_nothing) {
  char other[sizeof(kept.rules.state_file) + 8];
  struct stat before, after;
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  if (_i == 1)
    damage(CUT);
  ck_assert_int_eq(stat(kept.rules.state_file, &before), 0);
  kept_stop();
  snprintf(other, sizeof(other), "%s.lock", kept.rules.state_file);
  ck_assert_int_eq(unlink(other), 0);
  kept.only_loads = true;
  kept_start(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), _i == 1 ? 0 : 1);
  ck_assert_uint_eq(fake_log_count("it stays as it is"), _i == 1);
  kept_feed("b", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_int_eq(stat(kept.rules.state_file, &after), 0);
  ck_assert_uint_eq(after.st_ino, before.st_ino);
  ck_assert_int_ne(access(other, F_OK), 0);
}
END_TEST

/* Root reads everything: the keeper is another user then. */
START_TEST(one_that_may_not_be_read_is_no_damage) {
  struct stat before, after;
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  kept_stop();
  ck_assert_int_eq(chmod(kept.rules.state_file, 0), 0);
  ck_assert_int_eq(chmod(kept.folder, 0777), 0);
  ck_assert_int_eq(stat(kept.rules.state_file, &before), 0);
  const uid_t self = geteuid();
  if (self == 0)
    ck_assert_int_eq(seteuid(65534), 0);
  kept_start(kept_now_s());
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), -EACCES);
  ck_assert_int_eq(seteuid(self), 0);
  ck_assert_uint_eq(
      fake_log_count("cannot be loaded now: Permission denied; it stays"), 1);
  ck_assert_uint_eq(fake_log_count("<3>"), 1);
  ck_assert_int_eq(stat(kept.rules.state_file, &after), 0);
  ck_assert_uint_eq(after.st_ino, before.st_ino);
  ck_assert_int_eq(chmod(kept.rules.state_file, 0640), 0);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), 1);
}
END_TEST

START_TEST(what_is_written_can_be_read) {
  char name[16];
  struct stat is;
  kept_stop();
  kept.size_max = 64 * 1024;
  kept_start(kept_now_s());
  for (int i = 0; i < 50; i++) {
    snprintf(name, sizeof(name), "host-%d", i);
    kept_feed(name, 0, 5, 0);
  }
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_int_eq(stat(kept.rules.state_file, &is), 0);
  ck_assert_int_le(is.st_size, 64 * 1024);
  ck_assert_uint_eq(fake_log_count("is full (at most 1 GiB)"), 1);
  kept_restart(kept_now_s());
  ck_assert_uint_gt(hosts_count(kept.hosts), 10);
  ck_assert_uint_lt(hosts_count(kept.hosts), 50);
  ck_assert_uint_eq(fake_log_count("learning starts over"), 0);
}
END_TEST

START_TEST(the_limit_is_said_at_the_start) {
  struct rules_block block;
  char error[RULES_ERROR_MAX];
  ck_assert_uint_eq(fake_log_count("can hold"), 0);
  kept_stop();
  kept.rules.max_watched = 10000000;
  kept_start(kept_now_s());
  ck_assert_uint_eq(fake_log_count("can hold"), 0); /* nothing is watched */
  kept_stop();
  ck_assert_int_eq(rules_open(&kept.rules, "Watch", "w", &block, error), 0);
  kept_start(kept_now_s());
  ck_assert_uint_eq(fake_log_count("MaxWatched 10000000 are more than"), 1);
}
END_TEST

static void save_from_the_log(const char *line) {
  static _Thread_local bool inside;
  if (inside || strstr(line, "cannot save") == NULL)
    return;
  inside = true;
  keeper_save(kept.keeper);
  inside = false;
}

START_TEST(a_log_handler_may_come_back_in) {
  kept_stop();
  snprintf(kept.rules.state_file, sizeof(kept.rules.state_file), "%s/no/file",
           kept.folder);
  kept_start(kept_now_s());
  fake_on_log(save_from_the_log);
  ck_assert_int_eq(keeper_save(kept.keeper), -ENOENT);
  ck_assert_uint_eq(fake_log_count("cannot save"), 1);
}
END_TEST

SUITE(keeper) {
  Suite *suite = suite_create("keeper");
  TCase *tcase = tcase_create("keeper");

  tcase_add_checked_fixture(tcase, kept_setup, kept_teardown);
  tcase_set_timeout(tcase, 3 * far_s);
  tcase_add_test(tcase, what_was_learnt_is_there_after_a_restart);
  tcase_add_test(tcase, an_open_incident_stays_open_over_a_restart);
  tcase_add_test(tcase, it_saves_again_and_again_at_the_interval);
  tcase_add_test(tcase, the_end_does_not_wait_for_the_interval);
  tcase_add_test(tcase, without_a_file_nothing_is_saved);
  tcase_add_test(tcase, a_missing_folder_is_said_once_and_so_is_its_return);
  tcase_add_loop_test(tcase, a_damaged_file_is_set_aside_and_said, 0, DAMAGES);
  tcase_add_test(tcase, a_folder_in_the_place_of_the_file_is_set_aside);
  tcase_add_test(tcase, a_host_is_loaded_up_to_max_age);
  tcase_add_test(tcase, hosts_beyond_the_limit_are_not_loaded);
  tcase_add_test(tcase,
                 a_link_in_the_place_of_the_file_is_neither_read_nor_written);
  tcase_add_test(tcase, a_file_that_was_loaded_in_part_is_not_written_over);
  tcase_add_test(tcase,
                 of_two_with_one_file_the_second_says_so_and_does_not_save);
  tcase_add_test(tcase, the_second_moves_no_damaged_file_away_under_the_first);
  tcase_add_test(tcase, without_a_lock_it_is_saved_all_the_same_and_said_once);
  tcase_add_loop_test(tcase, a_trial_run_saves_moves_and_locks_nothing, 0, 2);
  tcase_add_test(tcase, one_that_may_not_be_read_is_no_damage);
  tcase_add_test(tcase, what_is_written_can_be_read);
  tcase_add_test(tcase, the_limit_is_said_at_the_start);
  tcase_add_test(tcase, a_log_handler_may_come_back_in);
  suite_add_tcase(suite, tcase);
  return suite;
}
