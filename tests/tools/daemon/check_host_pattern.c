/* Which hosts a list of patterns means. */
#include "daemon/host_pattern.h"
#include "scenes/suite.h"

#include <string.h>

START_TEST(a_name_takes_itself_only) {
  ck_assert(host_pattern_takes("web1", "web1"));
  ck_assert(!host_pattern_takes("web1", "web10"));
  ck_assert(!host_pattern_takes("web1", "shop@web1"));
  ck_assert(!host_pattern_takes("web1", "WEB1"));
}
END_TEST

START_TEST(a_pattern_is_one_of_the_shell) {
  ck_assert(host_pattern_takes("web*", "web10"));
  ck_assert(host_pattern_takes("*@web1", "shop@web1"));
  ck_assert(!host_pattern_takes("*@web1", "web1"));
  ck_assert(host_pattern_takes("db[0-3]?", "db2x"));
  ck_assert(!host_pattern_takes("db[0-3]?", "db4x"));
}
END_TEST

START_TEST(one_of_several_is_enough) {
  ck_assert(host_pattern_takes("web1,*@web1", "web1"));
  ck_assert(host_pattern_takes("web1,*@web1", "shop@web1"));
  ck_assert(!host_pattern_takes("web1,*@web1", "shop@web2"));
  ck_assert(!host_pattern_takes("web1,", "web2"));
}
END_TEST

START_TEST(case_counts_unless_it_is_asked_not_to) {
  ck_assert(!host_pattern_takes("WEB*", "web1"));
  ck_assert(host_pattern_takes_any_case("WEB*", "web1"));
}
END_TEST

START_TEST(an_empty_or_endless_pattern_is_refused) {
  char longest[HOST_PATTERN_MAX + 1] = "";
  ck_assert(host_pattern_is_sound("web1,*@web1"));
  ck_assert(!host_pattern_is_sound(""));
  ck_assert(!host_pattern_is_sound(",web1"));
  ck_assert(!host_pattern_is_sound("web1,"));
  ck_assert(!host_pattern_is_sound("a,,b"));
  memset(longest, '*', HOST_PATTERN_MAX - 1);
  ck_assert(host_pattern_is_sound(longest));
  ck_assert(host_pattern_takes(longest, "web1"));
  longest[HOST_PATTERN_MAX - 1] = '*';
  ck_assert(!host_pattern_is_sound(longest));
  ck_assert(!host_pattern_takes(longest, "web1"));
}
END_TEST

SUITE(host_pattern) {
  Suite *suite = suite_create("host_pattern");
  TCase *tcase = tcase_create("host_pattern");
  tcase_add_test(tcase, a_name_takes_itself_only);
  tcase_add_test(tcase, a_pattern_is_one_of_the_shell);
  tcase_add_test(tcase, one_of_several_is_enough);
  tcase_add_test(tcase, case_counts_unless_it_is_asked_not_to);
  tcase_add_test(tcase, an_empty_or_endless_pattern_is_refused);
  suite_add_tcase(suite, tcase);
  return suite;
}
