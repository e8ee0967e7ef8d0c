/* What `watch` remembers of what has happened to the incidents of its host. */
#include "scenes/suite.h"
#include "watch/events.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct watch_events events;

static void see(double time_s, enum host_severity severity, double since_s,
                const char *listener) {
  static struct watch_reading reading;
  reading.time_s = time_s;
  reading.incidents_len = 1;
  reading.incidents[0] = (struct host_incident){
      .name = "syn_flood",
      .severity = severity,
      .observed = 512,
      .expected = 4,
      .upper = 21,
      .since_s = since_s,
      .backlog = 511,
  };
  snprintf(reading.incidents[0].listener, LISTING_NAME_MAX, "%s", listener);
  watch_events_take(&events, &reading);
}

static void set_up(void) { events = (struct watch_events){0}; }

static const char *words_of(size_t i) {
  static char text[WATCH_EVENT_MAX];
  return watch_event_words(&events.events[i], text);
}

START_TEST(a_calm_host_has_none) {
  see(1000, HOST_OKAY, NAN, "");
  see(1010, HOST_NOT_JUDGED, NAN, "");
  ck_assert_uint_eq(events.len, 0);
}
END_TEST

START_TEST(each_change_is_one_event) {
  see(1000, HOST_OKAY, NAN, "");
  see(1010, HOST_WARNING, 1010, "");
  see(1020, HOST_WARNING, 1010, "");
  see(1030, HOST_FAILURE, 1010, "");
  see(1040, HOST_OKAY, NAN, "");
  ck_assert_uint_eq(events.len, 3);
  ck_assert_double_eq(events.events[0].time_s, 1010);
  ck_assert_double_eq(events.events[1].time_s, 1030);
  ck_assert_double_eq(events.events[2].time_s, 1040);
  ck_assert_str_eq(words_of(0), "512 half-open, expected 4.0, limit 21.0");
  ck_assert_str_eq(words_of(2), "over");
}
END_TEST

START_TEST(what_was_open_before_has_the_time_it_opened) {
  see(1000, HOST_FAILURE, 700, "0.0.0.0:443");
  ck_assert_uint_eq(events.len, 1);
  ck_assert_double_eq(events.events[0].time_s, 700);
}
END_TEST

START_TEST(a_place_that_comes_later_is_added) {
  see(1000, HOST_FAILURE, 1000, "");
  see(1010, HOST_FAILURE, 1000, "0.0.0.0:443");
  ck_assert_uint_eq(events.len, 1);
  ck_assert_ptr_nonnull(strstr(words_of(0), ", at 0.0.0.0:443, backlog 511"));
}
END_TEST

START_TEST(a_reading_that_was_not_judged_hides_no_end) {
  see(1000, HOST_FAILURE, 1000, "");
  see(1010, HOST_NOT_JUDGED, NAN, "");
  see(1020, HOST_OKAY, NAN, "");
  ck_assert_uint_eq(events.len, 2);
  ck_assert_int_eq(events.events[1].incident.severity, HOST_OKAY);
}
END_TEST

START_TEST(the_oldest_make_room) {
  for (int i = 0; i < 3 * WATCH_EVENTS_MAX; i++)
    see(1000 + i, i % 2 ? HOST_OKAY : HOST_FAILURE, NAN, "");
  ck_assert_uint_eq(events.len, WATCH_EVENTS_MAX);
  ck_assert_double_eq(events.events[WATCH_EVENTS_MAX - 1].time_s,
                      1000 + 3 * WATCH_EVENTS_MAX - 1);
}
END_TEST

SUITE(events) {
  Suite *suite = suite_create("events");
  TCase *tcase = tcase_create("events");
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, a_calm_host_has_none);
  tcase_add_test(tcase, each_change_is_one_event);
  tcase_add_test(tcase, what_was_open_before_has_the_time_it_opened);
  tcase_add_test(tcase, a_place_that_comes_later_is_added);
  tcase_add_test(tcase, a_reading_that_was_not_judged_hides_no_end);
  tcase_add_test(tcase, the_oldest_make_room);
  suite_add_tcase(suite, tcase);
  return suite;
}
