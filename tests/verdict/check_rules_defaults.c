/* rules: every documented default, and the field its key leads to. */
#include "scenes/suite.h"
#include "verdict/rules.h"

#include <stdlib.h>
#include <string.h>

static struct rules rules, before;
static char error[RULES_ERROR_MAX];
static struct rules_block block;

static void setup(void) {
  rules_defaults(&rules);
  block = rules_top;
}

static void enter(const char *incident) {
  if (rules_open(&rules, "Incident", incident, &block, error) != 0)
    ck_abort_msg("%s", error);
}

static int set_number(const char *key, double number) {
  struct rules_value value = {.type = RULES_NUMBER, .number = number};
  return rules_set(&rules, &block, key, &value, error);
}

static int set_boolean(const char *key, bool boolean) {
  struct rules_value value = {.type = RULES_BOOLEAN, .boolean = boolean};
  return rules_set(&rules, &block, key, &value, error);
}

/* Documented defaults. Setting one again changes nothing: the key leads to its
 * own field, and the default is within its range. */
static const struct {
  const char *block, *key;
  double preset;
  size_t offset;
} presets[] = {
#define AT(field) offsetof(struct rules, field)
    {"", "WarmUp", 600, AT(warm_up_s)},
    {"", "SaveInterval", 300, AT(save_interval_s)},
    {"", "MaxAge", 604800, AT(max_age_s)},
    {"", "SilentAfter", 900, AT(silent_after_s)},
    {"", "MaxHosts", 20000, AT(max_hosts)},
    {"", "MaxWatched", 200000, AT(max_watched)},
    {"syn_flood", "RaiseAfter", 2, AT(incident[0].raise_after)},
    {"syn_flood", "ClearAfter", 4, AT(incident[0].clear_after)},
    {"syn_flood", "AdoptAfter", 14400, AT(incident[0].adopt_after_s)},
    {"syn_flood", "Remind", 0, AT(incident[0].remind_s)},
    {"state_shift", "ClearAfter", 4, AT(incident[5].clear_after)},
    {"syn_flood", "MinExcess", 12, AT(syn_flood.min_excess)},
    {"syn_flood", "Sigmas", 4, AT(syn_flood.sigmas)},
    {"syn_flood", "CompletionWarning", 60, AT(syn_flood.completion_warning)},
    {"syn_flood", "CompletionFailure", 30, AT(syn_flood.completion_failure)},
    {"syn_flood", "CompletionDrop", 40, AT(syn_flood.completion_drop)},
    {"syn_flood", "HalfOpenFailure", 500, AT(syn_flood.half_open_failure)},
    {"syn_flood", "CookiesPerSecond", 1, AT(syn_flood.cookies_per_s)},
    {"syn_flood", "ResetsPerSecond", 5, AT(syn_flood.resets_per_s)},
    {"accept_overflow", "Fill", 90, AT(accept_overflow.fill)},
    {"accept_overflow", "RefusedShare", 10, AT(accept_overflow.refused_share)},
    {"outbound_stall", "MinCount", 20, AT(outbound_stall.min_count)},
    {"outbound_stall", "MinRatio", 3, AT(outbound_stall.min_ratio)},
    {"outbound_stall", "Sigmas", 6, AT(outbound_stall.sigmas)},
    {"outbound_stall", "FailureCount", 100, AT(outbound_stall.failure_count)},
    {"outbound_stall", "FailureRatio", 10, AT(outbound_stall.failure_ratio)},
    {"close_wait_leak", "MinExcess", 30, AT(close_wait_leak.min_excess)},
    {"close_wait_leak", "Sigmas", 6, AT(close_wait_leak.sigmas)},
    {"close_wait_leak", "FailureShare", 25, AT(close_wait_leak.failure_share)},
    {"time_wait_pressure", "Fill", 90, AT(time_wait_pressure.fill)},
    {"time_wait_pressure", "Sigmas", 6, AT(time_wait_pressure.sigmas)},
    {"state_shift", "MinActive", 50, AT(state_shift.min_active)},
    {"state_shift", "Sigmas", 6, AT(state_shift.sigmas)},
};

START_TEST(a_default_is_as_documented_and_within_its_range) {
  double at = 0;
  memcpy(&at, (char *)&rules + presets[_i].offset, sizeof(at));
  ck_assert_double_eq(at, presets[_i].preset);
  if (presets[_i].block[0] != '\0')
    enter(presets[_i].block);
  before = rules;
  ck_assert_int_eq(set_number(presets[_i].key, presets[_i].preset), 0);
  ck_assert_mem_eq(&rules, &before, sizeof(rules));
  ck_assert_int_eq(set_number(presets[_i].key, presets[_i].preset + 1), 0);
  memcpy(&at, (char *)&rules + presets[_i].offset, sizeof(at));
  ck_assert_double_eq(at, presets[_i].preset + 1);
}
END_TEST

/* Of every incident at least once; those of a <Watch> are its own matter. */
START_TEST(every_number_has_a_documented_default) {
  struct rules_key key;
  for (size_t i = 0; rules_key_at(i, &key); i++) {
    bool found = key.type != RULES_NUMBER || strcmp(key.block, "Watch") == 0;
    for (size_t k = 0; k < sizeof(presets) / sizeof(presets[0]); k++)
      found = found || (strcmp(presets[k].key, key.key) == 0 &&
                        (strcmp(presets[k].block, key.block) == 0 ||
                         strcmp(key.block, "Incident") == 0));
    ck_assert_msg(found, "%s of \"%s\"", key.key, key.block);
  }
}
END_TEST

START_TEST(all_but_state_shift_ship_enabled) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    ck_assert_int_eq(rules.incident[i].enable, i != INCIDENT_STATE_SHIFT);
  enter("state_shift");
  ck_assert_int_eq(set_boolean("Enable", true), 0);
  ck_assert(rules.incident[INCIDENT_STATE_SHIFT].enable);
  ck_assert_int_eq(set_boolean("Enable", false), 0);
  ck_assert(!rules.incident[INCIDENT_STATE_SHIFT].enable);
}
END_TEST

START_TEST(a_setting_of_one_incident_leaves_the_others_alone) {
  enter("accept_overflow");
  ck_assert_int_eq(set_number("ClearAfter", 9), 0);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    ck_assert_double_eq(rules.incident[i].clear_after,
                        i == INCIDENT_ACCEPT_OVERFLOW ? 9 : 4);
}
END_TEST

SUITE(rules_defaults) {
  Suite *suite = suite_create("rules_defaults");
  TCase *tests = tcase_create("defaults");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_loop_test(tests, a_default_is_as_documented_and_within_its_range, 0,
                      sizeof(presets) / sizeof(presets[0]));
  tcase_add_test(tests, every_number_has_a_documented_default);
  tcase_add_test(tests, all_but_state_shift_ship_enabled);
  tcase_add_test(tests, a_setting_of_one_incident_leaves_the_others_alone);
  suite_add_tcase(suite, tests);
  return suite;
}
