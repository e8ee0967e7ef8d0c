/* A host whose sockets are counted only every few intervals: in between come
 * the counters alone, and NAN for the rest. */
#include "scenes/flood_scene.h"
#include "scenes/suite.h"
#include "verdict/notice.h"

#include <string.h>

#define DT_S 10.0

static const enum signal counted[] = {
    SIGNAL_ESTABLISHED, SIGNAL_SYN_SENT,       SIGNAL_SYN_RECV,
    SIGNAL_CLOSE_WAIT,  SIGNAL_ACTIVE,         SIGNAL_AGED,
    SIGNAL_SYN_QUEUE,   SIGNAL_SYN_QUEUE_AGED, SIGNAL_STATE_ENTROPY,
};

static struct scene scene;
static unsigned every;  /* so many intervals the sockets are counted */
static unsigned number; /* of the next reading, from 0 */

static void setup(void) {
  scene_init(&scene, DT_S);
  scene.next.sent = (1u << SIGNAL_COUNT) - 1;
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

SUITE(syn_flood_unwalked) {
  Suite *suite = suite_create("syn_flood_unwalked");
  TCase *tcase = tcase_create("between counts");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_loop_test(
      tcase, the_usual_load_is_learnt_by_the_clock_and_raises_nothing, 1, 11);
  tcase_add_loop_test(tcase, a_flood_is_noticed_at_its_first_counts, 1, 11);
  tcase_add_loop_test(tcase, a_large_flood_is_noticed_at_the_first_count, 1,
                      11);
  tcase_add_test(tcase, in_between_it_stays_as_it_is);
  tcase_add_test(tcase, it_is_over_after_as_many_calm_counts_as_ever);
  tcase_add_test(tcase, runs_of_counts_are_not_interrupted);
  tcase_add_test(tcase, cookies_are_noticed_in_between);
  tcase_add_test(tcase, the_notice_says_that_nothing_was_counted);
  tcase_add_test(tcase, too_long_without_a_count_nothing_is_held);
  tcase_add_test(tcase, a_count_that_was_not_even_sent_is_not_awaited);
  tcase_add_test(tcase, nothing_is_held_of_a_host_that_was_never_counted);
  tcase_add_test(tcase, time_that_is_not_counted_counts_all_the_same);
  suite_add_tcase(suite, tcase);
  return suite;
}
