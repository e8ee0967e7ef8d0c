/* The line that says how far long work has come. */
#include "lib/progress.h"
#include "scenes/suite.h"

#include <string.h>

static char line[PROGRESS_LINE_MAX];

static void assert_line(const struct progress_at *at, int columns,
                        const char *expected) {
  progress_line(at, columns, line);
  ck_assert_str_eq(line, expected);
}

START_TEST(the_line_has_a_bar_percent_bytes_day_and_what_is_left) {
  struct progress_at at = {25000000, 100000000, 30, "2026-11-22"};

  assert_line(
      &at, 79,
      "[=======>                    ]  25 %  25 MB of 100 MB  at 2026-11-22  "
      "1:30 left");
}
END_TEST

START_TEST(what_is_left_is_not_guessed_in_the_first_seconds) {
  struct progress_at at = {1, 100, 1.9, ""};

  progress_line(&at, 79, line);
  ck_assert_ptr_null(strstr(line, "left"));
  at.elapsed_s = 2;
  progress_line(&at, 79, line);
  ck_assert_ptr_nonnull(strstr(line, "3:18 left"));
  at.elapsed_s = 200;
  progress_line(&at, 79, line);
  ck_assert_ptr_nonnull(strstr(line, "5 h 30 min left"));
}
END_TEST

START_TEST(the_bar_is_empty_at_the_begin_and_full_at_the_end) {
  struct progress_at at = {0, 4096, 0, ""};

  assert_line(&at, 34, "[>          ]   0 %  0 B of 4.1 KB");
  at.done = 4096;
  assert_line(&at, 37, "[===========] 100 %  4.1 KB of 4.1 KB");
}
END_TEST

/* An estimate may be too low: a file that grows while it is read. */
START_TEST(more_than_all_is_all) {
  struct progress_at at = {5000, 4096, 100, ""};

  progress_line(&at, 60, line);
  ck_assert_ptr_nonnull(strstr(line, "100 %"));
  ck_assert_ptr_null(strchr(line, '>'));
}
END_TEST

START_TEST(without_a_total_the_bytes_alone_are_said) {
  struct progress_at at = {1234567, 0, 100, "2026-11-22"};

  assert_line(&at, 79, "1.2 MB read  at 2026-11-22");
}
END_TEST

START_TEST(no_line_is_wider_than_the_terminal) {
  struct progress_at at = {999949999999, 1000000000000, 86400, "2026-11-22"};

  for (int columns = 0; columns < 700; columns++) {
    memset(line, 'x', sizeof(line));
    progress_line(&at, columns, line);
    ck_assert_uint_le(strlen(line), (size_t)columns);
    ck_assert_ptr_null(strpbrk(line, "\n\r\033"));
  }
}
END_TEST

START_TEST(what_is_no_terminal_is_not_drawn_on) {
  FILE *out = tmpfile();
  struct progress progress;

  ck_assert_ptr_nonnull(out);
  progress_begin(&progress, out);
  progress.drawn_s = -1e9;
  progress_show(&progress, 1, 2, "");
  progress_end(&progress);
  ck_assert_int_eq(ftell(out), 0);
  fclose(out);
}
END_TEST

SUITE(progress) {
  Suite *suite = suite_create("progress");
  TCase *tcase = tcase_create("line");
  tcase_add_test(tcase, the_line_has_a_bar_percent_bytes_day_and_what_is_left);
  tcase_add_test(tcase, what_is_left_is_not_guessed_in_the_first_seconds);
  tcase_add_test(tcase, the_bar_is_empty_at_the_begin_and_full_at_the_end);
  tcase_add_test(tcase, more_than_all_is_all);
  tcase_add_test(tcase, without_a_total_the_bytes_alone_are_said);
  tcase_add_test(tcase, no_line_is_wider_than_the_terminal);
  tcase_add_test(tcase, what_is_no_terminal_is_not_drawn_on);
  suite_add_tcase(suite, tcase);
  return suite;
}
