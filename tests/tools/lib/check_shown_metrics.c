/* The table of metrics is whole, and agrees with the rooms that produce and
 * judge them. */
#include "lib/shown_metrics.h"
#include "lib/types_db.h"
#include "scenes/suite.h"
#include "table/kernel_counters.h"
#include "table/tcp_state.h"
#include "verdict/signals.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct shown_metric *metric(int id) {
  return shown_metric((enum shown_id)id);
}

START_TEST(every_metric_has_a_row_that_fits_a_screen) {
  for (int i = 0; i < SHOWN_METRICS; i++) {
    ck_assert_msg(metric(i)->label != NULL, "no row for id %d", i);
    ck_assert_uint_ge(strlen(metric(i)->plugin), 1);
    ck_assert_uint_ge(strlen(metric(i)->plugin_instance), 1);
    ck_assert_uint_ge(strlen(metric(i)->type), 1);
    ck_assert_uint_ge(strlen(metric(i)->type_instance), 1);
    ck_assert_uint_le(strlen(metric(i)->label), 20);
    ck_assert_int_ge(metric(i)->decimals, 0);
    ck_assert(strcmp(metric(i)->unit, "") == 0 ||
              strcmp(metric(i)->unit, " %") == 0 ||
              strcmp(metric(i)->unit, "/s") == 0);
  }
}
END_TEST

START_TEST(no_metric_stands_twice) {
  for (int i = 0; i < SHOWN_METRICS; i++)
    for (int k = 0; k < i; k++)
      ck_assert_msg(
          strcmp(metric(i)->plugin, metric(k)->plugin) != 0 ||
              strcmp(metric(i)->plugin_instance, metric(k)->plugin_instance) !=
                  0 ||
              strcmp(metric(i)->type, metric(k)->type) != 0 ||
              strcmp(metric(i)->type_instance, metric(k)->type_instance) != 0,
          "%s-%s", metric(i)->type, metric(i)->type_instance);
}
END_TEST

START_TEST(states_are_the_kernels) {
  int i = SHOWN_ESTABLISHED;

  for (int state = 1; state < TCP_STATE_END; state++, i++) {
    ck_assert_str_eq(metric(i)->type, "tcp_connections");
    ck_assert_str_eq(metric(i)->type_instance, tcp_state_name(state));
  }
  ck_assert_int_eq(i, SHOWN_STATES_END);
}
END_TEST

START_TEST(counters_are_all_that_the_plugin_sends) {
  int i = SHOWN_PASSIVE_OPENS;

  for (int counter = 0; counter < COUNTER_DISPATCHED; counter++, i++) {
    ck_assert_str_eq(metric(i)->type, "protocol_counter");
    ck_assert_str_eq(metric(i)->type_instance,
                     kernel_counter_name((enum kernel_counter)counter));
  }
  ck_assert_int_eq(i, SHOWN_COUNTERS_END);
}
END_TEST

static int find(const char *type, const char *type_instance) {
  int i = 0;

  while (i < SHOWN_METRICS &&
         (strcmp(metric(i)->type, type) != 0 ||
          strcmp(metric(i)->type_instance, type_instance) != 0))
    i++;
  return i;
}

/* In an incident's text, or by explain; not every host sends them. */
static bool is_said(enum signal signal) {
  return signal == SIGNAL_TOP_SOURCE || signal == SIGNAL_SYN_RECV_PEAK ||
         signal == SIGNAL_AGED_PEAK || signal == SIGNAL_SYNS ||
         (signal >= SIGNAL_HELD_DRIP && signal <= SIGNAL_HELD_MUTE) ||
         signal == SIGNAL_BARE_ACKS;
}

START_TEST(what_is_judged_can_be_seen) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    enum signal signal = (enum signal)i;
    int id = find(signals_type(signal), signals_type_instance(signal));
    if (is_said(signal))
      continue;
    ck_assert_msg(id < SHOWN_METRICS, "%s", signals_type_instance(signal));
    ck_assert_int_eq(id >= SHOWN_PASSIVE_OPENS && id < SHOWN_COUNTERS_END,
                     signal >= SIGNAL_FIRST_COUNTER);
  }
}
END_TEST

START_TEST(groups_cover_all_but_the_limits_of_the_flood) {
  int next = 0;

  for (int i = 0; i < SHOWN_GROUPS; i++) {
    ck_assert_int_eq((int)shown_groups[i].first, next);
    ck_assert_int_gt((int)shown_groups[i].end, next);
    next = (int)shown_groups[i].end;
  }
  ck_assert_int_eq(next, SHOWN_FLOOD_EXPECTED);
}
END_TEST

/* Graphs go by the labels and by their order. */
START_TEST(labels_of_the_check_stay) {
  char labels[256] = "";

  for (int i = 0; i < SHOWN_METRICS; i++)
    if (metric(i)->check_label) {
      strcat(labels, " ");
      strcat(labels, metric(i)->check_label);
    }
  ck_assert_str_eq(labels, " established completion handshake syn_queue "
                           "accept_queue cookies_sent listen_overflows");
}
END_TEST

/* --- stock types ---------------------------------------------------------- */

static const struct {
  const char *type;
  bool is_counter;
  const char *unit, *rate;
} types[] = {
    {"tcp_connections", false, "connections", "connections/s"},
    {"percent", false, "%", "%/s"},
    {"protocol_counter", true, "events", "events/s"},
    {"apache_bytes", true, "B", "B/s"}, /* the first */
    {"vmpage_io", true, "", "1/s"},     /* the last */
    {"gauge", false, "", "1/s"},
    {"temperature", false, "°C", "°C/s"},
    {"no_such_type", false, "", "1/s"},
    {"", false, "", "1/s"},
};

START_TEST(stock_types_tell_counter_and_unit) {
  char unit[TYPES_DB_UNIT_MAX];

  ck_assert_int_eq(types_db_is_counter(types[_i].type), types[_i].is_counter);
  types_db_unit(types[_i].type, false, unit);
  ck_assert_str_eq(unit, types[_i].unit);
  types_db_unit(types[_i].type, true, unit);
  ck_assert_str_eq(unit, types[_i].rate);
}
END_TEST

/* A row out of order would be there and never be found. */
START_TEST(all_rows_of_the_stock_types_are_found) {
  FILE *source = fopen(SOURCES "/tools/lib/types_db.c", "r");
  char line[256], type[64], is_counter[8];
  int rows = 0;

  ck_assert_ptr_nonnull(source);
  while (fgets(line, sizeof(line), source)) {
    if (sscanf(line, " {\"%63[a-z0-9_]\", %7[a-z],", type, is_counter) != 2)
      continue;
    char unit[TYPES_DB_UNIT_MAX];
    types_db_unit(type, false, unit);
    ck_assert_msg(types_db_is_counter(type) || *unit != '\0', "%s", type);
    ck_assert_int_eq(types_db_is_counter(type),
                     strcmp(is_counter, "true") == 0);
    rows++;
  }
  fclose(source);
  ck_assert_int_gt(rows, 150);
}
END_TEST

SUITE(shown_metrics) {
  Suite *suite = suite_create("shown_metrics");
  TCase *tcase = tcase_create("metrics");
  tcase_add_test(tcase, every_metric_has_a_row_that_fits_a_screen);
  tcase_add_test(tcase, no_metric_stands_twice);
  tcase_add_test(tcase, states_are_the_kernels);
  tcase_add_test(tcase, counters_are_all_that_the_plugin_sends);
  tcase_add_test(tcase, what_is_judged_can_be_seen);
  tcase_add_test(tcase, groups_cover_all_but_the_limits_of_the_flood);
  tcase_add_test(tcase, labels_of_the_check_stay);
  suite_add_tcase(suite, tcase);
  tcase = tcase_create("types");
  tcase_add_loop_test(tcase, stock_types_tell_counter_and_unit, 0,
                      (int)(sizeof(types) / sizeof(types[0])));
  tcase_add_test(tcase, all_rows_of_the_stock_types_are_found);
  suite_add_tcase(suite, tcase);
  return suite;
}
