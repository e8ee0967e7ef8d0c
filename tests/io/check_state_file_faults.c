/* state_file: what cannot be written, and kill -9 at any moment. A file of its
 * own: tests/portability leaves it out where a machine is emulated. What needs
 * root (another user, a file system of its own) is left out without. */
#define _GNU_SOURCE
#include "scenes/random_state.h"
#include "scenes/state_folder.h"
#include "scenes/suite.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>

enum { NOBODY = 65534, KILLS = 200, NOT_POSSIBLE = 255 };

/* In a child, for what cannot be undone. Returns its exit status. */
static int in_child(int (*act)(void)) {
  int status = 0;
  pid_t pid = fork();
  if (pid == 0)
    _exit(act());
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static int save_as_nobody(void) {
  if (geteuid() != 0)
    return NOT_POSSIBLE;
  if (setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
      setresuid(NOBODY, NOBODY, NOBODY) != 0)
    return NOT_POSSIBLE;
  return -save("new");
}

START_TEST(in_a_folder_it_may_not_write_the_old_one_stays) {
  ck_assert_int_eq(save("old"), 0);
  ck_assert_int_eq(chmod(folder, 0755), 0);
  int said = in_child(save_as_nobody);
  if (said != NOT_POSSIBLE)
    ck_assert_int_eq(said, EACCES);
  assert_holds("old");
}
END_TEST

/* A file system of 64 KiB: the old version and half of the new one fit. */
static int save_on_a_full_disk(void) {
  static char much[48 * 1024];
  memset(much, 'x', sizeof(much) - 1);
  if (unshare(CLONE_NEWNS) != 0 ||
      mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("none", folder, "tmpfs", 0, "size=64k") != 0)
    return NOT_POSSIBLE;
  much[40 * 1024] = '\0';
  if (save(much) != 0 || state_file_begin(&file, path) != 0)
    return 254;
  int rc = 0;
  for (int i = 0; i < 8 && rc == 0; i++)
    rc = state_file_append(&file, much, 40 * 1024);
  state_file_abandon(&file);
  if (rc != -ENOSPC || access(beside, F_OK) == 0 ||
      state_file_read(path, &text, &length) != 0)
    return 253;
  bool whole = length == 40 * 1024 && strcmp(text, much) == 0;
  free(text);
  text = NULL;
  /* Now so much that it is only the commit that finds the disk full. */
  rc = save(much);
  return whole && rc == -ENOSPC && access(beside, F_OK) != 0 &&
                 state_file_read(path, &text, &length) == 0 &&
                 strcmp(text, much) == 0
             ? 0
             : 252;
}

START_TEST(a_full_disk_loses_nothing) {
  int said = in_child(save_on_a_full_disk);
  if (said != NOT_POSSIBLE)
    ck_assert_int_eq(said, 0);
}
END_TEST

/* A state of some random hosts. */
static int save_a_state(struct random_load *random) {
  static char piece[STATE_TEXT_HOST_MAX];
  static struct hosts_host host;
  struct state_text state;
  int rc = state_file_begin(&file, path);
  if (rc != 0)
    return rc;
  rc = state_file_append(&file, piece, state_text_begin(&state, 1, piece));
  for (uint64_t left = random_bits(random) % 40; left > 0 && rc == 0; left--) {
    fill_host(random, &host);
    rc = state_file_append(&file, piece, state_text_host(&state, &host, piece));
  }
  if (rc == 0)
    rc = state_file_append(&file, piece, state_text_end(&state, piece));
  return rc == 0 ? state_file_commit(&file) : rc;
}

static _Noreturn void save_in_a_loop(uint64_t seed) {
  struct random_load random = {seed};
  while (save_a_state(&random) == 0)
    ;
  _exit(1);
}

static void assert_holds_a_state(int kills) {
  char why[STATE_TEXT_ERROR_MAX] = "";
  if (state_file_read(path, &text, &length) != 0)
    ck_abort_msg("after kill %d: there is no file", kills);
  if (state_text_read(text, length, &(struct state_text_reader){0}, why) != 0)
    ck_abort_msg("after kill %d: %s", kills, why);
  free(text);
  text = NULL;
}

START_TEST(killed_at_any_moment_it_leaves_a_whole_file) {
  struct random_load random = {11};
  int half_done = 0;
  /* None is killed before there is a file, however slow the disk. */
  ck_assert_int_eq(save_a_state(&(struct random_load){KILLS}), 0);
  for (int i = 0; i < KILLS; i++) {
    int status;
    pid_t pid = fork();
    if (pid == 0)
      save_in_a_loop((uint64_t)i);
    nanosleep(&(struct timespec){0, (long)(20e6 * random_unit(&random))}, NULL);
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    half_done += access(beside, F_OK) == 0;
    assert_holds_a_state(i);
  }
  ck_assert_int_ge(half_done, KILLS / 4); /* it did hit the middle */
}
END_TEST

SUITE(state_file_faults) {
  Suite *suite = suite_create("state_file_faults");
  TCase *tcase = tcase_create("state_file_faults");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, in_a_folder_it_may_not_write_the_old_one_stays);
  tcase_add_test(tcase, a_full_disk_loses_nothing);
  tcase_add_test(tcase, killed_at_any_moment_it_leaves_a_whole_file);
  suite_add_tcase(suite, tcase);
  return suite;
}
