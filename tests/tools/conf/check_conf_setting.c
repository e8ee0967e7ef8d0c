/* conf_setting: settings of the command line are those of the configuration,
 * and a wrong one changes nothing. */
#include "conf/conf_setting.h"
#include "scenes/suite.h"

#include <errno.h>
#include <string.h>

static struct rules rules;
static char error[RULES_ERROR_MAX];

static void setup(void) {
  struct rules_block block;

  rules_defaults(&rules);
  ck_assert_int_eq(rules_open(&rules, "Watch", "load.1m", &block, error), 0);
  ck_assert_int_eq(rules_open(&rules, "Maintenance", "night", &block, error),
                   0);
}

static void assert_set(const char *setting) {
  int rc = conf_setting_apply(&rules, setting, error);
  ck_assert_msg(rc == 0, "%s: %s", setting, error);
}

static void assert_refused(const char *setting, const char *words) {
  struct rules before = rules;

  ck_assert_int_eq(conf_setting_apply(&rules, setting, error), -EINVAL);
  ck_assert_msg(strstr(error, words) != NULL, "%s: %s", setting, error);
  ck_assert_mem_eq(&before, &rules, sizeof(rules));
}

START_TEST(sets_options_of_every_kind_of_block) {
  assert_set("WarmUp=0");
  ck_assert(rules.warm_up_s == 0);
  assert_set("syn_flood.MinExcess=20.5");
  ck_assert(rules.syn_flood.min_excess == 20.5);
  assert_set("state_shift.enable=yes");
  ck_assert(rules.incident[INCIDENT_STATE_SHIFT].enable);
  assert_set("load.1m.Sigmas=8");
  ck_assert(rules.series[0].sigmas == 8);
  assert_set("load.1m.Plugin=a=b");
  ck_assert_str_eq(rules.series[0].plugin, "a=b");
  assert_set("night.Host=web*");
  ck_assert_str_eq(rules.maintenance[0].host, "web*");
  assert_set("StateFile=");
  ck_assert_str_eq(rules.state_file, "");
}
END_TEST

START_TEST(says_what_is_wrong) {
  assert_refused("WarmUp", "KEY=VALUE");
  assert_refused("=1", "KEY=VALUE");
  assert_refused("", "KEY=VALUE");
  assert_refused("None=1", "unknown option None");
  assert_refused("syn_flood.None=1", "unknown option None");
  assert_refused("syn_flood.MinExcess=many", "it must be a number");
  assert_refused("syn_flood.MinExcess=", "it must be a number");
  assert_refused("WarmUp=-1", "it must be a number from 0");
  assert_refused("other.Sigmas=8", "no <Watch> or <Maintenance>");
  assert_refused(".Sigmas=8", "no <Watch> or <Maintenance>");
}
END_TEST

START_TEST(a_long_key_is_refused) {
  char setting[5000];

  memset(setting, 'k', sizeof(setting) - 1);
  setting[sizeof(setting) - 1] = '\0';
  assert_refused(setting, "KEY=VALUE");
  setting[sizeof(setting) - 5] = '=';
  assert_refused(setting, "KEY=VALUE");
  memcpy(setting, "load.1m.Plugin=", 15);
  assert_refused(setting, "a string of at most 127");
}
END_TEST

SUITE(conf_setting) {
  Suite *suite = suite_create("conf_setting");
  TCase *tcase = tcase_create("conf_setting");

  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, sets_options_of_every_kind_of_block);
  tcase_add_test(tcase, says_what_is_wrong);
  tcase_add_test(tcase, a_long_key_is_refused);
  suite_add_tcase(suite, tcase);
  return suite;
}
