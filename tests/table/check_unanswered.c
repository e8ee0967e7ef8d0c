/* How many half-open entries can be unanswered, by a kernel that is acted: its
 * entries' timers, and the SYN-ACKs that it sends again. */
#include "scenes/suite.h"
#include "table/unanswered.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 40000 };

/* Both expire 1, 3, 7, 15, 31 s after they came. Of an unanswered entry each
 * expiry sends a SYN-ACK again, and it stays for 63 s. One that is deferred has
 * answered: the last of the five sends one, it answers again and is gone. */
struct entry {
  double came_s;
  bool deferred;
  double used_s; /* deferred: data came, and it is gone without a SYN-ACK */
};

static struct entry entries[ENTRIES_MAX];
static int entries_len;
static struct unanswered unanswered;
static struct reading *reading;
static struct kernel_counters counters;
static double late; /* a timer's share of lateness */
static uint64_t aged, flood_aged, most;

static void setup(void) {
  memset(&unanswered, 0, sizeof(unanswered));
  memset(&counters, 0, sizeof(counters));
  entries_len = 0;
  late = 0;
  reading = reading_create(NULL, 0);
  srand(20261129);
}

static void teardown(void) { reading_destroy(reading); }

static double chance(void) { return rand() / (RAND_MAX + 1.0); }

static void come(double came_s, bool deferred, double used_s) {
  ck_assert_int_lt(entries_len, ENTRIES_MAX);
  entries[entries_len++] = (struct entry){came_s, deferred, used_s};
}

static void flood(double from_s, double to_s, double rate_per_s) {
  for (double t = from_s; t < to_s; t += 1 / rate_per_s)
    come(t, false, 0);
}

/* Browsers that connect ahead: each sends after hold_s, or waits to the end. */
static void browsers(double from_s, double to_s, double rate_per_s,
                     double hold_s) {
  for (double t = from_s; t < to_s; t += 1 / rate_per_s)
    come(t, true, t + hold_s);
}

static double expiry_s(const struct entry *entry, int n) {
  return entry->came_s + ((1 << n) - 1) * (1 + late);
}

static void count_entry(const struct entry *entry, double now_s) {
  int expired = 0, last = 5;
  double end_s = entry->deferred ? entry->used_s : expiry_s(entry, 6);
  for (int n = 1; n <= last && expiry_s(entry, n) <= now_s; n++) {
    if (entry->deferred && expiry_s(entry, n) > entry->used_s)
      break;
    expired = n;
    counters.value[COUNTER_SYN_RETRANS] += !entry->deferred || n == last;
  }
  if (entry->deferred && expired == last)
    return;
  if (now_s < entry->came_s || now_s >= end_s)
    return;
  struct tcp_row row = {.state = TCP_STATE_SYN_RECV,
                        .local_port = 80,
                        .retransmits = (uint8_t)expired};
  if (reading_add(reading, &row) != 0)
    ck_abort_msg("no memory");
  aged += expired > 0;
  flood_aged += expired > 0 && !entry->deferred;
}

/* One reading, as the plugin makes it. */
static void look(double now_s) {
  reading_clear(reading);
  aged = flood_aged = 0;
  counters.known[COUNTER_SYN_RETRANS] = true;
  counters.value[COUNTER_SYN_RETRANS] = 1000;
  for (int i = 0; i < entries_len; i++)
    count_entry(&entries[i], now_s);
  reading_finish(reading);
  unanswered_note(&unanswered, now_s, &counters);
  most = unanswered_most(&unanswered, now_s, &counters, reading);
}

static const double intervals[] = {0.1, 1, 2, 5, 10, 60};
enum { INTERVALS = sizeof(intervals) / sizeof(intervals[0]) };

/* Whatever a flood does, all of its aged entries can be unanswered. */
static void assert_flood_is_whole(double interval_s, double from_s,
                                  double to_s) {
  for (double t = from_s; t < to_s; t += interval_s) {
    look(t);
    if (most < flood_aged)
      ck_abort_msg("%g s: %d of %d", t, (int)most, (int)flood_aged);
  }
}

START_TEST(a_flood_is_unanswered_from_its_begin_to_its_end) {
  flood(20.3, 150, 20);
  flood(80, 81, 500); /* and a burst on top of it */
  assert_flood_is_whole(intervals[_i], 0, 230);
}
END_TEST

START_TEST(a_pulsed_flood_is_unanswered) {
  for (int pulse = 0; pulse < 8; pulse++)
    flood(20 + 35 * pulse, 22 + 35 * pulse, 100);
  assert_flood_is_whole(intervals[_i], 0, 340);
}
END_TEST

/* The kernel's timers are late by up to an eighth. */
START_TEST(a_flood_is_unanswered_though_timers_are_late) {
  late = 0.12;
  flood(20.3, 30, 50);
  flood(90, 91, 500);
  assert_flood_is_whole(intervals[_i], 0, 200);
}
END_TEST

START_TEST(a_flood_at_random_moments_beside_browsers_is_unanswered) {
  for (int i = 0; i < 3000; i++)
    come(20 + 300 * chance(), false, 0);
  for (int i = 0; i < 3000; i++) {
    double came_s = 300 * chance();
    come(came_s, true, came_s + 60 * chance());
  }
  assert_flood_is_whole(intervals[_i], 0, 400);
}
END_TEST

/* 120 browsers within a second, whether they wait to the end or not. Only while
 * they end are those left as many as SYN-ACKs sent again. */
START_TEST(browsers_that_wait_are_not_unanswered) {
  browsers(200, 201, 120, _i % 2 == 0 ? 100 : 12);
  double interval_s = intervals[_i / 2];
  for (double t = 196 - interval_s; t < 260; t += interval_s) {
    look(t);
    if (t < 231 || t > 232)
      ck_assert_uint_eq(most, 0);
  }
}
END_TEST

/* Once it has watched for as long as their last expiry is ago. */
START_TEST(a_reader_that_comes_later_knows_soon) {
  browsers(0, 1, 120, 100);
  look(8);
  ck_assert_uint_ge(most, 120);
  for (double t = 9; t < 60; t++) {
    look(t);
    if (t > 8 + 16 * 1.125 + 0.6 && t > 32)
      ck_assert_uint_eq(most, 0);
  }
}
END_TEST

/* A browser each 250 ms: those that wait to the end are sent a SYN-ACK then,
 * and there are as many of these as could be unanswered entries' first. */
START_TEST(a_stream_of_browsers_is_mostly_answered) {
  static const double hold_s[] = {100, 31.5, 20, 5};
  browsers(0, 400, 4, hold_s[_i % 4]);
  for (double t = 0; t < 400; t += intervals[_i / 4]) {
    look(t);
    if (t > 100)
      ck_assert_msg(2 * most < reading->total[TCP_STATE_SYN_RECV],
                    "%g s: %d of %d", t, (int)most,
                    (int)reading->total[TCP_STATE_SYN_RECV]);
  }
}
END_TEST

/* A mixture is held to what was sent again. */
START_TEST(beside_browsers_a_flood_is_told_at_its_size) {
  browsers(200, 201, 120, 100);
  flood(210, 220, 5);
  for (double t = 0; t < 300; t++) {
    look(t);
    if (t < 203)
      continue;
    ck_assert_uint_ge(most, flood_aged);
    ck_assert_uint_le(most, flood_aged + (t < 235 ? 10 : 0));
  }
}
END_TEST

START_TEST(what_is_not_known_holds_nothing) {
  flood(0, 10, 20);
  look(5);
  ck_assert_uint_ge(most, aged); /* nothing was watched before */
  counters.known[COUNTER_SYN_RETRANS] = false;
  unanswered_note(&unanswered, 6, &counters);
  ck_assert_uint_eq(unanswered.len, 1);
  ck_assert_uint_eq(unanswered_most(&unanswered, 6, &counters, reading),
                    UINT64_MAX);
}
END_TEST

/* A namespace that is new has sent no more than its counter says. */
START_TEST(at_the_first_reading_the_counter_itself_is_the_bound) {
  browsers(0, 0.99, 50, 100);
  look(5);
  counters.value[COUNTER_SYN_RETRANS] = 13;
  ck_assert_uint_eq(unanswered_most(&unanswered, 5, &counters, reading), 6);
}
END_TEST

/* It begins anew where the namespace does: it is then all there ever was. */
START_TEST(a_counter_that_goes_backwards_holds_nothing) {
  browsers(0, 0.99, 50, 100);
  look(0);
  look(20);
  ck_assert_uint_eq(most, 0);
  counters.value[COUNTER_SYN_RETRANS] = 300;
  ck_assert_uint_eq(unanswered_most(&unanswered, 20, &counters, reading), 50);
}
END_TEST

START_TEST(a_counter_that_wraps_is_a_small_step) {
  browsers(0, 1, 50, 100);
  look(5);
  counters.value[COUNTER_SYN_RETRANS] = INT64_MAX;
  unanswered_note(&unanswered, 6, &counters);
  counters.value[COUNTER_SYN_RETRANS] = INT64_MIN + 6;
  ck_assert_uint_eq(unanswered_most(&unanswered, 20, &counters, reading), 3);
}
END_TEST

/* Entries that expired more often than is told apart. */
START_TEST(many_expiries_count_by_the_last_one) {
  struct tcp_row row = {.state = TCP_STATE_SYN_RECV, .retransmits = 200};
  look(0);
  for (int i = 0; i < 9; i++)
    ck_assert_int_eq(reading_add(reading, &row), 0);
  ck_assert_uint_eq(unanswered_most(&unanswered, 144, &counters, reading), 9);
  ck_assert_uint_eq(unanswered_most(&unanswered, 145, &counters, reading), 0);
  counters.value[COUNTER_SYN_RETRANS] += 4;
  ck_assert_uint_eq(unanswered_most(&unanswered, 145, &counters, reading), 4);
  counters.value[COUNTER_SYN_RETRANS] += 5; /* one each: they are minutes old */
  ck_assert_uint_eq(unanswered_most(&unanswered, 900, &counters, reading), 9);
}
END_TEST

SUITE(unanswered) {
  Suite *suite = suite_create("unanswered");
  TCase *tcase = tcase_create("kernel");
  tcase_set_timeout(tcase, 20);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, a_flood_is_unanswered_from_its_begin_to_its_end, 0,
                      INTERVALS);
  tcase_add_loop_test(tcase, a_pulsed_flood_is_unanswered, 0, INTERVALS);
  tcase_add_loop_test(tcase, a_flood_is_unanswered_though_timers_are_late, 0,
                      INTERVALS);
  tcase_add_loop_test(tcase,
                      a_flood_at_random_moments_beside_browsers_is_unanswered,
                      0, INTERVALS);
  tcase_add_loop_test(tcase, browsers_that_wait_are_not_unanswered, 0,
                      2 * INTERVALS);
  tcase_add_test(tcase, a_reader_that_comes_later_knows_soon);
  tcase_add_loop_test(tcase, a_stream_of_browsers_is_mostly_answered, 0,
                      4 * (INTERVALS - 1));
  tcase_add_test(tcase, beside_browsers_a_flood_is_told_at_its_size);
  tcase_add_test(tcase, what_is_not_known_holds_nothing);
  tcase_add_test(tcase, at_the_first_reading_the_counter_itself_is_the_bound);
  tcase_add_test(tcase, a_counter_that_goes_backwards_holds_nothing);
  tcase_add_test(tcase, a_counter_that_wraps_is_a_small_step);
  tcase_add_test(tcase, many_expiries_count_by_the_last_one);
  suite_add_tcase(suite, tcase);
  return suite;
}
