/* The plugin baseline under values that no host has, as anyone may send them to
 * a server's network plugin: no number, enormous, out of order, of other types,
 * at impossible intervals, under any name. Nothing is raised but by what is
 * judged, what is saved can be loaded, it is said once, and a flood afterwards
 * is noticed as ever. */
#include "fleet.h"
#include "scenes/suite.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { CALM = 40, STRANGE = 40, FLOOD = 5 };
enum { STRANGE_FROM = CALM, STRANGE_TO = CALM + STRANGE };

/* One host, flooded long after what is strange. */
static struct fleet fleet;
static atomic_uint not_finite; /* counted by the thread that dispatches */
static int way;                /* which of the strange values */

static void look_for_no_number(const value_list_t *vl) {
  not_finite += isfinite(vl->values[0].gauge) ? 0 : 1;
}

static void setup(void) {
  scene_setup();
  fleet = (struct fleet){.hosts = 1,
                         .load = {.flood_hosts = 1,
                                  .flood_from = STRANGE_TO + CALM,
                                  .flood_until = STRANGE_TO + CALM + FLOOD,
                                  .interval_s = FLEET_INTERVAL_S}};
  not_finite = 0;
  fake_clock_set(fleet_time_s(0));
  fake_on_values(look_for_no_number);
}

static void run_well(int from, int until) {
  for (int n = from; n < until; n++) {
    fake_clock_set(fleet_time_s(n));
    for (int i = 0; i < SIGNAL_COUNT; i++)
      fleet_send(&fleet, 0, (enum signal)i, n);
    scene_tick();
  }
}

static bool is_counter(int signal) { return signal >= SIGNAL_FIRST_COUNTER; }

/* As host-0 sends it, for the caller to change. */
static struct scene_value value_of(int signal, int reading) {
  struct scene_value value =
      fleet_value(&fleet, 0, (enum signal)signal, reading);
  value.host = "host-0";
  return value;
}

/* Calm, then each value changed. */
static void run_strange(void (*change)(struct scene_value *value, int signal,
                                       int reading)) {
  scene_start();
  run_well(0, CALM);
  for (int n = STRANGE_FROM; n < STRANGE_TO; n++) {
    fake_clock_set(fleet_time_s(n));
    for (int i = 0; i < SIGNAL_COUNT; i++) {
      struct scene_value value = value_of(i, n);
      change(&value, i, n);
      scene_write(&value);
    }
    scene_tick();
  }
}

/* What was saved is loaded. */
static void restart(void) {
  scene_stop();
  ck_assert_uint_eq(fake_log_count("<3>"), 0);
  fake_log_forget();
  scene_start();
  ck_assert_uint_eq(fake_log_count("baseline: loaded"), 1);
  ck_assert_uint_eq(fake_log_count("<3>"), 0);
}

/* Nothing was raised, and after a while the flood is, and its end. */
static void expect_as_ever(void) {
  ck_assert_uint_eq(fake_notified(), 0);
  restart();
  run_well(STRANGE_TO, STRANGE_TO + CALM + FLOOD + CALM);
  scene_stop();
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_FAILURE), 1);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_OKAY), 1);
  ck_assert_uint_eq(fake_notified(), 3);
  ck_assert_uint_eq(not_finite, 0);
}

static const double no_gauges[] = {NAN,      INFINITY, -INFINITY, -1,    -0.5,
                                   -DBL_MAX, DBL_MAX,  1e300,     1.1e15};
enum { NO_GAUGES = sizeof(no_gauges) / sizeof(no_gauges[0]) };

static void change_gauge(struct scene_value *value, int signal, int reading) {
  (void)reading;
  if (!is_counter(signal))
    value->value.gauge = no_gauges[way];
}

START_TEST(gauges_that_no_host_has_are_not_judged) {
  way = _i;
  run_strange(change_gauge);
  expect_as_ever();
}
END_TEST

/* Two of them take turns in each counter. */
static const int64_t no_counters[][2] = {
    {-1, -2},
    {INT64_MIN, INT64_MIN + 1},
    {-1, INT64_MAX},
    {INT64_MIN, INT64_MAX},
    {INT64_MAX, INT64_MAX},
    {0, 0},
    {INT64_MAX, 0},
    {UINT32_MAX, 100},
};
enum { NO_COUNTERS = sizeof(no_counters) / sizeof(no_counters[0]) };

static void change_counter(struct scene_value *value, int signal, int reading) {
  if (is_counter(signal))
    value->value.derive = no_counters[way][reading % 2];
}

/* From the one to the other it may have been a rate that is a flood's. */
START_TEST(counters_negative_wrapped_or_reset_end_where_they_began) {
  bool may_raise = no_counters[_i][1] == INT64_MAX || no_counters[_i][1] == 0 ||
                   no_counters[_i][0] == UINT32_MAX;
  way = _i;
  run_strange(change_counter);
  if (!may_raise)
    ck_assert_uint_eq(fake_notified(), 0);
  restart();
  run_well(STRANGE_TO, STRANGE_TO + CALM);
  ck_assert_uint_eq(fake_count(NULL, NULL, NOTIF_OKAY),
                    fake_count(NULL, NULL, NOTIF_WARNING));
  size_t before = fake_count("host-0", "syn_flood", NOTIF_WARNING);
  run_well(STRANGE_TO + CALM, STRANGE_TO + CALM + FLOOD + CALM);
  scene_stop();
  ck_assert_uint_eq(not_finite, 0);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_WARNING),
                    before + 1);
}
END_TEST

/* Every fifth reading it begins anew. */
static void reset_counter(struct scene_value *value, int signal, int reading) {
  if (is_counter(signal))
    value->value.derive = 200 * (reading % 5);
}

START_TEST(a_counter_that_is_reset_raises_nothing) {
  run_strange(reset_counter);
  expect_as_ever();
}
END_TEST

static const double no_intervals[] = {0, 1e-9, 1e-3, 1e9, 1.7e10};
static const double changing[] = {1, 10, 300, 0.5, 86400};
enum { INTERVALS = 6 };

static void change_interval(struct scene_value *value, int signal,
                            int reading) {
  (void)signal;
  value->interval_s =
      way < INTERVALS - 1 ? no_intervals[way] : changing[reading % 5];
}

START_TEST(at_impossible_and_changing_intervals_nothing_is_raised) {
  way = _i;
  run_strange(change_interval);
  expect_as_ever();
}
END_TEST

static const double no_times[] = {0, 1e-9, 1, 1e10, 1.7e10};
enum { NO_TIMES = sizeof(no_times) / sizeof(no_times[0]) };

static void change_time(struct scene_value *value, int signal, int reading) {
  (void)signal, (void)reading;
  value->time_s = no_times[way];
}

START_TEST(values_of_impossible_times_are_followed_by_good_ones) {
  way = _i;
  run_strange(change_time);
  ck_assert_uint_le(fake_log_count("came after their host's next snapshot"), 1);
  expect_as_ever();
}
END_TEST

/* Each value twice, the readings in threes from the last to the first. */
START_TEST(doubled_and_out_of_order_they_raise_nothing) {
  scene_start();
  run_well(0, CALM);
  for (int n = STRANGE_FROM; n < STRANGE_TO; n++) {
    int reading = n - n % 3 + 2 - n % 3;
    fake_clock_set(fleet_time_s(n));
    for (int i = 0; i < 2 * SIGNAL_COUNT; i++) {
      struct scene_value value = value_of(i / 2, reading);
      scene_write(&value);
    }
    scene_tick();
  }
  ck_assert_uint_eq(fake_log_count("came after their host's next snapshot"), 1);
  ck_assert_uint_eq(fake_log_count("<4>"), 1);
  expect_as_ever();
}
END_TEST

/* A value list with that many values by a type with that many sources. */
static void write_list(int signal, int reading, int kind, size_t sources,
                       size_t values) {
  struct scene_value is = value_of(signal, reading);
  data_source_t source[3] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
  data_set_t set = {.ds_num = sources, .ds = source};
  value_t number[3] = {{.gauge = 1e6}, {.gauge = 1e6}, {.gauge = 1e6}};
  value_list_t vl = {.values = number,
                     .values_len = values,
                     .time = DOUBLE_TO_CDTIME_T(is.time_s),
                     .interval = DOUBLE_TO_CDTIME_T(is.interval_s)};
  for (size_t i = 0; i < 3; i++)
    source[i].type = kind;
  snprintf(set.type, sizeof(set.type), "%s", is.type);
  snprintf(vl.host, sizeof(vl.host), "%s", is.host);
  snprintf(vl.plugin, sizeof(vl.plugin), "%s", is.plugin);
  snprintf(vl.plugin_instance, sizeof(vl.plugin_instance), "%s",
           is.plugin_instance);
  snprintf(vl.type, sizeof(vl.type), "%s", is.type);
  snprintf(vl.type_instance, sizeof(vl.type_instance), "%s", is.type_instance);
  ck_assert_int_eq(fake_callbacks()->write(&set, &vl, NULL), 0);
}

static const struct {
  int kind; /* -1: of gauges DERIVE, of counters GAUGE */
  size_t sources, values;
} lists[] = {
    {-1, 1, 1},
    {DS_TYPE_COUNTER, 1, 1},
    {DS_TYPE_ABSOLUTE, 1, 1},
    {77, 1, 1},
    {DS_TYPE_GAUGE, 2, 2},
    {DS_TYPE_GAUGE, 2, 1},
    {DS_TYPE_GAUGE, 1, 2},
    {DS_TYPE_GAUGE, 1, 0},
    {DS_TYPE_GAUGE, 0, 0},
    {DS_TYPE_DERIVE, 3, 3},
};
enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

START_TEST(lists_of_another_type_or_length_are_not_judged) {
  scene_start();
  run_well(0, CALM);
  for (int n = STRANGE_FROM; n < STRANGE_TO; n++) {
    fake_clock_set(fleet_time_s(n));
    for (int i = 0; i < SIGNAL_COUNT; i++) {
      int other = is_counter(i) ? DS_TYPE_GAUGE : DS_TYPE_DERIVE;
      write_list(i, n, lists[_i].kind < 0 ? other : lists[_i].kind,
                 lists[_i].sources, lists[_i].values);
    }
    scene_tick();
  }
  expect_as_ever();
}
END_TEST

SUITE(baseline_values) {
  Suite *suite = suite_create("baseline_values");
  TCase *tcase = tcase_create("baseline_values");

  tcase_add_checked_fixture(tcase, setup, scene_teardown);
  tcase_set_timeout(tcase, 30);
  tcase_add_loop_test(tcase, gauges_that_no_host_has_are_not_judged, 0,
                      NO_GAUGES);
  tcase_add_loop_test(tcase,
                      counters_negative_wrapped_or_reset_end_where_they_began,
                      0, NO_COUNTERS);
  tcase_add_test(tcase, a_counter_that_is_reset_raises_nothing);
  tcase_add_loop_test(tcase,
                      at_impossible_and_changing_intervals_nothing_is_raised, 0,
                      INTERVALS);
  tcase_add_loop_test(
      tcase, values_of_impossible_times_are_followed_by_good_ones, 0, NO_TIMES);
  tcase_add_test(tcase, doubled_and_out_of_order_they_raise_nothing);
  tcase_add_loop_test(tcase, lists_of_another_type_or_length_are_not_judged, 0,
                      LISTS);
  suite_add_tcase(suite, tcase);
  return suite;
}
