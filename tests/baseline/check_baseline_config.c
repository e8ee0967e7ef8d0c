/* baseline_config: trees as liboconfig builds them. */
#include "baseline/baseline_config.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CHILDREN = 4 };

static struct rules rules, before;
static char error[RULES_ERROR_MAX];

/* <Plugin baseline> with items; items[0] may hold options. */
static oconfig_item_t plugin, items[CHILDREN], options[CHILDREN];
static oconfig_value_t values[2 * CHILDREN];

static void setup(void) {
  rules_defaults(&rules);
  memset(items, 0, sizeof(items));
  memset(options, 0, sizeof(options));
  memset(values, 0, sizeof(values));
  error[0] = '\0';
  plugin = (oconfig_item_t){.key = "Plugin", .children = items};
}

static void add(oconfig_item_t *parent, char *key, oconfig_value_t value) {
  oconfig_item_t *item = &parent->children[parent->children_num++];
  oconfig_value_t *at =
      &values[parent == &plugin ? item - items : CHILDREN + (item - options)];
  *at = value;
  *item = (oconfig_item_t){
      .key = key, .values = at, .values_num = 1, .parent = parent};
}

static void add_block(char *type, char *name) {
  oconfig_value_t value = {.type = OCONFIG_TYPE_STRING};
  value.value.string = name;
  add(&plugin, type, value);
  items[0].children = options;
}

static oconfig_value_t number(double of) {
  oconfig_value_t value = {.type = OCONFIG_TYPE_NUMBER};
  value.value.number = of;
  return value;
}

static oconfig_value_t string(char *of) {
  oconfig_value_t value = {.type = OCONFIG_TYPE_STRING};
  value.value.string = of;
  return value;
}

static oconfig_value_t boolean(int of) {
  oconfig_value_t value = {.type = OCONFIG_TYPE_BOOLEAN};
  value.value.boolean = of;
  return value;
}

static int take(void) { return baseline_config_read(&plugin, &rules, error); }

static void expect_refused(const char *a, const char *b) {
  ck_assert_int_eq(take(), -EINVAL);
  if (!strstr(error, a) || !strstr(error, b))
    ck_abort_msg("\"%s\" lacks \"%s\" or \"%s\"", error, a, b);
}

START_TEST(an_empty_block_leaves_the_defaults) {
  before = rules;
  ck_assert_int_eq(take(), 0);
  ck_assert_mem_eq(&rules, &before, sizeof(rules));
}
END_TEST

START_TEST(options_and_blocks_are_taken) {
  add_block("Incident", "syn_flood");
  add(&items[0], "ClearAfter", number(9));
  add(&items[0], "Enable", boolean(0));
  add(&plugin, "WarmUp", number(60));
  add(&plugin, "StateFile", string("some.state"));
  ck_assert_int_eq(take(), 0);
  ck_assert_double_eq(rules.incident[INCIDENT_SYN_FLOOD].clear_after, 9);
  ck_assert(!rules.incident[INCIDENT_SYN_FLOOD].enable);
  ck_assert_double_eq(rules.warm_up_s, 60);
  ck_assert_str_eq(rules.state_file, "some.state");
}
END_TEST

START_TEST(a_watch_block_is_taken) {
  add_block("Watch", "load");
  add(&items[0], "Plugin", string("load"));
  add(&items[0], "Direction", string("above"));
  ck_assert_int_eq(take(), 0);
  ck_assert_uint_eq(rules.series_len, 1);
  ck_assert_str_eq(rules.series[0].plugin, "load");
  ck_assert_double_eq(rules.series[0].direction, SERIES_ABOVE);
}
END_TEST

START_TEST(keys_are_known_in_any_case) {
  add_block("INCIDENT", "syn_flood");
  add(&items[0], "clearafter", number(9));
  add(&plugin, "warmUP", number(60));
  ck_assert_int_eq(take(), 0);
  ck_assert_double_eq(rules.incident[INCIDENT_SYN_FLOOD].clear_after, 9);
  ck_assert_double_eq(rules.warm_up_s, 60);
}
END_TEST

START_TEST(two_plugin_blocks_add_up) {
  add(&plugin, "WarmUp", number(60));
  ck_assert_int_eq(take(), 0);
  plugin.children_num = 0;
  add(&plugin, "MaxHosts", number(5));
  ck_assert_int_eq(take(), 0);
  ck_assert_double_eq(rules.warm_up_s, 60);
  ck_assert_double_eq(rules.max_hosts, 5);
}
END_TEST

START_TEST(an_unknown_option_is_refused_by_name) {
  add(&plugin, "WarmUpp", number(60));
  expect_refused("WarmUpp", "WarmUp ");
}
END_TEST

START_TEST(an_unknown_option_in_a_block_is_refused_by_name) {
  add_block("Incident", "syn_flood");
  add(&items[0], "Minexces", number(60));
  expect_refused("Minexces", "MinExcess");
}
END_TEST

START_TEST(an_unknown_block_is_refused_by_name) {
  add_block("Host", "here");
  add(&items[0], "ClearAfter", number(9));
  expect_refused("Host", "Incident");
}
END_TEST

START_TEST(an_unknown_incident_is_refused_by_name) {
  add_block("Incident", "synflood");
  expect_refused("synflood", "syn_flood");
}
END_TEST

START_TEST(a_block_needs_exactly_one_name_in_quotes) {
  add_block("Incident", "syn_flood");
  items[0].values_num = 0;
  expect_refused("Incident", "name");
  items[0].values_num = 2;
  expect_refused("Incident", "name");
  items[0].values_num = 1;
  values[0] = number(1);
  expect_refused("Incident", "name");
}
END_TEST

START_TEST(an_option_needs_exactly_one_value) {
  add(&plugin, "WarmUp", number(60));
  items[0].values_num = 2;
  expect_refused("WarmUp", "one value");
  items[0].values_num = 0;
  expect_refused("WarmUp", "one value");
  ck_assert_double_eq(rules.warm_up_s, 600);
}
END_TEST

START_TEST(a_block_within_an_incident_is_refused) {
  add_block("Incident", "syn_flood");
  add(&items[0], "Incident", string("syn_flood"));
  options[0].children = &options[1];
  options[0].children_num = 1;
  expect_refused("Incident", "");
}
END_TEST

START_TEST(a_value_of_another_type_is_not_converted) {
  add(&plugin, "WarmUp", string("60s"));
  expect_refused("WarmUp", "\"60s\"");
  setup();
  add(&plugin, "WarmUp", boolean(1));
  expect_refused("WarmUp", "true");
  setup();
  add_block("Incident", "syn_flood");
  add(&items[0], "Enable", number(1));
  expect_refused("Enable", " 1;");
}
END_TEST

START_TEST(a_quoted_number_or_boolean_is_taken) {
  add_block("Incident", "syn_flood");
  add(&items[0], "Enable", string("off"));
  add(&items[0], "ClearAfter", string("9"));
  add(&plugin, "WarmUp", string("60"));
  ck_assert_int_eq(take(), 0);
  ck_assert(!rules.incident[INCIDENT_SYN_FLOOD].enable);
  ck_assert_double_eq(rules.incident[INCIDENT_SYN_FLOOD].clear_after, 9);
  ck_assert_double_eq(rules.warm_up_s, 60);
}
END_TEST

START_TEST(an_empty_watch_is_refused) {
  add_block("Watch", "everything");
  ck_assert_int_eq(take(), 0); /* a later block may give it a pattern */
  ck_assert_int_eq(rules_check(&rules, error), -EINVAL);
  ck_assert_ptr_nonnull(strstr(error, "<Watch \"everything\">"));
  ck_assert_ptr_nonnull(strstr(error, "PluginInstance"));
}
END_TEST

START_TEST(a_value_out_of_range_is_refused_with_its_range) {
  add(&plugin, "MaxHosts", number(0));
  expect_refused("MaxHosts is 0", "from 1 to");
}
END_TEST

/* What contradicts may be set by a later block: the plugin checks behind the
 * last. */
START_TEST(what_a_later_block_may_mend_is_taken) {
  add_block("Incident", "syn_flood");
  add(&items[0], "CompletionFailure", number(80));
  ck_assert_int_eq(baseline_config_read(&plugin, &rules, error), 0);
  ck_assert_int_eq(rules_check(&rules, error), -EINVAL);
  setup();
  rules.syn_flood.completion_failure = 80;
  add_block("Incident", "syn_flood");
  add(&items[0], "CompletionWarning", number(90));
  ck_assert_int_eq(baseline_config_read(&plugin, &rules, error), 0);
}
END_TEST

SUITE(baseline_config) {
  Suite *suite = suite_create("baseline_config");
  TCase *tests = tcase_create("trees");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, an_empty_block_leaves_the_defaults);
  tcase_add_test(tests, options_and_blocks_are_taken);
  tcase_add_test(tests, a_watch_block_is_taken);
  tcase_add_test(tests, keys_are_known_in_any_case);
  tcase_add_test(tests, two_plugin_blocks_add_up);
  tcase_add_test(tests, an_unknown_option_is_refused_by_name);
  tcase_add_test(tests, an_unknown_option_in_a_block_is_refused_by_name);
  tcase_add_test(tests, an_unknown_block_is_refused_by_name);
  tcase_add_test(tests, an_unknown_incident_is_refused_by_name);
  tcase_add_test(tests, a_block_needs_exactly_one_name_in_quotes);
  tcase_add_test(tests, an_option_needs_exactly_one_value);
  tcase_add_test(tests, a_block_within_an_incident_is_refused);
  tcase_add_test(tests, a_value_of_another_type_is_not_converted);
  tcase_add_test(tests, a_quoted_number_or_boolean_is_taken);
  tcase_add_test(tests, an_empty_watch_is_refused);
  tcase_add_test(tests, a_value_out_of_range_is_refused_with_its_range);
  tcase_add_test(tests, what_a_later_block_may_mend_is_taken);
  suite_add_tcase(suite, tests);
  return suite;
}
