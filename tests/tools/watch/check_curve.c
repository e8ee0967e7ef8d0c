/* The curves of `watch`: which reading stands in which column, how high the
 * scale goes, and the cells of a plot, read back as the characters on the
 * screen. */
#include "scenes/suite.h"
#include "watch/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 60 };

static struct watch_ring *ring;
static double columns[COLUMNS];

static void set_up(void) {
  ring = watch_ring_create();
  ck_assert_ptr_nonnull(ring);
}

static void tear_down(void) { watch_ring_destroy(ring); }

static void add(double time_s, double value) {
  double values[SHOWN_METRICS];
  for (size_t i = 0; i < SHOWN_METRICS; i++)
    values[i] = NAN;
  values[SHOWN_SYN_RECV] = value;
  watch_ring_add(ring, time_s, values);
}

static double newest_s(void) {
  return watch_ring_at(ring, watch_ring_len(ring) - 1)->time_s;
}

/* Draws span_s seconds up to end_s. */
static struct watch_axis draw(double end_s, double span_s,
                              enum watch_pick pick) {
  struct watch_axis axis = watch_curve_axis(ring, end_s, span_s, COLUMNS);
  watch_curve_columns(ring, &axis, SHOWN_SYN_RECV, pick, columns);
  return axis;
}

static size_t count_known(void) {
  size_t count = 0;
  for (size_t i = 0; i < COLUMNS; i++)
    count += isnan(columns[i]) ? 0 : 1;
  return count;
}

static double random_share(unsigned *seed) {
  *seed = *seed * 1103515245U + 12345U;
  return (double)(*seed >> 8 & 0xffffU) / 65536.0;
}

START_TEST(a_full_ring_forgets_the_oldest) {
  for (int i = 0; i < WATCH_RING_MAX + 10; i++)
    add(i, i);
  ck_assert_uint_eq(watch_ring_len(ring), WATCH_RING_MAX);
  ck_assert_double_eq(watch_ring_at(ring, 0)->time_s, 10);
  ck_assert_double_eq(newest_s(), WATCH_RING_MAX + 9);
}
END_TEST

START_TEST(the_same_reading_counts_once_and_an_unknown_time_never) {
  add(5, 1);
  add(5, 2);
  add(NAN, 3);
  ck_assert_uint_eq(watch_ring_len(ring), 1);
  ck_assert_double_eq(watch_ring_at(ring, 0)->values[SHOWN_SYN_RECV], 1);
}
END_TEST

START_TEST(a_clock_that_is_set_back_begins_a_new_curve) {
  add(1000, 1);
  add(1001, 2);
  add(500, 3);
  ck_assert_uint_eq(watch_ring_len(ring), 1);
  ck_assert_double_eq(newest_s(), 500);
}
END_TEST

START_TEST(the_usual_step_is_not_moved_by_a_gap) {
  ck_assert_double_nan(watch_ring_step_s(ring));
  add(0, 0);
  ck_assert_double_nan(watch_ring_step_s(ring));
  for (int i = 1; i < 5; i++)
    add(10 * i, 0);
  add(3000, 0);
  add(3010, 0);
  ck_assert_double_eq_tol(watch_ring_step_s(ring), 10, 1e-9);
}
END_TEST

START_TEST(a_first_reading_stands_in_the_last_column) {
  add(100.3, 7);
  draw(100.3, 30, WATCH_PICK_HIGHEST);
  ck_assert_double_eq(columns[COLUMNS - 1], 7);
  ck_assert_uint_eq(count_known(), 1);
}
END_TEST

START_TEST(without_a_reading_nothing_is_drawn) {
  draw(100, 30, WATCH_PICK_HIGHEST);
  ck_assert_uint_eq(count_known(), 0);
}
END_TEST

START_TEST(readings_that_come_unevenly_have_a_column_each) {
  unsigned seed = (unsigned)_i;
  double phase = random_share(&seed);
  for (int i = 0; i < 2 * COLUMNS; i++)
    add(1e9 + phase + i + 0.2 * random_share(&seed), i);
  draw(newest_s(), COLUMNS, WATCH_PICK_HIGHEST);
  for (int c = 0; c < COLUMNS; c++)
    ck_assert_double_eq(columns[c], COLUMNS + c);
}
END_TEST

START_TEST(a_spike_vanishes_in_no_column_of_several_readings) {
  for (int i = 0; i < 600; i++)
    add(i, i == 123 + 7 * _i ? 1000 : 1);
  draw(newest_s(), 600, WATCH_PICK_HIGHEST);
  size_t high = 0;
  for (int c = 0; c < COLUMNS; c++)
    high += columns[c] == 1000;
  ck_assert_uint_eq(high, 1);
}
END_TEST

START_TEST(a_dip_vanishes_in_no_column_where_the_lowest_tells) {
  for (int i = 0; i < 600; i++)
    add(i, i == 123 + 7 * _i ? 2 : 98);
  draw(newest_s(), 600, WATCH_PICK_LOWEST);
  size_t low = 0;
  for (int c = 0; c < COLUMNS; c++)
    low += columns[c] == 2;
  ck_assert_uint_eq(low, 1);
}
END_TEST

START_TEST(a_gap_stays_a_gap_and_one_late_reading_is_none) {
  for (int i = 0; i < 30; i++)
    if ((i < 10 || i >= 20) && i != 5)
      add(i + (i == 25 ? 0.4 : 0), 1);
  draw(newest_s(), 30, WATCH_PICK_HIGHEST);
  int last = COLUMNS - 1;
  ck_assert_double_eq(columns[last - 4], 1); /* the late one */
  for (int i = 12; i < 20; i++)
    ck_assert_double_nan(columns[last - 29 + i]);
  ck_assert_double_eq(columns[last - 29 + 9], 1);
  ck_assert_double_eq(columns[last - 29 + 20], 1);
}
END_TEST

START_TEST(a_pause_hides_what_comes_after_it) {
  for (int i = 0; i < 50; i++)
    add(i, i);
  draw(40, COLUMNS, WATCH_PICK_HIGHEST);
  ck_assert_double_eq(columns[COLUMNS - 1], 40);
}
END_TEST

START_TEST(an_axis_covers_its_span_in_whole_steps) {
  for (int i = 0; i < 20; i++)
    add(10 * i, i);
  struct watch_axis axis = watch_curve_axis(ring, 190, 3600, COLUMNS);
  ck_assert_double_eq(axis.column_s, 60);
  axis = watch_curve_axis(ring, 190, 120, COLUMNS);
  ck_assert_double_eq(axis.column_s, 10); /* every column has a reading */
}
END_TEST

START_TEST(readings_stay_together_as_time_goes_on) {
  double before[COLUMNS] = {0};
  for (int i = 0; i < 590; i++)
    add(1e9 + i, i * 37 % 101);
  for (int step = 0; step < 30; step++) {
    struct watch_axis axis = draw(newest_s(), 600, WATCH_PICK_HIGHEST);
    ck_assert_double_eq(axis.column_s, 10);
    for (int c = 2; step > 0 && c < COLUMNS - 2; c++)
      ck_assert(columns[c] == before[c] || columns[c] == before[c + 1]);
    for (int c = 0; c < COLUMNS; c++)
      before[c] = columns[c];
    add(newest_s() + 1, step * 53 % 97);
  }
}
END_TEST

START_TEST(a_scale_is_round_and_never_too_low) {
  ck_assert_double_eq(watch_curve_scale(512, 10), 600);
  ck_assert_double_eq(watch_curve_scale(3, 10), 10);
  ck_assert_double_eq(watch_curve_scale(NAN, 10), 10);
  ck_assert_double_eq(watch_curve_scale(NAN, NAN), 1);
  ck_assert_double_eq_tol(watch_curve_scale(0.021, 0), 0.03, 1e-12);
  for (double value = 1e-3; value < 1e9; value *= 1.07) {
    double top = watch_curve_scale(value, 0);
    ck_assert_double_ge(top, value);
    ck_assert_double_le(top, 1.6 * value);
  }
}
END_TEST

/* --- the cells of a plot -------------------------------------------------- */

static struct watch_plot plot;

/* One row of cells as text; row 0 is at the top. */
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

START_TEST(a_low_limit_is_seen_above_low_values_and_below_a_peak) {
  const double values[] = {0, 1, 800, 800}, limits[] = {2, 2, 2, 2};
  watch_plot_begin(&plot, WATCH_BLOCKS, 2, 4, 800);
  watch_plot_area(&plot, values, limits);
  watch_plot_line(&plot, limits, WATCH_INK_LIMIT);
  ck_assert_str_eq(row_text(1), "██▄▄");
  ck_assert_int_eq(ink(1, 0), WATCH_INK_LIMIT);
  ck_assert_int_eq(ink(1, 1), WATCH_INK_LIMIT);
  ck_assert_int_eq(ink(1, 2), WATCH_INK_OVER);
  watch_plot_begin(&plot, WATCH_ASCII, 2, 4, 800);
  watch_plot_area(&plot, values, limits);
  watch_plot_line(&plot, limits, WATCH_INK_LIMIT);
  ck_assert_str_eq(row_text(1), "----");
}
END_TEST

START_TEST(ticks_are_round_and_far_enough_apart) {
  for (double column_s = 0.1; column_s < 4000; column_s *= 1.3) {
    struct watch_axis axis = {
        .end_s = 1e9, .step_s = column_s, .column_s = column_s, .columns = 80};
    double step_s = watch_curve_tick_s(&axis, 14);
    ck_assert_double_ge(step_s, 14 * column_s);
    ck_assert(fmod(3600, step_s) == 0 || fmod(step_s, 3600) == 0);
  }
  struct watch_axis axis = {
      .end_s = 1000, .step_s = 1, .column_s = 1, .columns = 80};
  ck_assert_double_eq(watch_curve_column(&axis, 1000), 79);
  ck_assert_double_eq(watch_curve_column(&axis, 960), 39);
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

SUITE(curve) {
  Suite *suite = suite_create("curve");
  TCase *tcase = tcase_create("curve");
  tcase_add_checked_fixture(tcase, set_up, tear_down);
  tcase_add_test(tcase, a_full_ring_forgets_the_oldest);
  tcase_add_test(tcase, the_same_reading_counts_once_and_an_unknown_time_never);
  tcase_add_test(tcase, a_clock_that_is_set_back_begins_a_new_curve);
  tcase_add_test(tcase, the_usual_step_is_not_moved_by_a_gap);
  tcase_add_test(tcase, a_first_reading_stands_in_the_last_column);
  tcase_add_test(tcase, without_a_reading_nothing_is_drawn);
  tcase_add_loop_test(tcase, readings_that_come_unevenly_have_a_column_each, 0,
                      20);
  tcase_add_loop_test(tcase, a_spike_vanishes_in_no_column_of_several_readings,
                      0, 20);
  tcase_add_loop_test(tcase, a_dip_vanishes_in_no_column_where_the_lowest_tells,
                      0, 20);
  tcase_add_test(tcase, a_gap_stays_a_gap_and_one_late_reading_is_none);
  tcase_add_test(tcase, a_pause_hides_what_comes_after_it);
  tcase_add_test(tcase, an_axis_covers_its_span_in_whole_steps);
  tcase_add_test(tcase, readings_stay_together_as_time_goes_on);
  tcase_add_test(tcase, a_scale_is_round_and_never_too_low);
  suite_add_tcase(suite, tcase);
  TCase *plot_case = tcase_create("plot");
  tcase_add_test(plot_case, an_area_of_braille_is_as_high_as_its_values);
  tcase_add_test(plot_case, an_area_of_half_blocks_is_as_high_as_its_values);
  tcase_add_test(plot_case, an_area_of_ascii_is_as_high_as_its_values);
  tcase_add_test(plot_case, what_is_beyond_the_scale_ends_at_its_edge);
  tcase_add_test(plot_case, an_area_above_its_limit_has_another_ink);
  tcase_add_test(plot_case,
                 a_limit_is_a_line_over_free_cells_and_a_gap_in_the_area);
  tcase_add_test(plot_case,
                 a_low_limit_is_seen_above_low_values_and_below_a_peak);
  tcase_add_test(plot_case, ticks_are_round_and_far_enough_apart);
  tcase_add_test(plot_case, lines_are_told_apart_without_colour);
  tcase_add_test(plot_case, a_line_that_jumps_stays_one_line);
  tcase_add_test(plot_case, a_part_has_its_own_ink_and_a_gap_above_it);
  tcase_add_test(plot_case, no_size_is_too_large_or_too_small);
  suite_add_tcase(suite, plot_case);
  return suite;
}
