/* keeper: links in any place, folders that are missing, full or read-only: what
 * was saved stays, it is said once, learning goes on, and the next save after
 * it was mended succeeds. What needs a mount is left out without root. */
#define _GNU_SOURCE
#include "saved_file.h"
#include "scenes/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the place of the file: a link to what others need, to nothing, to a
 * folder, to itself. */
enum { TO_FILE, TO_SYSTEM, TO_NOTHING, TO_FOLDER, TO_ITSELF, LINKS };

static void link_in_its_place(int to, char *target, size_t size) {
  static const char *const names[] = {"/target", NULL, "/nothing", "",
                                      "/state"};
  if (to == TO_SYSTEM)
    snprintf(target, size, "/etc/passwd");
  else
    snprintf(target, size, "%s%s", kept.folder, names[to]);
  if (to == TO_FILE)
    saved_put(target, "precious", 8);
  ck_assert_int_eq(symlink(target, kept.rules.state_file), 0);
}

static void assert_same(const struct stat *before, const struct stat *after) {
  ck_assert_uint_eq(after->st_ino, before->st_ino);
  if (S_ISDIR(before->st_mode)) /* the one we work in */
    return;
  ck_assert_int_eq(after->st_mtim.tv_sec, before->st_mtim.tv_sec);
  ck_assert_int_eq(after->st_mtim.tv_nsec, before->st_mtim.tv_nsec);
  ck_assert_int_eq(after->st_size, before->st_size);
}

START_TEST(a_link_in_its_place_is_neither_read_nor_followed_nor_moved) {
  char target[128];
  struct stat before = {0}, after = {0};
  link_in_its_place(_i, target, sizeof(target));
  int existed = lstat(target, &before);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(fake_log_count("it is a symbolic link"), 1);
  ck_assert_uint_eq(fake_log_count("<"), 1);
  saved_assert_fails(-ELOOP);
  ck_assert_int_eq(lstat(target, &after), existed);
  assert_same(&before, &after);
  if (_i == TO_FILE)
    saved_assert(target, "precious");
  ck_assert_int_eq(unlink(kept.rules.state_file), 0);
  saved_assert_again();
}
END_TEST

START_TEST(links_at_its_other_names_are_replaced_not_followed) {
  char target[128];
  snprintf(target, sizeof(target), "%s/target", kept.folder);
  saved_put(target, "precious", 8);
  ck_assert_int_eq(symlink(target, saved_beside), 0);
  ck_assert_int_eq(symlink(target, saved_bad), 0);
  saved_put(kept.rules.state_file, "not ours", 8);
  kept_restart(kept_now_s());
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved_assert(target, "precious");
  saved_assert(saved_bad, "not ours");
  ck_assert_int_ne(access(saved_beside, F_OK), 0);
}
END_TEST

START_TEST(a_second_name_of_another_file_is_parted_from_it) {
  char target[128];
  snprintf(target, sizeof(target), "%s/target", kept.folder);
  saved_put(target, "precious", 8);
  ck_assert_int_eq(link(target, kept.rules.state_file), 0);
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved_assert(target, "precious");
}
END_TEST

/* The way to it is the administrator's: links there are followed. */
START_TEST(a_link_to_its_folder_is_followed_once_there_is_one) {
  char link_path[96], folder[96], file[128];
  snprintf(link_path, sizeof(link_path), "%s/link", kept.folder);
  snprintf(folder, sizeof(folder), "%s/folder", kept.folder);
  snprintf(file, sizeof(file), "%s/state", folder);
  ck_assert_int_eq(symlink(folder, link_path), 0);
  kept_stop();
  snprintf(kept.rules.state_file, sizeof(kept.rules.state_file), "%s/state",
           link_path);
  kept_start(kept_now_s());
  saved_assert_fails(-ENOENT);
  ck_assert_int_ne(access(folder, F_OK), 0);
  ck_assert_int_eq(mkdir(folder, 0755), 0);
  saved_assert_again();
  ck_assert_int_eq(access(file, F_OK), 0);
}
END_TEST

/* A file system of its own for the folder. Returns whether it may have one. */
static bool mount_folder(const char *options) {
  kept_stop();
  bool mounted = unshare(CLONE_NEWNS) == 0 &&
                 mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                 mount("none", kept.folder, "tmpfs", 0, options) == 0;
  kept_start(kept_now_s());
  if (!mounted)
    puts("left out, for it needs root: a file system of its own");
  return mounted;
}

static void fill_up(const char *path) {
  static char piece[4096];
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ck_assert_int_ge(fd, 0);
  while (write(fd, piece, sizeof(piece)) > 0)
    ;
  ck_assert_int_eq(errno, ENOSPC);
  close(fd);
}

START_TEST(on_a_full_disk_the_old_one_stays_until_there_is_room) {
  char ballast[96];
  if (!mount_folder("size=256k"))
    return;
  char *text = saved_some(NULL);
  snprintf(ballast, sizeof(ballast), "%s/ballast", kept.folder);
  fill_up(ballast);
  saved_assert_fails(-ENOSPC);
  saved_assert(kept.rules.state_file, text);
  ck_assert_int_ne(access(saved_beside, F_OK), 0);
  ck_assert_int_eq(unlink(ballast), 0);
  saved_assert_again();
  ck_assert_int_eq(umount2(kept.folder, MNT_DETACH), 0);
  free(text);
}
END_TEST

static void set_read_only(bool read_only) {
  ck_assert_int_eq(mount("none", kept.folder, "tmpfs",
                         MS_REMOUNT | (read_only ? MS_RDONLY : 0), NULL),
                   0);
}

START_TEST(in_a_read_only_folder_the_old_one_stays_until_it_is_writable) {
  if (!mount_folder("size=256k"))
    return;
  char *text = saved_some(NULL);
  set_read_only(true);
  saved_assert_fails(-EROFS);
  saved_assert(kept.rules.state_file, text);
  set_read_only(false);
  saved_assert_again();
  ck_assert_int_eq(umount2(kept.folder, MNT_DETACH), 0);
  free(text);
}
END_TEST

START_TEST(a_damaged_file_in_a_read_only_folder_is_set_aside_later) {
  if (!mount_folder("size=256k"))
    return;
  saved_put(kept.rules.state_file, "not ours", 8);
  set_read_only(true);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(fake_log_count("nor moved aside"), 1);
  saved_assert_fails(-EROFS);
  set_read_only(false);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved_assert(saved_bad, "not ours");
  saved_assert_again();
  ck_assert_int_eq(umount2(kept.folder, MNT_DETACH), 0);
}
END_TEST

START_TEST(where_no_file_can_be_opened_a_good_one_stays) {
  struct rlimit files, none = {0, 0};
  char *text = saved_some(NULL);
  ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
  none.rlim_max = files.rlim_max;
  ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
  kept_restart(kept_now_s());
  ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
  ck_assert_uint_eq(fake_log_count("Too many open files; it stays as it is"),
                    1);
  ck_assert_int_eq(keeper_save(kept.keeper), -EMFILE);
  saved_assert(kept.rules.state_file, text);
  unsigned loaded = fake_log_count("baseline: loaded ");
  kept_restart(kept_now_s());
  ck_assert_uint_eq(fake_log_count("baseline: loaded "), loaded + 1);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  free(text);
}
END_TEST

SUITE(keeper_place) {
  Suite *suite = suite_create("keeper_place");
  TCase *tcase = tcase_create("keeper_place");

  tcase_add_checked_fixture(tcase, saved_setup, kept_teardown);
  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(
      tcase, a_link_in_its_place_is_neither_read_nor_followed_nor_moved, 0,
      LINKS);
  tcase_add_test(tcase, links_at_its_other_names_are_replaced_not_followed);
  tcase_add_test(tcase, a_second_name_of_another_file_is_parted_from_it);
  tcase_add_test(tcase, a_link_to_its_folder_is_followed_once_there_is_one);
  tcase_add_test(tcase, on_a_full_disk_the_old_one_stays_until_there_is_room);
  tcase_add_test(tcase,
                 in_a_read_only_folder_the_old_one_stays_until_it_is_writable);
  tcase_add_test(tcase,
                 a_damaged_file_in_a_read_only_folder_is_set_aside_later);
  tcase_add_test(tcase, where_no_file_can_be_opened_a_good_one_stays);
  suite_add_tcase(suite, tcase);
  return suite;
}
