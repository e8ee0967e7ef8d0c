/* Connections beyond what arrivals explain, of hosts that are acted: clients
 * that arrive by a Poisson process and stay for a while, and whoever holds. */
#include "scenes/suite.h"
#include "table/held.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENTS_MAX = 400000 };

static struct held held;
static struct kernel_counters counters;
static struct holders found; /* what the next look shows */
static struct {
  double leave_s[CLIENTS_MAX];
  size_t len;
  double now_s, step_s;
  double rate, hold_s;      /* of the clients */
  double held;              /* connections that somebody keeps */
  double probes, bare_acks; /* a second, of those, */
  double data;              /* and of those that read */
  bool closed;              /* the clients' holds are all alike */
} host;

static double chance(void) { return (rand() + 0.5) / (RAND_MAX + 1.0); }

static void count(enum kernel_counter counter, double more) {
  counters.known[counter] = true;
  counters.value[counter] += (int64_t)(more + 0.5);
}

static void setup(void) {
  memset(&held, 0, sizeof(held));
  memset(&counters, 0, sizeof(counters));
  memset(&host, 0, sizeof(host));
  ck_assert_int_eq(holders_init(&found), 0);
  holders_clear(&found, true);
  host.step_s = 1;
  host.rate = 20;
  host.hold_s = 2.8;
  host.now_s = 5000;
  srand(20261129);
}

static void teardown(void) { holders_release(&found); }

static void arrive(void) {
  double at_s = host.now_s, begun = 0;

  while ((at_s += -log(chance()) / host.rate) < host.now_s + host.step_s) {
    ck_assert_uint_lt(host.len, CLIENTS_MAX);
    host.leave_s[host.len++] =
        at_s + (host.closed ? host.hold_s : -log(chance()) * host.hold_s);
    begun++;
  }
  count(COUNTER_PASSIVE_OPENS, begun);
  count(COUNTER_ORIG_DATA_SENT, begun);
  count(COUNTER_OUT_SEGS, 3 * begun); /* an answer, an ACK, a FIN */
  count(COUNTER_OUT_RSTS, 0);
}

static size_t leave(void) {
  size_t kept = 0;

  for (size_t i = 0; i < host.len; i++)
    if (host.leave_s[i] > host.now_s)
      host.leave_s[kept++] = host.leave_s[i];
  return host.len = kept;
}

/* One reading. */
static void step(void) {
  arrive();
  host.now_s += host.step_s;
  count(COUNTER_WIN_PROBE, host.probes * host.step_s);
  count(COUNTER_ORIG_DATA_SENT, host.data * host.step_s);
  count(COUNTER_OUT_SEGS,
        (host.probes + host.bare_acks + host.data) * host.step_s);
  held_note(&held, host.now_s, (double)leave() + host.held, &counters);
  enum held_look look = held_wants(&held, host.now_s);
  if (look == HELD_NO_LOOK)
    return;
  found.asked = look == HELD_LOOK_INFO;
  found.sockets = (uint64_t)host.held + host.len;
  held_looked(&held, host.now_s, &found);
}

static void live(double seconds) {
  for (double until_s = host.now_s + seconds; host.now_s < until_s - 0.01;)
    step();
}

/* So many connect each second, say nothing, and leave after a while. */
static void knock(double rate, double life_s, double seconds) {
  for (double s = 0; s < seconds; s += host.step_s) {
    host.held = rate * fmin(s + host.step_s, life_s);
    count(COUNTER_PASSIVE_OPENS, rate * host.step_s);
    count(COUNTER_OUT_SEGS, 2.3 * rate * host.step_s);
    step();
  }
}

/* So many more connections arrive, over some seconds, and stay. */
static void seize(double connections, double seconds) {
  for (double s = 0; s < seconds; s += host.step_s) {
    host.held += connections * host.step_s / seconds;
    count(COUNTER_PASSIVE_OPENS, connections * host.step_s / seconds);
    step();
  }
}

START_TEST(nothing_is_known_before_a_minute) {
  live(60);
  ck_assert_double_nan(held.beyond);
  ck_assert_double_nan(held.bare_acks);
  ck_assert_int_eq(held_wants(&held, host.now_s), HELD_NO_LOOK);
  live(3);
  ck_assert_double_ge(held.beyond, 0);
}
END_TEST

START_TEST(at_rest_nothing_is_beyond) {
  live(70);
  for (int i = 0; i < 3600; i++) {
    step();
    ck_assert(!held.suspected);
    ck_assert_double_lt(held.beyond, 40);
    ck_assert_double_lt(held.bare_acks, 20);
  }
}
END_TEST

/* Those with an equal hold are the hardest: all of them are there before the
 * rate is. */
START_TEST(a_crowd_is_explained_by_its_arrivals) {
  host.closed = _i == 1;
  live(120);
  host.rate *= 10;
  live(15);
  for (int i = 0; i < 60; i++) {
    step();
    ck_assert_double_lt(held.beyond, 120);
  }
  host.rate /= 10;
  for (int i = 0; i < 60; i++) {
    step();
    ck_assert_double_lt(held.beyond, 64);
  }
}
END_TEST

/* Load follows the day: tenfold within two hours, and back. */
START_TEST(a_day_is_explained) {
  live(120);
  for (int minute = 0; minute < 240; minute++) {
    host.rate = 20 + 90 * (1 - cos(minute * acos(-1) / 120));
    live(60);
    ck_assert_msg(!held.suspected, "minute %d: %g", minute, held.beyond);
  }
}
END_TEST

/* Whoever looks each ten seconds sees it in the second reading. */
START_TEST(what_is_kept_is_beyond_and_suspected) {
  host.step_s = _i == 1 ? 10 : 1;
  live(300);
  ck_assert(!held.suspected);
  seize(300, _i == 1 ? 10 : 3);
  live(2 * host.step_s);
  ck_assert(held.suspected);
  live(20);
  ck_assert_double_gt(held.beyond, 260);
  ck_assert_double_lt(held.beyond, 340);
}
END_TEST

START_TEST(a_slow_ramp_is_seen_too) {
  live(300);
  for (int i = 0; i < 300; i++)
    seize(0.5, 1);
  ck_assert(held.suspected);
}
END_TEST

/* Their rate alone would explain them: a client stays as long as they. */
START_TEST(those_who_say_nothing_explain_nothing) {
  host.step_s = _i == 1 ? 10 : 1;
  host.hold_s = 6;
  live(600);
  knock(200, 5, 20);
  ck_assert(held.suspected);
  ck_assert_double_gt(held.beyond, 800);
  ck_assert_double_lt(held.beyond, 1200);
}
END_TEST

START_TEST(checks_of_a_port_hold_nothing) {
  host.step_s = _i == 1 ? 10 : 1;
  host.hold_s = 6;
  live(600);
  for (int i = 0; i < 90; i++) {
    knock(50, 0.05, 10);
    ck_assert(!held.suspected);
    ck_assert_double_lt(held.beyond, 64);
  }
}
END_TEST

/* Fewer than usual are connected, so that none are beyond. */
START_TEST(a_sudden_rise_in_a_calm_evening_is_suspected) {
  host.step_s = 10;
  host.rate = 100;
  host.hold_s = 8;
  live(1800);
  host.rate = 60;
  live(300);
  ck_assert(!held.suspected);
  seize(250, 10);
  step();
  ck_assert_double_lt(held.beyond, 64);
  ck_assert(held.suspected && held.risen);
}
END_TEST

/* By their data: more than next to nothing of it goes to small windows that
 * are read. */
START_TEST(peers_that_take_nothing_starve_after_ten_seconds) {
  live(300);
  ck_assert_double_eq(held_starving(&held, 0), 0);
  for (int i = 0; i < 9; i++) {
    step();
    ck_assert_double_nan(held_starving(&held, 400));
  }
  step();
  ck_assert_double_eq(held_starving(&held, 400), 400);
  host.data = 22 * 400;
  live(10);
  ck_assert_double_nan(held_starving(&held, 400));
  live(60);
  ck_assert_double_nan(held_starving(&held, 400));
  ck_assert_double_eq(held_starving(&held, 0), 0);
}
END_TEST

START_TEST(without_counters_nobody_is_known_to_starve) {
  ck_assert_double_nan(held_starving(&held, 400));
  live(300);
  counters.known[COUNTER_ORIG_DATA_SENT] = false;
  host.now_s += 1;
  held_note(&held, host.now_s, 60, &counters);
  ck_assert_double_nan(held_starving(&held, 400));
}
END_TEST

START_TEST(probes_alone_raise_suspicion_at_once) {
  live(300);
  host.probes = 9;
  step();
  ck_assert(held.suspected);
}
END_TEST

START_TEST(probes_that_are_usual_do_not) {
  host.probes = 250;
  live(300);
  ck_assert(!held.suspected);
  host.probes = 700;
  live(10);
  ck_assert(!held.suspected);
}
END_TEST

START_TEST(suspicion_stays_a_minute_and_ends) {
  live(300);
  seize(300, 3);
  live(20);
  host.held = 0;
  live(58);
  ck_assert(held.suspected);
  live(10);
  ck_assert(!held.suspected);
}
END_TEST

/* The server closed what was held, and X is small; but tcp_info finds them. */
START_TEST(evidence_latches) {
  live(300);
  found.kind[HOLDER_STARVED] = 400;
  host.probes = 100;
  step();
  host.probes = 0;
  live(600);
  ck_assert(held.suspected && held.evident);
  found.kind[HOLDER_STARVED] = 0;
  live(70);
  ck_assert(!held.suspected);
}
END_TEST

START_TEST(what_holds_is_not_learned_for_hours) {
  live(300);
  seize(400, 4);
  found.kind[HOLDER_DRIP] = 400;
  live(3600);
  ck_assert(held.suspected);
  ck_assert_double_gt(held.beyond, 300);
}
END_TEST

/* Websockets that stay. */
START_TEST(what_lasts_without_evidence_becomes_usual) {
  live(300);
  seize(300, 60);
  live(500);
  ck_assert(held.suspected);
  ck_assert_double_gt(held.beyond, 260);
  live(3 * 3600);
  ck_assert(!held.suspected);
  ck_assert_double_lt(held.beyond, 64);
}
END_TEST

/* Devices that send bit by bit are there before. */
START_TEST(those_that_a_host_always_has_are_no_evidence) {
  host.held = 500;
  found.kind[HOLDER_DRIP] = 490;
  live(300);
  ck_assert_double_eq(held.usual_kind[HOLDER_DRIP], 490);
  seize(300, 3);
  live(30);
  ck_assert(held.suspected && !held.evident);
  found.kind[HOLDER_DRIP] = 1100;
  live(10);
  ck_assert(held.evident);
}
END_TEST

START_TEST(looks_are_two_seconds_apart_and_every_second_one_asks) {
  unsigned looks = 0, asked = 0;
  live(300);
  seize(300, 3);
  for (int i = 0; i < 100; i++) {
    enum held_look look = held_wants(&held, host.now_s + 1);
    looks += look != HELD_NO_LOOK;
    asked += look == HELD_LOOK_INFO;
    step();
  }
  ck_assert_uint_ge(asked, 24);
  ck_assert_uint_le(asked, 26);
  ck_assert_uint_ge(looks, 49);
  ck_assert_uint_le(looks, 51);
}
END_TEST

START_TEST(without_suspicion_each_200th_reading_looks) {
  unsigned looks = 0;
  for (int i = 0; i < 2050; i++) {
    double asked_s = held.asked_s;
    step();
    looks += held.asked_s > asked_s;
  }
  ck_assert_uint_eq(looks, 10);
}
END_TEST

/* An hour of it, twice: the second is suspected as the first was. */
START_TEST(an_attack_does_not_hide_the_next) {
  for (int i = 0; i < 2; i++) {
    live(900);
    ck_assert(!held.suspected);
    seize(500, 5);
    found.kind[HOLDER_DRIP] = 500;
    live(3600);
    found.kind[HOLDER_DRIP] = 0;
    host.held = 0;
    live(120);
  }
  seize(150, 3);
  live(10);
  ck_assert(held.suspected);
}
END_TEST

START_TEST(bare_acks_beyond_those_of_the_arrivals) {
  live(300);
  host.bare_acks = 80;
  live(30);
  ck_assert_double_gt(held.bare_acks, 60);
  ck_assert_double_lt(held.bare_acks, 100);
  host.bare_acks = 0;
  host.rate *= 10;
  live(30);
  ck_assert_double_lt(held.bare_acks, 40);
}
END_TEST

/* A counter that began anew, one that is not there, a clock that stands. */
START_TEST(what_cannot_be_known_is_no_number) {
  live(300);
  memset(counters.value, 0, sizeof(counters.value));
  step();
  ck_assert_double_nan(held.beyond);
  step();
  ck_assert(!isnan(held.beyond));
  held_note(&held, host.now_s, 1e6, &counters);
  ck_assert_double_lt(held.beyond, 64);
  counters.known[COUNTER_WIN_PROBE] = false;
  host.now_s += 1;
  held_note(&held, host.now_s, 60, &counters);
  ck_assert_double_nan(held.bare_acks);
  ck_assert(!isnan(held.beyond));
  counters.known[COUNTER_PASSIVE_OPENS] = false;
  host.now_s += 1;
  held_note(&held, host.now_s, 60, &counters);
  ck_assert_double_nan(held.beyond);
}
END_TEST

SUITE(held) {
  Suite *suite = suite_create("held");
  TCase *tests = tcase_create("beyond");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_set_timeout(tests, 30);
  tcase_add_test(tests, nothing_is_known_before_a_minute);
  tcase_add_test(tests, at_rest_nothing_is_beyond);
  tcase_add_loop_test(tests, a_crowd_is_explained_by_its_arrivals, 0, 2);
  tcase_add_test(tests, a_day_is_explained);
  tcase_add_loop_test(tests, what_is_kept_is_beyond_and_suspected, 0, 2);
  tcase_add_test(tests, a_slow_ramp_is_seen_too);
  tcase_add_loop_test(tests, those_who_say_nothing_explain_nothing, 0, 2);
  tcase_add_loop_test(tests, checks_of_a_port_hold_nothing, 0, 2);
  tcase_add_test(tests, a_sudden_rise_in_a_calm_evening_is_suspected);
  tcase_add_test(tests, peers_that_take_nothing_starve_after_ten_seconds);
  tcase_add_test(tests, without_counters_nobody_is_known_to_starve);
  tcase_add_test(tests, probes_alone_raise_suspicion_at_once);
  tcase_add_test(tests, probes_that_are_usual_do_not);
  tcase_add_test(tests, suspicion_stays_a_minute_and_ends);
  tcase_add_test(tests, evidence_latches);
  tcase_add_test(tests, what_holds_is_not_learned_for_hours);
  tcase_add_test(tests, what_lasts_without_evidence_becomes_usual);
  tcase_add_test(tests, those_that_a_host_always_has_are_no_evidence);
  tcase_add_test(tests, looks_are_two_seconds_apart_and_every_second_one_asks);
  tcase_add_test(tests, without_suspicion_each_200th_reading_looks);
  tcase_add_test(tests, an_attack_does_not_hide_the_next);
  tcase_add_test(tests, bare_acks_beyond_those_of_the_arrivals);
  tcase_add_test(tests, what_cannot_be_known_is_no_number);
  suite_add_tcase(suite, tests);
  return suite;
}
