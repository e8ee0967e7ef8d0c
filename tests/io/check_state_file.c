/* state_file: whole or not there; never through a link. */
#define _GNU_SOURCE
#include "scenes/state_folder.h"
#include "scenes/suite.h"

#include <errno.h>

START_TEST(what_is_committed_is_read) {
  ck_assert_int_eq(save("one\n"), 0);
  assert_holds("one\n");
  ck_assert_int_eq(save(""), 0);
  assert_holds("");
  assert_nothing_beside();
}
END_TEST

START_TEST(a_file_of_any_length_is_written_whole) {
  static const size_t sizes[] = {16383, 16384, 16385, 1000003};
  char *long_text = malloc(sizes[_i] + 1);
  for (size_t i = 0; i < sizes[_i]; i++)
    long_text[i] = (char)('a' + i % 26);
  long_text[sizes[_i]] = '\0';
  ck_assert_int_eq(state_file_begin(&file, path), 0);
  for (size_t at = 0; at < sizes[_i]; at += 777)
    ck_assert_int_eq(
        state_file_append(&file, long_text + at,
                          at + 777 < sizes[_i] ? 777 : sizes[_i] - at),
        0);
  ck_assert_int_eq(state_file_commit(&file), 0);
  assert_holds(long_text);
  free(long_text);
}
END_TEST

START_TEST(the_old_one_stays_until_the_commit) {
  ck_assert_int_eq(save("old"), 0);
  ck_assert_int_eq(state_file_begin(&file, path), 0);
  ck_assert_int_eq(state_file_append(&file, "new", 3), 0);
  assert_holds("old");
  ck_assert_int_eq(state_file_commit(&file), 0);
  assert_holds("new");
}
END_TEST

START_TEST(what_is_abandoned_leaves_no_trace) {
  ck_assert_int_eq(save("old"), 0);
  ck_assert_int_eq(state_file_begin(&file, path), 0);
  ck_assert_int_eq(state_file_append(&file, "new", 3), 0);
  state_file_abandon(&file);
  assert_holds("old");
  assert_nothing_beside();
}
END_TEST

START_TEST(others_may_not_read_it) {
  struct stat is;
  umask(0);
  ck_assert_int_eq(save("secret"), 0);
  ck_assert_int_eq(stat(path, &is), 0);
  ck_assert_int_eq(is.st_mode & 07777, 0640);
}
END_TEST

/* As its owner made it: 0644 that others may look, or 0600. */
START_TEST(a_new_version_keeps_the_mode) {
  static const mode_t modes[] = {0600, 0644, 0660, 0640};
  struct stat is;
  ck_assert_int_eq(save("old"), 0);
  ck_assert_int_eq(chmod(path, modes[_i]), 0);
  ck_assert_int_eq(save("new"), 0);
  ck_assert_int_eq(stat(path, &is), 0);
  ck_assert_int_eq(is.st_mode & 07777, modes[_i]);
}
END_TEST

static void assert_owner(const char *name, uid_t uid, gid_t gid) {
  struct stat is;
  ck_assert_int_eq(stat(name, &is), 0);
  ck_assert_uint_eq(is.st_uid, uid);
  ck_assert_uint_eq(is.st_gid, gid);
}

/* Root writes for a daemon of another user: with an old version, and where the
 * folder alone says whose it is. */
START_TEST(what_root_writes_is_the_daemons) {
  char lock[160];
  int fd = -1;
  if (geteuid() != 0) {
    puts("left out, for it needs root: a file of another user");
    return;
  }
  snprintf(lock, sizeof(lock), "%s.lock", path);
  ck_assert_int_eq(chown(folder, 1234, 1235), 0);
  ck_assert_int_eq(save("first"), 0);
  assert_owner(path, 1234, 1235);
  ck_assert_int_eq(chown(path, 1236, 1237), 0);
  ck_assert_int_eq(save("second"), 0);
  assert_owner(path, 1236, 1237);
  ck_assert_int_eq(state_file_lock(path, &fd), 0);
  assert_owner(lock, 1236, 1237);
  state_file_unlock(fd);
}
END_TEST

/* Or whoever owns the folder would get any file of root's. */
START_TEST(a_lock_that_is_found_is_nobodys_to_give_away) {
  char lock[160], other[160];
  int fd = -1;
  if (geteuid() != 0)
    return;
  snprintf(lock, sizeof(lock), "%s.lock", path);
  snprintf(other, sizeof(other), "%s/other", folder);
  put(other, "");
  ck_assert_int_eq(chown(folder, 1234, 1235), 0);
  ck_assert_int_eq(link(other, lock), 0);
  ck_assert_int_eq(state_file_lock(path, &fd), 0);
  assert_owner(other, 0, 0);
  state_file_unlock(fd);
  ck_assert_int_eq(unlink(lock), 0);
  ck_assert_int_eq(symlink(other, lock), 0);
  ck_assert_int_eq(state_file_lock(path, &fd), -ELOOP);
}
END_TEST

START_TEST(one_at_a_time_has_the_lock) {
  int first = -1, second = -1;
  ck_assert_int_eq(state_file_lock(path, &first), 0);
  ck_assert_int_eq(state_file_lock(path, &second), -EWOULDBLOCK);
  ck_assert_int_eq(second, -1);
  state_file_unlock(first);
  ck_assert_int_eq(state_file_lock(path, &second), 0);
  state_file_unlock(second);
  state_file_unlock(-1);
}
END_TEST

START_TEST(left_over_from_a_crash_it_is_written_over) {
  put(beside, "half of a sta");
  ck_assert_int_eq(save("whole"), 0);
  assert_holds("whole");
  assert_nothing_beside();
}
END_TEST

START_TEST(no_link_in_its_place_is_followed) {
  char target[160];
  snprintf(target, sizeof(target), "%s/target", folder);
  put(target, "precious");
  ck_assert_int_eq(symlink(target, path), 0);
  ck_assert_int_eq(state_file_read(path, &text, &length), -ELOOP);
  ck_assert_int_eq(state_file_begin(&file, path), -ELOOP);
  assert_nothing_beside();
  ck_assert_int_eq(unlink(path), 0);
  ck_assert_int_eq(rename(target, path), 0);
  assert_holds("precious");
}
END_TEST

START_TEST(a_link_put_there_while_it_writes_is_not_followed) {
  char target[160];
  snprintf(target, sizeof(target), "%s/target", folder);
  put(target, "precious");
  ck_assert_int_eq(state_file_begin(&file, path), 0);
  ck_assert_int_eq(symlink(target, path), 0);
  ck_assert_int_eq(state_file_commit(&file), -ELOOP);
  assert_nothing_beside();
  ck_assert_int_eq(rename(target, path), 0);
  assert_holds("precious");
}
END_TEST

START_TEST(no_link_beside_it_is_followed) {
  char target[160];
  snprintf(target, sizeof(target), "%s/target", folder);
  put(target, "precious");
  ck_assert_int_eq(symlink(target, beside), 0);
  ck_assert_int_eq(save("new"), 0);
  assert_holds("new");
  ck_assert_int_eq(rename(target, path), 0);
  assert_holds("precious");
}
END_TEST

START_TEST(without_a_folder_it_says_so) {
  snprintf(path, sizeof(path), "%s/missing/state", folder);
  ck_assert_int_eq(save("new"), -ENOENT);
  ck_assert_int_eq(state_file_read(path, &text, &length), -ENOENT);
  ck_assert_int_eq(state_file_set_aside(path), -ENOENT);
  ck_assert_ptr_null(text);
}
END_TEST

START_TEST(a_folder_or_a_pipe_in_its_place_is_no_file) {
  ck_assert_int_eq(_i ? mkfifo(path, 0600) : mkdir(path, 0700), 0);
  ck_assert_int_eq(state_file_read(path, &text, &length), -EINVAL);
  if (_i == 0)
    ck_assert_int_eq(save("new"), -EISDIR);
  assert_nothing_beside();
}
END_TEST

START_TEST(a_folder_beside_it_is_an_error) {
  ck_assert_int_eq(save("old"), 0);
  ck_assert_int_eq(mkdir(beside, 0700), 0);
  ck_assert_int_eq(save("new"), -EISDIR);
  assert_holds("old");
}
END_TEST

START_TEST(a_path_that_is_too_long_is_refused) {
  char longer[STATE_FILE_PATH_MAX + 2];
  memset(longer, 'x', sizeof(longer) - 1);
  longer[sizeof(longer) - 1] = '\0';
  ck_assert_int_eq(state_file_begin(&file, longer), -ENAMETOOLONG);
  ck_assert_int_eq(state_file_read(longer, &text, &length), -ENAMETOOLONG);
}
END_TEST

START_TEST(a_name_without_a_folder_is_one_of_this_folder) {
  ck_assert_int_eq(chdir(folder), 0);
  ck_assert_int_eq(state_file_begin(&file, "state"), 0);
  ck_assert_int_eq(state_file_append(&file, "here", 4), 0);
  ck_assert_int_eq(state_file_commit(&file), 0);
  assert_holds("here");
}
END_TEST

START_TEST(a_file_of_no_use_is_set_aside) {
  put(bad, "older");
  ck_assert_int_eq(save("damaged"), 0);
  ck_assert_int_eq(state_file_set_aside(path), 0);
  ck_assert_int_eq(state_file_read(path, &text, &length), -ENOENT);
  ck_assert_int_eq(rename(bad, path), 0);
  assert_holds("damaged");
}
END_TEST

SUITE(state_file) {
  Suite *suite = suite_create("state_file");
  TCase *tcase = tcase_create("state_file");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, what_is_committed_is_read);
  tcase_add_loop_test(tcase, a_file_of_any_length_is_written_whole, 0, 4);
  tcase_add_test(tcase, the_old_one_stays_until_the_commit);
  tcase_add_test(tcase, what_is_abandoned_leaves_no_trace);
  tcase_add_test(tcase, others_may_not_read_it);
  tcase_add_loop_test(tcase, a_new_version_keeps_the_mode, 0, 4);
  tcase_add_test(tcase, what_root_writes_is_the_daemons);
  tcase_add_test(tcase, a_lock_that_is_found_is_nobodys_to_give_away);
  tcase_add_test(tcase, one_at_a_time_has_the_lock);
  tcase_add_test(tcase, left_over_from_a_crash_it_is_written_over);
  tcase_add_test(tcase, no_link_in_its_place_is_followed);
  tcase_add_test(tcase, a_link_put_there_while_it_writes_is_not_followed);
  tcase_add_test(tcase, no_link_beside_it_is_followed);
  tcase_add_test(tcase, without_a_folder_it_says_so);
  tcase_add_loop_test(tcase, a_folder_or_a_pipe_in_its_place_is_no_file, 0, 2);
  tcase_add_test(tcase, a_folder_beside_it_is_an_error);
  tcase_add_test(tcase, a_path_that_is_too_long_is_refused);
  tcase_add_test(tcase, a_name_without_a_folder_is_one_of_this_folder);
  tcase_add_test(tcase, a_file_of_no_use_is_set_aside);
  suite_add_tcase(suite, tcase);
  return suite;
}
