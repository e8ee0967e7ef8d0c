/* syn_flood: what is an attack; small ones; and the mix of states, which
 * confirms an attack and decides nothing. */
#include "scenes/flood_scene.h"
#include "scenes/suite.h"

static struct scene scene;

static void setup(void) { scene_init(&scene, 10); }

static double *value(enum signal signal) { return &scene.next.value[signal]; }

static enum severity severity(void) { return scene.flood.incident.severity; }

static const struct {
  double backlog, dt_s, rate;
} floods[] = {{511, 10, 2000}, {511, 1, 2000}, {128, 10, 2000}, {128, 1, 2000},
              {511, 10, 30},   {128, 1, 20},   {4096, 10, 500}, {4096, 1, 500}};

START_TEST(a_flood_is_raised_worsened_and_cleared_once) {
  scene_init(&scene, floods[_i].dt_s);
  scene.backlog = floods[_i].backlog;
  scene_run(&scene, 3600);
  ck_assert_int_eq(scene.raised, 0);
  double after = scene_run_flood(&scene, floods[_i].rate, 600, INCIDENT_RAISED);
  ck_assert_double_le(after, 2.5 * fmax(4, floods[_i].dt_s));
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
  ck_assert_int_eq(scene.cleared, 0);
  scene_run_expiry(&scene, floods[_i].backlog);
  scene_run(&scene, 5 * scene.dt_s);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
  scene_run(&scene, 7200);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_int_eq(scene.worsened, 1);
  ck_assert_int_eq(scene.cleared, 1);
  ck_assert_int_eq(scene.adopted, 0);
}
END_TEST

START_TEST(its_figures_are_those_of_the_reading) {
  scene_run(&scene, 3600);
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert(scene.finding.judged);
  ck_assert_double_eq(scene.finding.observed, 511);
  ck_assert_double_eq(scene.figures.half_open, 511);
  ck_assert_double_lt(scene.finding.expected, 10);
  ck_assert_double_ge(scene.finding.upper, scene.finding.expected + 12);
  ck_assert_double_ge(scene.finding.failure_max, 500);
  ck_assert_double_gt(scene.finding.score, 25);
  ck_assert_double_gt(scene.figures.unanswered, 95);
  ck_assert_double_gt(scene.figures.cookies_sent, 1900);
  ck_assert_double_lt(scene.figures.completion, 35);
  ck_assert_double_gt(scene.figures.usual_completion, 95);
  ck_assert_uint_eq(scene.finding.evidence & ~(unsigned)SYN_FLOOD_RESETS,
                    SYN_FLOOD_EXCESS | SYN_FLOOD_COOKIES |
                        SYN_FLOOD_FULL_QUEUE | SYN_FLOOD_COLLAPSE);
}
END_TEST

/* A full queue is a FAILURE: a listener that holds 257 never gets to 500. */
START_TEST(a_failure_begins_where_the_queue_is_full) {
  scene.backlog = 257;
  scene.next.syn_queue.backlog = 257;
  scene_run(&scene, 3600);
  ck_assert_double_eq_tol(scene.finding.failure_max, 257, 1);
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert_double_eq(scene.finding.observed, 257);
  ck_assert_double_eq_tol(scene.finding.failure_max, 257, 1);
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
}
END_TEST

START_TEST(cookies_alone_are_a_flood_where_nothing_is_half_open) {
  int until = 0;
  scene_run(&scene, 3600);
  for (int i = 1; i <= 12; i++) {
    scene_usual(&scene);
    *value(SIGNAL_COOKIES_SENT) = 1500;
    *value(SIGNAL_COOKIES_RECEIVED) = 20;
    if (scene_step(&scene) == INCIDENT_RAISED)
      until = i;
    ck_assert_uint_eq(scene.finding.evidence, SYN_FLOOD_COOKIES);
  }
  ck_assert_int_eq(until, 1);
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
  scene_run(&scene, 60);
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
  scene_run(&scene, 10);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
}
END_TEST

/* Four seconds between two readings: the reading after it shows nothing but the
 * peak. It is one incident, and over soon. */
START_TEST(a_flood_between_two_readings_is_told_by_its_peak) {
  scene_run(&scene, 3600);
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV_PEAK) = 131;
  *value(SIGNAL_AGED_PEAK) = 128;
  ck_assert_int_eq(scene_step(&scene), INCIDENT_RAISED);
  ck_assert_uint_eq(scene.finding.evidence, SYN_FLOOD_PEAK);
  ck_assert_double_eq(scene.finding.observed, 131);
  ck_assert_int_eq(severity(), SEVERITY_WARNING);
  scene_run(&scene, 120);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* The entries of a burst are there for a minute; the peak of the interval in
 * which they expire is what the reading before it had. */
START_TEST(what_expires_is_no_peak) {
  scene_run(&scene, 3600);
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV) = 115;
  *value(SIGNAL_AGED) = 112;
  scene_step(&scene);
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV_PEAK) = 131;
  *value(SIGNAL_AGED_PEAK) = 128;
  scene_step(&scene);
  ck_assert_uint_eq(scene.finding.evidence & SYN_FLOOD_PEAK, 0);
}
END_TEST

/* A scan is one source, also in readings that did not look at the sources. */
START_TEST(the_source_of_the_last_walk_still_counts) {
  scene_run(&scene, 3600);
  for (int i = 0; i < 3; i++) {
    scene_usual(&scene);
    *value(SIGNAL_SYN_RECV) = 100;
    *value(SIGNAL_TOP_SOURCE) = i == 0 ? 98 : NAN;
    scene_step(&scene);
    ck_assert_double_eq_tol(scene.figures.one_source, 98, 1e-9);
  }
  for (int i = 0; i < 13; i++)
    scene_step(&scene);
  ck_assert(isnan(scene.figures.one_source));
}
END_TEST

/* A third of the cookies lost: three in a row make it a sign. */
START_TEST(a_quarter_of_the_cookies_lost_counts_when_it_lasts) {
  scene_run(&scene, 3600);
  for (int i = 1; i <= 5; i++) {
    scene_usual(&scene);
    *value(SIGNAL_COOKIES_SENT) = 30;
    *value(SIGNAL_COOKIES_RECEIVED) = 20;
    scene_step(&scene);
    ck_assert_uint_eq(scene.finding.evidence, i < 3 ? 0 : SYN_FLOOD_COOKIES);
  }
  ck_assert_int_eq(severity(), SEVERITY_WARNING);
}
END_TEST

static enum incident_change full_queue_step(double drops) {
  scene.backlog = 128;
  scene.established = 5000;
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV) = 128;
  *value(SIGNAL_AGED) = 120;
  *value(SIGNAL_SYN_QUEUE) = 100;
  *value(SIGNAL_SYN_QUEUE_AGED) = 94;
  *value(SIGNAL_QUEUE_FULL_DROPS) = drops;
  return scene_step(&scene);
}

START_TEST(a_full_queue_of_aged_entries_needs_no_training) {
  for (int i = 1; i <= 3; i++) {
    ck_assert_int_eq(full_queue_step(30), i == 1   ? INCIDENT_UNCHANGED
                                          : i == 2 ? INCIDENT_RAISED
                                                   : INCIDENT_WORSENED);
    ck_assert_uint_eq(scene.finding.evidence,
                      i == 1 ? 0 : SYN_FLOOD_FULL_QUEUE);
  }
}
END_TEST

/* A burst can fill it, too: its entries are gone after their life. */
START_TEST(a_full_queue_that_refuses_nobody_must_outlast_a_burst) {
  for (int i = 1; i <= 12; i++)
    ck_assert_int_eq(full_queue_step(0),
                     i == 11 ? INCIDENT_RAISED : INCIDENT_UNCHANGED);
}
END_TEST

static const enum signal refusals[] = {
    SIGNAL_LISTEN_DROPS, SIGNAL_QUEUE_FULL_DROPS, SIGNAL_COOKIES_SENT};

START_TEST(a_full_queue_of_few_entries_needs_refusals) {
  for (int i = 1; i <= 6; i++) {
    scene_usual(&scene);
    *value(SIGNAL_SYN_RECV) = 8;
    *value(SIGNAL_AGED) = 8;
    *value(SIGNAL_SYN_QUEUE) = 100;
    *value(SIGNAL_SYN_QUEUE_AGED) = 100;
    *value(refusals[_i]) = i < 4 ? 0 : 15;
    scene_step(&scene);
    ck_assert_int_eq(scene.tests[FLOOD_FULL_QUEUE].met, i >= 5);
  }
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
}
END_TEST

/* ListenDrops counts what an accept queue refuses, too. */
START_TEST(a_queue_that_overflows_refuses_no_syns) {
  for (int i = 1; i <= 8; i++) {
    scene_usual(&scene);
    *value(SIGNAL_SYN_RECV) = 8;
    *value(SIGNAL_AGED) = 8;
    *value(SIGNAL_SYN_QUEUE) = 100;
    *value(SIGNAL_SYN_QUEUE_AGED) = 100;
    *value(SIGNAL_LISTEN_DROPS) = *value(SIGNAL_LISTEN_OVERFLOWS) = 15;
    scene_step(&scene);
    ck_assert_double_eq(scene.figures.dropped, 0);
  }
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
}
END_TEST

START_TEST(a_collapse_needs_no_training_and_three_in_a_row) {
  for (int i = 1; i <= 5; i++) {
    scene_usual(&scene);
    *value(SIGNAL_ESTABLISHED) = 50;
    *value(SIGNAL_SYN_RECV) = 200;
    *value(SIGNAL_AGED) = 180;
    enum incident_change change = scene_step(&scene);
    ck_assert_int_eq(change == INCIDENT_RAISED, i == 3);
    ck_assert_uint_eq(scene.finding.evidence, i < 3 ? 0 : SYN_FLOOD_COLLAPSE);
  }
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
}
END_TEST

START_TEST(an_attack_from_the_first_reading_on_is_seen_and_not_learnt) {
  scene.next.gap = true;
  double after = scene_run_flood(&scene, 2000, 7200, INCIDENT_RAISED);
  ck_assert_double_le(after, 25);
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
  ck_assert_double_eq(scene.flood.model.learnt, 0);
  scene_run_expiry(&scene, 511);
  scene_run(&scene, 7200);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_double_lt(scene.flood.model.slow.half_open, 10);
  after = scene_run_flood(&scene, 2000, 60, INCIDENT_RAISED);
  ck_assert_double_le(after, 25);
}
END_TEST

START_TEST(a_flood_of_15_percent_is_an_excess) {
  scene.established = 1000;
  scene.completed = 100;
  scene.half_open = 15;
  scene.backlog = 4096;
  scene_run(&scene, 7200);
  double after = scene_run_flood(&scene, 3, 600, INCIDENT_RAISED);
  ck_assert_double_le(after, 90);
  ck_assert_uint_eq(scene.finding.evidence, SYN_FLOOD_EXCESS);
  ck_assert_int_eq(severity(), SEVERITY_WARNING);
}
END_TEST

START_TEST(a_large_excess_that_loss_might_leave_takes_three_readings) {
  scene.established = 5000;
  scene.completed = 400;
  scene.half_open = 15;
  scene.backlog = 4096;
  scene_run(&scene, 7200);
  for (int i = 1; i <= 3; i++) {
    scene_usual(&scene);
    *value(SIGNAL_SYN_RECV) = 420;
    *value(SIGNAL_AGED) = 400;
    ck_assert_int_eq(scene_step(&scene),
                     i == 3 ? INCIDENT_RAISED : INCIDENT_UNCHANGED);
  }
  ck_assert_double_gt(scene.figures.completion, 90);
}
END_TEST

START_TEST(resets_of_half_open_entries_count_after_warm_up) {
  for (int trained = 0; trained <= 1; trained++) {
    scene_init(&scene, 10);
    scene_run(&scene, trained ? 3600 : 200);
    for (int i = 1; i <= 3; i++) {
      scene_usual(&scene);
      *value(SIGNAL_EMBRYONIC_RESETS) = 100;
      scene_step(&scene);
      ck_assert_uint_eq(scene.finding.evidence, trained ? SYN_FLOOD_RESETS : 0);
    }
    ck_assert_int_eq(severity(), trained ? SEVERITY_WARNING : SEVERITY_OKAY);
  }
}
END_TEST

START_TEST(without_warm_up_an_excess_counts_from_the_first_reading) {
  scene.rules.warm_up_s = 0;
  scene_run_flood(&scene, 2000, 20, INCIDENT_RAISED);
  ck_assert(scene.finding.evidence & SYN_FLOOD_EXCESS);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

START_TEST(with_the_aged_count_unknown_the_table_alone_is_a_warning) {
  scene_run(&scene, 3600);
  for (int i = 0; i < 300; i++) {
    scene_usual(&scene);
    *value(SIGNAL_ESTABLISHED) = 20;
    *value(SIGNAL_SYN_RECV) = 5000;
    *value(SIGNAL_AGED) = NAN;
    *value(SIGNAL_SYN_QUEUE) = 100;
    *value(SIGNAL_SYN_QUEUE_AGED) = NAN;
    scene_step(&scene);
  }
  ck_assert_int_eq(severity(), SEVERITY_WARNING);
  ck_assert(isnan(scene.figures.unanswered));
}
END_TEST

START_TEST(a_pulsed_attack_is_few_incidents) {
  scene_run(&scene, 3600);
  for (int pulse = 0; pulse < 30; pulse++) {
    scene_run_flood(&scene, 2000, 60, INCIDENT_RAISED);
    scene_run_expiry(&scene, 511);
    scene_run(&scene, 120);
  }
  ck_assert_int_le(scene.raised, 4);
}
END_TEST

START_TEST(a_two_hour_flood_leaves_the_baseline_where_it_was) {
  scene_run(&scene, 4 * 3600);
  struct expectation_means before = scene.flood.model.slow;
  scene_run_flood(&scene, 2000, 7200, INCIDENT_RAISED);
  scene_run_expiry(&scene, 511);
  scene_run(&scene, 1200);
  const struct expectation_means *after = &scene.flood.model.slow;
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
  ck_assert_double_eq_tol(after->half_open / before.half_open, 1, 0.05);
  ck_assert_double_eq_tol(after->established / before.established, 1, 0.05);
  ck_assert_double_eq_tol(after->completed / before.completed, 1, 0.05);
  ck_assert_double_lt(after->aged, before.aged + 0.1);
}
END_TEST

/* --- a dozen or two half-open connections ------------------------------- */

/* An idle host, every 10 s. */
static void setup_idle(void) {
  scene_init(&scene, 10);
  scene.half_open = 0.2;
  scene.established = 8;
  scene.completed = 0.2;
  scene_run(&scene, 3600);
}

/* One reading with so many unanswered entries, and so many resets a second. */
static void step_unanswered(double count, double resets) {
  scene_usual(&scene);
  scene.next.value[SIGNAL_SYN_RECV] += count;
  scene.next.value[SIGNAL_AGED] += count;
  scene.next.value[SIGNAL_EMBRYONIC_RESETS] = resets;
  scene_step(&scene);
}

/* Two bursts that expire after a minute: nobody keeps sending. */
START_TEST(two_bursts_are_no_flood) {
  for (int i = 0; i < 7; i++)
    step_unanswered(i < 2 ? 9 : 16, 0);
  for (int i = 0; i < 3; i++)
    step_unanswered(7, 0);
  scene_run(&scene, 600);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* As many, but ever new ones. */
START_TEST(a_small_flood_that_goes_on_is_one) {
  for (int i = 1; i <= 9; i++)
    step_unanswered(2.5 * i, 0);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* A scanner's own kernel resets most of what our SYN-ACKs answer. */
START_TEST(a_sweep_that_is_mostly_reset_is_no_flood) {
  for (int i = 1; i <= 60; i++)
    step_unanswered(i < 8 ? 2.5 * i : 20, 1.5);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* The same number of resets beside a large flood excuses nothing. */
START_TEST(resets_do_not_excuse_a_large_flood) {
  for (int i = 1; i <= 5; i++)
    step_unanswered(40 * i, 1.5);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* After the OKAY the rest of a flood still expires; readings that stall show
 * fresh entries beside it, which are answered. */
START_TEST(what_is_left_after_the_okay_raises_nothing) {
  scene_init(&scene, 1);
  scene_run(&scene, 3600);
  scene_run_flood(&scene, 2000, 30, INCIDENT_RAISED);
  double left = 130; /* of the cookies nothing is left after half a minute */
  for (int i = 0; scene.cleared == 0 && i < 40; i++)
    step_unanswered(left--, 0);
  ck_assert_int_eq(scene.cleared, 1);
  for (; left > 0; left -= 3) {
    scene_usual(&scene);
    scene.next.value[SIGNAL_SYN_RECV] += left + ((int)left % 2 ? 26 : 0);
    scene.next.value[SIGNAL_AGED] += left;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* A second flood into the rest of the first is one all the same. */
START_TEST(a_second_flood_into_the_rest_is_raised) {
  scene_init(&scene, 1);
  scene_run(&scene, 3600);
  scene_run_flood(&scene, 2000, 30, INCIDENT_RAISED);
  for (int i = 0; scene.cleared == 0 && i < 40; i++)
    step_unanswered(120, 0);
  ck_assert_int_eq(scene.cleared, 1);
  for (int i = 1; i < 10; i++)
    step_unanswered(120 + 20 * i, 0);
  ck_assert_int_eq(scene.raised, 2);
}
END_TEST

/* --- the mix of states -------------------------------------------------- */

START_TEST(an_unusual_mix_alone_is_no_attack) {
  scene_run(&scene, 3600);
  scene.entropy = 0.9;
  scene_run(&scene, 1800);
  ck_assert_int_eq(scene.raised, 0);
  ck_assert_uint_eq(scene.finding.evidence, 0);
}
END_TEST

START_TEST(an_unusual_mix_is_named_beside_other_evidence) {
  scene_run(&scene, 3600);
  scene.entropy = 0.1;
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_uint_eq(scene.finding.evidence & SYN_FLOOD_ENTROPY,
                    SYN_FLOOD_ENTROPY);
  ck_assert_double_eq_tol(scene.figures.usual_entropy.expected, 0.3, 1e-9);
}
END_TEST

START_TEST(the_usual_mix_is_not_named) {
  scene_run(&scene, 3600);
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_uint_eq(scene.finding.evidence & SYN_FLOOD_ENTROPY, 0);
}
END_TEST

/* What is usual is not learnt from a flood, and an unknown mix is no news. */
START_TEST(a_flood_leaves_the_usual_mix_alone) {
  scene_run(&scene, 3600);
  double usual = scene.flood.entropy.level;
  scene.entropy = 0.05;
  scene_run_flood(&scene, 2000, 7200, INCIDENT_RAISED);
  ck_assert_double_eq(scene.flood.entropy.level, usual);
  scene.entropy = NAN;
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert_uint_eq(scene.finding.evidence & SYN_FLOOD_ENTROPY, 0);
}
END_TEST

SUITE(syn_flood) {
  Suite *suite = suite_create("syn_flood");
  TCase *tests = tcase_create("attacks");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_set_timeout(tests, 30);
  tcase_add_loop_test(tests, a_flood_is_raised_worsened_and_cleared_once, 0,
                      sizeof(floods) / sizeof(floods[0]));
  tcase_add_test(tests, its_figures_are_those_of_the_reading);
  tcase_add_test(tests, a_failure_begins_where_the_queue_is_full);
  tcase_add_test(tests, a_flood_between_two_readings_is_told_by_its_peak);
  tcase_add_test(tests, what_expires_is_no_peak);
  tcase_add_test(tests, the_source_of_the_last_walk_still_counts);
  tcase_add_test(tests, cookies_alone_are_a_flood_where_nothing_is_half_open);
  tcase_add_test(tests, a_quarter_of_the_cookies_lost_counts_when_it_lasts);
  tcase_add_test(tests, a_full_queue_of_aged_entries_needs_no_training);
  tcase_add_test(tests, a_full_queue_that_refuses_nobody_must_outlast_a_burst);
  tcase_add_loop_test(tests, a_full_queue_of_few_entries_needs_refusals, 0,
                      sizeof(refusals) / sizeof(refusals[0]));
  tcase_add_test(tests, a_queue_that_overflows_refuses_no_syns);
  tcase_add_test(tests, a_collapse_needs_no_training_and_three_in_a_row);
  tcase_add_test(tests,
                 an_attack_from_the_first_reading_on_is_seen_and_not_learnt);
  tcase_add_test(tests, a_flood_of_15_percent_is_an_excess);
  tcase_add_test(tests,
                 a_large_excess_that_loss_might_leave_takes_three_readings);
  tcase_add_test(tests, resets_of_half_open_entries_count_after_warm_up);
  tcase_add_test(tests,
                 with_the_aged_count_unknown_the_table_alone_is_a_warning);
  tcase_add_test(tests,
                 without_warm_up_an_excess_counts_from_the_first_reading);
  tcase_add_test(tests, a_pulsed_attack_is_few_incidents);
  tcase_add_test(tests, a_two_hour_flood_leaves_the_baseline_where_it_was);
  suite_add_tcase(suite, tests);
  TCase *small = tcase_create("small");
  tcase_add_checked_fixture(small, setup_idle, NULL);
  tcase_add_test(small, two_bursts_are_no_flood);
  tcase_add_test(small, a_small_flood_that_goes_on_is_one);
  tcase_add_test(small, a_sweep_that_is_mostly_reset_is_no_flood);
  tcase_add_test(small, resets_do_not_excuse_a_large_flood);
  tcase_add_test(small, what_is_left_after_the_okay_raises_nothing);
  tcase_add_test(small, a_second_flood_into_the_rest_is_raised);
  suite_add_tcase(suite, small);
  TCase *entropy = tcase_create("entropy");
  tcase_add_checked_fixture(entropy, setup, NULL);
  tcase_add_test(entropy, an_unusual_mix_alone_is_no_attack);
  tcase_add_test(entropy, an_unusual_mix_is_named_beside_other_evidence);
  tcase_add_test(entropy, the_usual_mix_is_not_named);
  tcase_add_test(entropy, a_flood_leaves_the_usual_mix_alone);
  suite_add_tcase(suite, entropy);
  return suite;
}
