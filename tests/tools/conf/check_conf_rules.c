/* conf_rules: what the daemon reads in a collectd.conf means the same here,
 * and what the plugin refuses is refused with the same words and the line. */
#define _GNU_SOURCE
#include "conf/conf_rules.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IN(lines) "<Plugin baseline>\n" lines "</Plugin>\n"

static struct rules rules, before;
static size_t blocks;
static char *base_wanted;
static char error[CONF_ERROR_MAX];

static void setup(void) {
  rules_defaults(&rules);
  before = rules;
  blocks = 0;
  base_wanted = NULL;
  error[0] = '\0';
}

static int read_text(const char *text) {
  return conf_rules_read_text("x.conf", text, strlen(text), &rules, &blocks,
                              base_wanted, error);
}

START_TEST(a_later_block_may_set_what_an_earlier_one_contradicts) {
  ck_assert_msg(read_text("<Plugin baseline>\n<Incident \"syn_flood\">\n"
                          "CompletionFailure 80\n</Incident>\n</Plugin>\n"
                          "<Plugin baseline>\n<Incident \"syn_flood\">\n"
                          "CompletionWarning 90\n</Incident>\n</Plugin>\n") ==
                    0,
                "%s", error);
}
END_TEST

static void assert_taken(const char *text) {
  int rc = read_text(text);
  ck_assert_msg(rc == 0, "%s\nrefused: %s", text, error);
}

static void assert_refused(const char *text, const char *words) {
  int rc = read_text(text);
  ck_assert_msg(rc == -EINVAL, "taken: %s", text);
  ck_assert_msg(strstr(error, words), "\"%s\" is not in: %s", words, error);
}

static const struct {
  const char *text;
  double warm_up_s;
} numbers[] = {
    {"WarmUp 300", 300},      {"warmup 300", 300},
    {"WarmUp +300", 300},     {"WarmUp 300.5", 300.5},
    {"WarmUp .5", 0.5},       {"WarmUp 1.5e+2", 150},
    {"WarmUp 0x1F", 31},      {"WarmUp 017", 17},
    {"WarmUp 300 # s", 300},  {"WarmUp\t300", 300},
    {"WarmUp \\\n 300", 300}, {"WarmUp = 300;", 300},
    {"WarmUp 300\r", 300},    {"WarmUp 5.", 5},
    {"WarmUp \"300\"", 300},  {"WarmUp \"1.5e+2\"", 150},
};

START_TEST(number_is_read_as_the_daemon_reads_it) {
  char text[128];

  snprintf(text, sizeof(text), IN("%s\n"), numbers[_i].text);
  assert_taken(text);
  ck_assert_double_eq(rules.warm_up_s, numbers[_i].warm_up_s);
}
END_TEST

START_TEST(six_words_are_booleans) {
  static const char *const words[] = {"true",  "yes", "on",
                                      "false", "no",  "off"};
  char text[128];

  for (int i = 0; i < 6; i++) {
    rules.incident[INCIDENT_SYN_FLOOD].enable = i >= 3;
    snprintf(text, sizeof(text),
             IN("<Incident \"syn_flood\">\nEnable %s\n</Incident>\n"),
             words[i]);
    assert_taken(text);
    ck_assert_int_eq(rules.incident[INCIDENT_SYN_FLOOD].enable, i < 3);
  }
  assert_taken(IN("<Incident \"syn_flood\">\nEnable \"yes\"\n</Incident>\n"));
  ck_assert(rules.incident[INCIDENT_SYN_FLOOD].enable);
  assert_taken(IN("<Incident \"syn_flood\">\nEnable Off\n</Incident>\n"));
  ck_assert(!rules.incident[INCIDENT_SYN_FLOOD].enable);
  assert_refused(IN("<Incident \"syn_flood\">\nEnable maybe\n</Incident>\n"),
                 "x.conf:3: option Enable is \"maybe\"; it must be true or");
}
END_TEST

static const struct {
  const char *text, *state_file;
} strings[] = {
    {"\"/var/lib/x\"", "/var/lib/x"},
    {"\"a b # c\"", "a b # c"},
    {"\"a\\\"b\\\\c\\d\"", "a\"b\\cd"},
    {"\"a\\\n   b\"", "ab"},
    {"\"a\\\n\tb\\\n c\"", "abc"},
    {"\"a\nb\"", "a\nb"},
    {"plain_word", "plain_word"},
    {"10s", "10s"},
    {"10.0.0.1", "10.0.0.1"},
    {"10.0.0.1:80", "10.0.0.1:80"},
    {"2001:db8::1", "2001:db8::1"},
    {"[::1]:80", "[::1]:80"},
    {"1::10.0.0.1:80", "1::10.0.0.1:80"},
};

START_TEST(string_loses_quotes_escapes_and_joints) {
  char text[256];

  snprintf(text, sizeof(text), IN("StateFile %s\n"), strings[_i].text);
  assert_taken(text);
  ck_assert_str_eq(rules.state_file, strings[_i].state_file);
}
END_TEST

START_TEST(only_blocks_of_baseline_are_applied) {
  assert_taken("# a comment \"\n"
               "Hostname \"h\"\nLoadPlugin cpu\n"
               "<LoadPlugin baseline>\n  Interval 5\n</LoadPlugin>\n"
               "<Plugin cpu>\n  WarmUp 1\n  <Inner 5 \"x\" on>\n    A 1\n"
               "  </Inner>\n</Plugin>\n"
               "<Chain \"PostCache\">\n  <Rule>\n    <Target \"write\">\n"
               "    </Target>\n  </Rule>\n</Chain>\n"
               "<plugin \"BaseLine\">\n  MaxHosts 7\n</plugin>\n"
               "<Plugin baseline>\n  WarmUp 60\n"
               "  <Incident \"syn_flood\">\n    MinExcess 20\n  </Incident>\n"
               "</Plugin>\n");
  ck_assert_uint_eq(blocks, 2);
  before.max_hosts = 7;
  before.warm_up_s = 60;
  before.syn_flood.min_excess = 20;
  ck_assert_mem_eq(&rules, &before, sizeof(rules));
}
END_TEST

START_TEST(watch_block_is_added) {
  assert_taken(IN("<Watch \"load\">\n  Plugin \"load\"\n  Direction above\n"
                  "</Watch>\n"));
  ck_assert_uint_eq(rules.series_len, 1);
  ck_assert_str_eq(rules.series[0].name, "load");
  ck_assert_str_eq(rules.series[0].plugin, "load");
}
END_TEST

static const struct {
  const char *text, *words;
} mistakes[] = {
    {IN("WarmUp -1\n"), "x.conf:2: option WarmUp is -1; it must be"},
    {IN("\n\nBogus 1\n"), "x.conf:4: unknown option Bogus; known are:"},
    {IN("WarmUp 1 2\n"), "x.conf:2: option WarmUp needs exactly one value"},
    {IN("StateFile a/b\n"), "x.conf:2: found / where a value or the end"},
    {IN("<Incident \"x\">\nEnable on\n</Incident>\n"),
     "x.conf:2: unknown incident \"x\""},
    {IN("<Incident>\nEnable on\n</Incident>\n"),
     "x.conf:2: block <Incident> needs exactly one name"},
    {IN("<Bogus \"x\">\nEnable on\n</Bogus>\n"), "x.conf:2: unknown block"},
    {IN("<Incident \"syn_flood\">\n<Sigmas 5>\nA 1\n</Sigmas>\n</Incident>\n"),
     "x.conf:3: option Sigmas needs exactly one value"},
    {IN("<Incident \"syn_flood\">\nCompletionFailure 99\n</Incident>\n"),
     "x.conf:2: option CompletionFailure is 99"},
    {"A 1\n<Plugin baseline>\n", "x.conf:2: the block <Plugin> is not closed"},
    {"<Plugin baseline>\n</plugin>\n",
     "x.conf:2: found </plugin>, but the open block is <Plugin> of line 1"},
    {"</Plugin>\n", "x.conf:1: </Plugin> closes a block that is not open"},
    {"A\n", "x.conf:1: the line ends where a value is expected"},
    {"A 1", "x.conf:1: the text ends where a value or the end of the line"},
    {"A \"b\n\n", "x.conf:1: a quoted string is not closed"},
    {"\"A\" 1\n", "x.conf:1: found \"A\" where the name of an option"},
    {"5 1\n", "x.conf:1: found 5 where the name of an option"},
    {"<A> B 1\n</A>\n", "x.conf:1: found B where the end of the line"},
    {"<A\n</A>\n", "x.conf:1: the line ends where the > of a block"},
    {"< >\n", "x.conf:1: found > where the name of an option"},
    {"<A>\n</ >\n", "x.conf:2: found > where the name of the block to close"},
    {IN("<Watch \"all\">\n</Watch>\n"),
     "x.conf:2: <Watch \"all\"> has no pattern"},
};

START_TEST(mistake_is_refused_with_its_line) {
  assert_refused(mistakes[_i].text, mistakes[_i].words);
}
END_TEST

START_TEST(block_without_content_is_an_option) {
  assert_taken(
      IN("<WarmUp 5>\n</WarmUp>\nIncident \"syn_flood\"\n"
         "<Incident \"syn_flood\">\n</Incident>\n<Bogus>\n</Bogus>\n"));
  before.warm_up_s = 5;
  ck_assert_mem_eq(&rules, &before, sizeof(rules));
  assert_refused(IN("<Bogus 5>\n</Bogus>\n"), "x.conf:2: unknown option Bogus");
}
END_TEST

START_TEST(include_in_a_text_is_passed_over) {
  assert_taken("Include \"/a\"\n" IN("WarmUp 5\n"));
  ck_assert_double_eq(rules.warm_up_s, 5);
}
END_TEST

static char folder[64];

static void write_file(const char *name, const char *text) {
  char path[128];

  snprintf(path, sizeof(path), "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  ck_assert_int_ge(fputs(text, file), 0);
  ck_assert_int_eq(fclose(file), 0);
}

static int read_main(const char *text) {
  char path[128];

  write_file("main", text);
  snprintf(path, sizeof(path), "%s/main", folder);
  return conf_rules_read_file(path, &rules, &blocks, NULL, error);
}

/* And the included file stands between what is before and behind it. */
START_TEST(what_an_included_file_contradicts_may_be_set_behind_it) {
  char text[512], command[128];

  strcpy(folder, "/tmp/check_conf_rules.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  write_file("a", IN("WarmUp 6\nMaxHosts 6\n<Incident \"syn_flood\">\n"
                     "CompletionFailure 80\n</Incident>\n"));
  snprintf(text, sizeof(text),
           IN("WarmUp 5\n") "Include \"%s/a\"\n" IN(
               "MaxHosts 7\n<Incident \"syn_flood\">\n"
               "CompletionWarning 90\n</Incident>\n"),
           folder);
  ck_assert_msg(read_main(text) == 0, "%s", error);
  ck_assert_double_eq(rules.warm_up_s, 6);
  ck_assert_double_eq(rules.max_hosts, 7);
  ck_assert_uint_eq(blocks, 3);
  rules_defaults(&rules);
  snprintf(text, sizeof(text), "Include \"%s/a\"\nInclude \"%s/none\"\n",
           folder, folder);
  ck_assert_int_eq(read_main(text), -EINVAL);
  ck_assert_ptr_nonnull(strstr(error, "/a:4: option CompletionFailure is 80"));
  snprintf(command, sizeof(command), "rm -rf %s", folder);
  ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(base_dir_is_told_to_whoever_asks) {
  char base_dir[RULES_PATH_MAX] = "as it was";
  assert_taken("BaseDir \"/a\"\n"); /* nobody asks */
  base_wanted = base_dir;
  assert_taken("<Plugin \"csv\">\n  BaseDir \"/b\"\n</Plugin>\nBaseDir 5\n");
  ck_assert_str_eq(base_dir, "as it was");
  assert_taken("BaseDir \"/a\"\nbasedir \"/c d\"\n" IN("WarmUp 300\n"));
  ck_assert_str_eq(base_dir, "/c d");
  ck_assert_double_eq(rules.warm_up_s, 300);
}
END_TEST

START_TEST(depth_of_blocks_is_bounded) {
  char text[4 * CONF_DEPTH_MAX + 8] = "";

  for (int i = 0; i <= CONF_DEPTH_MAX; i++)
    strcat(text, "<A>\n");
  assert_refused(text, "x.conf:65: blocks are nested deeper than 64");
}
END_TEST

START_TEST(value_of_any_length_is_refused_as_too_long) {
  size_t size = 100000;
  char *text = malloc(size);

  ck_assert_ptr_nonnull(text);
  memset(text, 'a', size);
  memcpy(text, "<Plugin baseline>\nStateFile \"", 29);
  memcpy(text + size - 12, "\"\n</Plugin>\n", 12);
  int rc =
      conf_rules_read_text("x.conf", text, size, &rules, &blocks, NULL, error);
  ck_assert_int_eq(rc, -EINVAL);
  ck_assert_ptr_nonnull(strstr(error, "x.conf:2: option StateFile is \"aaa"));
  free(text);
}
END_TEST

START_TEST(text_that_is_cut_is_refused) {
  static const char text[] =
      IN("WarmUp 5\n<Incident \"syn_flood\">\nSigmas 5\n</Incident>\n");

  for (size_t length = 1; length + 1 < sizeof(text); length++) {
    char *cut = malloc(length); /* its end is watched by the sanitizer */
    ck_assert_ptr_nonnull(cut);
    memcpy(cut, text, length);
    int rc = conf_rules_read_text("x.conf", cut, length, &rules, &blocks, NULL,
                                  error);
    ck_assert_msg(rc == -EINVAL, "taken at %zu", length);
    free(cut);
  }
  assert_taken(text);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

SUITE(conf_rules) {
  Suite *suite = suite_create("conf_rules");
  TCase *tcase = tcase_create("conf_rules");

  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, a_later_block_may_set_what_an_earlier_one_contradicts);
  tcase_add_loop_test(tcase, number_is_read_as_the_daemon_reads_it, 0,
                      COUNT(numbers));
  tcase_add_test(tcase, six_words_are_booleans);
  tcase_add_loop_test(tcase, string_loses_quotes_escapes_and_joints, 0,
                      COUNT(strings));
  tcase_add_test(tcase, only_blocks_of_baseline_are_applied);
  tcase_add_test(tcase, watch_block_is_added);
  tcase_add_loop_test(tcase, mistake_is_refused_with_its_line, 0,
                      COUNT(mistakes));
  tcase_add_test(tcase, block_without_content_is_an_option);
  tcase_add_test(tcase, include_in_a_text_is_passed_over);
  tcase_add_test(tcase, what_an_included_file_contradicts_may_be_set_behind_it);
  tcase_add_test(tcase, base_dir_is_told_to_whoever_asks);
  tcase_add_test(tcase, depth_of_blocks_is_bounded);
  tcase_add_test(tcase, value_of_any_length_is_refused_as_too_long);
  tcase_add_test(tcase, text_that_is_cut_is_refused);
  suite_add_tcase(suite, tcase);
  return suite;
}
