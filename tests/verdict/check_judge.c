/* judge: all incidents of one host: who mutes whom, silence, and a memory that
 * can be saved whatever was observed. */
#include "scenes/judgement_soundness.h"
#include "scenes/random_load.h"
#include "scenes/random_reading.h"
#include "scenes/suite.h"
#include "verdict/hosts.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/judge.h"
#include "verdict/notice.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <float.h>
#include <math.h>
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
  rules.incident[INCIDENT_STRAYS].enable = true;
  run_usual(2000);
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    ck_assert(out.finding[i].judged);
    ck_assert_int_eq(changes[i][INCIDENT_UNCHANGED], 2000);
  }
  ck_assert(!out.mutes);
}
END_TEST

/* WarmUp 600: 60 readings. accept_overflow needs no baseline. */
START_TEST(how_long_it_still_learns_is_told) {
  run_usual(1);
  ck_assert_double_eq(out.finding[INCIDENT_SYN_FLOOD].learning_s, 590);
  ck_assert_double_eq(out.finding[INCIDENT_CLOSE_WAIT_LEAK].learning_s, 590);
  ck_assert_double_eq(out.finding[INCIDENT_TIME_WAIT_PRESSURE].learning_s, 590);
  ck_assert_double_eq(out.finding[INCIDENT_ACCEPT_OVERFLOW].learning_s, 0);
  run_usual(58);
  ck_assert_double_eq(out.finding[INCIDENT_SYN_FLOOD].learning_s, 10);
  run_usual(1);
  ck_assert_double_eq(out.finding[INCIDENT_SYN_FLOOD].learning_s, 0);
  rules.warm_up_s = 100;
  judge_init(&judge);
  run_usual(5); /* of 30 readings that it takes at least */
  ck_assert_double_eq(out.finding[INCIDENT_SYN_FLOOD].learning_s, 250);
  rules.warm_up_s = 0;
  judge_init(&judge);
  run_usual(1);
  ck_assert_double_eq(out.finding[INCIDENT_SYN_FLOOD].learning_s, 0);
}
END_TEST

START_TEST(why_one_is_not_judged_is_told) {
  const struct finding *overflow = &out.finding[INCIDENT_ACCEPT_OVERFLOW];
  run_usual(5);
  ck_assert_int_eq(overflow->unjudged, UNJUDGED_NOT);
  ck_assert_int_eq(out.finding[INCIDENT_STATE_SHIFT].unjudged,
                   UNJUDGED_DISABLED);
  seen.listeners = 2;
  seen.value[SIGNAL_ACCEPT_QUEUE] = NAN;
  step();
  ck_assert_int_eq(overflow->unjudged, UNJUDGED_UNKNOWN);
  seen.listeners = 0;
  step();
  ck_assert_int_eq(overflow->unjudged, UNJUDGED_NO_LISTENER);
  seen.listeners = NAN;
  seen.gap = true;
  step();
  ck_assert_int_eq(overflow->unjudged, UNJUDGED_FIRST);
  for (int i = UNJUDGED_DISABLED; i <= UNJUDGED_UNKNOWN; i++)
    ck_assert_str_ne(catalogue_unjudged((enum finding_unjudged)i), "");
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
  tcase_add_test(tcase, how_long_it_still_learns_is_told);
  tcase_add_test(tcase, why_one_is_not_judged_is_told);
  tcase_add_test(tcase, an_overflow_that_began_before_is_not_muted);
  tcase_add_test(tcase, every_incident_has_its_own_state);
  tcase_add_test(tcase, silence_closes_what_is_open_and_nothing_else);
  tcase_add_loop_test(tcase, whatever_was_observed_the_memory_can_be_saved, 0,
                      20);
  suite_add_tcase(suite, tcase);
  return suite;
}

/* The trace of a judgement and the judgement, over random hosts: what is
 * printed as the reason is the reason. */

enum { READINGS = 2000, HOSTS = 20 };

/* Check's own marks every assertion, which takes longer than a judgement. */
#define MUST(is) ((is) ? (void)0 : ck_abort_msg("%s", #is))

static struct judge_trace trace;
static struct random_host host;
static int random_changes[INCIDENT_REMINDED + 1];

static void setup_random(void) {
  rules_defaults(&rules);
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  judge_init(&judge);
  seen = (struct observation){
      .time_s = 1.7e9, .interval_s = 10, .dt_s = 10, .gap = true};
}

static void step_random(void) {
  random_host_read(&host, seen.value);
  judge_trace(&judge, &rules, &seen, &out, &trace);
  seen.time_s += 10;
  seen.gap = random_unit(&host.random) < 0.002;
}

/* A reading that is learnt counts, and one that is frozen does not. */
static void assert_learnt(double learnt) {
  bool frozen = trace.syn_flood[FLOOD_FROZEN].met;
  if (out.finding[INCIDENT_SYN_FLOOD].judged)
    MUST(judge.syn_flood.model.learnt == (frozen ? learnt : learnt + 1));
}

START_TEST(what_the_trace_says_is_what_was_decided) {
  random_host_init(&host, (uint64_t)_i);
  memset(random_changes, 0, sizeof(random_changes));
  for (int i = 0; i < READINGS; i++) {
    struct judge before = judge;
    double learnt = before.syn_flood.model.learnt;
    step_random();
    const char *wrong = judgement_soundness(&before, &judge, &out, &trace);
    ck_assert_msg(!wrong, "%s", wrong);
    bool adopted = judge.syn_flood.model.learnt != learnt &&
                   trace.syn_flood[FLOOD_LONG_FROZEN].met;
    assert_learnt(adopted ? judge.syn_flood.model.learnt : learnt);
    for (int k = 0; k < INCIDENT_COUNT; k++)
      random_changes[out.finding[k].change]++;
  }
  /* Or nothing was shown. */
  ck_assert_int_gt(random_changes[INCIDENT_RAISED], 3);
  ck_assert_int_gt(random_changes[INCIDENT_CLEARED], 1);
}
END_TEST

/* With the trace or without, the same is remembered. */
START_TEST(looking_changes_nothing) {
  struct judge unseen;
  struct judgement other;
  judge_init(&unseen);
  random_host_init(&host, 7);
  for (int i = 0; i < READINGS; i++) {
    step_random();
    struct observation same = out.seen;
    judge_observation(&unseen, &rules, &same, &other);
    ck_assert_mem_eq(&unseen, &judge, sizeof(judge));
  }
}
END_TEST

SUITE(judge_trace) {
  Suite *suite = suite_create("judge_trace");
  TCase *tcase = tcase_create("trace");
  tcase_set_timeout(tcase, 30);
  tcase_add_checked_fixture(tcase, setup_random, NULL);
  tcase_add_loop_test(tcase, what_the_trace_says_is_what_was_decided, 0, HOSTS);
  tcase_add_test(tcase, looking_changes_nothing);
  suite_add_tcase(suite, tcase);
  return suite;
}

/* absence: a host goes on sending, but not what an open incident is judged by.
 */

static const double start_s = 1700000000;

static struct hosts *hosts;
static struct notice notices[8];
static size_t notices_len;
static int reading;
static double interval_s;
static bool half_open_known, queue_known;
static bool no_queue;    /* as without a listener */
static double listeners; /* below 0: not said */
static struct finding last[INCIDENT_COUNT];

static void setup_absence(void) {
  rules_defaults(&rules);
  hosts = hosts_create(&rules);
  ck_assert_ptr_nonnull(hosts);
  notices_len = 0;
  reading = 0;
  interval_s = 10;
  half_open_known = queue_known = true;
  listeners = -1;
  no_queue = false;
}

static void teardown(void) { hosts_destroy(hosts); }

static void drain(void) {
  struct judgement judged;
  while (hosts_next(hosts, &judged)) {
    memcpy(last, judged.finding, sizeof(last));
    for (int i = 0; i < INCIDENT_COUNT; i++)
      if (notice_compose(&judged, (enum incident_kind)i,
                         &notices[notices_len])) {
        notices_len++;
        ck_assert_uint_lt(notices_len, 8);
      }
  }
}

static void put(enum signal signal, double number) {
  struct hosts_value value = {.host = "a",
                              .signal = signal,
                              .time_s = start_s + reading * interval_s,
                              .interval_s = interval_s,
                              .now_s = start_s + reading * interval_s};
  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.counter = (int64_t)number;
  else
    value.value.gauge = number;
  if (hosts_put(hosts, &value) == -EAGAIN) {
    drain();
    ck_assert_int_eq(hosts_put(hosts, &value), 0);
  }
  drain();
}

/* A flood of cookies that do not return, and an accept queue that overflows, or
 * neither; what is not known is not sent. */
static void run(int readings, bool flood, bool overflow) {
  static int64_t cookies, refused;
  for (int i = 0; i < readings; i++, reading++) {
    put(SIGNAL_ESTABLISHED, 50);
    if (listeners >= 0)
      hosts_put_listeners(hosts, "a", start_s + reading * interval_s,
                          listeners);
    if (half_open_known)
      put(SIGNAL_SYN_RECV, 2);
    put(SIGNAL_COOKIES_SENT, (double)(cookies += flood ? 20000 : 0));
    put(SIGNAL_COOKIES_RECEIVED, 0);
    put(SIGNAL_PASSIVE_OPENS, 100 * reading);
    if (queue_known)
      put(SIGNAL_ACCEPT_QUEUE, no_queue ? NAN : overflow ? 100 : 5);
    put(SIGNAL_LISTEN_OVERFLOWS, (double)(refused += overflow ? 50 : 0));
    hosts_wake(hosts, start_s + (reading + 0.9) * interval_s);
    drain();
  }
}

static void expect(size_t i, const char *instance, enum severity severity,
                   const char *words) {
  ck_assert_uint_lt(i, notices_len);
  ck_assert_str_eq(notices[i].instance, instance);
  ck_assert_int_eq(notices[i].severity, severity);
  ck_assert_msg(strstr(notices[i].text, words) != NULL, "no \"%s\" in \"%s\"",
                words, notices[i].text);
}

START_TEST(what_is_not_judged_for_silent_after_is_closed) {
  run(5, false, false);
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 1);
  half_open_known = false;
  run(89, true, false);
  ck_assert_uint_eq(notices_len, 1);
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 2);
  expect(1, "syn_flood", SEVERITY_OKAY,
         "syn_flood closed: its values have not come for 15 min; lasted 15 "
         "min");
  run(200, true, false);
  ck_assert_uint_eq(notices_len, 2);
}
END_TEST

START_TEST(what_is_open_and_not_measured_is_said_to_be_open) {
  run(5, false, false);
  run(5, false, true);
  listeners = 3;
  no_queue = true;
  size_t before = notices_len;
  for (int i = 1; i <= 3; i++) {
    run(1, false, false);
    const struct finding *is = &last[INCIDENT_ACCEPT_OVERFLOW];
    ck_assert(is->held && !is->judged);
    ck_assert_int_ne(is->severity, SEVERITY_OKAY);
    ck_assert_double_eq(is->missing_s, 10 * i);
    ck_assert(isnan(is->observed));
  }
  ck_assert_uint_eq(notices_len, before);
}
END_TEST

/* The only one has exited, as in a pod. */
START_TEST(without_any_listener_it_is_over_at_once) {
  run(5, false, false);
  run(5, false, true);
  size_t before = notices_len;
  listeners = 0;
  no_queue = true;
  run(1, false, false);
  ck_assert_uint_eq(notices_len, before + 1);
  expect(before, "accept_overflow", SEVERITY_OKAY,
         "accept_overflow over: no socket listens any more; lasted ");
  ck_assert_int_eq(last[INCIDENT_ACCEPT_OVERFLOW].severity, SEVERITY_OKAY);
  run(5, false, false);
  ck_assert_uint_eq(notices_len, before + 1);
}
END_TEST

/* 2 are half-open: it can be. */
START_TEST(a_flood_that_is_measured_is_not_over_for_that) {
  run(5, false, false);
  run(4, true, false);
  size_t before = notices_len;
  listeners = 0;
  run(2, true, false);
  ck_assert_uint_eq(notices_len, before);
}
END_TEST

START_TEST(what_comes_back_in_time_goes_on) {
  run(5, false, false);
  run(4, true, false);
  ck_assert_uint_eq(notices_len, 2); /* WARNING, FAILURE */
  for (int i = 0; i < 3; i++) {
    half_open_known = false;
    run(80, true, false);
    half_open_known = true;
    run(2, true, false);
  }
  ck_assert_uint_eq(notices_len, 2);
  run(30, false, false);
  expect(2, "syn_flood", SEVERITY_OKAY, "syn_flood over");
}
END_TEST

START_TEST(one_incident_is_closed_and_the_other_stays) {
  run(5, false, false);
  run(5, false, true);
  run(5, true, true); /* begun later, it mutes nothing */
  queue_known = false;
  size_t before = notices_len;
  ck_assert_uint_eq(before, 4);
  run(200, true, true);
  ck_assert_uint_eq(notices_len, before + 1);
  expect(before, "accept_overflow", SEVERITY_OKAY,
         "its values have not come for 15 min");
}
END_TEST

START_TEST(it_may_be_raised_again_when_its_values_are_back) {
  run(5, false, false);
  run(1, true, false);
  half_open_known = false;
  run(100, true, false);
  ck_assert_uint_eq(notices_len, 2);
  half_open_known = true;
  run(3, true, false);
  expect(2, "syn_flood", SEVERITY_WARNING, "syn_flood: ");
}
END_TEST

/* SilentAfter 60 is less than three intervals of 60 s. */
START_TEST(three_intervals_are_waited_for) {
  rules.silent_after_s = 60;
  interval_s = 60;
  run(5, false, false);
  run(1, true, false);
  half_open_known = false;
  run(2, true, false);
  ck_assert_uint_eq(notices_len, 1);
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 2);
  expect(1, "syn_flood", SEVERITY_OKAY, "have not come for 3 min");
}
END_TEST

START_TEST(one_that_is_disabled_is_closed_at_once) {
  run(5, false, false);
  run(1, true, false);
  rules.incident[INCIDENT_SYN_FLOOD].enable = false;
  run(1, true, false);
  ck_assert_uint_eq(notices_len, 2);
  expect(1, "syn_flood", SEVERITY_OKAY, "syn_flood closed: it is disabled now");
  run(100, true, false);
  ck_assert_uint_eq(notices_len, 2);
}
END_TEST

SUITE(absence) {
  Suite *suite = suite_create("absence");
  TCase *tcase = tcase_create("absence");
  tcase_add_checked_fixture(tcase, setup_absence, teardown);
  tcase_add_test(tcase, what_is_not_judged_for_silent_after_is_closed);
  tcase_add_test(tcase, what_is_open_and_not_measured_is_said_to_be_open);
  tcase_add_test(tcase, without_any_listener_it_is_over_at_once);
  tcase_add_test(tcase, a_flood_that_is_measured_is_not_over_for_that);
  tcase_add_test(tcase, what_comes_back_in_time_goes_on);
  tcase_add_test(tcase, one_incident_is_closed_and_the_other_stays);
  tcase_add_test(tcase, it_may_be_raised_again_when_its_values_are_back);
  tcase_add_test(tcase, three_intervals_are_waited_for);
  tcase_add_test(tcase, one_that_is_disabled_is_closed_at_once);
  suite_add_tcase(suite, tcase);
  return suite;
}
