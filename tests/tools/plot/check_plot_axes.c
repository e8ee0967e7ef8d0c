/* The axis of values, units, where the parts of a picture stand, and the spans
 * of its incidents. */
#include "lib/types_db.h"
#include "plot/panel.h"
#include "plot/scale.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* --- values --------------------------------------------------------------- */

static bool is_round(double step) {
  double mantissa = step / pow(10, floor(log10(step) + 1e-9));

  return fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 ||
         fabs(mantissa - 2.5) < 1e-6 || fabs(mantissa - 5) < 1e-6;
}

START_TEST(axis_holds_all_values_between_round_ticks) {
  srand(3);
  for (int i = 0; i < 2000; i++) {
    double size = pow(10, 24.0 * rand() / RAND_MAX - 10);
    double low = size * (2.0 * rand() / RAND_MAX - 1);
    double high = low + size * rand() / RAND_MAX;
    size_t most = 3 + (size_t)rand() % 8;
    struct plot_scale scale = plot_scale_fit(low, high, most, 0, INFINITY);
    ck_assert_double_le(scale.low, low + 1e-6 * size);
    ck_assert_double_ge(scale.high, high - 1e-6 * size);
    ck_assert_uint_ge(scale.len, 2);
    ck_assert_uint_le(scale.len, most);
    ck_assert_msg(is_round(scale.step), "%g", scale.step);
    ck_assert_double_eq_tol(plot_scale_tick(&scale, scale.len - 1), scale.high,
                            1e-6 * size);
  }
}
END_TEST

static const struct {
  double low, high;
  size_t most;
  int from_zero;
  double limit;
  const char *texts;
} axes[] = {
    {0, 128, 4, 0, INFINITY, "0|50|100|150|"},
    {95, 100, 5, 1, 100, "0|25|50|75|100|"},
    {3, 99.2, 5, 1, 100, "0|25|50|75|100|"},
    {0, 0.05, 4, 1, 100, "0|0.02|0.04|0.06|"},
    {0, 0, 5, 0, INFINITY, "0|0.25|0.50|0.75|1.00|"},
    {7, 7, 3, 0, INFINITY, "0|5|10|"},
    {2, 14000, 4, 0, INFINITY, "0|5 k|10 k|15 k|"},
    {0, 3.2e6, 3, 0, INFINITY, "0|2 M|4 M|"},
    {0, 1.4e7, 4, 0, INFINITY, "0|5 M|10 M|15 M|"},
    {0, 0.0004, 3, 0, INFINITY, "0|200 µ|400 µ|"},
    {0, 6e9, 4, 0, INFINITY, "0|2 G|4 G|6 G|"},
    {980, 1010, 5, 0, INFINITY, "980|990|1000|1010|"},
    {-5, 5, 3, 0, INFINITY, "-5|0|5|"},
};

START_TEST(numbers_are_short) {
  char all[256] = "", text[PLOT_SCALE_TEXT_MAX];
  struct plot_scale scale =
      plot_scale_fit(axes[_i].low, axes[_i].high, axes[_i].most,
                     axes[_i].from_zero, axes[_i].limit);

  for (size_t i = 0; i < scale.len; i++) {
    plot_scale_text(&scale, i, text);
    strcat(strcat(all, text), "|");
  }
  ck_assert_str_eq(all, axes[_i].texts);
}
END_TEST

START_TEST(unit_is_the_types) {
  static const struct {
    const char *type;
    bool is_rate;
    const char *unit;
  } all[] = {{"tcp_connections", false, "connections"},
             {"percent", false, "%"},
             {"protocol_counter", true, "events/s"},
             {"if_octets", true, "B/s"},
             {"derive", true, "1/s"},
             {"gauge", false, ""},
             {"duration", false, "s"}};
  char unit[TYPES_DB_UNIT_MAX];

  for (int i = 0; i < COUNT(all); i++) {
    types_db_unit(all[i].type, all[i].is_rate, unit);
    ck_assert_str_eq(unit, all[i].unit);
  }
}
END_TEST

/* --- layout --------------------------------------------------------------- */

START_TEST(parts_do_not_overlap_and_fit_the_height) {
  struct plot_layout layout;

  srand(5);
  for (int i = 0; i < 2000; i++) {
    double height = rand() % 4 == 0 ? 0 : 100 + rand() % 2000;
    double notes = rand() % 1500;
    size_t panels = 1 + (size_t)rand() % 16, lanes = (size_t)rand() % 5;
    double wanted =
        plot_layout_fit(&layout, 800, height, panels, lanes, 40, notes);
    if (wanted > 0) {
      ck_assert_double_gt(wanted, height);
      ck_assert_double_eq(
          plot_layout_fit(&layout, 800, wanted, panels, lanes, 40, notes), 0);
    }
    ck_assert_double_ge(layout.panel_height, 36);
    ck_assert_double_ge(layout.panels_top,
                        layout.lanes_top + (double)lanes * layout.lane_height);
    ck_assert_double_ge(plot_layout_panel(&layout, 0),
                        layout.panels_top + layout.title_height);
    double bottom =
        plot_layout_panel(&layout, panels - 1) + layout.panel_height;
    ck_assert_double_le(bottom, layout.axis_top);
    ck_assert_double_ge(layout.notes_top, layout.axis_top + 36);
    ck_assert_double_le(layout.axis_top + 36, layout.height);
    if (layout.notes_height > 0)
      ck_assert_double_le(layout.notes_top + layout.notes_height,
                          layout.height);
    if (height == 0)
      ck_assert_double_ge(layout.notes_height + 0.5, notes);
  }
}
END_TEST

/* --- incidents ------------------------------------------------------------ */

static struct plot_spans spans;

static void setup(void) { plot_spans_init(&spans); }
static void teardown(void) { plot_spans_release(&spans); }

static void notify(double time_s, enum severity severity, const char *name,
                   const char *subject) {
  struct notice notice = {.time_s = time_s, .severity = severity};

  snprintf(notice.host, sizeof(notice.host), "web1");
  snprintf(notice.instance, sizeof(notice.instance), "%s", name);
  snprintf(notice.text, sizeof(notice.text), "at %g", time_s);
  ck_assert_int_eq(plot_spans_put(&spans, &notice, subject, 0), 0);
}

START_TEST(incident_lasts_from_its_first_notice_to_its_okay) {
  notify(10, SEVERITY_WARNING, "a", "web1");
  notify(20, SEVERITY_FAILURE, "a", "web1");
  notify(25, SEVERITY_WARNING, "b", "web1");
  notify(30, SEVERITY_OKAY, "a", "web1");
  ck_assert_uint_eq(spans.len, 2);
  ck_assert_double_eq(spans.spans[0].start_s, 10);
  ck_assert_double_eq(spans.spans[0].failure_s, 20);
  ck_assert_double_eq(spans.spans[0].end_s, 30);
  ck_assert_uint_eq(spans.spans[0].notices_len, 3);
  ck_assert_str_eq(spans.spans[0].notices[2].text, "at 30");
  ck_assert_int_eq(plot_spans_severity(&spans.spans[0]), SEVERITY_FAILURE);
  ck_assert(isinf(spans.spans[1].end_s));
  ck_assert_int_eq(plot_spans_severity(&spans.spans[1]), SEVERITY_WARNING);
  ck_assert(plot_spans_has(&spans, "b", "web1"));
  ck_assert(!plot_spans_has(&spans, "b", "web2"));
}
END_TEST

START_TEST(two_series_of_one_watch_are_two_incidents) {
  notify(10, SEVERITY_WARNING, "a", "web1/x/gauge-1");
  notify(20, SEVERITY_WARNING, "a", "web1/x/gauge-2");
  notify(30, SEVERITY_OKAY, "a", "web1/x/gauge-1");
  ck_assert_uint_eq(spans.len, 2);
  ck_assert_double_eq(spans.spans[0].end_s, 30);
  ck_assert(isinf(spans.spans[1].end_s));
}
END_TEST

START_TEST(an_okay_of_nothing_is_nothing) {
  notify(10, SEVERITY_OKAY, "a", "web1");
  ck_assert_uint_eq(spans.len, 0);
}
END_TEST

START_TEST(reminders_push_each_other_out_not_the_end) {
  for (int i = 0; i < 10; i++)
    notify(i + 1, SEVERITY_WARNING, "a", "web1");
  notify(99, SEVERITY_OKAY, "a", "web1");
  ck_assert_uint_eq(spans.len, 1);
  ck_assert_uint_eq(spans.spans[0].notices_len, PLOT_SPAN_NOTICES_MAX);
  ck_assert_uint_eq(spans.spans[0].notices_more, 11 - PLOT_SPAN_NOTICES_MAX);
  ck_assert_double_eq(spans.spans[0].notices[0].time_s, 1);
  ck_assert_double_eq(spans.spans[0].notices[PLOT_SPAN_NOTICES_MAX - 1].time_s,
                      99);
}
END_TEST

START_TEST(more_incidents_than_there_is_room_for_are_counted) {
  for (int i = 0; i < PLOT_SPANS_MAX + 5; i++) {
    notify(10 * i + 1, SEVERITY_WARNING, "a", "web1");
    notify(10 * i + 5, SEVERITY_OKAY, "a", "web1");
  }
  ck_assert_uint_eq(spans.len, PLOT_SPANS_MAX);
  ck_assert_uint_eq(spans.more, 5);
  plot_spans_cut(&spans, 100, 200);
  ck_assert_uint_eq(spans.len, 10);
  ck_assert_double_eq(spans.spans[0].start_s, 101);
}
END_TEST

START_TEST(incidents_before_the_picture_make_room) {
  struct notice notice = {.severity = SEVERITY_WARNING};

  for (int i = 0; i < PLOT_SPANS_MAX; i++) {
    notify(10 * i + 1, SEVERITY_WARNING, "a", "web1");
    notify(10 * i + 5, SEVERITY_OKAY, "a", "web1");
  }
  notice.time_s = 1e6;
  ck_assert_int_eq(plot_spans_put(&spans, &notice, "web1", 1e5), 0);
  ck_assert_uint_eq(spans.len, 1);
  ck_assert_uint_eq(spans.more, 0);
}
END_TEST

SUITE(plot_axes) {
  TCase *axis = tcase_create("axes"), *span = tcase_create("spans");
  Suite *suite = suite_create("plot_axes");

  tcase_add_test(axis, axis_holds_all_values_between_round_ticks);
  tcase_add_loop_test(axis, numbers_are_short, 0, COUNT(axes));
  tcase_add_test(axis, unit_is_the_types);
  tcase_add_test(axis, parts_do_not_overlap_and_fit_the_height);
  tcase_add_checked_fixture(span, setup, teardown);
  tcase_add_test(span, incident_lasts_from_its_first_notice_to_its_okay);
  tcase_add_test(span, two_series_of_one_watch_are_two_incidents);
  tcase_add_test(span, an_okay_of_nothing_is_nothing);
  tcase_add_test(span, reminders_push_each_other_out_not_the_end);
  tcase_add_test(span, more_incidents_than_there_is_room_for_are_counted);
  tcase_add_test(span, incidents_before_the_picture_make_room);
  suite_add_tcase(suite, axis);
  suite_add_tcase(suite, span);
  return suite;
}
