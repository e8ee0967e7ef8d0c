/* Where the parts of the screen of `watch` stand, at every size of a window. */
#include "scenes/suite.h"
#include "watch/layout.h"

enum {
  ROWS_MAX = 80,
  COLUMNS_MAX = 250,
  CONTENTS = 8,
  BOXES_MAX = 8 + WATCH_PANELS_MAX
};

static const struct watch_content contents[CONTENTS] = {
    {.incidents = 0},
    {.incidents = 5},
    {.incidents = 5, .open_incidents = 1},
    {.incidents = 5, .open_incidents = 5, .message_rows = 3},
    {.incidents = 16, .open_incidents = 16},
    {.incidents = 5, .only_values = true},
    {.incidents = 1, .open_incidents = 1, .message_rows = 1},
    {.incidents = 6, .open_incidents = 1, .events = 32},
};

/* All boxes that are shown. Returns how many. */
static size_t collect(const struct watch_layout *layout,
                      struct watch_box boxes[BOXES_MAX]) {
  const struct watch_box all[] = {
      layout->header, layout->message, layout->incidents, layout->states,
      layout->values, layout->footer,  layout->events,    layout->ticks};
  size_t len = 0;
  for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
    if (all[i].rows != 0)
      boxes[len++] = all[i];
  ck_assert_int_le(layout->panels_len, WATCH_PANELS_MAX);
  for (int i = 0; i < layout->panels_len; i++)
    boxes[len++] = layout->panels[i];
  return len;
}

static bool is_within(const struct watch_box *box, int rows, int columns) {
  return box->rows > 0 && box->columns > 0 && box->y >= 0 && box->x >= 0 &&
         box->y + box->rows <= rows && box->x + box->columns <= columns;
}

static bool overlap(const struct watch_box *a, const struct watch_box *b) {
  return a->y < b->y + b->rows && b->y < a->y + a->rows &&
         a->x < b->x + b->columns && b->x < a->x + a->columns;
}

static void assert_apart(const struct watch_layout *layout, int rows,
                         int columns) {
  struct watch_box boxes[BOXES_MAX];
  size_t len = collect(layout, boxes);
  bool fine = true;
  for (size_t i = 0; i < len; i++) {
    fine = fine && is_within(&boxes[i], rows, columns);
    for (size_t k = 0; k < i; k++)
      fine = fine && !overlap(&boxes[i], &boxes[k]);
  }
  for (int i = 0; i < layout->panels_len; i++)
    fine = fine && layout->panels[i].rows >= 2;
  ck_assert_msg(fine, "the parts of a window of %dx%d", columns, rows);
}

START_TEST(at_no_size_do_parts_overlap_or_leave_the_window) {
  for (int rows = 1; rows <= ROWS_MAX; rows++)
    for (int columns = 1; columns <= COLUMNS_MAX; columns++) {
      struct watch_layout layout =
          watch_layout_make(rows, columns, &contents[_i]);
      ck_assert_int_eq(layout.fits,
                       rows >= WATCH_ROWS_MIN && columns >= WATCH_COLUMNS_MIN);
      if (layout.fits)
        assert_apart(&layout, rows, columns);
      else
        ck_assert_int_eq(layout.panels_len, 0);
    }
}
END_TEST

START_TEST(the_least_window_has_the_incident_and_a_curve) {
  const struct watch_content content = {.incidents = 5, .open_incidents = 1};
  struct watch_layout layout =
      watch_layout_make(WATCH_ROWS_MIN, WATCH_COLUMNS_MIN, &content);
  ck_assert_int_ge(layout.incidents.rows, 2);
  ck_assert_int_ge(layout.panels_len, 1);
  ck_assert_int_ge(layout.panels[0].rows, 3);
}
END_TEST

START_TEST(a_message_has_its_line_in_the_least_window) {
  const struct watch_content content = {.incidents = 5, .message_rows = 3};
  struct watch_layout layout =
      watch_layout_make(WATCH_ROWS_MIN, WATCH_COLUMNS_MIN, &content);
  ck_assert_int_eq(layout.message.rows, 1);
}
END_TEST

START_TEST(a_usual_window_has_the_states_and_six_curves) {
  const struct watch_content content = {.incidents = 5, .open_incidents = 1};
  struct watch_layout layout = watch_layout_make(24, 80, &content);
  ck_assert_int_eq(layout.states.rows, 3);
  ck_assert_int_eq(layout.panels_len, 6);
  ck_assert_int_eq(layout.values.rows, 0);
  ck_assert(!layout.every_incident);
}
END_TEST

START_TEST(a_large_window_has_every_incident_all_values_and_twelve_curves) {
  const struct watch_content content = {.incidents = 5, .open_incidents = 1};
  struct watch_layout layout = watch_layout_make(50, 200, &content);
  ck_assert(layout.every_incident);
  ck_assert_int_ge(layout.incidents.rows, 6);
  ck_assert_int_ge(layout.values.rows, 44);
  ck_assert_int_eq(layout.panels_len, 12);
  ck_assert_int_ge(layout.panels[0].rows, 8);
}
END_TEST

START_TEST(events_stand_in_the_free_room_of_a_large_window) {
  struct watch_content content = {.incidents = 6};
  struct watch_layout large = watch_layout_make(50, 200, &content);
  ck_assert_int_eq(large.events.y, large.incidents.y);
  ck_assert_int_ge(large.events.columns, 35);
  ck_assert_int_ge(large.events.rows, 6);
  struct watch_layout calm = watch_layout_make(40, 120, &content);
  ck_assert_int_eq(calm.events.rows, 0);
  content.events = 2;
  struct watch_layout busy = watch_layout_make(40, 120, &content);
  ck_assert_int_eq(busy.events.rows, 3);
  struct watch_layout small = watch_layout_make(24, 80, &content);
  ck_assert_int_eq(small.events.rows, 0);
}
END_TEST

START_TEST(ticks_stand_below_the_curves_of_all_but_low_windows) {
  const struct watch_content content = {.incidents = 6};
  struct watch_layout usual = watch_layout_make(24, 80, &content);
  const struct watch_box *last = &usual.panels[usual.panels_len - 1];
  ck_assert_int_eq(usual.ticks.y, last->y + last->rows);
  ck_assert_int_eq(usual.abreast, 2);
  struct watch_layout low = watch_layout_make(19, 80, &content);
  ck_assert_int_eq(low.ticks.rows, 0);
}
END_TEST

START_TEST(open_incidents_have_a_line_each) {
  const struct watch_content content = {.incidents = 5, .open_incidents = 3};
  struct watch_layout layout = watch_layout_make(24, 80, &content);
  ck_assert_int_ge(layout.incidents.rows, 1 + 3 + 1);
}
END_TEST

START_TEST(the_values_take_the_place_of_the_curves_where_asked_for) {
  const struct watch_content content = {.incidents = 5, .only_values = true};
  struct watch_layout layout = watch_layout_make(24, 80, &content);
  ck_assert_int_eq(layout.panels_len, 0);
  ck_assert_int_ge(layout.values.rows, 15);
  ck_assert_int_eq(layout.values.columns, 80);
}
END_TEST

SUITE(layout) {
  Suite *suite = suite_create("layout");
  TCase *tcase = tcase_create("layout");
  tcase_add_loop_test(tcase, at_no_size_do_parts_overlap_or_leave_the_window, 0,
                      CONTENTS);
  tcase_add_test(tcase, the_least_window_has_the_incident_and_a_curve);
  tcase_add_test(tcase, a_message_has_its_line_in_the_least_window);
  tcase_add_test(tcase, a_usual_window_has_the_states_and_six_curves);
  tcase_add_test(
      tcase, a_large_window_has_every_incident_all_values_and_twelve_curves);
  tcase_add_test(tcase, events_stand_in_the_free_room_of_a_large_window);
  tcase_add_test(tcase, ticks_stand_below_the_curves_of_all_but_low_windows);
  tcase_add_test(tcase, open_incidents_have_a_line_each);
  tcase_add_test(tcase,
                 the_values_take_the_place_of_the_curves_where_asked_for);
  suite_add_tcase(suite, tcase);
  return suite;
}
