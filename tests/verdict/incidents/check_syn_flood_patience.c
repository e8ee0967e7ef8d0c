/* syn_flood against patient attackers and neighbours: each rule by itself, in
 * the numbers of the kernel. */
#include "scenes/flood_scene.h"
#include "scenes/suite.h"

#include <stdlib.h>

enum { DAY_S = 86400 };

static struct scene scene;

static double *value(enum signal signal) { return &scene.next.value[signal]; }

static enum severity severity(void) { return scene.flood.incident.severity; }

static void setup(void) {
  scene_init(&scene, 10);
  scene.backlog = 16384;
  scene.established = 1000;
}

/* One reading with so many entries more that nobody answers. */
static enum incident_change step(double count, double aged) {
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV) += count;
  *value(SIGNAL_AGED) += aged;
  return scene_step(&scene);
}

static void hold(double count, double seconds) {
  for (double at = 0; at < seconds; at += scene.dt_s)
    step(random_count(&scene.random, count), count);
}

/* --- the mark --- */

static const double long_floods_h[] = {5, 30, 80};

START_TEST(a_flood_of_days_is_not_adopted_and_the_next_is_told) {
  scene.dt_s = scene.next.interval_s = 60;
  scene_run(&scene, (double)DAY_S / 2.);
  for (int again = 1; again <= 2; again++) {
    hold(150, 3600 * long_floods_h[_i]);
    ck_assert_int_ne(severity(), SEVERITY_OKAY);
    ck_assert_int_eq(scene.flood.incident.attack, 1);
    scene_run(&scene, 3600);
    ck_assert_int_eq(severity(), SEVERITY_OKAY);
    ck_assert_int_eq(scene.raised, again);
  }
  ck_assert_int_eq(scene.adopted, 0);
}
END_TEST

START_TEST(at_the_okay_the_shadow_forgets_what_it_saw) {
  scene_run(&scene, 7200);
  hold(150, 7200);
  ck_assert_double_gt(scene.flood.model.shadow.aged, 100);
  scene_run(&scene, 600);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
  ck_assert_double_lt(scene.flood.model.shadow.aged, 5);
}
END_TEST

/* --- the slow reference --- */

/* Half-open entries that double every so many hours; returns the share of the
 * table that they hold when it is told. */
static double ramp(double hours) {
  for (double count = 8; count < 3000; count *= pow(2, 1. / 60 / hours))
    if (step(count, count * 62 / 63) == INCIDENT_RAISED)
      return count / (count + scene.established);
  return INFINITY;
}

static const double doubling_h[] = {1, 2.5, 4, 6, 12};

START_TEST(a_ramp_of_any_slope_is_told_before_15_percent) {
  scene.dt_s = scene.next.interval_s = 60;
  scene_run(&scene, 3 * DAY_S);
  ck_assert_double_lt(ramp(doubling_h[_i]), 0.15);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

START_TEST(stairs_are_told_before_15_percent) {
  scene.dt_s = scene.next.interval_s = 60;
  scene_run(&scene, 3 * DAY_S);
  double count = 20;
  while (scene.raised == 0 && count < 3000) {
    hold(count, 80 * 60);
    count *= 1.3;
  }
  ck_assert_double_lt(count / (count + scene.established), 0.15);
}
END_TEST

START_TEST(three_times_the_answered_load_is_no_attack) {
  scene_run(&scene, 2 * DAY_S);
  for (double at = 0; at < (double)DAY_S; at += 10) {
    double grown = 1 + 2 * fmin(1, at / 3600);
    scene.half_open = 4 * grown;
    scene.established = 1000 * grown;
    scene.completed = 20 * grown;
    scene_usual(&scene);
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* --- bins --- */

static const struct {
  double period_s, dt_s;
} pulses[] = {{20, 1},  {30, 1},   {45, 1},  {60, 1},  {120, 1}, {30, 10},
              {60, 10}, {120, 10}, {30, 60}, {60, 60}, {120, 60}};
enum { PULSES = sizeof(pulses) / sizeof(pulses[0]) };

/* A burst of 60 entries every period; each lives 63 s. */
static double pulsed(double age_s, double period_s) {
  double live = 0;

  for (double begun = 0; begun <= age_s; begun += period_s)
    live += age_s - begun < 63 ? 60 : 0;
  return live;
}

START_TEST(pulses_raise_at_any_interval_and_are_never_adopted) {
  scene.dt_s = scene.next.interval_s = pulses[_i].dt_s;
  scene.established = 300;
  scene_run(&scene, fmax(7200, 100 * scene.dt_s));
  for (double at = 2; at < 12 * 3600 && (at < 3600 || scene.dt_s >= 10);
       at += scene.dt_s) {
    double live = pulsed(at, pulses[_i].period_s);
    step(live, live);
    if (at > 600)
      ck_assert_int_ge(scene.raised, 1);
  }
  ck_assert_int_eq(scene.adopted, 0);
  ck_assert_int_le(scene.raised, 8);
}
END_TEST

static const struct {
  double syns, seconds;
} scans[] = {{5, 0.5}, {20, 2}, {60, 8}, {100, 0.5}, {100, 10}};

/* All of a scan's SYNs leave an entry that nobody answers. */
START_TEST(one_scan_is_no_incident) {
  double dt[] = {1, 10, 60};
  for (int i = 0; i < 3; i++) {
    setup();
    scene.dt_s = scene.next.interval_s = dt[i];
    scene.established = 20;
    scene.completed = 1;
    scene.half_open = 0.2;
    scene_run(&scene, fmax(7200, 100 * dt[i]));
    for (double at = 2; at < 90; at += dt[i]) {
      double sent = fmin(1, at / scans[_i].seconds);
      double gone = fmin(1, fmax(0, at - 63) / scans[_i].seconds);
      step(floor(scans[_i].syns * (sent - gone)),
           floor(scans[_i].syns * (sent - gone)));
    }
    ck_assert_int_eq(scene.raised, 0);
  }
}
END_TEST

/* The quiet host: 3 established, one SYN in 3 s, a reading a minute. */
START_TEST(a_drip_is_told_at_any_interval) {
  double dt[] = {1, 10, 60};
  scene.dt_s = scene.next.interval_s = dt[_i];
  scene.established = 3;
  scene.completed = 0.1;
  scene.half_open = 0.1;
  scene_run(&scene, 2 * DAY_S);
  for (double at = dt[_i] / 2; at < 900; at += dt[_i])
    step(floor(fmin(at, 63) / 3), floor(fmin(fmax(0, at - 1), 62) / 3));
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* What has added up for minutes need not be a dozen, or three in a row. */
START_TEST(a_drip_adds_up_where_clients_are_lost_in_clumps) {
  scene.dt_s = scene.next.interval_s = 60;
  scene.established = 15;
  scene.completed = 0.3;
  scene.half_open = 0.3;
  scene_run(&scene, 2 * DAY_S);
  scene.flood.usual_peak = 12;
  for (int i = 0; i < 30; i++)
    step(i % 3 == 0 ? 13 : 8, i % 3 == 0 ? 13 : 8);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_double_lt(scene.finding.since_s, scene.next.time_s - 10 * 60);
}
END_TEST

/* --- still tables --- */

/* Eight entries that keep coming: told where nothing ever gathers, and not
 * where clients are lost in clumps. */
START_TEST(few_are_enough_only_where_nothing_gathers) {
  scene.established = 20;
  scene.completed = 1;
  scene.half_open = 0.2;
  for (double at = 0; at < 2 * DAY_S; at += 10) {
    bool clump = _i == 1 && fmod(at, 7200) < 60;
    step(clump ? 7 * (1 + fmod(at, 7200) / 60) / 2 : 0,
         clump ? 7 * (1 + fmod(at, 7200) / 60) / 2 : 0);
  }
  ck_assert_int_eq(scene.raised, 0);
  for (int i = 1; i <= 12; i++)
    step(fmin(10, 2 * i), fmin(10, 2 * i));
  ck_assert_int_eq(scene.raised, _i == 0);
}
END_TEST

/* --- loss --- */

static const int retries[] = {1, 2, 3, 5};

START_TEST(fewer_retries_hide_no_flood) {
  double life = pow(2, retries[_i] + 1) - 1;
  scene.established = 1000;
  scene.completed = 20;
  scene_run(&scene, 6 * 3600);
  for (int i = 0; i < 12; i++) {
    double count = random_count(&scene.random, 176);
    step(count, floor(count * (life - 1) / life));
  }
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* A fifth of the packets lost keeps 0.75 P entries waiting. */
START_TEST(loss_is_no_flood) {
  scene.completed = 200;
  scene.half_open = 30;
  scene_run(&scene, DAY_S);
  for (int i = 0; i < 360; i++)
    step(200, 0.6 * 200);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* --- one source --- */

static const struct {
  double percent, count, queue;
  bool told;
} sources[] = {{95, 60, 10, false},
               {40, 60, 10, true},
               {NAN, 60, 10, true},
               {95, 60, 60, true},
               {95, 300, 10, true}};

START_TEST(a_few_that_one_source_holds_are_no_flood) {
  scene.established = 100;
  scene_run(&scene, 7200);
  for (int i = 1; i <= 12; i++) {
    double count = sources[_i].count * fmin(1, i / 4.);
    scene_usual(&scene);
    *value(SIGNAL_SYN_RECV) += count;
    *value(SIGNAL_AGED) += count;
    *value(SIGNAL_SYN_QUEUE) = sources[_i].queue;
    *value(SIGNAL_TOP_SOURCE) = sources[_i].percent;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, sources[_i].told);
}
END_TEST

/* --- cookies --- */

/* tcp_syncookies=2: nothing is half-open, ever. */
START_TEST(cookie_pulses_raise_and_are_never_adopted) {
  scene.dt_s = scene.next.interval_s = pulses[_i].dt_s;
  scene_run(&scene, fmax(7200, 100 * scene.dt_s));
  for (double at = 0; at < 6 * 3600; at += scene.dt_s) {
    double before = floor((at - scene.dt_s) / pulses[_i].period_s);
    double now = floor(at / pulses[_i].period_s);
    scene_usual(&scene);
    *value(SIGNAL_COOKIES_SENT) = 400 * (now - before) / scene.dt_s + 3;
    *value(SIGNAL_COOKIES_RECEIVED) = 3;
    scene_step(&scene);
    if (at > 600)
      ck_assert_int_ge(scene.raised, 1);
  }
  ck_assert_int_eq(scene.adopted, 0);
}
END_TEST

/* Nothing of a pulse is left in the next reading: the OKAY waits. */
START_TEST(pulses_of_cookies_are_one_incident) {
  scene.dt_s = scene.next.interval_s = 1;
  scene_run(&scene, 3600);
  for (int i = 0; i < 900; i++) {
    scene_usual(&scene);
    *value(SIGNAL_COOKIES_SENT) = i % 30 == 0 ? 400 : 0;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_int_eq(scene.cleared, 0);
  scene_run(&scene, 60);
  ck_assert_int_eq(scene.cleared, 1);
}
END_TEST

START_TEST(the_cookies_of_one_scan_are_no_flood) {
  scene_run(&scene, 7200);
  for (int i = 0; i < 10; i++) {
    scene_usual(&scene);
    *value(SIGNAL_COOKIES_SENT) = i == 3 ? 10 : 0;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* Those that are on their way are not lost: a crowd of 1000 a second. */
START_TEST(cookies_of_a_crowd_come_back) {
  scene.dt_s = scene.next.interval_s = 1;
  scene_run(&scene, 7200);
  double under_way = 0;
  for (int i = 0; i < 3600; i++) {
    double sent = random_count(&scene.random, 1000);
    scene_usual(&scene);
    *value(SIGNAL_PASSIVE_OPENS) = 1000;
    *value(SIGNAL_COOKIES_SENT) = sent;
    *value(SIGNAL_COOKIES_RECEIVED) = 0.8 * sent + under_way;
    under_way = 0.2 * sent;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* --- the OKAY --- */

/* What a stall has left is gone with its entries: a flood after it is told. */
START_TEST(an_empty_table_ends_what_an_overflow_explains) {
  scene.established = 100;
  scene_run(&scene, 7200);
  for (int i = 0; i < 6; i++) {
    scene_usual(&scene);
    *value(SIGNAL_SYN_RECV) += 100;
    *value(SIGNAL_AGED) += 100;
    *value(SIGNAL_LISTEN_OVERFLOWS) = 50;
    *value(SIGNAL_ACCEPT_QUEUE) = 100;
    scene_step(&scene);
  }
  ck_assert_double_ge(scene.figures.overflowed, 100);
  scene_run(&scene, 10);
  for (int i = 1; i <= 3; i++)
    step(150 * i, 150 * i);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_double_le(scene.figures.overflowed, 10);
}
END_TEST

START_TEST(after_the_okay_a_stray_cookie_is_one) {
  scene_run(&scene, 7200);
  for (int i = 0; i < 120; i++) {
    scene_usual(&scene);
    *value(SIGNAL_COOKIES_SENT) = i < 30 ? 2000 : i % 10 == 0 ? 2 : 0;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
}
END_TEST

/* A few broken clients that are new keep it open for ten minutes, not for ever;
 * troughs of a small flood are no end. */
START_TEST(a_remainder_does_not_keep_it_open_for_ever) {
  scene.rules.syn_flood.min_excess = 12;
  scene.established = 40;
  scene.completed = 2;
  scene.half_open = 0.1;
  scene_run(&scene, 7200);
  for (int i = 1; i <= 30; i++)
    step(fmin(13, 5 * i), fmin(13, 5 * i));
  for (int i = 0; i < 20; i++)
    step(5, 5);
  ck_assert_int_ne(severity(), SEVERITY_OKAY);
  for (int i = 0; i < 180 && severity() != SEVERITY_OKAY; i++)
    step(5, 5);
  ck_assert_int_eq(severity(), SEVERITY_OKAY);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* --- gaps --- */

/* An hour without readings parts what came before from what comes after. */
START_TEST(what_came_before_a_gap_adds_nothing) {
  scene.established = 100;
  scene_run(&scene, 7200);
  for (int i = 0; i < 2; i++)
    step(60 * (i + 1), 60 * (i + 1));
  ck_assert_double_gt(scene.figures.entry_bins, 1.5);
  scene.next.gap = true;
  step(60, 60);
  ck_assert_double_eq_tol(scene.figures.entry_bins, 1, 1e-9);
  scene_usual(&scene);
  *value(SIGNAL_SYN_RECV) += 100;
  *value(SIGNAL_LISTEN_OVERFLOWS) = 100;
  *value(SIGNAL_ACCEPT_QUEUE) = 100;
  scene_step(&scene);
  ck_assert_double_gt(scene.figures.overflowed, 60);
  scene.next.gap = true;
  step(60, 60);
  ck_assert_double_eq(scene.figures.overflowed, 0);
}
END_TEST

/* --- completion --- */

/* On a host whose handshakes are slow, half of the table is half-open and
 * answered: 60 % says nothing there, 40 % below what is usual does. */
START_TEST(completion_is_held_against_what_is_usual) {
  scene.established = 100;
  scene.half_open = 90;
  scene.completed = 40;
  scene_run(&scene, 2 * DAY_S);
  ck_assert_double_lt(scene.figures.usual_completion, 60);
  for (int i = 1; i <= 4; i++)
    step(_i ? 200 : 14, _i ? 190 : 14);
  ck_assert(!scene.tests[FLOOD_HEALTHY].met);
  ck_assert(scene.tests[FLOOD_LOW].met);
  ck_assert_int_eq(scene.tests[FLOOD_DROPPED].met, _i);
  ck_assert_int_eq(scene.tests[FLOOD_COLLAPSE_NOW].met, _i);
}
END_TEST

SUITE(syn_flood_patience) {
  Suite *suite = suite_create("syn_flood_patience");
  TCase *tests = tcase_create("patience");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_set_timeout(tests, 30);
  tcase_add_loop_test(
      tests, a_flood_of_days_is_not_adopted_and_the_next_is_told, 0, 3);
  tcase_add_test(tests, at_the_okay_the_shadow_forgets_what_it_saw);
  tcase_add_loop_test(tests, a_ramp_of_any_slope_is_told_before_15_percent, 0,
                      5);
  tcase_add_test(tests, stairs_are_told_before_15_percent);
  tcase_add_test(tests, three_times_the_answered_load_is_no_attack);
  tcase_add_loop_test(tests, pulses_raise_at_any_interval_and_are_never_adopted,
                      0, PULSES);
  tcase_add_loop_test(tests, one_scan_is_no_incident, 0, 5);
  tcase_add_loop_test(tests, a_drip_is_told_at_any_interval, 0, 3);
  tcase_add_test(tests, a_drip_adds_up_where_clients_are_lost_in_clumps);
  tcase_add_loop_test(tests, few_are_enough_only_where_nothing_gathers, 0, 2);
  tcase_add_loop_test(tests, fewer_retries_hide_no_flood, 0, 4);
  tcase_add_test(tests, loss_is_no_flood);
  tcase_add_loop_test(tests, a_few_that_one_source_holds_are_no_flood, 0, 5);
  tcase_add_loop_test(tests, cookie_pulses_raise_and_are_never_adopted, 0,
                      PULSES);
  tcase_add_test(tests, pulses_of_cookies_are_one_incident);
  tcase_add_test(tests, the_cookies_of_one_scan_are_no_flood);
  tcase_add_test(tests, cookies_of_a_crowd_come_back);
  tcase_add_test(tests, an_empty_table_ends_what_an_overflow_explains);
  tcase_add_test(tests, after_the_okay_a_stray_cookie_is_one);
  tcase_add_test(tests, a_remainder_does_not_keep_it_open_for_ever);
  tcase_add_test(tests, what_came_before_a_gap_adds_nothing);
  tcase_add_loop_test(tests, completion_is_held_against_what_is_usual, 0, 2);
  suite_add_tcase(suite, tests);
  return suite;
}
