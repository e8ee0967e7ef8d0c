/* judge: all incidents of one host: who mutes whom, silence, and a memory that
 * can be saved whatever was observed. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/judge.h"
#include "verdict/state/state_text.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static struct random_load random_;
static struct rules rules;
static struct judge judge;
static struct observation seen;
static struct judgement out;
static int changes[INCIDENT_COUNT][INCIDENT_REMINDED + 1];

/* A host of 200 connections, 10 handshakes a second. */
static void setup(void) {
  random_.state = 1;
  rules_defaults(&rules);
  judge_init(&judge);
  memset(changes, 0, sizeof(changes));
  seen = (struct observation){
      .time_s = 1700000000, .interval_s = 10, .dt_s = 10, .gap = true};
}

static void step(void) {
  judge_observation(&judge, &rules, &seen, &out);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (out.finding[i].judged)
      changes[i][out.finding[i].change]++;
  seen.time_s += 10;
  seen.gap = false;
}

static void usual(void) {
  for (int i = 0; i < SIGNAL_COUNT; i++)
    seen.value[i] = 0;
  seen.value[SIGNAL_ESTABLISHED] = random_count(&random_, 200);
  seen.value[SIGNAL_SYN_RECV] = random_count(&random_, 2);
  seen.value[SIGNAL_ACTIVE] = 210;
  seen.value[SIGNAL_PASSIVE_OPENS] = random_count(&random_, 100) / 10;
  seen.value[SIGNAL_STATE_ENTROPY] = 0.5 + 0.01 * random_normal(&random_);
  seen.value[SIGNAL_TIME_WAIT_USE] = 10;
}

static void flood(void) {
  usual();
  seen.value[SIGNAL_SYN_RECV] = 400;
  seen.value[SIGNAL_AGED] = 380;
  seen.value[SIGNAL_ACTIVE] += 400;
  seen.value[SIGNAL_STATE_ENTROPY] = 0.8;
}

static void add_overflow(void) {
  seen.value[SIGNAL_ACCEPT_QUEUE] = 100;
  seen.value[SIGNAL_LISTEN_OVERFLOWS] = 0.5;
}

static void run_usual(int readings) {
  for (int i = 0; i < readings; i++) {
    usual();
    step();
  }
}

static int raised(enum incident_kind kind) {
  return changes[kind][INCIDENT_RAISED];
}

START_TEST(a_usual_host_is_judged_and_nothing_is_raised) {
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  run_usual(2000);
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    ck_assert(out.finding[i].judged);
    ck_assert_int_eq(changes[i][INCIDENT_UNCHANGED], 2000);
  }
  ck_assert(!out.mutes);
}
END_TEST

START_TEST(a_flood_mutes_what_follows_from_it) {
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  run_usual(2000);
  for (int i = 0; i < 5; i++) {
    flood();
    step();
  }
  ck_assert_int_eq(raised(INCIDENT_SYN_FLOOD), 1);
  ck_assert(!out.mutes);
  for (int i = 0; i < 20; i++) {
    flood();
    add_overflow();
    step();
    ck_assert(out.mutes);
  }
  ck_assert_int_eq(raised(INCIDENT_ACCEPT_OVERFLOW), 0);
  ck_assert_int_eq(raised(INCIDENT_STATE_SHIFT), 0);
}
END_TEST

START_TEST(an_overflow_that_began_before_is_not_muted) {
  run_usual(2000);
  for (int i = 0; i < 3; i++) {
    usual();
    add_overflow();
    step();
  }
  ck_assert_int_eq(raised(INCIDENT_ACCEPT_OVERFLOW), 1);
  for (int i = 0; i < 10; i++) {
    flood();
    seen.value[SIGNAL_COOKIES_SENT] = 2000; /* seen in spite of the overflow */
    add_overflow();
    step();
  }
  ck_assert_int_eq(raised(INCIDENT_SYN_FLOOD), 1);
  ck_assert(!out.mutes);
  ck_assert_int_eq(changes[INCIDENT_ACCEPT_OVERFLOW][INCIDENT_CLEARED], 0);
}
END_TEST

START_TEST(every_incident_has_its_own_state) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    for (int k = 0; k < i; k++)
      ck_assert_ptr_ne(judge_incident(&judge, (enum incident_kind)i),
                       judge_incident(&judge, (enum incident_kind)k));
}
END_TEST

START_TEST(silence_closes_what_is_open_and_nothing_else) {
  struct snapshot last = {.time_s = 1700000000, .interval_s = 10};
  ck_assert(!judge_silent(&judge, &last, 900, &out));
  run_usual(100);
  judge_incident(&judge, INCIDENT_CLOSE_WAIT_LEAK)->severity = SEVERITY_FAILURE;
  judge_incident(&judge, INCIDENT_CLOSE_WAIT_LEAK)->since_s = 1699990000;
  ck_assert(judge_silent(&judge, &last, 900, &out));
  for (int i = 0; i < INCIDENT_COUNT; i++)
    ck_assert_int_eq(out.finding[i].judged, i == INCIDENT_CLOSE_WAIT_LEAK);
  const struct finding *finding = &out.finding[INCIDENT_CLOSE_WAIT_LEAK];
  ck_assert_int_eq(finding->change, INCIDENT_SILENT);
  ck_assert_int_eq(finding->severity, SEVERITY_OKAY);
  ck_assert_double_eq(finding->since_s, 1699990000);
  ck_assert(isnan(finding->observed));
  ck_assert_double_eq(out.silent_s, 900);
  ck_assert_double_eq(out.seen.time_s, 1700000900);
  ck_assert(!judge_silent(&judge, &last, 960, &out)); /* once */
}
END_TEST

/* What an observation may hold: up to the largest counter in a millisecond. */
static double any_value(void) {
  static const double extremes[] = {0, 1, 100, 1e9, 1e15, 1e22, DBL_MIN};
  double luck = random_unit(&random_);
  if (luck < 0.2)
    return NAN;
  if (luck < 0.5)
    return extremes[random_bits(&random_) % 7];
  return pow(10, 20 * random_unit(&random_) - 5);
}

static int count_host(void *to, const struct hosts_host *host) {
  *(bool *)to = memcmp(&host->judge, &judge, sizeof(judge)) == 0;
  return 0;
}

static bool can_be_saved(void) {
  static char text[STATE_TEXT_HOST_MAX + 2 * STATE_TEXT_FRAME_MAX];
  struct hosts_host host = {.name = "h", .seen_s = 1};
  struct state_text state;
  char why[STATE_TEXT_ERROR_MAX];
  bool same = false;
  memcpy(&host.judge, &judge, sizeof(judge));
  judge_init(&host.before.judge);
  size_t length = state_text_begin(&state, 1, text);
  length += state_text_host(&state, &host, text + length);
  length += state_text_end(&state, text + length);
  struct state_text_reader reader = {count_host, NULL, &same};
  return state_text_read(text, length, &reader, why) == 0 && same;
}

START_TEST(whatever_was_observed_the_memory_can_be_saved) {
  random_.state = (uint64_t)_i;
  memset(&judge, 0, sizeof(judge));
  judge_init(&judge);
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  rules.warm_up_s = _i % 2 ? 600 : 0;
  for (int i = 0; i < 300; i++) {
    for (int k = 0; k < SIGNAL_COUNT; k++)
      if (random_unit(&random_) < 0.5)
        seen.value[k] = any_value();
    seen.gap = random_unit(&random_) < 0.05;
    seen.interval_changed = random_unit(&random_) < 0.05;
    seen.dt_s = pow(10, 6 * random_unit(&random_) - 3);
    step();
    if (!can_be_saved())
      ck_abort_msg("seed %d, reading %d", _i, i);
  }
}
END_TEST

SUITE(judge) {
  Suite *suite = suite_create("judge");
  TCase *tcase = tcase_create("judge");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_usual_host_is_judged_and_nothing_is_raised);
  tcase_add_test(tcase, a_flood_mutes_what_follows_from_it);
  tcase_add_test(tcase, an_overflow_that_began_before_is_not_muted);
  tcase_add_test(tcase, every_incident_has_its_own_state);
  tcase_add_test(tcase, silence_closes_what_is_open_and_nothing_else);
  tcase_add_loop_test(tcase, whatever_was_observed_the_memory_can_be_saved, 0,
                      20);
  suite_add_tcase(suite, tcase);
  return suite;
}
