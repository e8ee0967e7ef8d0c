/* syn_flood: what is no attack, and how it becomes or stays normal; and hosts
 * whose sockets are not counted in every reading. */
#include "scenes/flood_scene.h"
#include "scenes/suite.h"
#include "verdict/notice.h"

#include <string.h>

static struct scene scene;

static void setup(void) { scene_init(&scene, 10); }

static double *value(enum signal signal) { return &scene.next.value[signal]; }

static enum severity severity(void) { return scene.flood.incident.severity; }

static const struct {
  double half_open, established, completed, dt_s;
} hosts[] = {{0.1, 2, 0.1, 10},
             {4, 200, 20, 10},
             {40, 5000, 400, 10},
             {4, 200, 20, 1},
             {20, 60, 100, 10}};

START_TEST(sixty_thousand_usual_readings_raise_nothing) {
  scene_init(&scene, hosts[_i].dt_s);
  scene.half_open = hosts[_i].half_open;
  scene.established = hosts[_i].established;
  scene.completed = hosts[_i].completed;
  scene.next.gap = true;
  scene_run(&scene, 60000 * scene.dt_s);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

START_TEST(handshakes_three_times_as_slow_are_no_attack) {
  scene.half_open = 40;
  scene.established = 400;
  scene.completed = 200;
  scene_run(&scene, 7200);
  scene.half_open = 120;
  scene_run(&scene, 7200);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

START_TEST(a_crowd_ten_times_as_large_is_no_attack) {
  scene_run(&scene, 7200);
  scene.half_open *= 10;
  scene.established *= 10;
  scene.completed *= 10;
  for (int i = 0; i < 360; i++) {
    scene_usual(&scene);
    *value(SIGNAL_COOKIES_SENT) = 120; /* and they come back */
    *value(SIGNAL_COOKIES_RECEIVED) = 119.5;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* 200 entries: finished handshakes that wait, or a flood. */
static void overflow_step(double overflows, double cookies) {
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV) = 200;
  *value(SIGNAL_AGED) = 190;
  *value(SIGNAL_SYN_QUEUE) = 100;
  *value(SIGNAL_SYN_QUEUE_AGED) = 95;
  *value(SIGNAL_ESTABLISHED) = 60;
  *value(SIGNAL_ACCEPT_QUEUE) = overflows > 0 ? 100 : 20;
  *value(SIGNAL_LISTEN_OVERFLOWS) = overflows;
  *value(SIGNAL_COOKIES_SENT) = cookies;
  scene_step(&scene);
}

/* While it overflows, and until its last entry has expired. */
START_TEST(a_full_accept_queue_is_the_applications_doing) {
  scene_run(&scene, 3600);
  for (int i = 0; i < 60; i++)
    overflow_step(20, 0);
  for (int i = 0; i < 6; i++)
    overflow_step(0, 0);
  ck_assert_int_eq(scene.raised, 0);
  for (int i = 0; i < 7; i++)
    overflow_step(0, 0);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* An overflow now and then explains one entry each, and no flood. */
START_TEST(a_neighbour_that_overflows_mutes_nothing) {
  scene_run(&scene, 3600);
  for (int i = 0; i < 3; i++)
    overflow_step(0.1, 0);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_double_le(scene.figures.overflowed, 3);
}
END_TEST

START_TEST(cookies_count_beside_a_full_accept_queue) {
  scene_run(&scene, 3600);
  overflow_step(20, 900);
  overflow_step(20, 900);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_uint_eq(scene.finding.evidence, SYN_FLOOD_COOKIES);
}
END_TEST

/* Half-open, most of them aged: enough beside 300, little beside 5000, few. */
static const struct {
  double half_open, established;
  bool evidence;
} effects[] = {{45, 300, true}, {45, 5000, false}, {14, 20, false}};

START_TEST(an_excess_needs_size_and_effect) {
  scene_run(&scene, 7200);
  for (int i = 0; i < 4; i++) {
    scene_usual(&scene);
    double count = effects[_i].half_open * fmin(1, (i + 1) / 3.);
    *value(SIGNAL_SYN_RECV) = count;
    *value(SIGNAL_AGED) = count - 3;
    *value(SIGNAL_ESTABLISHED) = effects[_i].established;
    scene_step(&scene);
  }
  ck_assert_uint_eq(scene.finding.evidence,
                    effects[_i].evidence ? SYN_FLOOD_EXCESS : 0);
}
END_TEST

START_TEST(resets_beside_as_many_handshakes_are_no_attack) {
  scene_run(&scene, 3600);
  for (int i = 0; i < 10; i++) {
    scene_usual(&scene);
    *value(SIGNAL_PASSIVE_OPENS) = 20;
    *value(SIGNAL_EMBRYONIC_RESETS) = 39;
    scene_step(&scene);
    ck_assert_uint_eq(scene.finding.evidence, 0);
  }
}
END_TEST

START_TEST(disabled_it_is_not_judged) {
  scene.rules.incident[INCIDENT_SYN_FLOOD].enable = false;
  scene_run_flood(&scene, 2000, 600, INCIDENT_RAISED);
  ck_assert(!scene.finding.judged);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

static const enum signal needed[] = {SIGNAL_SYN_RECV, SIGNAL_ESTABLISHED};

START_TEST(without_what_it_needs_it_abstains) {
  scene_run(&scene, 3600);
  double learnt = scene.flood.model.learnt;
  for (int i = 0; i < 10; i++) {
    scene_usual(&scene);
    scene_add_flood(&scene, 2000, 60);
    *value(needed[_i]) = NAN;
    scene_step(&scene);
    ck_assert(!scene.finding.judged);
  }
  ck_assert_int_eq(scene.raised, 0);
  ck_assert_double_eq(scene.flood.model.learnt, learnt);
}
END_TEST

START_TEST(without_counters_and_queues_the_table_still_speaks) {
  int raised_at = 0;
  for (int i = 0; i < 400; i++) {
    scene_usual(&scene);
    if (i >= 360)
      scene_add_flood(&scene, 2000, 60);
    *value(SIGNAL_SYN_QUEUE) = *value(SIGNAL_SYN_QUEUE_AGED) = NAN;
    for (int k = SIGNAL_FIRST_COUNTER; k < SIGNAL_COUNT; k++)
      scene.next.value[k] = NAN;
    raised_at = scene_step(&scene) == INCIDENT_RAISED ? i : raised_at;
    ck_assert(scene.finding.judged);
  }
  ck_assert_int_eq(raised_at, 360);
  ck_assert_int_eq(severity(), SEVERITY_FAILURE);
}
END_TEST

static void cookies_step(double sent) {
  scene_usual(&scene);
  *value(SIGNAL_COOKIES_SENT) = sent;
  scene_step(&scene);
}

START_TEST(a_drizzle_of_lost_cookies_is_learnt) {
  for (int i = 0; i < 2160; i++)
    cookies_step(0.9);
  for (int i = 0; i < 360; i++)
    cookies_step(2.2);
  ck_assert_int_eq(scene.raised, 0);
  double learnt = scene.flood.unreturned;
  ck_assert_double_gt(learnt, 0.8);
  cookies_step(NAN); /* unknown is not none */
  ck_assert_double_eq(scene.flood.unreturned, learnt);
  cookies_step(20);
  cookies_step(20);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* What nobody can say whether it is answered takes two of three. */
static enum incident_change unknown_step(void) {
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV) = 150;
  *value(SIGNAL_AGED) = NAN;
  return scene_step(&scene);
}

START_TEST(a_gap_and_a_changed_interval_void_the_votes) {
  for (int gap = 0; gap <= 1; gap++) {
    scene_init(&scene, 10);
    scene_run(&scene, 3600);
    double learnt = scene.flood.model.learnt;
    unknown_step();
    scene.next.gap = gap;
    scene.next.interval_changed = !gap;
    ck_assert_int_eq(unknown_step(), INCIDENT_UNCHANGED);
    ck_assert_int_eq(unknown_step(), INCIDENT_RAISED);
    ck_assert_double_eq(scene.flood.model.learnt, learnt);
  }
}
END_TEST

static void lasting_step(enum signal what, double number) {
  scene_usual(&scene);
  if (what == SIGNAL_SYN_RECV)
    *value(SIGNAL_AGED) = NAN; /* no answer known: at most a WARNING */
  *value(what) = number;
  scene_step(&scene);
}

START_TEST(what_lasts_and_may_be_answered_becomes_the_new_normal) {
  scene_init(&scene, 60);
  scene_run(&scene, 4 * 3600);
  double began_s = scene.next.time_s;
  while (!scene.adopted && scene.next.time_s < began_s + 300000)
    lasting_step(SIGNAL_SYN_RECV, 150);
  ck_assert_double_eq_tol(scene.next.time_s - began_s, 14400, 150);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
  ck_assert_double_eq(scene.flood.model.drift, 0);
  for (int i = 0; i < 2000; i++)
    lasting_step(SIGNAL_SYN_RECV, 150);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_int_eq(scene.adopted, 1);
}
END_TEST

static const struct {
  enum signal what;
  double number;
} attacks[] = {{SIGNAL_EMBRYONIC_RESETS, 100}, {SIGNAL_COOKIES_SENT, 40}};

/* Five days of it, and the same again after an hour without. */
START_TEST(an_attack_never_becomes_normal) {
  scene_init(&scene, 60);
  scene_run(&scene, 4 * 3600);
  double usual = scene.flood.model.slow.half_open;
  for (int again = 0; again < 2; again++) {
    for (int i = 0; i < 5 * 24 * 60; i++)
      lasting_step(attacks[_i].what, attacks[_i].number);
    ck_assert_int_eq(severity() != SEVERITY_OKAY, true);
    scene_run(&scene, 3600);
    ck_assert_int_eq(severity(), SEVERITY_OKAY);
    ck_assert_int_eq(scene.raised, again + 1);
  }
  ck_assert_int_eq(scene.adopted, 0);
  ck_assert_double_eq_tol(scene.flood.model.slow.half_open / usual, 1, 0.1);
}
END_TEST

START_TEST(what_froze_the_learning_for_an_hour_without_an_incident_is_adopted) {
  scene_run(&scene, 4 * 3600);
  double before = scene.flood.model.slow.half_open;
  scene.half_open = 40; /* answered */
  scene_run(&scene, 3000);
  ck_assert_double_lt(scene.flood.model.slow.half_open, 1.1 * before);
  scene_run(&scene, 1200);
  ck_assert_double_gt(scene.flood.model.slow.half_open, 5 * before);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

START_TEST(a_crowded_first_hour_does_not_stop_learning_for_ever) {
  scene.half_open = 100;
  scene.established = 100;
  scene.completed = 50;
  scene_run(&scene, 4 * 3600);
  ck_assert_double_gt(scene.flood.model.learnt, 300);
  ck_assert_double_gt(scene.flood.model.slow.half_open, 80);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* --- sockets that are counted only every few intervals ------------------- */
/* In between come the counters alone, and NAN for the rest. */

#define DT_S 10.0

static const enum signal counted[] = {
    SIGNAL_ESTABLISHED, SIGNAL_SYN_SENT,       SIGNAL_SYN_RECV,
    SIGNAL_CLOSE_WAIT,  SIGNAL_ACTIVE,         SIGNAL_AGED,
    SIGNAL_SYN_QUEUE,   SIGNAL_SYN_QUEUE_AGED, SIGNAL_STATE_ENTROPY,
};

static unsigned every;  /* so many intervals the sockets are counted */
static unsigned number; /* of the next reading, from 0 */

static void setup_counts(void) {
  scene_init(&scene, DT_S);
  scene.next.sent = SIGNALS_ALL;
  every = 3;
  number = 0;
}

static bool is_count(void) { return number % every == 0; }

static enum incident_change judge(void) {
  if (!is_count())
    for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
      scene.next.value[counted[i]] = NAN;
  enum incident_change change = scene_step(&scene);
  number++;
  return change;
}

/* Until the last reading was a count. */
static void run_to_count(void) {
  do {
    scene_usual(&scene);
    judge();
  } while (number % every != 1 % every);
}

static void run_usual(double seconds) {
  for (double at = DT_S; at <= seconds; at += DT_S) {
    scene_usual(&scene);
    judge();
  }
}

/* A flood from its begin. Returns after how many seconds the first change of
 * this kind came, or INFINITY. */
static double run_flood(double rate, double seconds,
                        enum incident_change wanted) {
  double first = INFINITY;
  for (double at = DT_S / 2; at <= seconds; at += DT_S) {
    scene_usual(&scene);
    scene_add_flood(&scene, rate, at);
    if (judge() == wanted && isinf(first))
      first = at;
  }
  return first;
}

START_TEST(the_usual_load_is_learnt_by_the_clock_and_raises_nothing) {
  every = (unsigned)_i;
  run_usual(4 * 3600);
  ck_assert_int_eq(scene.raised, 0);
  ck_assert_double_eq_tol(scene.flood.model.learnt_s, 4 * 3600, every * DT_S);
  ck_assert_double_eq_tol(scene.flood.model.learnt, 4 * 360.0 / every, 1);
  ck_assert_double_eq_tol(scene.flood.model.slow.half_open, 4, 2);
}
END_TEST

START_TEST(a_flood_is_noticed_at_its_first_counts) {
  every = (unsigned)_i;
  run_usual(3600);
  double raised_s = run_flood(6, 1200, INCIDENT_RAISED);
  ck_assert_double_le(raised_s, 3 * every * DT_S);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_int_eq(scene.cleared, 0);
}
END_TEST

START_TEST(a_large_flood_is_noticed_at_the_first_count) {
  every = (unsigned)_i;
  run_usual(3600);
  scene.backlog = 5000; /* too large to overflow into cookies */
  double raised_s = run_flood(50, 600, INCIDENT_RAISED);
  ck_assert_double_le(raised_s, (every + 1) * DT_S);
  ck_assert_int_eq(scene.worsened, 1);
}
END_TEST

START_TEST(in_between_it_stays_as_it_is) {
  run_usual(3600);
  run_flood(6, 600, INCIDENT_RAISED);
  ck_assert_int_ne(scene.flood.incident.severity, SEVERITY_OKAY);
  enum severity severity = scene.flood.incident.severity;
  for (int i = 0; i < 30; i++) {
    bool counts = is_count();
    double drift = scene.flood.model.drift;
    scene_usual(&scene);
    scene_add_flood(&scene, 6, 600);
    judge();
    ck_assert_int_eq(scene.finding.judged, counts);
    ck_assert_int_eq(scene.finding.held, !counts);
    ck_assert_int_eq(scene.finding.severity, severity);
    ck_assert_double_eq(scene.finding.since_s, scene.flood.incident.since_s);
    ck_assert_int_eq(isnan(scene.finding.observed), !counts);
    if (!counts)
      ck_assert_double_eq(scene.flood.model.drift, drift);
  }
}
END_TEST

START_TEST(it_is_over_after_as_many_calm_counts_as_ever) {
  run_usual(3600);
  run_flood(6, 600, INCIDENT_RAISED);
  unsigned counts = 0;
  while (scene.cleared == 0) {
    counts += is_count();
    scene_usual(&scene);
    judge();
    ck_assert_uint_le(counts, 4);
  }
  ck_assert_uint_eq(counts, 4);
  ck_assert(scene.finding.judged);
}
END_TEST

START_TEST(runs_of_counts_are_not_interrupted) {
  run_usual(3600);
  run_flood(6, 600, INCIDENT_RAISED);
  while (!is_count()) {
    scene_usual(&scene);
    judge();
  }
  scene_usual(&scene);
  scene_add_flood(&scene, 6, 600);
  judge();
  struct syn_flood before = scene.flood;
  ck_assert_uint_gt(before.excess_run, 0);
  scene_usual(&scene);
  judge();
  ck_assert_uint_eq(scene.flood.excess_run, before.excess_run);
  ck_assert_uint_eq(scene.flood.queue_run, before.queue_run);
  ck_assert_uint_eq(scene.flood.collapse_run, before.collapse_run);
  ck_assert_uint_eq(scene.flood.incident.votes, before.incident.votes);
}
END_TEST

/* The next count is far away: the cookies are told by the counters. */
START_TEST(cookies_are_noticed_in_between) {
  every = 10;
  run_usual(3600);
  run_to_count();
  double raised_s = run_flood(2000, 8 * DT_S, INCIDENT_RAISED);
  ck_assert_double_le(raised_s, 2 * DT_S);
  ck_assert_int_eq(scene.worsened, 1);
  ck_assert_uint_eq(scene.finding.evidence, SYN_FLOOD_COOKIES);
  ck_assert(scene.finding.judged && isnan(scene.finding.observed));
}
END_TEST

START_TEST(the_notice_says_that_nothing_was_counted) {
  static struct judgement judgement;
  struct notice notice;
  every = 10;
  run_usual(3600);
  run_to_count();
  while (scene.raised == 0) {
    scene_usual(&scene);
    scene_add_flood(&scene, 2000, 60);
    judge();
  }
  strcpy(judgement.host, "a");
  judgement.seen = scene.next;
  judgement.syn_flood = scene.figures;
  judgement.finding[INCIDENT_SYN_FLOOD] = scene.finding;
  ck_assert(notice_compose(&judgement, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_ptr_nonnull(strstr(notice.text, "syn_flood: half-open connections "
                                            "not counted in this interval, "));
  ck_assert_ptr_nonnull(strstr(notice.text, " cookies/s sent"));
  ck_assert_ptr_null(strstr(notice.text, "nan"));
}
END_TEST

START_TEST(too_long_without_a_count_nothing_is_held) {
  run_usual(3600);
  run_flood(6, 600, INCIDENT_RAISED);
  run_to_count();
  every = 1000000;
  number = 1;
  run_usual(11 * DT_S);
  ck_assert(scene.finding.held);
  ck_assert_uint_ne(scene.flood.incident.votes, 0);
  run_usual(5 * DT_S);
  ck_assert(!scene.finding.held && !scene.finding.judged);
  ck_assert_uint_eq(scene.flood.incident.votes, 0);
  ck_assert_int_ne(scene.flood.incident.severity, SEVERITY_OKAY);
}
END_TEST

START_TEST(a_count_that_was_not_even_sent_is_not_awaited) {
  run_usual(3600);
  scene.next.sent &= ~(1u << SIGNAL_SYN_RECV);
  every = 1000000;
  number = 1;
  run_flood(2000, 60, INCIDENT_RAISED);
  ck_assert(!scene.finding.held && !scene.finding.judged);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

START_TEST(nothing_is_held_of_a_host_that_was_never_counted) {
  every = 1000000;
  number = 1;
  run_usual(50);
  ck_assert(!scene.finding.held && !scene.finding.judged);
}
END_TEST

/* What takes 4 h takes 4 h, however seldom the sockets are counted. */
START_TEST(time_that_is_not_counted_counts_all_the_same) {
  run_usual(3600);
  scene.rules.incident[INCIDENT_SYN_FLOOD].adopt_after_s = 3600;
  double adopted_s = INFINITY;
  double raised_s = INFINITY;
  for (double at = 0; at < 3 * 3600 && isinf(adopted_s); at += DT_S) {
    scene_usual(&scene);
    double excess = 60; /* as handshakes that have become slow */
    scene.next.value[SIGNAL_SYN_RECV] += excess;
    scene.next.value[SIGNAL_AGED] = NAN; /* then it stays a WARNING */
    enum incident_change change = judge();
    if (change == INCIDENT_RAISED)
      raised_s = at;
    if (change == INCIDENT_ADOPTED)
      adopted_s = at;
  }
  ck_assert(isfinite(raised_s) && isfinite(adopted_s));
  ck_assert_double_eq_tol(adopted_s - raised_s, 3600, 2 * every * DT_S);
}
END_TEST

SUITE(syn_flood_quiet) {
  Suite *suite = suite_create("syn_flood_quiet");
  TCase *tests = tcase_create("no attack");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_set_timeout(tests, 30);
  tcase_add_loop_test(tests, sixty_thousand_usual_readings_raise_nothing, 0,
                      sizeof(hosts) / sizeof(hosts[0]));
  tcase_add_test(tests, handshakes_three_times_as_slow_are_no_attack);
  tcase_add_test(tests, a_crowd_ten_times_as_large_is_no_attack);
  tcase_add_test(tests, a_full_accept_queue_is_the_applications_doing);
  tcase_add_test(tests, a_neighbour_that_overflows_mutes_nothing);
  tcase_add_test(tests, cookies_count_beside_a_full_accept_queue);
  tcase_add_loop_test(tests, an_excess_needs_size_and_effect, 0,
                      sizeof(effects) / sizeof(effects[0]));
  tcase_add_test(tests, resets_beside_as_many_handshakes_are_no_attack);
  tcase_add_test(tests, disabled_it_is_not_judged);
  tcase_add_loop_test(tests, without_what_it_needs_it_abstains, 0,
                      sizeof(needed) / sizeof(needed[0]));
  tcase_add_test(tests, without_counters_and_queues_the_table_still_speaks);
  tcase_add_test(tests, a_drizzle_of_lost_cookies_is_learnt);
  tcase_add_test(tests, a_gap_and_a_changed_interval_void_the_votes);
  tcase_add_test(tests, what_lasts_and_may_be_answered_becomes_the_new_normal);
  tcase_add_loop_test(tests, an_attack_never_becomes_normal, 0,
                      sizeof(attacks) / sizeof(attacks[0]));
  tcase_add_test(
      tests,
      what_froze_the_learning_for_an_hour_without_an_incident_is_adopted);
  tcase_add_test(tests, a_crowded_first_hour_does_not_stop_learning_for_ever);
  suite_add_tcase(suite, tests);
  TCase *counts = tcase_create("between counts");
  tcase_add_checked_fixture(counts, setup_counts, NULL);
  tcase_add_loop_test(
      counts, the_usual_load_is_learnt_by_the_clock_and_raises_nothing, 1, 11);
  tcase_add_loop_test(counts, a_flood_is_noticed_at_its_first_counts, 1, 11);
  tcase_add_loop_test(counts, a_large_flood_is_noticed_at_the_first_count, 1,
                      11);
  tcase_add_test(counts, in_between_it_stays_as_it_is);
  tcase_add_test(counts, it_is_over_after_as_many_calm_counts_as_ever);
  tcase_add_test(counts, runs_of_counts_are_not_interrupted);
  tcase_add_test(counts, cookies_are_noticed_in_between);
  tcase_add_test(counts, the_notice_says_that_nothing_was_counted);
  tcase_add_test(counts, too_long_without_a_count_nothing_is_held);
  tcase_add_test(counts, a_count_that_was_not_even_sent_is_not_awaited);
  tcase_add_test(counts, nothing_is_held_of_a_host_that_was_never_counted);
  tcase_add_test(counts, time_that_is_not_counted_counts_all_the_same);
  suite_add_tcase(suite, counts);
  return suite;
}
