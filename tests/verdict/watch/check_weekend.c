/* weekend: which days it has, by choice and by time zone. */
#include "scenes/suite.h"
#include "verdict/rules.h"
#include "verdict/watch/weekend.h"

#include <stdlib.h>

enum { MON = 1, TUE = 2, WED = 4, THU = 8, FRI = 16, SAT = 32, SUN = 64 };

static const struct {
  const char *choice;
  enum weekend weekend;
  unsigned days;
} choices[] = {
    {"auto", WEEKEND_AUTO, SAT | SUN},
    {"sat-sun", WEEKEND_SAT_SUN, SAT | SUN},
    {"fri-sat", WEEKEND_FRI_SAT, FRI | SAT},
    {"thu-fri", WEEKEND_THU_FRI, THU | FRI},
    {"fri+sun", WEEKEND_FRI_SUN, FRI | SUN},
    {"fri", WEEKEND_FRI, FRI},
    {"sat", WEEKEND_SAT, SAT},
    {"sun", WEEKEND_SUN, SUN},
    {"none", WEEKEND_NONE, 0},
};
enum { CHOICES = sizeof(choices) / sizeof(choices[0]) };

START_TEST(each_choice_of_the_option_is_its_days) {
  struct rules_value value = {.type = RULES_STRING,
                              .string = choices[_i].choice};
  char error[RULES_ERROR_MAX];
  static struct rules rules;
  rules_defaults(&rules);
  ck_assert_int_eq(rules_set(&rules, &rules_top, "Weekend", &value, error), 0);
  ck_assert_int_eq((int)rules.weekend, (int)choices[_i].weekend);
  ck_assert_uint_eq(weekend_days(choices[_i].weekend), choices[_i].days);
}
END_TEST

START_TEST(another_choice_is_refused) {
  struct rules_value value = {.type = RULES_STRING, .string = "mon"};
  char error[RULES_ERROR_MAX];
  static struct rules rules;
  rules_defaults(&rules);
  ck_assert_int_ne(rules_set(&rules, &rules_top, "Weekend", &value, error), 0);
}
END_TEST

static const struct {
  const char *zone;
  enum weekend weekend;
} zones[] = {
    {NULL, WEEKEND_SAT_SUN},
    {"", WEEKEND_SAT_SUN},
    {"UTC", WEEKEND_SAT_SUN},
    {"Europe/Berlin", WEEKEND_SAT_SUN},
    {"asia/riyadh", WEEKEND_SAT_SUN}, /* no zone is written so */
    {"Asia/Riyadh/x", WEEKEND_SAT_SUN},
    {"Asia/Riyadh", WEEKEND_FRI_SAT},
    {"Africa/Cairo", WEEKEND_FRI_SAT},
    {"Egypt", WEEKEND_FRI_SAT},
    {"Asia/Jerusalem", WEEKEND_FRI_SAT},
    {"Asia/Kabul", WEEKEND_THU_FRI},
    {"Asia/Brunei", WEEKEND_FRI_SUN},
    {"Asia/Tehran", WEEKEND_FRI},
    {"Asia/Kathmandu", WEEKEND_SAT},
    {"Asia/Kolkata", WEEKEND_SUN},
    {"Asia/Dubai", WEEKEND_SAT_SUN}, /* since 2022 */
};
enum { ZONES = sizeof(zones) / sizeof(zones[0]) };

START_TEST(a_zone_has_the_weekend_of_its_country) {
  ck_assert_int_eq((int)weekend_of_zone(zones[_i].zone),
                   (int)zones[_i].weekend);
}
END_TEST

SUITE(weekend) {
  Suite *suite = suite_create("weekend");
  TCase *tcase = tcase_create("weekend");
  tcase_add_loop_test(tcase, each_choice_of_the_option_is_its_days, 0, CHOICES);
  tcase_add_test(tcase, another_choice_is_refused);
  tcase_add_loop_test(tcase, a_zone_has_the_weekend_of_its_country, 0, ZONES);
  suite_add_tcase(suite, tcase);
  return suite;
}
