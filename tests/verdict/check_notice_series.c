/* notice: what is said of a watched series: its value, which deviation leads,
 * how rare it is; and the weekend's names. */
#include "scenes/suite.h"
#include "verdict/notice.h"
#include "verdict/watch/weekend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct series_rules watch;
static struct series_judgement judged;
static struct notice notice;

/* Just raised, at the limit of one a month. */
static void setup(void) {
  watch = (struct series_rules){.name = "users", .false_alarms = 1};
  judged = (struct series_judgement){
      .rules = &watch,
      .identifier = "web1/users/users",
      .time_s = 1700000012,
      .interval_s = 10,
      .finding = {.judged = true,
                  .severity = SEVERITY_WARNING,
                  .change = INCIDENT_RAISED,
                  .since_s = 1700000012,
                  .observed = 900,
                  .expected = 102,
                  .lower = 97,
                  .upper = 106,
                  .score = 1,
                  .failure_max = NAN},
      .now = {.rarity = 9,
              .limit = 9,
              .leading = DEVIATION_DAY,
              .towards = 1,
              .sigmas = 12.3F,
              .usual = 101.5},
  };
}

static const char *text(void) {
  ck_assert(notice_compose_series(&judged, &notice));
  return notice.text;
}

#define VALUE "users: users/users is 900 (expected 102, usual 97 to 106)"

START_TEST(a_value_is_told_with_what_is_usual_and_how_rare_it_is) {
  ck_assert_str_eq(text(), VALUE "; too high for this time of day, about once "
                                 "in 4 weeks; since 0 s");
}
END_TEST

static const struct {
  enum deviation leading;
  int towards;
  const char *said;
} ways[] = {
    {DEVIATION_LEVEL, 1, "; far above the 101.5 of the last half hour, about"},
    {DEVIATION_LEVEL, -1, "; far below the 101.5 of the last half hour, about"},
    {DEVIATION_STEP, 1, "; a sudden rise from 101.5, about"},
    {DEVIATION_STEP, -1, "; a sudden fall from 101.5, about"},
    {DEVIATION_SLOW, 1, "; for hours above the usual 101.5, about"},
    {DEVIATION_SHIFT, -1, "; for half an hour below the usual 101.5, about"},
    {DEVIATION_ROUGHNESS, 0, "; it fluctuates more or less than usual, about"},
    {DEVIATION_DAY, -1, "; too low for this time of day, about"},
    {DEVIATION_SPIKE, 1, "; a sudden spike from 101.5, about"},
    {DEVIATION_RECORD, 1, "; the highest ever seen, about"},
    {DEVIATION_RECORD, -1, "; the lowest ever seen, about"},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

START_TEST(each_deviation_has_its_words) {
  judged.now.leading = ways[_i].leading;
  judged.now.towards = (signed char)ways[_i].towards;
  ck_assert_msg(strstr(text(), ways[_i].said) != NULL, "\"%s\" is not in %s",
                ways[_i].said, notice.text);
}
END_TEST

START_TEST(within_the_band_it_is_by_all_deviations) {
  judged.finding.observed = 105;
  ck_assert_str_eq(text(), "users: users/users is 105 (expected 102, usual 97 "
                           "to 106); all deviations together, most: too high "
                           "for this time of day, about once in 4 weeks; since "
                           "0 s");
}
END_TEST

START_TEST(no_band_is_said_before_it_is_known) {
  judged.finding.lower = judged.finding.upper = NAN;
  ck_assert_ptr_nonnull(
      strstr(text(), "is 900 (expected 102); too high for this"));
}
END_TEST

START_TEST(without_false_alarms_it_is_in_standard_deviations) {
  watch.false_alarms = 0;
  ck_assert_str_eq(text(), VALUE "; too high for this time of day, 12.3 "
                                 "standard deviations; since 0 s");
  for (size_t i = 0; i < notice.items_len; i++)
    ck_assert_str_ne(notice.items[i].name, "Rarity");
}
END_TEST

START_TEST(an_end_says_neither) {
  judged.finding.change = INCIDENT_CLEARED;
  judged.finding.severity = SEVERITY_OKAY;
  judged.finding.observed = 101;
  judged.time_s += 600;
  ck_assert_str_eq(text(), "users over: users/users is 101 (expected 102, "
                           "usual 97 to 106); lasted 10 min");
  for (size_t i = 0; i < notice.items_len; i++)
    ck_assert_str_ne(notice.items[i].name, "Deviation");
}
END_TEST

START_TEST(the_items_have_the_deviation_and_the_rarity) {
  int found = 0;
  text();
  for (size_t i = 0; i < notice.items_len; i++) {
    const struct notice_item *item = &notice.items[i];
    if (strcmp(item->name, "Deviation") == 0) {
      ck_assert_str_eq(item->text, "time_of_day");
      found++;
    }
    if (strcmp(item->name, "Rarity") == 0) {
      ck_assert_double_eq_tol(item->number, 30 * 86400.0, 1e-6);
      found++;
    }
  }
  ck_assert_int_eq(found, 2);
}
END_TEST

START_TEST(rarity_is_by_the_limit) {
  ck_assert_double_eq_tol(notice_once_in_s(&watch, &judged.now), 2592000, 1);
  watch.false_alarms = 4;
  ck_assert_double_eq_tol(notice_once_in_s(&watch, &judged.now), 648000, 1);
  judged.now.rarity = 10;
  ck_assert_double_eq_tol(notice_once_in_s(&watch, &judged.now),
                          648000 * exp(1), 1);
  judged.now.limit = 0;
  ck_assert(isnan(notice_once_in_s(&watch, &judged.now)));
}
END_TEST

static const struct {
  double seconds;
  const char *said;
} periods[] = {
    {0, "about once in 2 minutes"},
    {3600, "about once in 60 minutes"},
    {7200, "about once in 2 hours"},
    {86400, "about once in 24 hours"},
    {172800, "about once in 2 days"},
    {13.4 * 86400, "about once in 13 days"},
    {14 * 86400, "about once in 2 weeks"},
    {30 * 86400, "about once in 4 weeks"},
    {90 * 86400, "about once in 3 months"},
    {800.0 * 86400, "about once in 2 years"},
    {3650.0 * 86400, "about once in 10 years"},
    {5000.0 * 86400, "less than once in 10 years"},
    {INFINITY, "less than once in 10 years"},
};
enum { PERIODS = sizeof(periods) / sizeof(periods[0]) };

START_TEST(a_period_is_told_as_people_do) {
  char said[NOTICE_PERIOD_MAX];
  ck_assert_str_eq(notice_period(periods[_i].seconds, said), periods[_i].said);
}
END_TEST

START_TEST(the_weekends_names_are_the_options) {
  char all[sizeof(WEEKEND_CHOICES) + 16] = "";
  for (int i = WEEKEND_AUTO; i <= WEEKEND_NONE; i++)
    strcat(strcat(all, i > 0 ? "|" : ""), weekend_name((enum weekend)i));
  ck_assert_str_eq(all, WEEKEND_CHOICES);
}
END_TEST

SUITE(notice_series) {
  Suite *suite = suite_create("notice_series");
  TCase *tcase = tcase_create("notice_series");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_value_is_told_with_what_is_usual_and_how_rare_it_is);
  tcase_add_loop_test(tcase, each_deviation_has_its_words, 0, WAYS);
  tcase_add_test(tcase, within_the_band_it_is_by_all_deviations);
  tcase_add_test(tcase, no_band_is_said_before_it_is_known);
  tcase_add_test(tcase, without_false_alarms_it_is_in_standard_deviations);
  tcase_add_test(tcase, an_end_says_neither);
  tcase_add_test(tcase, the_items_have_the_deviation_and_the_rarity);
  tcase_add_test(tcase, rarity_is_by_the_limit);
  tcase_add_loop_test(tcase, a_period_is_told_as_people_do, 0, PERIODS);
  tcase_add_test(tcase, the_weekends_names_are_the_options);
  suite_add_tcase(suite, tcase);
  return suite;
}
