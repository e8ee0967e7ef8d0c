/* The cells of a curve of `watch`, read back as the characters on the screen.
 */
#include "scenes/suite.h"
#include "watch/curve.h"

#include <math.h>
#include <string.h>

static struct watch_plot plot;

/* One row of cells as text; row 0 is the upper one. */
static const char *row_text(size_t row) {
  static char text[WATCH_PLOT_COLUMNS_MAX * 4];
  char glyph[4];
  text[0] = '\0';
  for (size_t column = 0; column < plot.columns; column++)
    strcat(text, watch_plot_glyph(&plot, &plot.cells[row][column], glyph));
  return text;
}

static enum watch_ink ink(size_t row, size_t column) {
  return (enum watch_ink)plot.cells[row][column].ink;
}

START_TEST(an_area_of_braille_is_as_high_as_its_values) {
  const double values[] = {0, 1, 2, 3, 4, 5, 6, 7};
  watch_plot_begin(&plot, WATCH_BRAILLE, 2, 4, 7);
  watch_plot_area(&plot, values, NULL);
  ck_assert_str_eq(row_text(0), "  ⣠⣾");
  ck_assert_str_eq(row_text(1), "⣠⣾⣿⣿");
}
END_TEST

START_TEST(an_area_of_half_blocks_is_as_high_as_its_values) {
  const double values[] = {0, 1, 2, 3, NAN};
  watch_plot_begin(&plot, WATCH_BLOCKS, 2, 5, 3);
  watch_plot_area(&plot, values, NULL);
  ck_assert_str_eq(row_text(0), "  ▄█ ");
  ck_assert_str_eq(row_text(1), "▄███ ");
}
END_TEST

START_TEST(an_area_of_ascii_is_as_high_as_its_values) {
  const double values[] = {0, 1, 2, 3, NAN};
  watch_plot_begin(&plot, WATCH_ASCII, 2, 5, 3);
  watch_plot_area(&plot, values, NULL);
  ck_assert_str_eq(row_text(0), "  .: ");
  ck_assert_str_eq(row_text(1), ".::: ");
}
END_TEST

START_TEST(what_is_beyond_the_scale_ends_at_its_edge) {
  const double values[] = {1e9, -5, INFINITY, -INFINITY};
  watch_plot_begin(&plot, WATCH_BLOCKS, 2, 4, 3);
  watch_plot_area(&plot, values, NULL);
  ck_assert_str_eq(row_text(0), "█ █ ");
  ck_assert_str_eq(row_text(1), "█▄█▄");
}
END_TEST

START_TEST(an_area_above_its_limit_has_another_ink) {
  const double values[] = {1, 3, 3}, limits[] = {2, 2, NAN};
  watch_plot_begin(&plot, WATCH_BLOCKS, 2, 3, 3);
  watch_plot_area(&plot, values, limits);
  ck_assert_int_eq(ink(1, 0), WATCH_INK_AREA);
  ck_assert_int_eq(ink(1, 1), WATCH_INK_OVER);
  ck_assert_int_eq(ink(0, 1), WATCH_INK_OVER);
  ck_assert_int_eq(ink(1, 2), WATCH_INK_AREA); /* no limit is known */
}
END_TEST

START_TEST(a_limit_is_a_line_over_free_cells_and_a_gap_in_the_area) {
  const double values[] = {0, 0, 3, 3}, limits[] = {2, 2, 2, 2};
  watch_plot_begin(&plot, WATCH_BLOCKS, 2, 4, 3);
  watch_plot_area(&plot, values, limits);
  watch_plot_line(&plot, limits, WATCH_INK_LIMIT);
  ck_assert_str_eq(row_text(0), "▄▄▀▀");
  ck_assert_int_eq(ink(0, 0), WATCH_INK_LIMIT);
  ck_assert_int_eq(ink(0, 2), WATCH_INK_OVER);
}
END_TEST

START_TEST(lines_are_told_apart_without_colour) {
  const double limits[] = {3, 3, 3, 3}, expected[] = {0, 0, 0, 0};
  watch_plot_begin(&plot, WATCH_ASCII, 2, 4, 3);
  watch_plot_line(&plot, limits, WATCH_INK_LIMIT);
  watch_plot_line(&plot, expected, WATCH_INK_EXPECTED);
  ck_assert_str_eq(row_text(0), "----");
  ck_assert_str_eq(row_text(1), "~ ~ ");
}
END_TEST

START_TEST(a_line_that_jumps_stays_one_line) {
  const double limits[] = {0, 0, 7, 7};
  watch_plot_begin(&plot, WATCH_BRAILLE, 2, 2, 7);
  watch_plot_line(&plot, limits, WATCH_INK_LIMIT);
  ck_assert_str_eq(row_text(0), " ⡏");
  ck_assert_str_eq(row_text(1), "⣀⠇");
}
END_TEST

START_TEST(a_part_has_its_own_ink_and_a_gap_above_it) {
  const double whole[] = {7, 7, 7}, part[] = {3, 7, 0};
  watch_plot_begin(&plot, WATCH_BLOCKS, 4, 3, 7);
  watch_plot_area(&plot, whole, NULL);
  watch_plot_part(&plot, part, whole);
  ck_assert_int_eq(ink(3, 0), WATCH_INK_SECOND);
  ck_assert_int_eq(ink(2, 0), WATCH_INK_SECOND);
  ck_assert_int_eq(ink(1, 0), WATCH_INK_AREA);
  ck_assert_int_eq(ink(0, 1), WATCH_INK_SECOND); /* all of it */
  ck_assert_int_eq(ink(3, 2), WATCH_INK_AREA);   /* none of it */
  ck_assert_str_eq(row_text(0), "███");
  ck_assert_str_eq(row_text(1), "▀██");
}
END_TEST

START_TEST(no_size_is_too_large_or_too_small) {
  static double values[WATCH_PLOT_DOTS_MAX];
  for (size_t i = 0; i < WATCH_PLOT_DOTS_MAX; i++)
    values[i] = (double)i;
  watch_plot_begin(&plot, WATCH_BRAILLE, 1000, 10000, 1);
  ck_assert_uint_eq(plot.rows, WATCH_PLOT_ROWS_MAX);
  ck_assert_uint_eq(plot.columns, WATCH_PLOT_COLUMNS_MAX);
  watch_plot_area(&plot, values, NULL);
  watch_plot_line(&plot, values, WATCH_INK_LIMIT);
  watch_plot_begin(&plot, WATCH_BRAILLE, 0, 10, 1);
  watch_plot_area(&plot, values, NULL);
  watch_plot_part(&plot, values, values);
  watch_plot_line(&plot, values, WATCH_INK_LIMIT);
  ck_assert_uint_eq(plot.rows, 0);
}
END_TEST

SUITE(watch_plot) {
  Suite *suite = suite_create("watch_plot");
  TCase *tcase = tcase_create("plot");
  tcase_add_test(tcase, an_area_of_braille_is_as_high_as_its_values);
  tcase_add_test(tcase, an_area_of_half_blocks_is_as_high_as_its_values);
  tcase_add_test(tcase, an_area_of_ascii_is_as_high_as_its_values);
  tcase_add_test(tcase, what_is_beyond_the_scale_ends_at_its_edge);
  tcase_add_test(tcase, an_area_above_its_limit_has_another_ink);
  tcase_add_test(tcase,
                 a_limit_is_a_line_over_free_cells_and_a_gap_in_the_area);
  tcase_add_test(tcase, lines_are_told_apart_without_colour);
  tcase_add_test(tcase, a_line_that_jumps_stays_one_line);
  tcase_add_test(tcase, a_part_has_its_own_ink_and_a_gap_above_it);
  tcase_add_test(tcase, no_size_is_too_large_or_too_small);
  suite_add_tcase(suite, tcase);
  return suite;
}
