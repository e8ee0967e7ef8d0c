/* trace: a test says what it compared, a rule is what its table says. */
#include "scenes/suite.h"
#include "verdict/incidents/trace.h"

#include <math.h>

enum { A, B, C, D, RULE, TESTS };

static struct trace_test tests[TESTS];

static void set(bool a, bool b, bool c, bool d) {
  trace_fact(&tests[A], a);
  trace_fact(&tests[B], b);
  trace_fact(&tests[C], c);
  trace_fact(&tests[D], d);
}

START_TEST(a_test_keeps_figure_limit_relation_and_answer) {
  ck_assert(trace_above(&tests[A], 3, 2));
  ck_assert(!trace_above(&tests[B], 2, 2));
  ck_assert(trace_at_least(&tests[C], 2, 2));
  ck_assert(!trace_below(&tests[D], 2, 2));
  ck_assert_double_eq(tests[A].figure, 3);
  ck_assert_double_eq(tests[A].limit, 2);
  ck_assert_int_eq(tests[A].relation, TRACE_ABOVE);
  ck_assert(tests[A].met && !tests[B].met && tests[C].met && !tests[D].met);
  ck_assert(trace_at_most(&tests[A], 2, 2));
  ck_assert(!trace_at_least(&tests[A], 1, 2));
  ck_assert(trace_below(&tests[A], 1, 2));
  ck_assert(!trace_at_most(&tests[A], 3, 2));
}
END_TEST

START_TEST(what_is_unknown_is_never_met) {
  ck_assert(!trace_above(&tests[A], NAN, 0));
  ck_assert(!trace_at_least(&tests[A], NAN, 0));
  ck_assert(!trace_below(&tests[A], NAN, 0));
  ck_assert(!trace_at_most(&tests[A], NAN, 0));
  ck_assert(!trace_above(&tests[A], 0, NAN));
  ck_assert(!trace_at_most(&tests[A], 0, NAN));
}
END_TEST

/* (a and b, or c) and not d: over all sixteen cases. */
START_TEST(a_rule_is_groups_of_choices_of_terms) {
  static const struct trace_term terms[] = {
      {1, 1, false, A}, {1, 1, false, B}, {1, 2, false, C}, {2, 1, true, D}};
  static const struct trace_rule rules[TESTS] = {[RULE] = {terms, 4}};
  for (int i = 0; i < 16; i++) {
    bool a = i & 1, b = i & 2, c = i & 4, d = i & 8;
    set(a, b, c, d);
    ck_assert_int_eq(trace_apply(rules, RULE, tests), ((a && b) || c) && !d);
    ck_assert_int_eq(tests[RULE].met, ((a && b) || c) && !d);
    ck_assert_int_eq(tests[RULE].relation, TRACE_RULE);
  }
}
END_TEST

START_TEST(a_choice_ends_where_the_next_begins) {
  static const struct trace_term terms[] = {
      {1, 1, false, A}, {1, 1, false, B}, {1, 2, false, C}, {2, 2, true, D}};
  static const struct trace_rule rule = {terms, 4};
  bool holds;
  set(true, false, true, false);
  ck_assert_uint_eq(trace_choice(&rule, 0, tests, &holds), 2);
  ck_assert(!holds);
  ck_assert_uint_eq(trace_choice(&rule, 2, tests, &holds), 3);
  ck_assert(holds);
  ck_assert_uint_eq(trace_choice(&rule, 3, tests, &holds), 4);
  ck_assert(holds);
}
END_TEST

SUITE(trace) {
  Suite *suite = suite_create("trace");
  TCase *tcase = tcase_create("trace");
  tcase_add_test(tcase, a_test_keeps_figure_limit_relation_and_answer);
  tcase_add_test(tcase, what_is_unknown_is_never_met);
  tcase_add_test(tcase, a_rule_is_groups_of_choices_of_terms);
  tcase_add_test(tcase, a_choice_ends_where_the_next_begins);
  suite_add_tcase(suite, tcase);
  return suite;
}
