/* trace: a test says what it compared, a rule is what its table says. Then the
 * tests behind the evidence of syn_flood: each evidence once, and a change to
 * the reading flips the test that it belongs to, and with it the evidence. */
#include "scenes/flood_scene.h"
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

/* --- the tests of syn_flood --------------------------------------------- */

static struct scene scene;

/* The readings below are made for this floor. */
static void set_up(void) {
  scene_init(&scene, 10);
  scene.rules.syn_flood.min_excess = 12;
}

static double *value(enum signal signal) { return &scene.next.value[signal]; }

static void put_table(double half_open, double aged, double established) {
  *value(SIGNAL_SYN_RECV) = half_open;
  *value(SIGNAL_AGED) = aged;
  *value(SIGNAL_ESTABLISHED) = established;
}

static void put_excess(void) { put_table(140, 135, 200); }
static void put_answered(void) { put_table(140, 50, 200); }
static void put_few(void) { put_table(11, 11, 200); }
static void put_many_established(void) { put_table(140, 135, 20000); }
static void put_burst(void) { put_table(60, 55, 200); }
static void put_overflow(void) {
  put_excess();
  *value(SIGNAL_LISTEN_OVERFLOWS) = 14;
  *value(SIGNAL_ACCEPT_QUEUE) = 100;
}
static void put_cookies(void) {
  *value(SIGNAL_COOKIES_SENT) = 100;
  *value(SIGNAL_COOKIES_RECEIVED) = 10;
}
static void put_cookies_returned(void) {
  *value(SIGNAL_COOKIES_SENT) = 100;
  *value(SIGNAL_COOKIES_RECEIVED) = 80;
}
static void put_few_cookies(void) { *value(SIGNAL_COOKIES_SENT) = 0.5; }
static void put_queue(void) {
  put_table(40, 30, 200);
  *value(SIGNAL_QUEUE_FULL_DROPS) = 15;
  *value(SIGNAL_SYN_QUEUE) = 100;
  *value(SIGNAL_SYN_QUEUE_AGED) = 75;
}
static void put_queue_of_fresh(void) {
  put_queue();
  *value(SIGNAL_SYN_QUEUE_AGED) = 45;
}
static void put_queue_with_room(void) {
  put_queue();
  *value(SIGNAL_SYN_QUEUE) = 99;
}
static void put_collapse(void) { put_table(400, 390, 100); }
static void put_no_collapse(void) { put_table(70, 60, 200); }
static void put_resets(void) { *value(SIGNAL_EMBRYONIC_RESETS) = 100; }
static void put_few_resets(void) { *value(SIGNAL_EMBRYONIC_RESETS) = 4; }
static void put_resets_of_a_crowd(void) {
  put_resets();
  *value(SIGNAL_PASSIVE_OPENS) = 60;
}
static void put_entropy(void) {
  put_excess();
  *value(SIGNAL_STATE_ENTROPY) = 0.7;
}

/* Four seconds between two readings, on a backlog of 128. */
static void put_peak(void) {
  *value(SIGNAL_SYN_RECV_PEAK) = 130;
  *value(SIGNAL_AGED_PEAK) = 128;
}
static void put_peak_of_scan(void) {
  *value(SIGNAL_SYN_RECV_PEAK) = 110;
  *value(SIGNAL_AGED_PEAK) = 108;
}
static void put_peak_answered(void) {
  *value(SIGNAL_SYN_RECV_PEAK) = 400;
  *value(SIGNAL_AGED_PEAK) = 128;
}
static void put_peak_of_loss(void) {
  put_peak();
  *value(SIGNAL_PASSIVE_OPENS) = 100;
}
static void put_peak_that_stays(void) {
  put_peak();
  put_table(128, 110, 20000);
}

/* After an hour, so many readings of the one, then one of the other. */
static const struct {
  void (*first)(void);
  int times;
  enum syn_flood_test sign;
  enum syn_flood_evidence bit;
  void (*then)(void);
  enum syn_flood_test flips; /* FLOOD_TESTS: nothing; the sign stays */
} flips[] = {
    {put_excess, 1, FLOOD_EXCESS, SYN_FLOOD_EXCESS, put_excess, FLOOD_TESTS},
    {put_excess, 1, FLOOD_EXCESS, SYN_FLOOD_EXCESS, put_answered,
     FLOOD_UNANSWERED},
    {put_excess, 1, FLOOD_EXCESS, SYN_FLOOD_EXCESS, put_few, FLOOD_ENOUGH},
    {put_excess, 1, FLOOD_EXCESS, SYN_FLOOD_EXCESS, put_many_established,
     FLOOD_SHARE},
    {put_cookies, 1, FLOOD_COOKIES, SYN_FLOOD_COOKIES, put_cookies,
     FLOOD_TESTS},
    {put_cookies, 1, FLOOD_COOKIES, SYN_FLOOD_COOKIES, put_cookies_returned,
     FLOOD_QUARTER_LOST},
    {put_cookies, 1, FLOOD_COOKIES, SYN_FLOOD_COOKIES, put_few_cookies,
     FLOOD_LOST},
    {put_queue, 2, FLOOD_FULL_QUEUE, SYN_FLOOD_FULL_QUEUE, put_queue,
     FLOOD_TESTS},
    {put_queue, 2, FLOOD_FULL_QUEUE, SYN_FLOOD_FULL_QUEUE, put_queue_of_fresh,
     FLOOD_QUEUE_AGED},
    {put_queue, 2, FLOOD_FULL_QUEUE, SYN_FLOOD_FULL_QUEUE, put_queue_with_room,
     FLOOD_QUEUE_FULL},
    {put_collapse, 3, FLOOD_COLLAPSE, SYN_FLOOD_COLLAPSE, put_collapse,
     FLOOD_TESTS},
    {put_collapse, 3, FLOOD_COLLAPSE, SYN_FLOOD_COLLAPSE, put_no_collapse,
     FLOOD_LOW},
    {put_resets, 1, FLOOD_RESETS, SYN_FLOOD_RESETS, put_resets, FLOOD_TESTS},
    {put_resets, 1, FLOOD_RESETS, SYN_FLOOD_RESETS, put_few_resets,
     FLOOD_RESETS_MANY},
    {put_resets, 1, FLOOD_RESETS, SYN_FLOOD_RESETS, put_resets_of_a_crowd,
     FLOOD_RESETS_COMPLETED},
    {put_peak, 1, FLOOD_PEAK, SYN_FLOOD_PEAK, put_peak, FLOOD_TESTS},
    {put_peak, 1, FLOOD_PEAK, SYN_FLOOD_PEAK, put_peak_of_scan,
     FLOOD_PEAK_MANY},
    {put_peak, 1, FLOOD_PEAK, SYN_FLOOD_PEAK, put_peak_answered,
     FLOOD_PEAK_UNANSWERED},
    {put_peak, 1, FLOOD_PEAK, SYN_FLOOD_PEAK, put_peak_of_loss,
     FLOOD_PEAK_LOSS},
    {put_peak, 1, FLOOD_PEAK, SYN_FLOOD_PEAK, put_peak_that_stays,
     FLOOD_PEAK_GONE},
    {put_entropy, 1, FLOOD_ENTROPY, SYN_FLOOD_ENTROPY, put_entropy,
     FLOOD_TESTS},
    {put_entropy, 1, FLOOD_ENTROPY, SYN_FLOOD_ENTROPY, put_excess,
     FLOOD_ENTROPY_OFF},
};
enum { FLIPS = sizeof(flips) / sizeof(flips[0]) };

static void step(void (*put)(void)) {
  scene_usual(&scene);
  put();
  scene_step(&scene);
}

START_TEST(what_is_changed_flips_its_test_and_with_it_the_sign) {
  scene_run(&scene, 3600);
  for (int i = 0; i < flips[_i].times; i++) {
    ck_assert(!scene.tests[flips[_i].sign].met);
    step(flips[_i].first);
  }
  ck_assert(scene.tests[flips[_i].sign].met);
  ck_assert_uint_ne(scene.finding.evidence & flips[_i].bit, 0);
  if (flips[_i].flips != FLOOD_TESTS)
    ck_assert(scene.tests[flips[_i].flips].met);
  step(flips[_i].then);
  bool stays = flips[_i].flips == FLOOD_TESTS;
  ck_assert_int_eq(scene.tests[flips[_i].sign].met, stays);
  ck_assert_int_eq((scene.finding.evidence & flips[_i].bit) != 0, stays);
  if (!stays)
    ck_assert(!scene.tests[flips[_i].flips].met);
}
END_TEST

/* Each overflow explains one entry, for a minute and a half at most. */
START_TEST(an_accept_queue_that_overflows_takes_its_entries_away) {
  scene_run(&scene, 3600);
  step(put_overflow);
  ck_assert_double_eq(scene.figures.overflowed, 140);
  ck_assert(!scene.tests[FLOOD_EXCESS].met);
  for (int i = 0; i < 6; i++)
    step(put_excess);
  ck_assert_double_ge(scene.figures.overflowed, 130);
  ck_assert(!scene.tests[FLOOD_EXCESS].met);
  for (int i = 0; i < 7; i++)
    step(put_excess);
  ck_assert_double_eq(scene.figures.overflowed, 0);
  ck_assert(scene.tests[FLOOD_EXCESS].met);
}
END_TEST

START_TEST(a_burst_is_an_excess_and_no_sign) {
  scene_run(&scene, 3600);
  for (int i = 0; i < 6; i++) {
    step(put_burst);
    ck_assert(scene.tests[FLOOD_EXCESS_NOW].met);
    ck_assert(!scene.tests[FLOOD_SUSTAINED].met);
    ck_assert(!scene.tests[FLOOD_EXCESS].met);
  }
}
END_TEST

START_TEST(limits_are_those_of_the_settings) {
  scene.rules.syn_flood = (struct syn_flood_rules){.min_excess = 17,
                                                   .sigmas = 3.5,
                                                   .completion_warning = 61,
                                                   .completion_failure = 29,
                                                   .completion_drop = 100,
                                                   .half_open_failure = 333,
                                                   .cookies_per_s = 7,
                                                   .resets_per_s = 9};
  scene.rules.warm_up_s = 900;
  scene_run(&scene, 600);
  const struct trace_test *test = scene.tests;
  ck_assert_double_eq(test[FLOOD_FLOOR].limit, 17);
  ck_assert_double_eq(test[FLOOD_LARGE].limit, 34);
  ck_assert_double_eq(test[FLOOD_SIGMAS].limit, 3.5);
  ck_assert_double_eq(test[FLOOD_LOW].limit, 61);
  ck_assert_double_eq(test[FLOOD_FAIL_COMPLETION].limit, 29);
  ck_assert_double_eq(test[FLOOD_DROPPED].limit, 0);
  ck_assert_double_eq(test[FLOOD_FAIL_COUNT].limit, 333);
  ck_assert_double_eq(test[FLOOD_LOST].limit, 7);
  ck_assert_double_eq(test[FLOOD_RESETS_MANY].limit, 9);
  ck_assert_double_eq(test[FLOOD_WARM_TIME].limit, 900);
  ck_assert_double_eq(test[FLOOD_WARM_TIME].figure, 590);
  ck_assert(!test[FLOOD_WARM].met);
}
END_TEST

START_TEST(frozen_is_what_is_not_learnt_and_says_why) {
  scene_run(&scene, 3600);
  ck_assert(!scene.tests[FLOOD_FROZEN].met);
  double learnt = scene.flood.model.learnt;
  step(put_excess);
  ck_assert(scene.tests[FLOOD_FROZEN].met);
  ck_assert(scene.tests[FLOOD_EVIDENCE].met);
  ck_assert_double_eq(scene.flood.model.learnt, learnt);
  ck_assert_double_eq(scene.tests[FLOOD_LONG_FROZEN].figure, 10);
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
  TCase *flood = tcase_create("trace");
  tcase_add_checked_fixture(flood, set_up, NULL);
  tcase_add_loop_test(
      flood, what_is_changed_flips_its_test_and_with_it_the_sign, 0, FLIPS);
  tcase_add_test(flood, an_accept_queue_that_overflows_takes_its_entries_away);
  tcase_add_test(flood, a_burst_is_an_excess_and_no_sign);
  tcase_add_test(flood, limits_are_those_of_the_settings);
  tcase_add_test(flood, frozen_is_what_is_not_learnt_and_says_why);
  suite_add_tcase(suite, flood);
  return suite;
}
