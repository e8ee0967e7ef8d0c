/* catalogue: each row is complete, and its tables point to where it says. */
#include "scenes/suite.h"
#include "verdict/incidents/catalogue.h"

#include <math.h>
#include <string.h>

static const struct catalogue_row *row;

static void setup(void) { row = NULL; }

START_TEST(a_name_finds_its_row_alone) {
  ck_assert_int_eq(catalogue_find(catalogue[_i].name), _i);
  ck_assert_int_eq(catalogue_find("none"), INCIDENT_COUNT);
  ck_assert_int_eq(catalogue_find(""), INCIDENT_COUNT);
}
END_TEST

START_TEST(a_row_has_its_words) {
  row = &catalogue[_i];
  ck_assert(strlen(row->name) > 0 && strlen(row->name) < RULES_NAME_MAX);
  ck_assert(row->meaning[strlen(row->meaning) - 1] == '.');
  ck_assert(strlen(row->observed) > 0);
  ck_assert_int_eq(row->checked[0], ' ');
  ck_assert_int_eq(row->shape == CATALOGUE_EXCESS, row->noticed != NULL);
}
END_TEST

START_TEST(a_default_is_within_its_range_and_where_the_rules_are) {
  struct rules rules;
  rules_defaults(&rules);
  row = &catalogue[_i];
  ck_assert_int_eq(rules.incident[_i].enable, !row->off);
  for (size_t i = 0; i < row->options_len; i++) {
    const struct catalogue_option *option = &row->options[i];
    double value;
    memcpy(&value, (const char *)&rules + option->offset, sizeof(value));
    ck_assert_double_eq(value, option->preset);
    ck_assert(option->preset >= option->min && option->preset <= option->max);
    for (size_t k = 0; k < i; k++)
      ck_assert_uint_ne(option->offset, row->options[k].offset);
  }
}
END_TEST

START_TEST(only_an_earlier_incident_mutes) {
  ck_assert(catalogue[_i].muted_by == INCIDENT_COUNT ||
            (int)catalogue[_i].muted_by < _i);
}
END_TEST

/* Its columns are called by its name, and lie within its memory alone. */
START_TEST(what_is_saved_is_its_own_memory) {
  row = &catalogue[_i];
  size_t name = strlen(row->name);
  size_t end =
      _i + 1 < INCIDENT_COUNT ? catalogue[_i + 1].memory : sizeof(struct judge);
  ck_assert_str_eq(row->saved.name, row->name);
  ck_assert_uint_gt(row->saved.fields_len, 0);
  ck_assert(row->incident >= row->memory && row->incident < end);
  for (size_t i = 0; i < row->saved.fields_len; i++) {
    const struct state_field *field = &row->saved.fields[i];
    ck_assert(strncmp(field->name, row->name, name) == 0);
    ck_assert_int_eq(field->name[name], '.');
    ck_assert(field->offset >= row->memory && field->offset < end);
    for (size_t k = 0; k < i; k++)
      ck_assert_str_ne(field->name, row->saved.fields[k].name);
  }
}
END_TEST

START_TEST(a_queue_is_one_of_the_observation) {
  struct observation seen = {.dt_s = 10};
  const struct snapshot_queue *queue =
      catalogue_queue(&seen, (enum incident_kind)_i);
  ck_assert(queue == NULL || queue == &seen.syn_queue ||
            queue == &seen.accept_queue || queue == &seen.held);
}
END_TEST

/* The tests lie in the trace, and the rules decide by what is there. */
START_TEST(its_tests_are_set_where_it_is_judged) {
  struct rules rules;
  struct judge judge;
  struct judgement out;
  struct judge_trace trace;
  struct observation seen = {.dt_s = 10, .interval_s = 10, .time_s = 1000};
  rules_defaults(&rules);
  rules.incident[_i].enable = true;
  judge_init(&judge);
  memset(&trace, 0xff, sizeof(trace));
  seen.sent = SIGNALS_ALL;
  judge_trace(&judge, &rules, &seen, &out, &trace);
  ck_assert(out.finding[_i].judged);
  const struct trace_test *tests =
      catalogue_tests(&trace, (enum incident_kind)_i);
  const char *how = catalogue_trace(&trace, (enum incident_kind)_i);
  ck_assert((const char *)tests >= how);
  ck_assert((const char *)tests < (const char *)&trace + sizeof(trace));
  ck_assert(tests[0].relation <= TRACE_AT_MOST);
}
END_TEST

SUITE(catalogue) {
  Suite *suite = suite_create("catalogue");
  TCase *tcase = tcase_create("rows");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_loop_test(tcase, a_name_finds_its_row_alone, 0, INCIDENT_COUNT);
  tcase_add_loop_test(tcase, a_row_has_its_words, 0, INCIDENT_COUNT);
  tcase_add_loop_test(tcase,
                      a_default_is_within_its_range_and_where_the_rules_are, 0,
                      INCIDENT_COUNT);
  tcase_add_loop_test(tcase, only_an_earlier_incident_mutes, 0, INCIDENT_COUNT);
  tcase_add_loop_test(tcase, what_is_saved_is_its_own_memory, 0,
                      INCIDENT_COUNT);
  tcase_add_loop_test(tcase, a_queue_is_one_of_the_observation, 0,
                      INCIDENT_COUNT);
  tcase_add_loop_test(tcase, its_tests_are_set_where_it_is_judged, 0,
                      INCIDENT_COUNT);
  suite_add_tcase(suite, tcase);
  return suite;
}
