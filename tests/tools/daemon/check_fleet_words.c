/* What is said of a host in the table of all hosts. */
#include "daemon/fleet_words.h"
#include "scenes/suite.h"

#include <math.h>
#include <string.h>

static const double noon = 1769860800; /* 2026-01-31 12:00:00 UTC */

static struct fleet_host host;
static char text[FLEET_WORDS_MAX];

static void set_up(void) {
  memset(&host, 0, sizeof(host));
  host.reading_s = host.judged_s = noon;
  host.worst = HOST_OKAY;
  for (int i = 0; i < INCIDENT_COUNT; i++)
    host.severity[i] = host.open_s[i] = NAN;
}

static void open_incident(enum incident_kind kind, double severity,
                          double open_s) {
  host.severity[kind] = severity;
  host.open_s[kind] = open_s;
  host.worst = HOST_FAILURE;
}

START_TEST(of_a_host_without_incidents_nothing_is_said) {
  host.severity[INCIDENT_SYN_FLOOD] = 0;
  ck_assert_str_eq(fleet_words(&host, noon + 4, text), "");
}
END_TEST

START_TEST(what_is_open_is_named_and_for_how_long) {
  open_incident(INCIDENT_SYN_FLOOD, 2, 296);
  open_incident(INCIDENT_STATE_SHIFT, 1, NAN);
  host.silenced[INCIDENT_SYN_FLOOD] = true;
  host.silenced[INCIDENT_OUTBOUND_STALL] = true; /* is not open */
  ck_assert_str_eq(fleet_words(&host, noon + 4, text),
                   "syn_flood FAILURE 5 min, silenced; state_shift WARNING");
  ck_assert_double_eq(fleet_since_s(&host, INCIDENT_SYN_FLOOD), noon - 296);
}
END_TEST

START_TEST(of_a_host_that_fell_silent_both_are_said) {
  host.silent = 1;
  open_incident(INCIDENT_SYN_FLOOD, 1, NAN);
  ck_assert_str_eq(fleet_words(&host, noon, text),
                   "syn_flood WARNING; no values come any more");
  host.worst = HOST_NOT_JUDGED;
  ck_assert_str_eq(fleet_words(&host, noon, text), "no values come any more");
}
END_TEST

START_TEST(why_it_is_not_judged_is_said) {
  host.worst = HOST_NOT_JUDGED;
  ck_assert_str_eq(fleet_words(&host, noon + 600, text),
                   "last judgement 10 min ago");
  host.judged_s = NAN;
  ck_assert_str_eq(fleet_words(&host, noon + 600, text), "not judged yet");
  host.judged_s = noon;
  ck_assert_str_eq(fleet_words(&host, noon - 600, text),
                   "last reading is in the future: its clock is wrong");
}
END_TEST

START_TEST(what_has_no_room_is_cut) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    open_incident((enum incident_kind)i, 2, 86400.0 * 1000);
  ck_assert_uint_lt(strlen(fleet_words(&host, noon, text)), FLEET_WORDS_MAX);
}
END_TEST

SUITE(fleet_words) {
  Suite *suite = suite_create("fleet_words");
  TCase *tcase = tcase_create("fleet_words");
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, of_a_host_without_incidents_nothing_is_said);
  tcase_add_test(tcase, what_is_open_is_named_and_for_how_long);
  tcase_add_test(tcase, of_a_host_that_fell_silent_both_are_said);
  tcase_add_test(tcase, why_it_is_not_judged_is_said);
  tcase_add_test(tcase, what_has_no_room_is_cut);
  suite_add_tcase(suite, tcase);
  return suite;
}
