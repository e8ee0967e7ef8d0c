/* The conversation with the plugin unixsock: answers, refusals, and daemons
 * that hang, hang up or speak another language. */
#define _GNU_SOURCE
#include "daemon/unixsock.h"
#include "scenes/fake_daemon.h"
#include "scenes/suite.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What ends at its limit takes less on the busiest machine; what does not, far
 * more. */
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

/* Neither a byte nor a line makes the wait longer. */
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
  return suite;
}
