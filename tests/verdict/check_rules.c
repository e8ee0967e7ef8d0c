/* rules: every key at its limits and beyond, and its messages. */
#include "scenes/suite.h"
#include "verdict/rules.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rules rules, before;
static char error[RULES_ERROR_MAX];
static struct rules_block block;

static void setup(void) {
  rules_defaults(&rules);
  block = rules_top;
  error[0] = '\0';
}

static void enter(const char *type, const char *name) {
  if (rules_open(&rules, type, name, &block, error) != 0)
    ck_abort_msg("%s \"%s\": %s", type, name, error);
}

/* The block of a table's key: any incident for what all have. */
static void enter_of(const char *name) {
  block = rules_top;
  if (strcmp(name, "Watch") == 0)
    enter("Watch", "a series");
  else if (strcmp(name, "Maintenance") == 0)
    enter("Maintenance", "a night");
  else if (strcmp(name, "Incident") == 0)
    enter("Incident", "syn_flood");
  else if (name[0] != '\0')
    enter("Incident", name);
}

static int set(const char *key, struct rules_value value) {
  return rules_set(&rules, &block, key, &value, error);
}

static int set_number(const char *key, double number) {
  return set(key, (struct rules_value){.type = RULES_NUMBER, .number = number});
}

static int set_string(const char *key, const char *string) {
  return set(key, (struct rules_value){.type = RULES_STRING, .string = string});
}

static int set_boolean(const char *key, bool boolean) {
  return set(key,
             (struct rules_value){.type = RULES_BOOLEAN, .boolean = boolean});
}

static void expect_words(const char *a, const char *b, const char *c) {
  if (!strstr(error, a) || !strstr(error, b) || !strstr(error, c))
    ck_abort_msg("\"%s\" lacks \"%s\", \"%s\" or \"%s\"", error, a, b, c);
}

static void expect_refused(const char *key, double number) {
  char value[64];
  snprintf(value, sizeof(value), "%.15g", number);
  before = rules;
  ck_assert_int_eq(set_number(key, number), -EINVAL);
  ck_assert_mem_eq(&rules, &before, sizeof(rules));
  expect_words(key, value, "number from");
}

START_TEST(every_number_is_taken_up_to_its_limits_and_not_beyond) {
  struct rules_key key;
  size_t numbers = 0;
  for (size_t i = 0; rules_key_at(i, &key); i++) {
    char range[64];
    if (key.type != RULES_NUMBER)
      continue;
    numbers++;
    enter_of(key.block);
    ck_assert_int_eq(set_number(key.key, key.min), 0);
    before = rules;
    ck_assert_int_eq(set_number(key.key, key.max), 0);
    ck_assert_mem_ne(&rules, &before, sizeof(rules));
    expect_refused(key.key, nextafter(key.min, -INFINITY));
    snprintf(range, sizeof(range), "from %.15g to %.15g", key.min, key.max);
    expect_words(range, "", "");
    expect_refused(key.key, nextafter(key.max, INFINITY));
    expect_refused(key.key, NAN);
    expect_refused(key.key, INFINITY);
    expect_refused(key.key, -INFINITY);
  }
  ck_assert_uint_gt(numbers, 20);
}
END_TEST

START_TEST(every_key_refuses_another_type) {
  struct rules_key key;
  for (size_t i = 0; rules_key_at(i, &key); i++) {
    enter_of(key.block);
    before = rules;
    if (key.type != RULES_STRING) {
      ck_assert_int_eq(set_string(key.key, "1 s"), -EINVAL);
      expect_words(key.key, "\"1 s\"", "must be");
      ck_assert_int_eq(set_string(key.key, ""), -EINVAL);
    }
    if (key.type != RULES_BOOLEAN) {
      ck_assert_int_eq(set_boolean(key.key, true), -EINVAL);
      expect_words(key.key, "true", "must be");
    }
    if (key.type == RULES_NUMBER)
      ck_assert_int_eq(set_string(key.key, "true"), -EINVAL);
    if (key.type == RULES_BOOLEAN)
      ck_assert_int_eq(set_string(key.key, "1"), -EINVAL);
    if (key.type != RULES_NUMBER) {
      ck_assert_int_eq(set_number(key.key, 1), -EINVAL);
      expect_words(key.key, " 1", "must be");
    }
    ck_assert_mem_eq(&rules, &before, sizeof(rules));
  }
}
END_TEST

/* As collectd's own samples have them: Port "25", UseCache "true". */
START_TEST(every_number_and_boolean_may_stand_in_quotes) {
  struct rules_key key;
  char quoted[400];
  for (size_t i = 0; rules_key_at(i, &key); i++) {
    if (key.type == RULES_STRING)
      continue;
    enter_of(key.block);
    bool is_number = key.type == RULES_NUMBER;
    ck_assert_int_eq(is_number ? set_number(key.key, key.max)
                               : set_boolean(key.key, true),
                     0);
    before = rules;
    ck_assert_int_eq(is_number ? set_number(key.key, key.min)
                               : set_boolean(key.key, false),
                     0);
    ck_assert_mem_ne(&rules, &before, sizeof(rules));
    snprintf(quoted, sizeof(quoted), "%.0f", key.max);
    ck_assert_int_eq(set_string(key.key, is_number ? quoted : "True"), 0);
    ck_assert_mem_eq(&rules, &before, sizeof(rules));
  }
}
END_TEST

START_TEST(a_quoted_number_is_held_to_the_range_too) {
  ck_assert_int_eq(set_string("SaveInterval", "0"), -EINVAL);
  expect_words("SaveInterval is \"0\"", "a number from 1 to 86400", "");
  ck_assert_int_eq(set_string("MaxHosts", "2.5"), -EINVAL);
  expect_words("MaxHosts is \"2.5\"", "whole number", "");
  ck_assert_int_eq(set_string("MaxHosts", " 2"), -EINVAL);
  ck_assert_int_eq(set_string("MaxHosts", "2 "), -EINVAL);
  ck_assert_int_eq(set_string("MaxHosts", "nan"), -EINVAL);
  ck_assert_int_eq(set_string("MaxHosts", "inf"), -EINVAL);
}
END_TEST

static const char *const whole[][2] = {
    {"", "MaxHosts"},           {"", "MaxWatched"},
    {"", "MaxListeners"},       {"Incident", "RaiseAfter"},
    {"Incident", "ClearAfter"}, {"Watch", "ClearAfter"}};

START_TEST(what_is_counted_takes_no_fraction) {
  enter_of(whole[_i][0]);
  ck_assert_int_eq(set_number(whole[_i][1], 3), 0);
  ck_assert_int_eq(set_number(whole[_i][1], 3.5), -EINVAL);
  expect_words(whole[_i][1], "3.5", "whole number");
}
END_TEST

START_TEST(keys_and_block_types_are_known_in_any_case) {
  ck_assert_int_eq(set_number("warmup", 7), 0);
  ck_assert_double_eq(rules.warm_up_s, 7);
  ck_assert(rules_is_block("INCIDENT") && rules_is_block("watch"));
  ck_assert(!rules_is_block("Incidents") && !rules_is_block(""));
  enter("incident", "syn_flood");
  ck_assert_int_eq(set_number("MINEXCESS", 7), 0);
}
END_TEST

START_TEST(an_unknown_key_lists_what_is_known_there) {
  ck_assert_int_eq(set_number("MinExcess", 5), -EINVAL);
  expect_words("MinExcess", " WarmUp", " MaxHosts");
  ck_assert_ptr_null(strstr(error, "ClearAfter"));
  enter("Incident", "syn_flood");
  ck_assert_int_eq(set_number("WarmUp", 5), -EINVAL);
  expect_words("WarmUp", " MinExcess", " ClearAfter");
  expect_words("syn_flood", "", "");
  ck_assert_ptr_null(strstr(error, "MinCount"));
}
END_TEST

START_TEST(an_unknown_block_or_incident_lists_what_is_known) {
  ck_assert_int_eq(rules_open(&rules, "Threshold", "x", &block, error),
                   -EINVAL);
  expect_words("Threshold", "Incident", "Watch");
  ck_assert_int_eq(rules_open(&rules, "Incident", "synflood", &block, error),
                   -EINVAL);
  expect_words("synflood", " syn_flood", " close_wait_leak");
  for (int i = 0; i < INCIDENT_COUNT; i++)
    expect_words(rules_incident_name((enum incident_kind)i), "", "");
}
END_TEST

START_TEST(a_message_of_anything_hostile_is_bounded) {
  static char huge[20000];
  memset(huge, 'x', sizeof(huge) - 1);
  ck_assert_int_eq(set_number(huge, 5), -EINVAL);
  ck_assert_uint_lt(strlen(error), RULES_ERROR_MAX);
  ck_assert_int_eq(set_string("StateFile", huge), -EINVAL);
  expect_words("StateFile", "4095", "");
  ck_assert_int_eq(set_string("WarmUp", huge), -EINVAL);
  ck_assert_int_eq(rules_open(&rules, huge, huge, &block, error), -EINVAL);
  ck_assert_int_eq(rules_open(&rules, "Incident", huge, &block, error),
                   -EINVAL);
  ck_assert_int_eq(rules_open(&rules, "Watch", huge, &block, error), -EINVAL);
  ck_assert_uint_lt(strlen(error), RULES_ERROR_MAX);
}
END_TEST

START_TEST(a_path_is_taken_up_to_its_length) {
  static char path[RULES_PATH_MAX + 1];
  memset(path, 'p', RULES_PATH_MAX - 1);
  ck_assert_int_eq(set_string("StateFile", path), 0);
  ck_assert_str_eq(rules.state_file, path);
  path[RULES_PATH_MAX - 1] = 'p';
  before = rules;
  ck_assert_int_eq(set_string("StateFile", path), -EINVAL);
  ck_assert_mem_eq(&rules, &before, sizeof(rules));
}
END_TEST

START_TEST(a_choice_is_one_of_its_words) {
  enter("Watch", "load");
  ck_assert_int_eq(set_string("Direction", "below"), 0);
  ck_assert_double_eq(rules.series[0].direction, SERIES_BELOW);
  ck_assert_int_eq(set_string("Direction", "sideways"), -EINVAL);
  expect_words("Direction", "sideways", "above");
  ck_assert_double_eq(rules.series[0].direction, SERIES_BELOW);
}
END_TEST

START_TEST(a_watch_is_added_once_and_bounded) {
  char name[RULES_NAME_MAX];
  enter("Watch", "load");
  enter("Watch", "load");
  ck_assert_uint_eq(rules.series_len, 1);
  for (int i = 1; i < RULES_SERIES_MAX; i++) {
    snprintf(name, sizeof(name), "series %d", i);
    enter("Watch", name);
  }
  ck_assert_int_eq(rules_open(&rules, "Watch", "more", &block, error), -EINVAL);
  ck_assert_uint_eq(rules.series_len, RULES_SERIES_MAX);
  enter("Watch", "load");
  ck_assert_int_eq(block.index, 0);
}
END_TEST

static const char *const unusable[] = {"", "a/b", "syn_flood"};

START_TEST(a_watch_needs_a_name_of_its_own) {
  ck_assert_int_eq(rules_open(&rules, "Watch", unusable[_i], &block, error),
                   -EINVAL);
  expect_words("Watch", unusable[_i], "name");
  ck_assert_uint_eq(rules.series_len, 0);
}
END_TEST

static const char *const patterns[] = {"Host", "Plugin", "PluginInstance",
                                       "Type", "TypeInstance"};

START_TEST(a_watch_without_a_pattern_is_refused) {
  enter("Watch", "load");
  ck_assert_int_eq(set_number("MinChange", 3), 0);
  ck_assert_int_eq(set_string("Direction", "above"), 0);
  ck_assert_int_eq(rules_check(&rules, error), -EINVAL);
  expect_words("<Watch \"load\">", "pattern", patterns[_i]);
  ck_assert_int_eq(set_string(patterns[_i], "*"), 0); /* it is meant */
  ck_assert_int_eq(rules_check(&rules, error), 0);
  enter("Watch", "more");
  ck_assert_int_eq(rules_check(&rules, error), -EINVAL);
  expect_words("<Watch \"more\">", "", "");
}
END_TEST

START_TEST(completion_limits_must_not_contradict_each_other) {
  ck_assert_int_eq(rules_check(&rules, error), 0);
  enter("Incident", "syn_flood");
  set_number("CompletionFailure", 60);
  ck_assert_int_eq(rules_check(&rules, error), 0);
  set_number("CompletionFailure", 60.5);
  ck_assert_int_eq(rules_check(&rules, error), -EINVAL);
  expect_words("CompletionFailure is 60.5", "CompletionWarning", "60");
}
END_TEST

SUITE(rules) {
  Suite *suite = suite_create("rules");
  TCase *tests = tcase_create("keys");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, every_number_is_taken_up_to_its_limits_and_not_beyond);
  tcase_add_test(tests, every_key_refuses_another_type);
  tcase_add_test(tests, every_number_and_boolean_may_stand_in_quotes);
  tcase_add_test(tests, a_quoted_number_is_held_to_the_range_too);
  tcase_add_loop_test(tests, a_watch_without_a_pattern_is_refused, 0,
                      sizeof(patterns) / sizeof(patterns[0]));
  tcase_add_loop_test(tests, what_is_counted_takes_no_fraction, 0,
                      sizeof(whole) / sizeof(whole[0]));
  tcase_add_test(tests, keys_and_block_types_are_known_in_any_case);
  tcase_add_test(tests, an_unknown_key_lists_what_is_known_there);
  tcase_add_test(tests, an_unknown_block_or_incident_lists_what_is_known);
  tcase_add_test(tests, a_message_of_anything_hostile_is_bounded);
  tcase_add_test(tests, a_path_is_taken_up_to_its_length);
  tcase_add_test(tests, a_choice_is_one_of_its_words);
  tcase_add_test(tests, a_watch_is_added_once_and_bounded);
  tcase_add_loop_test(tests, a_watch_needs_a_name_of_its_own, 0,
                      sizeof(unusable) / sizeof(unusable[0]));
  tcase_add_test(tests, completion_limits_must_not_contradict_each_other);
  suite_add_tcase(suite, tests);
  return suite;
}

/* rules: every documented default, and the field its key leads to. */

static void enter_incident(const char *incident) {
  if (rules_open(&rules, "Incident", incident, &block, error) != 0)
    ck_abort_msg("%s", error);
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
    {"", "KeepIncidents", 7776000, AT(keep_incidents_s)},
    {"", "SilentAfter", 900, AT(silent_after_s)},
    {"", "MaxHosts", 20000, AT(max_hosts)},
    {"", "MaxWatched", 200000, AT(max_watched)},
    {"", "MaxListeners", 10000, AT(max_listeners)},
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
    {"held_connections", "MinHeld", 64, AT(held_connections.min_held)},
    {"held_connections", "MinZeroWindow", 32,
     AT(held_connections.min_zero_window)},
    {"held_connections", "ZeroWindowShare", 20,
     AT(held_connections.zero_window_share)},
    {"held_connections", "AcksPerSecond", 10, AT(held_connections.min_acks)},
    {"held_connections", "AbortsPerSecond", 5,
     AT(held_connections.aborts_per_s)},
    {"strays", "MinRate", 50, AT(strays.min_rate)},
    {"strays", "MinRatio", 5, AT(strays.min_ratio)},
};

START_TEST(a_default_is_as_documented_and_within_its_range) {
  double at = 0;
  memcpy(&at, (char *)&rules + presets[_i].offset, sizeof(at));
  ck_assert_double_eq(at, presets[_i].preset);
  if (presets[_i].block[0] != '\0')
    enter_incident(presets[_i].block);
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

START_TEST(all_but_two_ship_enabled) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    ck_assert_int_eq(rules.incident[i].enable,
                     i != INCIDENT_STATE_SHIFT && i != INCIDENT_STRAYS);
  enter_incident("state_shift");
  ck_assert_int_eq(set_boolean("Enable", true), 0);
  ck_assert(rules.incident[INCIDENT_STATE_SHIFT].enable);
  ck_assert_int_eq(set_boolean("Enable", false), 0);
  ck_assert(!rules.incident[INCIDENT_STATE_SHIFT].enable);
}
END_TEST

START_TEST(a_setting_of_one_incident_leaves_the_others_alone) {
  enter_incident("accept_overflow");
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
  tcase_add_test(tests, all_but_two_ship_enabled);
  tcase_add_test(tests, a_setting_of_one_incident_leaves_the_others_alone);
  suite_add_tcase(suite, tests);
  return suite;
}
