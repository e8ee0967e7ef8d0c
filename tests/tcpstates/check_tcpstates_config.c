/* The options of <Plugin tcpstates>, from a config tree made by hand. What the
 * daemon's own parser makes of a file is in tests/daemon. */
#include "collectd.h"

#include "scenes/collectd_log.h"
#include "scenes/suite.h"
#include "tcpstates/tcpstates_config.h"

#include <errno.h>
#include <math.h>

static struct reading_options config;

static void set_up(void) {
  reading_options_defaults(&config);
  collectd_log_clear();
}

static int read_value(const char *key, oconfig_value_t value) {
  oconfig_item_t item = {.key = (char *)key, .values = &value, .values_num = 1};
  oconfig_item_t block = {
      .key = (char *)"Plugin", .children = &item, .children_num = 1};
  return tcpstates_config_read(&config, &block);
}

static int read_number(const char *key, double number) {
  return read_value(key, (oconfig_value_t){.value.number = number,
                                           .type = OCONFIG_TYPE_NUMBER});
}

static int read_boolean(const char *key, bool boolean) {
  return read_value(key, (oconfig_value_t){.value.boolean = boolean,
                                           .type = OCONFIG_TYPE_BOOLEAN});
}

static int read_string(const char *key, const char *string) {
  return read_value(key, (oconfig_value_t){.value.string = (char *)string,
                                           .type = OCONFIG_TYPE_STRING});
}

START_TEST(defaults_are_auto_with_counters_and_thirty_readings) {
  ck_assert_str_eq(config.source, "auto");
  ck_assert(!config.metrics.by_family);
  ck_assert(!config.metrics.listeners);
  ck_assert(config.metrics.counters);
  ck_assert(config.report_unknown);
  ck_assert_uint_eq(config.metrics.variance_window, 30);
  ck_assert_uint_eq(config.read_budget, 5);
  ck_assert_uint_eq(config.ports_len, 0);
}
END_TEST

START_TEST(each_option_sets_its_own_setting) {
  ck_assert_int_eq(read_string("Source", "netlink"), 0);
  ck_assert_str_eq(config.source, "netlink");
  ck_assert_int_eq(read_string("Source", "proc"), 0);
  ck_assert_str_eq(config.source, "proc");
  ck_assert_int_eq(read_string("Source", "auto"), 0);
  ck_assert_str_eq(config.source, "auto");

  ck_assert_int_eq(read_boolean("ReportByFamily", true), 0);
  ck_assert(config.metrics.by_family && !config.metrics.listeners);
  ck_assert_int_eq(read_boolean("ReportListeners", true), 0);
  ck_assert(config.metrics.listeners && config.metrics.counters);
  ck_assert_int_eq(read_boolean("ReportCounters", false), 0);
  ck_assert(config.metrics.listeners && !config.metrics.counters);
  ck_assert(config.report_unknown);
  ck_assert_int_eq(read_boolean("ReportUnknown", false), 0);
  ck_assert(!config.report_unknown && config.metrics.listeners);
  ck_assert_uint_eq(collectd_log_lines(), 0);
}
END_TEST

START_TEST(half_open_by_is_one_of_three) {
  ck_assert_int_eq(config.half_open_by, READING_HALF_OPEN_AUTO);
  ck_assert_int_eq(read_string("HalfOpenBy", "Walk"), 0);
  ck_assert_int_eq(config.half_open_by, READING_HALF_OPEN_WALK);
  ck_assert_int_eq(read_string("HalfOpenBy", "bpf"), 0);
  ck_assert_int_eq(config.half_open_by, READING_HALF_OPEN_BPF);
  ck_assert_int_eq(read_string("HalfOpenBy", "ebpf"), -EINVAL);
  ck_assert_str_eq(collectd_log_text(),
                   "<3> tcpstates: option HalfOpenBy is \"ebpf\"; it must be "
                   "\"auto\", \"walk\" or \"bpf\"\n");
}
END_TEST

START_TEST(what_needs_bpf_contradicts_what_excludes_it) {
  char error[READING_OPTIONS_ERROR_MAX] = "";
  ck_assert_int_eq(read_string("Source", "proc"), 0);
  ck_assert_int_eq(reading_options_check(&config, error), 0);
  ck_assert_int_eq(read_string("HalfOpenBy", "bpf"), 0);
  ck_assert_int_eq(reading_options_check(&config, error), -EINVAL);
  ck_assert_str_eq(error, "option HalfOpenBy is \"bpf\", which needs netlink, "
                          "but option Source is \"proc\"");
  ck_assert_int_eq(read_string("Source", "auto"), 0);
  ck_assert_int_eq(reading_options_check(&config, error), 0);
  ck_assert_int_eq(read_boolean("CountSyns", true), 0);
  ck_assert_int_eq(reading_options_check(&config, error), 0);
  ck_assert_int_eq(read_string("HalfOpenBy", "walk"), 0);
  ck_assert_int_eq(reading_options_check(&config, error), -EINVAL);
  ck_assert_str_eq(error, "option CountSyns is true, which needs BPF, but "
                          "option HalfOpenBy is \"walk\"");
}
END_TEST

START_TEST(both_ends_of_each_range_are_accepted) {
  ck_assert_int_eq(read_number("VarianceWindow", 2), 0);
  ck_assert_uint_eq(config.metrics.variance_window, 2);
  ck_assert_int_eq(read_number("VarianceWindow", 3600), 0);
  ck_assert_uint_eq(config.metrics.variance_window, 3600);
  ck_assert_int_eq(read_number("ReadBudget", 1), 0);
  ck_assert_uint_eq(config.read_budget, 1);
  ck_assert_int_eq(read_number("ReadBudget", 100), 0);
  ck_assert_uint_eq(config.read_budget, 100);
  ck_assert_int_eq(read_number("WalkEvery", 0), 0);
  ck_assert_uint_eq(config.walk_every, 0);
  ck_assert_int_eq(read_number("WalkEvery", 3600), 0);
  ck_assert_uint_eq(config.walk_every, 3600);
  ck_assert_int_eq(read_number("LocalPort", 1), 0);
  ck_assert_int_eq(read_number("LocalPort", 65535), 0);
  ck_assert_uint_eq(config.ports_len, 2);
  ck_assert_uint_eq(config.port[0], 1);
  ck_assert_uint_eq(config.port[1], 65535);
}
END_TEST

static const double no_windows[] = {
    1,        0,        -1,
    -2,       1.999999, 2.5,
    3600.5,   3601,     4294967298.0 /* 2^32 + 2 */,
    1e300,    NAN,      INFINITY,
    -INFINITY};

START_TEST(a_number_that_is_not_in_range_or_not_whole_is_refused) {
  ck_assert_int_eq(read_number("VarianceWindow", no_windows[_i]), -EINVAL);
  ck_assert_uint_eq(config.metrics.variance_window, 30);
  ck_assert_ptr_nonnull(strstr(collectd_log_text(),
                               "; it must be a whole number from 2 to 3600"));
  ck_assert_uint_eq(collectd_log_lines(), 1);
}
END_TEST

static const double no_budgets[] = {0, 101, -5, 0.5, 99.9, NAN, INFINITY};

START_TEST(a_budget_of_nothing_or_of_more_than_the_interval_is_refused) {
  ck_assert_int_eq(read_number("ReadBudget", no_budgets[_i]), -EINVAL);
  ck_assert_uint_eq(config.read_budget, 5);
  ck_assert_ptr_nonnull(
      strstr(collectd_log_text(), "; it must be a whole number from 1 to 100"));
}
END_TEST

START_TEST(a_refusal_names_the_option_the_value_and_the_range) {
  ck_assert_int_eq(read_number("variancewindow", 1), -EINVAL);
  ck_assert_str_eq(collectd_log_text(),
                   "<3> tcpstates: option VarianceWindow is 1; it must be a "
                   "whole number from 2 to 3600\n");
}
END_TEST

START_TEST(another_type_is_never_converted) {
  ck_assert_int_eq(read_string("VarianceWindow", "30 s"), -EINVAL);
  ck_assert_int_eq(read_boolean("VarianceWindow", true), -EINVAL);
  ck_assert_int_eq(read_string("LocalPort", "http"), -EINVAL);
  ck_assert_int_eq(read_number("ReportByFamily", 1), -EINVAL);
  ck_assert_int_eq(read_string("ReportByFamily", "1"), -EINVAL);
  ck_assert_int_eq(read_number("Source", 0), -EINVAL);
  ck_assert_int_eq(read_boolean("Source", false), -EINVAL);
  ck_assert_int_eq(read_string("Source", ""), -EINVAL);
  ck_assert_uint_eq(collectd_log_lines(), 8);
  ck_assert_uint_eq(config.ports_len, 0);
  ck_assert(!config.metrics.by_family);
}
END_TEST

/* As collectd's own samples have them: LocalPort "25". */
START_TEST(a_quoted_number_or_boolean_is_taken) {
  ck_assert_int_eq(read_string("LocalPort", "25"), 0);
  ck_assert_int_eq(read_string("VarianceWindow", "60"), 0);
  ck_assert_int_eq(read_string("ReportByFamily", "true"), 0);
  ck_assert_int_eq(read_string("ReportCounters", "No"), 0);
  ck_assert_uint_eq(collectd_log_lines(), 0);
  ck_assert_uint_eq(config.ports_len, 1);
  ck_assert_uint_eq(config.port[0], 25);
  ck_assert_uint_eq(config.metrics.variance_window, 60);
  ck_assert(config.metrics.by_family);
  ck_assert(!config.metrics.counters);
}
END_TEST

START_TEST(a_quoted_number_is_refused_as_it_stands) {
  ck_assert_int_eq(read_string("LocalPort", "65536"), -EINVAL);
  ck_assert_str_eq(collectd_log_text(),
                   "<3> tcpstates: option LocalPort is \"65536\"; it must be "
                   "a whole number from 1 to 65535\n");
}
END_TEST

START_TEST(a_port_given_twice_is_one_port) {
  ck_assert_int_eq(read_number("LocalPort", 443), 0);
  ck_assert_int_eq(read_number("LocalPort", 80), 0);
  ck_assert_int_eq(read_number("LocalPort", 443), 0);
  ck_assert_uint_eq(config.ports_len, 2);
}
END_TEST

START_TEST(ports_beyond_the_limit_are_refused) {
  for (int port = 1; port <= READING_PORTS_MAX; port++)
    ck_assert_int_eq(read_number("LocalPort", port), 0);
  ck_assert_int_eq(read_number("LocalPort", READING_PORTS_MAX), 0);
  ck_assert_int_eq(read_number("LocalPort", READING_PORTS_MAX + 1), -EINVAL);
  ck_assert_uint_eq(config.ports_len, READING_PORTS_MAX);
}
END_TEST

START_TEST(several_values_none_and_blocks_are_refused) {
  oconfig_value_t values[2] = {
      {.value.number = 30, .type = OCONFIG_TYPE_NUMBER},
      {.value.number = 60, .type = OCONFIG_TYPE_NUMBER}};
  oconfig_item_t child = {.key = (char *)"A"};
  oconfig_item_t items[] = {
      {.key = (char *)"VarianceWindow", .values = values, .values_num = 2},
      {.key = (char *)"VarianceWindow", .values_num = 0},
      {.key = (char *)"VarianceWindow",
       .values = values,
       .values_num = 1,
       .children = &child,
       .children_num = 1},
  };
  for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
    oconfig_item_t block = {.children = &items[i], .children_num = 1};
    ck_assert_int_eq(tcpstates_config_read(&config, &block), -EINVAL);
    ck_assert_uint_eq(collectd_log_lines(), i + 1);
  }
}
END_TEST

START_TEST(an_unknown_option_is_refused_with_those_that_are_known) {
  ck_assert_int_eq(read_number("LocalPorts", 80), -EINVAL);
  ck_assert_str_eq(
      collectd_log_text(),
      "<3> tcpstates: unknown option LocalPorts; known are "
      "Source, HalfOpenBy, WalkEvery, Peaks, CountSyns, ReportByFamily, "
      "ReportListeners, ReportCounters, ReportUnknown, "
      "Namespaces, NamespaceMatch, MaxNamespaces, "
      "LocalPort, VarianceWindow, ReadBudget\n");
}
END_TEST

START_TEST(namespaces_are_none_named_or_all) {
  char error[READING_OPTIONS_ERROR_MAX];
  ck_assert_int_eq(config.namespaces, READING_NAMESPACES_NONE);
  ck_assert_uint_eq(config.namespaces_max, 200);
  ck_assert_uint_eq(config.namespace_match.len, 0);
  ck_assert_int_eq(read_string("Namespaces", "named"), 0);
  ck_assert_int_eq(config.namespaces, READING_NAMESPACES_NAMED);
  ck_assert_int_eq(read_string("Namespaces", "ALL"), 0);
  ck_assert_int_eq(config.namespaces, READING_NAMESPACES_ALL);
  ck_assert_int_eq(read_boolean("Namespaces", true), -EINVAL);
  ck_assert_int_eq(read_string("Namespaces", "some"), -EINVAL);
  ck_assert_ptr_nonnull(strstr(collectd_log_text(),
                               "option Namespaces is \"some\"; it must be "
                               "\"none\", \"named\" or \"all\""));
  ck_assert_int_eq(reading_options_check(&config, error), 0);
  ck_assert_int_eq(read_string("Source", "proc"), 0);
  ck_assert_int_eq(reading_options_check(&config, error), -EINVAL);
  ck_assert_str_eq(error, "option Namespaces is \"all\", which needs netlink, "
                          "but option Source is \"proc\"");
}
END_TEST

START_TEST(patterns_of_namespaces_are_kept_in_their_order) {
  char long_one[NAMESPACE_PATTERN_MAX + 1];
  memset(long_one, 'a', sizeof(long_one));
  long_one[NAMESPACE_PATTERN_MAX] = '\0';
  ck_assert_int_eq(read_string("NamespaceMatch", "!web-2"), 0);
  ck_assert_int_eq(read_string("NamespaceMatch", "web*"), 0);
  ck_assert_uint_eq(config.namespace_match.len, 2);
  ck_assert_str_eq(config.namespace_match.pattern[0], "!web-2");
  ck_assert_str_eq(config.namespace_match.pattern[1], "web*");
  ck_assert_int_eq(read_string("NamespaceMatch", ""), -EINVAL);
  ck_assert_int_eq(read_string("NamespaceMatch", "!"), -EINVAL);
  ck_assert_int_eq(read_number("NamespaceMatch", 7), -EINVAL);
  ck_assert_int_eq(read_string("NamespaceMatch", long_one), -EINVAL);
  ck_assert_int_eq(read_string("NamespaceMatch", long_one + 1), 0);
  while (config.namespace_match.len < NAMESPACE_PATTERNS_MAX)
    ck_assert_int_eq(read_string("NamespaceMatch", "x"), 0);
  ck_assert_int_eq(read_string("NamespaceMatch", "x"), -EINVAL);
  ck_assert_ptr_nonnull(strstr(collectd_log_text(), "at most 64 times"));
}
END_TEST

SUITE(tcpstates_config) {
  Suite *suite = suite_create("tcpstates_config");
  TCase *tcase = tcase_create("options");
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, defaults_are_auto_with_counters_and_thirty_readings);
  tcase_add_test(tcase, each_option_sets_its_own_setting);
  tcase_add_test(tcase, half_open_by_is_one_of_three);
  tcase_add_test(tcase, what_needs_bpf_contradicts_what_excludes_it);
  tcase_add_test(tcase, both_ends_of_each_range_are_accepted);
  tcase_add_loop_test(tcase,
                      a_number_that_is_not_in_range_or_not_whole_is_refused, 0,
                      sizeof(no_windows) / sizeof(no_windows[0]));
  tcase_add_loop_test(
      tcase, a_budget_of_nothing_or_of_more_than_the_interval_is_refused, 0,
      sizeof(no_budgets) / sizeof(no_budgets[0]));
  tcase_add_test(tcase, a_refusal_names_the_option_the_value_and_the_range);
  tcase_add_test(tcase, another_type_is_never_converted);
  tcase_add_test(tcase, a_quoted_number_or_boolean_is_taken);
  tcase_add_test(tcase, a_quoted_number_is_refused_as_it_stands);
  tcase_add_test(tcase, a_port_given_twice_is_one_port);
  tcase_add_test(tcase, ports_beyond_the_limit_are_refused);
  tcase_add_test(tcase, namespaces_are_none_named_or_all);
  tcase_add_test(tcase, patterns_of_namespaces_are_kept_in_their_order);
  tcase_add_test(tcase, several_values_none_and_blocks_are_refused);
  tcase_add_test(tcase, an_unknown_option_is_refused_with_those_that_are_known);
  suite_add_tcase(suite, tcase);
  return suite;
}
