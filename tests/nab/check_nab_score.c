/* The benchmark's score, against examples worked by hand from the paper's
 * formulas: a detection at y counts 2 / (1 + exp(5 y)) - 1. */
#include "nab_score.h"

#include "scenes/suite.h"

#include <math.h>

enum { ROWS = 100 };

/* The rows 50 to 59 of 100: one window, ten rows wide. */
static const struct nab_window window = {50, 59};

/* told: rows with a detection, ended by -1. */
static struct nab_score score_of(const int *told_rows,
                                 const struct nab_window *windows, size_t len) {
  bool told[ROWS] = {false};
  struct nab_score score;

  for (; *told_rows >= 0; told_rows++)
    told[*told_rows] = true;
  nab_score_file(told, ROWS, windows, len, &score);
  return score;
}

#define SCORE(...) score_of((const int[]){__VA_ARGS__, -1}, &window, 1)

static void expect(const struct nab_score *score, double standard,
                   double low_fp, double low_fn) {
  ck_assert_double_eq_tol(score->raw[NAB_STANDARD], standard, 1e-11);
  ck_assert_double_eq_tol(score->raw[NAB_REWARD_LOW_FP], low_fp, 1e-11);
  ck_assert_double_eq_tol(score->raw[NAB_REWARD_LOW_FN], low_fn, 1e-11);
}

START_TEST(probation_is_15_percent_and_at_most_750_rows) {
  ck_assert_uint_eq(nab_score_probation(0), 0);
  ck_assert_uint_eq(nab_score_probation(20), 3);
  ck_assert_uint_eq(nab_score_probation(99), 14);
  ck_assert_uint_eq(nab_score_probation(5000), 750);
  ck_assert_uint_eq(nab_score_probation(22695), 750);
}
END_TEST

START_TEST(nothing_told_is_0_and_at_once_is_100) {
  struct nab_score null = SCORE(-1);
  struct nab_score perfect = SCORE(50);

  expect(&null, -1, -1, -2);
  expect(&perfect, 1, 1, 1);
  for (int p = 0; p < NAB_PROFILES; p++) {
    ck_assert_double_eq(nab_score_normalised(&null, (enum nab_profile)p), 0);
    ck_assert_double_eq_tol(nab_score_normalised(&perfect, (enum nab_profile)p),
                            100, 1e-12);
  }
  ck_assert_uint_eq(null.windows_told, 0);
  ck_assert_uint_eq(perfect.windows_told, 1);
}
END_TEST

/* y is -0.5 in row 55: 0.848283639958 / 0.986614298151. It is -0.1 in the last
 * row: 0.244918662404 / 0.986614298151. */
START_TEST(first_detection_in_a_window_counts_the_earlier_the_more) {
  struct nab_score half_way = SCORE(55);
  struct nab_score repeated = SCORE(55, 56, 59);
  struct nab_score last = SCORE(59);

  expect(&half_way, 0.859792566910, 0.859792566910, 0.859792566910);
  expect(&repeated, 0.859792566910, 0.859792566910, 0.859792566910);
  expect(&last, 0.248241549775, 0.248241549775, 0.248241549775);
  ck_assert_uint_eq(repeated.detections, 3);
  ck_assert_uint_eq(repeated.false_alarms, 0);
}
END_TEST

/* Behind the window y counts from its last row, in widths less a row: 1/9 in
 * row 60, where 2 / (1 + exp(5 / 9)) - 1 is -0.270847118517; 1 in row 68; above
 * 3 from row 87 on. Before any window there is nothing it could belong to. */
START_TEST(false_alarms_cost_most_far_behind_a_window) {
  static const struct {
    int row;
    double cost;
  } cases[] = {{20, 1},
               {49, 1},
               {60, 0.270847118517},
               {68, 0.986614298151},
               {86, 0.999999388196},
               {87, 1},
               {99, 1}};

  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    struct nab_score score = SCORE(cases[i].row);
    expect(&score, -1 - 0.11 * cases[i].cost, -1 - 0.22 * cases[i].cost,
           -2 - 0.11 * cases[i].cost);
    ck_assert_uint_eq(score.false_alarms, 1);
  }
}
END_TEST

START_TEST(every_false_alarm_counts) {
  struct nab_score score = SCORE(20, 21, 50, 99);

  expect(&score, 1 - 3 * 0.11, 1 - 3 * 0.22, 1 - 3 * 0.11);
  ck_assert_uint_eq(score.detections, 4);
  ck_assert_uint_eq(score.false_alarms, 3);
}
END_TEST

/* 15 rows. */
START_TEST(probation_counts_for_nothing) {
  static const struct nab_window windows[] = {{2, 8}, {12, 21}};
  static const struct nab_window just_in = {8, 14};
  struct nab_score nothing = score_of((const int[]){8, -1}, &just_in, 1);
  struct nab_score none = score_of((const int[]){0, 3, 10, 14, -1}, windows, 2);
  struct nab_score in_part = score_of((const int[]){14, 17, -1}, windows, 2);

  ck_assert_uint_eq(nothing.windows, 0);
  expect(&nothing, 0, 0, 0);
  ck_assert_uint_eq(none.windows, 1);
  ck_assert_uint_eq(none.detections, 0);
  expect(&none, -1, -1, -2);
  expect(&in_part, 0.859792566910, 0.859792566910, 0.859792566910);
}
END_TEST

/* 4 rows are a width of the first, 20 one of the second. */
START_TEST(false_alarm_belongs_to_the_window_before_it) {
  static const struct nab_window windows[] = {{20, 24}, {40, 60}};
  struct nab_score between =
      score_of((const int[]){20, 28, 40, -1}, windows, 2);
  struct nab_score behind = score_of((const int[]){20, 40, 80, -1}, windows, 2);

  expect(&between, 2 - 0.11 * 0.986614298151, 2 - 0.22 * 0.986614298151,
         2 - 0.11 * 0.986614298151);
  expect(&behind, 2 - 0.11 * 0.986614298151, 2 - 0.22 * 0.986614298151,
         2 - 0.11 * 0.986614298151);
}
END_TEST

START_TEST(files_are_added_before_they_are_normalised) {
  struct nab_score sum = {0};
  struct nab_score quiet = score_of((const int[]){30, -1}, NULL, 0);
  struct nab_score told = SCORE(50);
  struct nab_score missed = SCORE(-1);

  ck_assert(isnan(nab_score_normalised(&quiet, NAB_STANDARD)));
  nab_score_add(&sum, &quiet);
  nab_score_add(&sum, &told);
  nab_score_add(&sum, &missed);
  ck_assert_uint_eq(sum.windows, 2);
  ck_assert_double_eq_tol(nab_score_normalised(&sum, NAB_STANDARD),
                          100 * (1 - 1 - 0.11 + 2) / 4, 1e-9);
  ck_assert_double_eq_tol(nab_score_normalised(&sum, NAB_REWARD_LOW_FP),
                          100 * (1 - 1 - 0.22 + 2) / 4, 1e-9);
  ck_assert_double_eq_tol(nab_score_normalised(&sum, NAB_REWARD_LOW_FN),
                          100 * (1 - 2 - 0.11 + 4) / 6, 1e-9);
}
END_TEST

SUITE(nab_score) {
  Suite *suite = suite_create("nab_score");
  TCase *cases = tcase_create("examples");

  tcase_add_test(cases, probation_is_15_percent_and_at_most_750_rows);
  tcase_add_test(cases, nothing_told_is_0_and_at_once_is_100);
  tcase_add_test(cases,
                 first_detection_in_a_window_counts_the_earlier_the_more);
  tcase_add_test(cases, false_alarms_cost_most_far_behind_a_window);
  tcase_add_test(cases, every_false_alarm_counts);
  tcase_add_test(cases, probation_counts_for_nothing);
  tcase_add_test(cases, false_alarm_belongs_to_the_window_before_it);
  tcase_add_test(cases, files_are_added_before_they_are_normalised);
  suite_add_tcase(suite, cases);
  return suite;
}
