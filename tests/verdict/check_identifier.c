/* Identifiers of watched series, and which <Watch> one belongs to. */
#include "scenes/suite.h"
#include "verdict/series.h"

#include <errno.h>
#include <string.h>

static struct rules rules;
static char parts[SERIES_IDENTIFIER_MAX];
static struct series_name name;

static void setup(void) { rules_defaults(&rules); }

static void set(const struct rules_block *block, const char *key,
                const char *text) {
  struct rules_value value = {.type = RULES_STRING, .string = text};
  char error[RULES_ERROR_MAX];
  ck_assert_int_eq(rules_set(&rules, block, key, &value, error), 0);
}

static struct rules_block open_watch(const char *called) {
  struct rules_block block;
  char error[RULES_ERROR_MAX];
  ck_assert_int_eq(rules_open(&rules, "Watch", called, &block, error), 0);
  return block;
}

static const char *watch_of(struct series_name of) {
  const struct series_rules *found = identifier_match(&rules, &of);
  return found ? found->name : "none";
}

static const struct {
  const char *identifier;
  struct series_name name;
} split[] = {
    {"h/p/t", {"h", "p", "", "t", "", ""}},
    {"h/p-i/t-j", {"h", "p", "i", "t", "j", ""}},
    {"www.example.org/df-root/df_complex-free",
     {"www.example.org", "df", "root", "df_complex", "free", ""}},
    {"a-b/p-i-k/t-j-l", {"a-b", "p", "i-k", "t", "j-l", ""}},
    {"h/p/if_octets-eth0:rx", {"h", "p", "", "if_octets", "eth0", "rx"}},
    {"h/p-fe80::1/t:tx", {"h", "p", "fe80::1", "t", "", "tx"}},
    {"h/p/t-a:b:rx", {"h", "p", "", "t", "a:b", "rx"}},
    {"h/p/t-a/b", {"h", "p", "", "t", "a/b", ""}},
    {"two words/p/t-%", {"two words", "p", "", "t", "%", ""}},
};
enum { SPLIT = sizeof(split) / sizeof(split[0]) };

START_TEST(an_identifier_is_cut_into_its_parts) {
  const struct series_name *expected = &split[_i].name;
  ck_assert_int_eq(identifier_split(split[_i].identifier, parts, &name), 0);
  ck_assert_str_eq(name.host, expected->host);
  ck_assert_str_eq(name.plugin, expected->plugin);
  ck_assert_str_eq(name.plugin_instance, expected->plugin_instance);
  ck_assert_str_eq(name.type, expected->type);
  ck_assert_str_eq(name.type_instance, expected->type_instance);
  ck_assert_str_eq(name.data_source, expected->data_source);
}
END_TEST

static const char *const none[] = {"",     "h",   "h/p",   "/p/t", "h//t",
                                   "h/p/", "h/-", "h/p/-", "//",   "h/p/:x"};
enum { NONE = sizeof(none) / sizeof(none[0]) };

START_TEST(what_lacks_a_part_is_no_identifier) {
  ck_assert_int_eq(identifier_split(none[_i], parts, &name), -EINVAL);
}
END_TEST

START_TEST(what_is_too_long_is_no_identifier) {
  char longer[SERIES_IDENTIFIER_MAX + 1];
  memset(longer, 'x', sizeof(longer));
  memcpy(longer, "h/p/", 4);
  longer[SERIES_IDENTIFIER_MAX] = '\0';
  ck_assert_int_eq(identifier_split(longer, parts, &name), -EINVAL);
  longer[SERIES_IDENTIFIER_MAX - 1] = '\0';
  ck_assert_int_eq(identifier_split(longer, parts, &name), 0);
}
END_TEST

START_TEST(without_a_watch_nothing_is_watched) {
  ck_assert_str_eq(watch_of((struct series_name){"h", "p", "", "t", "", ""}),
                   "none");
}
END_TEST

START_TEST(without_a_pattern_everything_is) {
  open_watch("all");
  ck_assert_str_eq(watch_of((struct series_name){"h", "p", "", "t", "", ""}),
                   "all");
}
END_TEST

static const struct {
  const char *key, *pattern;
  struct series_name name;
  bool matches;
} patterns[] = {
    {"Host", "www*", {"www1", "p", "i", "t", "j", ""}, true},
    {"Host", "www*", {"awww1", "p", "i", "t", "j", ""}, false},
    {"Host", "www?", {"www1", "p", "i", "t", "j", ""}, true},
    {"Host", "www?", {"www12", "p", "i", "t", "j", ""}, false},
    {"Host", "www[1-3]", {"www2", "p", "i", "t", "j", ""}, true},
    {"Host", "www[1-3]", {"www4", "p", "i", "t", "j", ""}, false},
    {"Host", "www[!1]", {"www4", "p", "i", "t", "j", ""}, true},
    {"Host", "WWW", {"www", "p", "i", "t", "j", ""}, false},
    {"Host", "a\\*", {"a*", "p", "i", "t", "j", ""}, true},
    {"Host", "a\\*", {"ab", "p", "i", "t", "j", ""}, false},
    {"Host", "a[", {"a[", "p", "i", "t", "j", ""}, true},
    {"Plugin", "df", {"h", "df", "i", "t", "j", ""}, true},
    {"Plugin", "df", {"h", "dfx", "i", "t", "j", ""}, false},
    {"PluginInstance", "root", {"h", "p", "root", "t", "j", ""}, true},
    {"PluginInstance", "root", {"h", "p", "", "t", "j", ""}, false},
    {"PluginInstance", "*", {"h", "p", "", "t", "j", ""}, true},
    {"PluginInstance", "?*", {"h", "p", "", "t", "j", ""}, false},
    {"Type", "if_*", {"h", "p", "i", "if_octets", "j", ""}, true},
    {"Type", "if_*", {"h", "p", "i", "octets", "j", ""}, false},
    {"TypeInstance", "*rx", {"h", "p", "i", "t", "eth0/rx", ""}, true},
    {"TypeInstance", ".*", {"h", "p", "i", "t", ".hidden", ""}, true},
    {"TypeInstance", "", {"h", "p", "i", "t", "", ""}, true},
    {"TypeInstance", "", {"h", "p", "i", "t", "j", ""}, false},
};
enum { PATTERNS = sizeof(patterns) / sizeof(patterns[0]) };

START_TEST(patterns_are_those_of_the_shell) {
  struct rules_block block = open_watch("w");
  set(&block, patterns[_i].key, patterns[_i].pattern);
  ck_assert_str_eq(watch_of(patterns[_i].name),
                   patterns[_i].matches ? "w" : "none");
}
END_TEST

START_TEST(every_pattern_must_match) {
  struct rules_block block = open_watch("w");
  set(&block, "Plugin", "df");
  set(&block, "Type", "df_complex");
  ck_assert_str_eq(
      watch_of((struct series_name){"h", "df", "", "df_complex", "", ""}), "w");
  ck_assert_str_eq(
      watch_of((struct series_name){"h", "df", "", "df_inodes", "", ""}),
      "none");
}
END_TEST

START_TEST(the_first_that_matches_has_it) {
  struct rules_block first = open_watch("first"), second = open_watch("second");
  set(&first, "Plugin", "d*");
  set(&second, "Plugin", "df");
  ck_assert_str_eq(watch_of((struct series_name){"h", "df", "", "t", "", ""}),
                   "first");
  rules.series[first.index].incident.enable = false;
  ck_assert_str_eq(watch_of((struct series_name){"h", "df", "", "t", "", ""}),
                   "second");
}
END_TEST

static const struct {
  const char *identifier;
  size_t size;
  const char *flat;
} flattened[] = {
    {"web1/load/load:shortterm", 119, "load_load_shortterm"},
    {"web1/df-root/df_complex-free", 119, "df-root_df_complex-free"},
    {"web1/p/t-a/b:c", 119, "p_t-a_b_c"},
    {"web1/load/load", 10, "load_load"},
    {"web1/plugin/type-instance", 20, "plugin_typ-c4cf24f9"},
    {"web1/plugin/type-instanc2", 20, "plugin_typ-95cedafc"},
    {"web1/p/t-x\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 16, NULL},
};
enum { FLATTENED = sizeof(flattened) / sizeof(flattened[0]) };

/* What is cut is cut between characters. */
START_TEST(an_identifier_in_one_piece_fits) {
  char flat[128];
  identifier_flatten(flattened[_i].identifier, flat, flattened[_i].size);
  ck_assert_uint_lt(strlen(flat), flattened[_i].size);
  if (flattened[_i].flat)
    ck_assert_str_eq(flat, flattened[_i].flat);
  else
    ck_assert_int_eq(strncmp(flat, "p_t-x-", 6), 0);
}
END_TEST

SUITE(identifier) {
  Suite *suite = suite_create("series_name");
  TCase *tcase = tcase_create("series_name");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_loop_test(tcase, an_identifier_is_cut_into_its_parts, 0, SPLIT);
  tcase_add_loop_test(tcase, what_lacks_a_part_is_no_identifier, 0, NONE);
  tcase_add_test(tcase, what_is_too_long_is_no_identifier);
  tcase_add_test(tcase, without_a_watch_nothing_is_watched);
  tcase_add_test(tcase, without_a_pattern_everything_is);
  tcase_add_loop_test(tcase, patterns_are_those_of_the_shell, 0, PATTERNS);
  tcase_add_loop_test(tcase, an_identifier_in_one_piece_fits, 0, FLATTENED);
  tcase_add_test(tcase, every_pattern_must_match);
  tcase_add_test(tcase, the_first_that_matches_has_it);
  suite_add_tcase(suite, tcase);
  return suite;
}
