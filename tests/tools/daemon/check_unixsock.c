/* The conversation with the plugin unixsock: answers, refusals, daemons that
 * hang, hang up or speak another language, and how each failure is explained.
 */
#define _GNU_SOURCE
#include "daemon/unixsock.h"
#include "scenes/fake_daemon.h"
#include "scenes/suite.h"

#include <errno.h>
#include <grp.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Even on a busy machine a wait that ends at its limit is shorter than this;
 * one that does not is far longer. */
static const double far_s = 10;

static struct fake_daemon fake;
static struct unixsock *talk;

static void tear_down(void) {
  unixsock_close(talk);
  talk = NULL;
  fake_daemon_stop(&fake);
}

static void begin(fake_daemon_answer answer, double limit_s) {
  fake_daemon_start(&fake, answer);
  ck_assert_int_eq(unixsock_open(fake.path, limit_s, &talk), 0);
}

static double now_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void answer_list(const char *command, FILE *out) {
  if (strcmp(command, "LISTVAL") == 0)
    fputs("2 Values found\n1.000 a/b/c\n2.000 d/e/f\n", out);
  else
    fputs("-1 Unknown command\n", out);
}

static int remember(void *lines, const char *line) {
  strcat(lines, line);
  strcat(lines, ";");
  return 0;
}

START_TEST(a_list_comes_line_by_line) {
  char lines[64] = "";
  begin(answer_list, 5);
  ck_assert_int_eq(unixsock_list(talk, remember, lines), 0);
  ck_assert_str_eq(lines, "1.000 a/b/c;2.000 d/e/f;");
}
END_TEST

/* A host named "a\n9.000 d/e/f\ng": two values, four lines. Values: as always.
 */
static void answer_split_names(const char *command, FILE *out) {
  if (strcmp(command, "LISTVAL") == 0)
    fputs("2 Values found\n1.000 a\n9.000 d/e/f\ng/b/c\n2.000 h/i/j\n", out);
  else
    fputs("1 Value found\nvalue=7\n", out);
}

START_TEST(a_newline_in_a_name_shifts_no_answer) {
  char lines[64] = "";
  double value = 0;
  begin(answer_split_names, 5);
  ck_assert_int_eq(unixsock_list(talk, remember, lines), 0);
  ck_assert_str_eq(lines, "1.000 a;9.000 d/e/f;g/b/c;2.000 h/i/j;");
  ck_assert_int_eq(unixsock_want_value(talk, "h/i/j", &value), 0);
  ck_assert_int_eq(unixsock_take_values(talk), 0);
  ck_assert_double_eq(value, 7);
}
END_TEST

static int refuse(void *context, const char *line) {
  (void)context, (void)line;
  return -ENOMEM;
}

START_TEST(who_takes_the_lines_may_stop) {
  begin(answer_list, 5);
  ck_assert_int_eq(unixsock_list(talk, refuse, NULL), -ENOMEM);
}
END_TEST

START_TEST(a_refusal_is_told_from_an_answer) {
  size_t lines = 99;
  begin(answer_list, 5);
  ck_assert_int_eq(unixsock_send(talk, "FLUSH"), 0);
  ck_assert_int_eq(unixsock_answer(talk, &lines), -ENOENT);
  ck_assert_uint_eq(lines, 99);
  ck_assert_int_eq(unixsock_send(talk, "LISTVAL"), 0);
  ck_assert_int_eq(unixsock_answer(talk, &lines), 0);
  ck_assert_uint_eq(lines, 2);
}
END_TEST

/* GETVAL "nN": N; "two": two data sources; "nan"; others are not there. */
static void answer_values(const char *command, FILE *out) {
  long number = 0;
  if (sscanf(command, "GETVAL \"n%ld\"", &number) == 1)
    fprintf(out, "1 Value found\nvalue=%e\n", (double)number);
  else if (strcmp(command, "GETVAL \"two\"") == 0)
    fputs("2 Values found\nrx=1.5\ntx=2.5\n", out);
  else if (strcmp(command, "GETVAL \"nan\"") == 0)
    fputs("1 Value found\nvalue=NaN\n", out);
  else if (strcmp(command, "GETVAL \"a \\\"b\\\" \\\\\"") == 0)
    fputs("1 Value found\nvalue=7\n", out);
  else
    fputs("-1 No such value\n", out);
}

START_TEST(a_value_is_its_first_data_source_or_nan) {
  double two = 0, unknown = 0, none = 0, after = 0;
  begin(answer_values, 5);
  ck_assert_int_eq(unixsock_want_value(talk, "two", &two), 0);
  ck_assert_int_eq(unixsock_want_value(talk, "nan", &unknown), 0);
  ck_assert_int_eq(unixsock_want_value(talk, "none", &none), 0);
  ck_assert_int_eq(unixsock_want_value(talk, "n42", &after), 0);
  ck_assert_int_eq(unixsock_take_values(talk), 0);
  ck_assert_double_eq(two, 1.5);
  ck_assert(isnan(unknown));
  ck_assert(isnan(none));
  ck_assert_double_eq(after, 42);
}
END_TEST

START_TEST(quotes_and_backslashes_in_a_name_are_escaped) {
  double value = 0;
  begin(answer_values, 5);
  ck_assert_int_eq(unixsock_want_value(talk, "a \"b\" \\", &value), 0);
  ck_assert_int_eq(unixsock_take_values(talk), 0);
  ck_assert_double_eq(value, 7);
}
END_TEST

START_TEST(thousands_of_values_are_each_their_own) {
  enum { MANY = 5000 };
  static double values[MANY];
  char name[32];
  begin(answer_values, 20);
  for (int i = 0; i < MANY; i++) {
    snprintf(name, sizeof(name), "n%d", i);
    ck_assert_int_eq(unixsock_want_value(talk, name, &values[i]), 0);
  }
  ck_assert_int_eq(unixsock_take_values(talk), 0);
  for (int i = 0; i < MANY; i++)
    ck_assert_double_eq(values[i], i);
}
END_TEST

START_TEST(a_name_no_command_can_hold_is_refused) {
  char name[UNIXSOCK_LINE_MAX];
  double value = 0;
  memset(name, '"', sizeof(name));
  name[sizeof(name) - 1] = '\0';
  begin(answer_values, 5);
  ck_assert_int_eq(unixsock_want_value(talk, name, &value), -ENAMETOOLONG);
}
END_TEST

static void answer_nonsense(const char *command, FILE *out) {
  (void)command;
  fputs("HTTP/1.1 400 Bad Request\r\n\r\n", out);
}

static void answer_endlessly(const char *command, FILE *out) {
  (void)command;
  for (int i = 0; i < 2 * UNIXSOCK_LINE_MAX; i++)
    fputc('x', out);
}

static void answer_half_a_list(const char *command, FILE *out) {
  (void)command;
  fputs("3 Values found\n1.0 a/b/c\n", out);
  fflush(out);
  _exit(0);
}

static void answer_odd_value(const char *command, FILE *out) {
  (void)command;
  fputs("1 Value found\nvalue=many\n", out);
}

START_TEST(another_language_is_noticed) {
  char lines[64] = "";
  double value = 0;
  fake_daemon_answer odd[] = {answer_nonsense, answer_endlessly,
                              answer_odd_value};
  begin(odd[_i], 5);
  if (_i < 2) {
    ck_assert_int_eq(unixsock_list(talk, remember, lines), -EBADMSG);
    return;
  }
  ck_assert_int_eq(unixsock_want_value(talk, "x", &value), 0);
  ck_assert_int_eq(unixsock_take_values(talk), -EBADMSG);
  ck_assert_double_eq(value, 0);
}
END_TEST

START_TEST(a_daemon_that_ends_midway_is_noticed) {
  char lines[64] = "";
  begin(answer_half_a_list, 5);
  ck_assert_int_eq(unixsock_list(talk, remember, lines), -ECONNRESET);
}
END_TEST

START_TEST(a_daemon_that_hangs_is_waited_for_no_longer_than_asked) {
  char lines[64] = "";
  double begun_s = now_s();
  begin(NULL, 0.4);
  ck_assert_int_eq(unixsock_list(talk, remember, lines), -ETIMEDOUT);
  ck_assert_double_ge(now_s() - begun_s, 0.39);
  ck_assert_double_lt(now_s() - begun_s, far_s);
}
END_TEST

static void drip(const char *text, FILE *out) {
  for (; *text; text++) {
    fputc(*text, out);
    fflush(out);
    usleep(10000);
  }
}

/* Byte by byte: a line takes 0.1 s, all of them more than 20 s. */
static void answer_in_drops(const char *command, FILE *out) {
  (void)command;
  drip("200 Values found\n", out);
  for (int i = 0; i < 200; i++)
    drip("1.00 a/b/c\n", out);
}

static int let_pass(void *context, const char *line) {
  (void)context, (void)line;
  return 0;
}

/* Bytes and lines that come do not extend the limit. */
START_TEST(the_limit_is_for_the_whole_conversation) {
  double begun_s = now_s();
  begin(answer_in_drops, 0.4);
  ck_assert_int_eq(unixsock_list(talk, let_pass, NULL), -ETIMEDOUT);
  ck_assert_double_ge(now_s() - begun_s, 0.39);
  ck_assert_double_lt(now_s() - begun_s, far_s);
}
END_TEST

START_TEST(a_daemon_that_accepts_nobody_is_given_up) {
  double begun_s = now_s();
  fake_daemon_start_deaf(&fake);
  ck_assert_int_eq(unixsock_open(fake.path, 0.4, &talk), -ETIMEDOUT);
  ck_assert_double_ge(now_s() - begun_s, 0.39);
  ck_assert_double_lt(now_s() - begun_s, far_s);
}
END_TEST

/* --- explanations -------------------------------------------------------- */

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
  ck_assert_str_eq(problem,
                   "/nonexistent/socket: No such file or directory; is "
                   "collectd running, with the line \"LoadPlugin unixsock\" in "
                   "collectd.conf? If SocketFile is set, name it with -s");
}
END_TEST

START_TEST(a_socket_nobody_listens_on_is_explained) {
  fake_daemon_start(&fake, NULL);
  kill(fake.pid, SIGKILL);
  waitpid(fake.pid, NULL, 0);
  open_in_vain(fake.path);
  fake_daemon_stop(&fake);
  assert_said("/socket: Connection refused; nothing listens there: collectd is "
              "not running");
}
END_TEST

START_TEST(a_file_that_is_no_socket_is_explained) {
  open_in_vain("/etc/passwd");
  assert_said("/etc/passwd: Socket operation on non-socket; name the "
              "SocketFile of <Plugin unixsock> with -s");
}
END_TEST

START_TEST(a_path_that_no_socket_can_have_is_explained) {
  char path[4096];
  memset(path, 'x', sizeof(path));
  path[sizeof(path) - 1] = '\0';
  open_in_vain(path);
  assert_said("File name too long; this path is too long for a socket");
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

/* Drops root for good; the process is the test's own and ends soon. */
static void become_nobody(void) {
  if (geteuid() != 0)
    return;
  ck_assert_int_eq(setgroups(0, NULL), 0);
  ck_assert_int_eq(setresgid(65534, 65534, 65534), 0);
  ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
}

/* Fills problem with the words for a user who may not use the socket. */
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
  assert_said(" and its mode 0000: run this as root, or set SocketGroup "
              "\"GROUP\" (a group of user ");
  assert_said(
      "and SocketPerms \"0660\" in <Plugin unixsock>, and restart collectd");
}
END_TEST

START_TEST(a_socket_of_a_group_is_explained_by_that_group) {
  if (geteuid() != 0)
    return; /* only root can give a file away */
  deny(0660, 0755, 4);
  assert_said("Permission denied; only group adm has access: run this as root, "
              "or add user nobody to that group");
}
END_TEST

START_TEST(a_folder_that_may_not_be_entered_is_explained) {
  deny(0666, 0000, 0);
  assert_said("may not enter its folder");
}
END_TEST

SUITE(unixsock) {
  Suite *suite = suite_create("unixsock");
  TCase *tcase = tcase_create("conversation");
  tcase_add_checked_fixture(tcase, NULL, tear_down);
  tcase_set_timeout(tcase, 4 * far_s);
  tcase_add_test(tcase, a_list_comes_line_by_line);
  tcase_add_test(tcase, a_newline_in_a_name_shifts_no_answer);
  tcase_add_test(tcase, who_takes_the_lines_may_stop);
  tcase_add_test(tcase, a_refusal_is_told_from_an_answer);
  tcase_add_test(tcase, a_value_is_its_first_data_source_or_nan);
  tcase_add_test(tcase, quotes_and_backslashes_in_a_name_are_escaped);
  tcase_add_test(tcase, thousands_of_values_are_each_their_own);
  tcase_add_test(tcase, a_name_no_command_can_hold_is_refused);
  tcase_add_loop_test(tcase, another_language_is_noticed, 0, 3);
  tcase_add_test(tcase, a_daemon_that_ends_midway_is_noticed);
  tcase_add_test(tcase, a_daemon_that_hangs_is_waited_for_no_longer_than_asked);
  tcase_add_test(tcase, the_limit_is_for_the_whole_conversation);
  tcase_add_test(tcase, a_daemon_that_accepts_nobody_is_given_up);
  suite_add_tcase(suite, tcase);
  TCase *words = tcase_create("explanation");
  tcase_add_test(words, a_missing_socket_is_explained);
  tcase_add_test(words, a_socket_nobody_listens_on_is_explained);
  tcase_add_test(words, a_file_that_is_no_socket_is_explained);
  tcase_add_test(words, a_path_that_no_socket_can_have_is_explained);
  tcase_add_test(words, silence_nonsense_and_an_early_end_are_explained);
  tcase_add_test(words, a_socket_of_roots_is_explained_by_its_settings);
  tcase_add_test(words, a_socket_of_a_group_is_explained_by_that_group);
  tcase_add_test(words, a_folder_that_may_not_be_entered_is_explained);
  suite_add_tcase(suite, words);
  return suite;
}
