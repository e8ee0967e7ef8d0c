/* Names of namespaces: clean, bounded, and each its own. */
#include "table/namespace_name.h"

#include "scenes/suite.h"

#include <stdio.h>
#include <string.h>

static char name[NAMESPACE_NAME_MAX], host[NAMESPACE_HOST_MAX];

static const char *clean(const char *raw) {
  ck_assert(namespace_name_clean(raw, strlen(raw), name) == (raw[0] != '\0'));
  return name;
}

START_TEST(what_breaks_other_names_becomes_an_underscore) {
  ck_assert_str_eq(clean("web-1_A"), "web-1_A");
  ck_assert_str_eq(clean("a.b/c d@e'f\n$(g)\xc3\xa4"), "a_b_c_d_e_f___g___");
  ck_assert_str_eq(clean("../x"), "___x");
  ck_assert_str_eq(clean(""), "");
}
END_TEST

START_TEST(two_long_names_stay_two) {
  char one[200], two[200], first[NAMESPACE_NAME_MAX];
  memset(one, 'a', sizeof(one));
  one[199] = '\0';
  memcpy(two, one, sizeof(two));
  two[198] = 'b';
  memcpy(first, clean(one), sizeof(first));
  ck_assert_uint_eq(strlen(first), NAMESPACE_NAME_MAX - 1);
  ck_assert_str_ne(first, clean(two));
  ck_assert_str_eq(first, clean(one));
}
END_TEST

START_TEST(a_suffix_distinguishes_even_a_long_name) {
  char longest[NAMESPACE_NAME_MAX], before[NAMESPACE_NAME_MAX];
  memcpy(name, "web", 4);
  namespace_name_distinguish(name, "0123456789ab");
  ck_assert_str_eq(name, "web-0123456789ab");
  memset(longest, 'a', sizeof(longest));
  longest[NAMESPACE_NAME_MAX - 1] = '\0';
  memcpy(before, longest, sizeof(before));
  namespace_name_distinguish(longest, "2");
  ck_assert_str_ne(longest, before);
  ck_assert_uint_lt(strlen(longest), NAMESPACE_NAME_MAX);
}
END_TEST

START_TEST(name_and_host_have_63_bytes_together) {
  char long_host[200];
  namespace_name_of_host("web", "box.example", host);
  ck_assert_str_eq(host, "web@box.example");
  for (size_t len = 1; len < sizeof(long_host); len++) {
    memset(long_host, 'h', len);
    long_host[len] = '\0';
    namespace_name_of_host("a-name-that-is-quite-long-and-goes-on-for-ever-and",
                           long_host, host);
    ck_assert_uint_lt(strlen(host), NAMESPACE_HOST_MAX);
    ck_assert(strlen(host) <= 63 || strchr(host, '@') - host == 16);
    ck_assert_uint_ge((size_t)(strchr(host, '@') - host), 16);
  }
}
END_TEST

static bool wants(const char *a, const char *b, const char *of) {
  struct namespace_patterns patterns = {0};
  const char *given[] = {a, b};
  for (size_t i = 0; i < 2; i++)
    if (given[i] != NULL)
      snprintf(patterns.pattern[patterns.len++], NAMESPACE_PATTERN_MAX, "%s",
               given[i]);
  return namespace_name_is_wanted(&patterns, of);
}

START_TEST(the_first_pattern_that_fits_decides) {
  ck_assert(wants(NULL, NULL, "web"));
  ck_assert(wants("web*", NULL, "web-1"));
  ck_assert(!wants("web*", NULL, "db"));
  ck_assert(!wants("!web*", NULL, "web-1"));
  ck_assert(wants("!web*", NULL, "db"));
  ck_assert(wants("!web-2", "web*", "web-1"));
  ck_assert(!wants("!web-2", "web*", "web-2"));
  ck_assert(!wants("!web-2", "web*", "db"));
  ck_assert(wants("web-2", "!web*", "web-2"));
  ck_assert(wants("[ab]?", NULL, "b1"));
}
END_TEST

SUITE(namespace_name) {
  Suite *suite = suite_create("namespace_name");
  TCase *tcase = tcase_create("namespace_name");
  tcase_add_test(tcase, what_breaks_other_names_becomes_an_underscore);
  tcase_add_test(tcase, two_long_names_stay_two);
  tcase_add_test(tcase, a_suffix_distinguishes_even_a_long_name);
  tcase_add_test(tcase, name_and_host_have_63_bytes_together);
  tcase_add_test(tcase, the_first_pattern_that_fits_decides);
  suite_add_tcase(suite, tcase);
  return suite;
}
