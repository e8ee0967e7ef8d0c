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
#include <string.h>
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
  ck_assert_uint_eq(fake_log_count("it cannot be renamed"), 1);
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

/* keeper: a file that is damaged, cut, of another version, too old by a wrong
 * clock: it is kept as .bad, never written over, one line is said, and learning
 * starts anew. */

/* Begin with a file of that text. */
static void start_with(const char *text, size_t length, double now_s) {
  kept_stop();
  saved_put(kept.rules.state_file, text, length);
  fake_log_forget();
  kept_start(now_s);
}

/* Nothing comes of it, it is set aside, and one line is logged. */
static void assert_refused(const char *text, size_t length, size_t at) {
  size_t kept_length;
  start_with(text, length, kept_now_s());
  size_t hosts = hosts_count(kept.hosts);
  const char *aside = saved_text(saved_bad, &kept_length);
  if (hosts != 0 || kept_length != length || memcmp(aside, text, length) != 0 ||
      access(kept.rules.state_file, F_OK) == 0 || fake_log_count("<") != 1 ||
      fake_log_count("is kept as") != 1)
    ck_abort_msg("byte %zu: %zu hosts, log: %s", at, hosts, fake_log_text());
}

static const char flips[] = {1, 4, 32, (char)0x80};

START_TEST(with_any_byte_flipped_it_is_set_aside) {
  size_t length;
  char *text = saved_some(&length);
  for (size_t i = 0; i < length; i++) {
    text[i] = (char)(text[i] ^ flips[i % sizeof(flips)]);
    assert_refused(text, length, i);
    text[i] = (char)(text[i] ^ flips[i % sizeof(flips)]);
  }
  saved_put(kept.rules.state_file, text, length);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), 2);
  free(text);
}
END_TEST

START_TEST(cut_at_any_length_it_is_set_aside) {
  size_t length;
  char *text = saved_some(&length);
  for (size_t cut = 0; cut < length; cut++)
    assert_refused(text, cut, cut);
  free(text);
}
END_TEST

START_TEST(one_of_a_newer_version_is_kept_and_said_why) {
  static const char other[] = "collectd-baseline state 4\nend 0 0 00000000\n";
  assert_refused(other, sizeof(other) - 1, 0);
  ck_assert_uint_eq(
      fake_log_count("a newer version saved it: its version is 4"), 1);
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved_assert(saved_bad, other);
}
END_TEST

START_TEST(one_of_an_older_version_is_carried_over) {
  static const double saved_s = 1795950122;
  size_t length;
  const char *old = saved_text(FIXTURES "/state-1.0.0/daemon", &length);
  ck_assert_uint_gt(length, 0);
  start_with(old, length, saved_s);
  ck_assert_uint_eq(hosts_count(kept.hosts), 1);
  ck_assert_uint_eq(fake_log_count("loaded 1 hosts"), 1);
  ck_assert_uint_eq(fake_log_count("<"), 1);
  ck_assert_int_ne(access(saved_bad, F_OK), 0);
  struct hosts_host host;
  hosts_at(kept.hosts, 0, &host);
  ck_assert_int_eq(host.judge.syn_flood.incident.severity, SEVERITY_FAILURE);
}
END_TEST

START_TEST(what_only_a_wrong_clock_makes_too_old_is_kept) {
  size_t length;
  char *text = saved_some(&length);
  kept_restart(kept_now_s() + 31557600);
  ck_assert_uint_eq(hosts_count(kept.hosts), 0);
  ck_assert_uint_eq(fake_log_count("older than MaxAge by this clock"), 1);
  kept_feed("c", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved_assert(saved_bad, text);
  free(text);
}
END_TEST

START_TEST(what_cannot_be_set_aside_is_not_written_over) {
  char inner[sizeof(saved_bad) + 8];
  snprintf(inner, sizeof(inner), "%s/inner", saved_bad);
  ck_assert_int_eq(mkdir(saved_bad, 0755), 0);
  ck_assert_int_eq(mkdir(inner, 0755), 0);
  saved_put(kept.rules.state_file, "not ours", 8);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(fake_log_count("it cannot be renamed"), 1);
  saved_assert_fails(-EISDIR);
  saved_assert(kept.rules.state_file, "not ours");
  ck_assert_int_eq(rmdir(inner), 0);
  ck_assert_int_eq(rmdir(saved_bad), 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_uint_eq(fake_log_count("is kept as"), 1);
  saved_assert(saved_bad, "not ours");
  saved_assert_again();
}
END_TEST

SUITE(keeper_damage) {
  Suite *suite = suite_create("keeper_damage");
  TCase *tcase = tcase_create("keeper_damage");

  tcase_add_checked_fixture(tcase, saved_setup, kept_teardown);
  tcase_set_timeout(tcase, 60);
  tcase_add_test(tcase, with_any_byte_flipped_it_is_set_aside);
  tcase_add_test(tcase, cut_at_any_length_it_is_set_aside);
  tcase_add_test(tcase, one_of_a_newer_version_is_kept_and_said_why);
  tcase_add_test(tcase, one_of_an_older_version_is_carried_over);
  tcase_add_test(tcase, what_only_a_wrong_clock_makes_too_old_is_kept);
  tcase_add_test(tcase, what_cannot_be_set_aside_is_not_written_over);
  suite_add_tcase(suite, tcase);
  return suite;
}
