/* recorder: the file of incidents beside the state. It survives restarts, is
 * never written over when it may be good, and costs the state nothing. */
#define _GNU_SOURCE
#include "saved_file.h"

#include "scenes/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FLOOD = 20000 };

static char path[sizeof(kept.rules.state_file) + 16];
static char bad[sizeof(path) + 8];
static struct record_incident seen;

static void setup(void) {
  kept.records = true;
  saved_setup();
  snprintf(path, sizeof(path), "%s.incidents", kept.rules.state_file);
  snprintf(bad, sizeof(bad), "%s.bad", path);
}

static const struct record_incident *only(void) {
  ck_assert_uint_eq(record_count(kept.record), 1);
  record_copy(kept.record, 0, &seen, 1);
  return &seen;
}

/* Twenty quiet readings, then a flood that stays open. */
static void raise_one(void) {
  kept_feed("a", 0, 20, 0);
  kept_feed("a", 20, 4, FLOOD);
  ck_assert_uint_eq(kept.raised, 1);
}

static void save(void) { ck_assert_int_eq(keeper_save(kept.keeper), 0); }

static size_t lines_with(const char *words) {
  size_t count = 0;
  for (const char *at = saved_text(path, NULL); (at = strstr(at, words));
       at += strlen(words))
    count++;
  return count;
}

START_TEST(what_was_open_is_there_after_a_restart_and_ends_there) {
  raise_one();
  double begin_s = only()->begin_s;
  save();
  kept_restart(kept_now_s());
  ck_assert_int_eq(only()->end, RECORD_OPEN);
  kept_feed("a", 24, 4, FLOOD);
  kept_feed("a", 28, 30, 0);
  ck_assert_uint_eq(kept.cleared, 1);
  kept_restart(kept_now_s());
  ck_assert_int_eq(only()->end, RECORD_CLEARED);
  ck_assert_double_eq_tol(seen.begin_s, begin_s, 0.01);
  ck_assert_double_gt(seen.end_s, begin_s);
  ck_assert_str_eq(seen.host, "a");
  ck_assert_ptr_nonnull(strstr(seen.first, "syn_flood"));
  ck_assert_ptr_nonnull(strstr(seen.last, "syn_flood over"));
}
END_TEST

/* The end itself writes it, without a save. */
START_TEST(the_last_thing_that_is_written_says_that_the_daemon_ended) {
  raise_one();
  save();
  ck_assert_uint_eq(lines_with(" running\n"), 1);
  kept_feed("a", 24, 30, 0);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(lines_with(" stopped\n"), 1);
  ck_assert_uint_eq(lines_with(" why=cleared "), 1);
}
END_TEST

/* A crash: the state is older than the incident. */
START_TEST(what_the_state_does_not_know_of_ended_unknown) {
  kept_feed("a", 0, 20, 0);
  save();
  char *state = strdup(saved_text(kept.rules.state_file, NULL));
  kept_feed("a", 20, 4, FLOOD);
  save();
  kept_stop();
  saved_put(kept.rules.state_file, state, strlen(state));
  kept_start(kept_now_s());
  ck_assert_int_eq(only()->end, RECORD_UNKNOWN);
  ck_assert_double_eq_tol(seen.end_s, kept.last_s, 0.01);
  free(state);
}
END_TEST

START_TEST(without_an_incident_there_is_an_empty_record) {
  kept_feed("a", 0, 20, 0);
  save();
  ck_assert_uint_eq(lines_with("end 0\n"), 1);
}
END_TEST

START_TEST(what_has_not_changed_is_not_written_again) {
  struct stat before, after;
  raise_one();
  kept_feed("a", 24, 30, 0);
  save();
  ck_assert_int_eq(stat(path, &before), 0);
  kept_feed("a", 54, 30, 0);
  save();
  ck_assert_int_eq(stat(path, &after), 0);
  ck_assert_uint_eq(after.st_ino, before.st_ino);
  kept_feed("a", 84, 4, FLOOD);
  save();
  ck_assert_int_eq(stat(path, &after), 0);
  ck_assert_uint_ne(after.st_ino, before.st_ino);
}
END_TEST

START_TEST(it_has_the_mode_and_the_place_of_the_state) {
  struct stat is;
  raise_one();
  save();
  ck_assert_int_eq(stat(path, &is), 0);
  ck_assert_uint_eq(is.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_trial_run_writes_nothing) {
  kept_stop();
  ck_assert_int_eq(unlink(path), 0); /* of the keeper before */
  kept.only_loads = true;
  kept_start(kept_now_s());
  raise_one();
  save();
  kept_stop();
  ck_assert_int_ne(access(path, F_OK), 0);
  kept.only_loads = false;
  kept_start(kept_now_s());
}
END_TEST

START_TEST(a_trial_run_leaves_a_damaged_one_alone) {
  kept_stop();
  saved_put(path, "not ours", 8);
  kept.only_loads = true;
  kept_start(kept_now_s());
  kept_stop();
  saved_assert(path, "not ours");
  kept.only_loads = false;
  kept_start(kept_now_s());
}
END_TEST

START_TEST(what_another_process_has_locked_is_not_written) {
  kept_stop();
  int ready[2];
  ck_assert_int_eq(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    kept_start(kept_now_s());
    (void)!write(ready[1], "x", 1);
    pause();
    _exit(0);
  }
  char byte;
  ck_assert_int_eq(read(ready[0], &byte, 1), 1);
  unlink(path);
  kept_start(kept_now_s());
  raise_one();
  ck_assert_int_eq(keeper_save(kept.keeper), -EWOULDBLOCK);
  ck_assert_int_ne(access(path, F_OK), 0);
  kill(child, SIGKILL);
  ck_assert_int_eq(waitpid(child, NULL, 0), child);
  save();
  ck_assert_uint_eq(lines_with("\nincident "), 1);
}
END_TEST

START_TEST(a_damaged_line_is_set_aside_and_the_others_stay) {
  raise_one();
  kept_feed("a", 24, 30, 0);
  kept_feed("b", 0, 20, 0);
  kept_feed("b", 20, 4, FLOOD);
  save();
  kept_stop();
  char *text = strdup(saved_text(path, NULL));
  char *line = strstr(text, "host=\"a\"");
  ck_assert_ptr_nonnull(line);
  line[6] = 'x';
  saved_put(path, text, strlen(text));
  kept_start(kept_now_s());
  ck_assert_str_eq(only()->host, "b");
  ck_assert_int_eq(seen.end, RECORD_OPEN);
  saved_assert(bad, text);
  ck_assert_uint_eq(fake_log_count("1 lines are damaged or missing"), 1);
  save();
  ck_assert_uint_eq(lines_with("\nincident "), 1);
  saved_assert(bad, text);
  free(text);
}
END_TEST

static const char *const foreign[] = {
    "not ours\n", "", "collectd-baseline incidents 2\nincident x=1\nend 1\n",
    "collectd-baseline state 2\n"};

START_TEST(what_is_no_record_is_kept_as_bad) {
  kept_stop();
  saved_put(path, foreign[_i], strlen(foreign[_i]));
  kept_start(kept_now_s());
  ck_assert_int_eq(access(bad, F_OK), 0);
  saved_assert(bad, foreign[_i]);
  ck_assert_uint_eq(fake_log_count("record of incidents"), 1);
  raise_one();
  save();
  ck_assert_uint_eq(lines_with("\nincident "), 1);
  saved_assert(bad, foreign[_i]);
}
END_TEST

START_TEST(a_link_in_its_place_is_neither_read_nor_followed) {
  char target[128];
  kept_stop();
  snprintf(target, sizeof(target), "%s/target", kept.folder);
  saved_put(target, "precious", 8);
  unlink(path);
  ck_assert_int_eq(symlink(target, path), 0);
  kept_start(kept_now_s());
  raise_one();
  save(); /* of the state */
  saved_assert(target, "precious");
  ck_assert_uint_eq(fake_log_count("cannot write the record"), 1);
  save();
  ck_assert_uint_eq(fake_log_count("cannot write the record"), 1);
  ck_assert_int_eq(unlink(path), 0);
  save();
  ck_assert_uint_eq(fake_log_count("is written again"), 1);
  ck_assert_uint_eq(lines_with("\nincident "), 1);
}
END_TEST

static void mount_folder(const char *options) {
  ck_assert_int_eq(mount("none", kept.folder, "tmpfs", 0, options), 0);
}

/* The record does not fit, and the state is saved all the same; when there is
 * room again, nothing is missing. */
START_TEST(on_a_full_disk_nothing_else_is_lost) {
  static char ballast[1 << 20];
  char other[128];
  if (unshare(CLONE_NEWNS) != 0 ||
      mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
    puts("left out, for it needs root: a file system of its own");
    return;
  }
  kept_stop();
  mount_folder("size=128k");
  kept_start(kept_now_s());
  raise_one();
  save();
  char *before = strdup(saved_text(path, NULL));
  kept_feed("a", 24, 30, 0);
  snprintf(other, sizeof(other), "%s/ballast", kept.folder);
  int fd = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ck_assert_int_ge(fd, 0);
  while (write(fd, ballast, sizeof(ballast)) > 0)
    ;
  close(fd);
  ck_assert_int_eq(keeper_save(kept.keeper), -ENOSPC);
  saved_assert(path, before);
  ck_assert_uint_eq(fake_log_count("cannot write the record"), 1);
  ck_assert_int_eq(unlink(other), 0);
  save();
  ck_assert_uint_eq(lines_with(" why=cleared "), 1);
  ck_assert_int_eq(umount2(kept.folder, MNT_DETACH), 0);
  free(before);
}
END_TEST

START_TEST(nothing_is_written_under_the_lock) {
  held_locks_watch(&kept.lock);
  raise_one();
  for (int i = 0; i < 10; i++) {
    kept_feed("a", 24 + i, 1, FLOOD);
    save();
  }
  ck_assert_uint_gt(held_locks_holds(), 0);
  ck_assert_uint_eq(held_locks_disk_calls(), 0);
}
END_TEST

START_TEST(what_is_older_than_keep_incidents_is_left_out) {
  raise_one();
  kept_feed("a", 24, 30, 0);
  kept_stop();
  ck_assert_uint_eq(lines_with("\nincident "), 1);
  kept.rules.keep_incidents_s = 1;
  kept_start(kept.last_s + 3600);
  ck_assert_uint_eq(record_count(kept.record), 0);
}
END_TEST

SUITE(recorder) {
  Suite *suite = suite_create("recorder");
  TCase *tests = tcase_create("recorder");
  tcase_add_checked_fixture(tests, setup, kept_teardown);
  tcase_set_timeout(tests, 30);
  tcase_add_test(tests, what_was_open_is_there_after_a_restart_and_ends_there);
  tcase_add_test(tests,
                 the_last_thing_that_is_written_says_that_the_daemon_ended);
  tcase_add_test(tests, what_the_state_does_not_know_of_ended_unknown);
  tcase_add_test(tests, without_an_incident_there_is_an_empty_record);
  tcase_add_test(tests, what_has_not_changed_is_not_written_again);
  tcase_add_test(tests, it_has_the_mode_and_the_place_of_the_state);
  tcase_add_test(tests, a_trial_run_writes_nothing);
  tcase_add_test(tests, a_trial_run_leaves_a_damaged_one_alone);
  tcase_add_test(tests, what_another_process_has_locked_is_not_written);
  tcase_add_test(tests, a_damaged_line_is_set_aside_and_the_others_stay);
  tcase_add_loop_test(tests, what_is_no_record_is_kept_as_bad, 0,
                      sizeof(foreign) / sizeof(foreign[0]));
  tcase_add_test(tests, a_link_in_its_place_is_neither_read_nor_followed);
  tcase_add_test(tests, on_a_full_disk_nothing_else_is_lost);
  tcase_add_test(tests, nothing_is_written_under_the_lock);
  tcase_add_test(tests, what_is_older_than_keep_incidents_is_left_out);
  suite_add_tcase(suite, tests);
  return suite;
}
