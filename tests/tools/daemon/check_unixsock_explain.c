/* What is said where there is no conversation with the plugin unixsock. */
#define _GNU_SOURCE
#include "daemon/unixsock.h"
#include "scenes/fake_daemon.h"
#include "scenes/suite.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fake_daemon fake;
static struct unixsock *talk;
static char problem[UNIXSOCK_PROBLEM_MAX];

static void assert_said(const char *text) {
  ck_assert_msg(strstr(problem, text) != NULL, "\"%s\" is not in: %s", text,
                problem);
}

static void open_in_vain(const char *path) {
  int rc = unixsock_open(path, 1, &talk);
  ck_assert_int_lt(rc, 0);
  unixsock_explain(path, -rc, problem);
}

START_TEST(a_missing_socket_is_explained) {
  open_in_vain("/nonexistent/socket");
  ck_assert_str_eq(
      problem,
      "/nonexistent/socket: No such file or directory; is collectd running, "
      "with the line \"LoadPlugin unixsock\" in collectd.conf? Another "
      "SocketFile is named with -s");
}
END_TEST

START_TEST(a_socket_nobody_listens_on_is_explained) {
  fake_daemon_start(&fake, NULL);
  kill(fake.pid, SIGKILL);
  waitpid(fake.pid, NULL, 0);
  open_in_vain(fake.path);
  fake_daemon_stop(&fake);
  assert_said("/socket: Connection refused; nobody listens there: collectd is "
              "not running");
}
END_TEST

START_TEST(a_file_that_is_no_socket_is_explained) {
  open_in_vain("/etc/passwd");
  assert_said("/etc/passwd: Socket operation on non-socket; the SocketFile of "
              "<Plugin unixsock> is named with -s");
}
END_TEST

START_TEST(a_path_that_no_socket_can_have_is_explained) {
  char path[4096];
  memset(path, 'x', sizeof(path));
  path[sizeof(path) - 1] = '\0';
  open_in_vain(path);
  assert_said("File name too long; no socket can have so long a path");
}
END_TEST

START_TEST(silence_nonsense_and_an_early_end_are_explained) {
  unixsock_explain("/s", ETIMEDOUT, problem);
  assert_said("/s: no answer in time; collectd hangs or is very busy");
  unixsock_explain("/s", EBADMSG, problem);
  assert_said("does not speak the protocol of collectd's plugin unixsock");
  unixsock_explain("/s", ECONNRESET, problem);
  assert_said("the connection was closed without an answer");
}
END_TEST

/* As somebody who is not root; the test's own process, which ends here. */
static void become_nobody(void) {
  if (geteuid() != 0)
    return;
  ck_assert_int_eq(setgroups(0, NULL), 0);
  ck_assert_int_eq(setresgid(65534, 65534, 65534), 0);
  ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
}

/* What somebody who may not use it is told. group: the socket's. */
static void deny(mode_t mode, mode_t dir_mode, gid_t group) {
  int words[2], status = 0;
  fake_daemon_start(&fake, NULL);
  if (geteuid() == 0)
    ck_assert_int_eq(chown(fake.path, 0, group), 0);
  ck_assert_int_eq(chmod(fake.path, mode), 0);
  ck_assert_int_eq(chmod(fake.dir, dir_mode), 0);
  ck_assert_int_eq(pipe(words), 0);
  pid_t child = fork();
  if (child == 0) {
    become_nobody();
    open_in_vain(fake.path);
    _exit(write(words[1], problem, sizeof(problem)) == sizeof(problem) ? 0 : 1);
  }
  waitpid(child, &status, 0);
  ck_assert_int_eq(chmod(fake.dir, 0700), 0);
  fake_daemon_stop(&fake);
  ck_assert_int_eq(status, 0);
  ck_assert_int_eq(read(words[0], problem, sizeof(problem)), sizeof(problem));
}

START_TEST(a_socket_of_roots_is_explained_by_its_settings) {
  deny(0000, 0755, 0);
  assert_said("/socket: Permission denied; its group is ");
  assert_said(" and its mode 0000: run this as root, or give <Plugin unixsock> "
              "the lines SocketGroup \"GROUP\", a group of user ");
  assert_said("and SocketPerms \"0660\", and restart collectd");
}
END_TEST

START_TEST(a_socket_of_a_group_is_explained_by_that_group) {
  if (geteuid() != 0)
    return; /* only root gives a file away */
  deny(0660, 0755, 4);
  assert_said("Permission denied; it is open to group adm: run this as root, "
              "or make user nobody a member of that group");
}
END_TEST

START_TEST(a_folder_that_may_not_be_entered_is_explained) {
  deny(0666, 0000, 0);
  assert_said("may not enter its folder");
}
END_TEST

SUITE(unixsock_explain) {
  Suite *suite = suite_create("unixsock explain");
  TCase *tcase = tcase_create("explanation");
  tcase_add_test(tcase, a_missing_socket_is_explained);
  tcase_add_test(tcase, a_socket_nobody_listens_on_is_explained);
  tcase_add_test(tcase, a_file_that_is_no_socket_is_explained);
  tcase_add_test(tcase, a_path_that_no_socket_can_have_is_explained);
  tcase_add_test(tcase, silence_nonsense_and_an_early_end_are_explained);
  tcase_add_test(tcase, a_socket_of_roots_is_explained_by_its_settings);
  tcase_add_test(tcase, a_socket_of_a_group_is_explained_by_that_group);
  tcase_add_test(tcase, a_folder_that_may_not_be_entered_is_explained);
  suite_add_tcase(suite, tcase);
  return suite;
}
