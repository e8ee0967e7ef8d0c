/* collectd-baseline(5) and the snippet baseline.conf against the table of
 * rules: every option, its range, its default, and no other. */
#include "conf/conf_rules.h"
#include "scenes/manual_conf.h"
#include "scenes/manual_page.h"
#include "scenes/suite.h"
#include "verdict/rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct manual_page page;
static struct manual_conf conf;
static struct rules rules, before;
static char error[CONF_ERROR_MAX];

static void setup(void) {
  char *source = manual_page_load("man/collectd-baseline.5");

  manual_page_parse(source, &page);
  free(source);
  rules_defaults(&rules);
  rules_defaults(&before);
}

/* Where the page has the options of a block of the table. */
static const char *title_of(const char *block) {
  static char title[MANUAL_NAME_MAX];

  if (strcmp(block, "Incident") == 0)
    return "Every Incident";
  if (block[0] == '\0' || strcmp(block, "Watch") == 0 ||
      strcmp(block, "Maintenance") == 0)
    return block;
  snprintf(title, sizeof(title), "Incident %s", block);
  return title;
}

/* What the page says of a key: common to all incidents, or of this one. */
static const struct manual_option *said_of(const char *block,
                                           const struct rules_key *key) {
  const struct manual_option *own =
      manual_page_find(&page, title_of(block), key->key);
  if (!own)
    own = manual_page_find(&page, title_of(key->block), key->key);
  ck_assert_msg(own != NULL, "%s of \"%s\" is not in the page", key->key,
                key->block);
  return own;
}

static bool is_of(const struct rules_key *key, const char *title) {
  return strcmp(title_of(key->block), title) == 0 ||
         (strcmp(key->block, "Incident") == 0 &&
          (strncmp(title, "Incident ", 9) == 0 || strcmp(title, "Watch") == 0));
}

enum { CHOICES_MAX = 256 };

/* "a|b|c" as a page has it: "a | b | c ". */
static void spell_choices(const char *choices, char *text) {
  size_t len = 0;

  for (; *choices && len < CHOICES_MAX - 4; choices++)
    len += (size_t)snprintf(text + len, CHOICES_MAX - len,
                            *choices == '|' ? " %c " : "%c", *choices);
  memcpy(text + len, " ", 2);
}

START_TEST(every_option_is_in_the_page_with_its_choices) {
  char choices[CHOICES_MAX];
  struct rules_key key;

  for (size_t i = 0; rules_key_at(i, &key); i++) {
    const char *text = said_of(key.block, &key)->text;
    if (key.type == RULES_BOOLEAN)
      key.choices = "true|false";
    if (!key.choices)
      continue;
    spell_choices(key.choices, choices);
    ck_assert_msg(strncmp(text, choices, strlen(choices)) == 0,
                  "%s is \"%s\" in the page, not \"%s\"", key.key, text,
                  choices);
  }
}
END_TEST

START_TEST(the_page_has_each_option_once_and_no_other) {
  struct rules_key key;

  ck_assert_uint_gt(page.options_len, 0);
  for (size_t i = 0; i < page.options_len; i++) {
    const struct manual_option *option = &page.options[i];
    bool known = false;
    for (size_t k = 0; !known && rules_key_at(k, &key); k++)
      known = strcmp(key.key, option->key) == 0 && is_of(&key, option->block);
    ck_assert_msg(known, "%s of \"%s\" is no option", option->key,
                  option->block);
    ck_assert_ptr_eq(manual_page_find(&page, option->block, option->key),
                     option);
  }
}
END_TEST

START_TEST(every_name_of_an_option_in_the_text_is_one) {
  struct rules_key key;

  ck_assert_uint_gt(page.mentions_len, page.options_len);
  for (size_t i = 0; i < page.mentions_len; i++) {
    const char *name = page.mentions[i];
    bool known = rules_is_block(name);
    for (size_t k = 0; !known && rules_key_at(k, &key); k++)
      known = strcmp(key.key, name) == 0;
    ck_assert_msg(known, "Cm %s is no option", name);
  }
}
END_TEST

START_TEST(a_range_is_the_codes) {
  struct rules_key key;
  double min, max;

  for (size_t i = 0; rules_key_at(i, &key); i++) {
    if (key.type != RULES_NUMBER)
      continue;
    const struct manual_option *said = said_of(key.block, &key);
    ck_assert_msg(manual_page_range(said, &min, &max), "%s: no range", key.key);
    ck_assert_msg(memcmp(&min, &key.min, sizeof(min)) == 0 &&
                      memcmp(&max, &key.max, sizeof(max)) == 0,
                  "%s is not %.15g to %.15g", key.key, min, max);
  }
}
END_TEST

static struct rules_block enter(const char *block) {
  struct rules_block at = rules_top;

  if (strcmp(block, "Incident") == 0)
    block = rules_incident_name(INCIDENT_SYN_FLOOD);
  if (strcmp(block, "Watch") == 0)
    ck_assert_int_eq(rules_open(&rules, "Watch", "x", &at, error), 0);
  else if (strcmp(block, "Maintenance") == 0)
    ck_assert_int_eq(rules_open(&rules, block, "x", &at, error), 0);
  else if (block[0] != '\0')
    ck_assert_int_eq(rules_open(&rules, "Incident", block, &at, error), 0);
  memcpy(&before, &rules, sizeof(rules));
  return at;
}

/* A value of the key's type, as the configuration would have it. */
static struct rules_value value_of(const struct rules_key *key,
                                   const char *text) {
  struct rules_value value = {.type = key->type, .string = text};
  char *end = NULL;

  if (key->type == RULES_NUMBER)
    value.number = strtod(text, &end);
  value.boolean = strcmp(text, "true") == 0;
  ck_assert_msg(!end || (end != text && *end == '\0'), "%s: default %s",
                key->key, text);
  ck_assert(key->type != RULES_BOOLEAN || value.boolean ||
            strcmp(text, "false") == 0);
  return value;
}

static void check_default(const char *block, const struct rules_key *key) {
  char text[MANUAL_NAME_MAX];

  ck_assert_msg(manual_page_default(said_of(block, key), text),
                "%s of \"%s\": no default", key->key, block);
  struct rules_value value = value_of(key, text);
  struct rules_block at = enter(block);
  int rc = rules_set(&rules, &at, key->key, &value, error);
  ck_assert_msg(rc == 0, "%s", error);
  if (at.type == RULES_WATCH) /* that a pattern was given is not its value */
    rules.series[at.index].has_pattern = before.series[at.index].has_pattern;
  if (at.type == RULES_MAINTENANCE)
    rules.maintenance[at.index].is_limited = false;
  ck_assert_msg(memcmp(&rules, &before, sizeof(rules)) == 0,
                "the default of %s of \"%s\" is not %s", key->key, block, text);
}

START_TEST(a_default_is_the_codes_in_every_block) {
  struct rules_key key;

  for (size_t i = 0; rules_key_at(i, &key); i++) {
    check_default(key.block, &key);
    if (strcmp(key.block, "Incident") != 0)
      continue;
    check_default("Watch", &key); /* what is common may have its own there */
    for (int k = 0; k < INCIDENT_COUNT; k++)
      check_default(rules_incident_name((enum incident_kind)k), &key);
  }
}
END_TEST

START_TEST(a_number_is_called_whole_where_it_has_to_be) {
  struct rules_key key;

  for (size_t i = 0; rules_key_at(i, &key); i++) {
    if (key.type != RULES_NUMBER)
      continue;
    struct rules_block at = enter(key.block);
    struct rules_value half = {RULES_NUMBER, floor(key.min) + 1.5, false, NULL};
    bool whole = rules_set(&rules, &at, key.key, &half, error) != 0;
    bool said = strstr(said_of(key.block, &key)->text, "hole number") != NULL;
    ck_assert_msg(whole == said, "%s", key.key);
  }
}
END_TEST

START_TEST(the_length_of_a_string_is_the_codes) {
  static char text[RULES_PATH_MAX + 2];
  struct rules_key key;
  int strings = 0;

  for (size_t i = 0; rules_key_at(i, &key); i++) {
    if (key.type != RULES_STRING || key.choices || key.form)
      continue;
    size_t most = 0;
    const char *said = strstr(said_of(key.block, &key)->text, "t most ");
    ck_assert_msg(said && sscanf(said, "t most %zu characters", &most) == 1 &&
                      most < sizeof(text) - 1,
                  "%s: no length", key.key);
    memset(text, 'x', most + 1);
    text[most + 1] = '\0';
    struct rules_block at = enter(key.block);
    struct rules_value value = {.type = RULES_STRING, .string = text};
    ck_assert_int_ne(rules_set(&rules, &at, key.key, &value, error), 0);
    text[most] = '\0';
    ck_assert_int_eq(rules_set(&rules, &at, key.key, &value, error), 0);
    strings++;
  }
  ck_assert_int_gt(strings, 1);
}
END_TEST

/* Taken as the plugin takes it. Returns the blocks found. */
static size_t take(const char *text) {
  size_t blocks = 0;
  int rc = conf_rules_read_text("x", text, strlen(text), &rules, &blocks, NULL,
                                error);

  ck_assert_msg(rc == 0, "%s\n%s", error, text);
  return blocks;
}

START_TEST(every_example_in_the_page_is_accepted) {
  size_t blocks = 0;

  for (size_t i = 0; i < page.displays_len; i++)
    if (strstr(page.displays[i], "Plugin"))
      blocks += take(page.displays[i]);
  ck_assert_uint_ge(blocks, 3);
}
END_TEST

START_TEST(the_snippet_as_it_is_sets_nothing) {
  char *text = manual_page_load("collectd.conf.d/baseline.conf");

  take(text);
  ck_assert_int_eq(memcmp(&rules, &before, sizeof(rules)), 0);
  ck_assert_ptr_nonnull(strstr(text, "LoadPlugin baseline\n"));
  free(text);
}
END_TEST

START_TEST(the_snippet_has_every_option_and_its_default) {
  char *text = manual_page_load("collectd.conf.d/baseline.conf");
  char *all = manual_conf_uncomment(text);
  struct rules_key key;

  ck_assert_uint_eq(take(all), 1);
  rules.series_len = 0; /* a <Watch> is an example */
  memset(rules.series, 0, sizeof(rules.series));
  rules.maintenance_len = 0; /* so is a <Maintenance> */
  memset(rules.maintenance, 0, sizeof(rules.maintenance));
  ck_assert_int_eq(memcmp(&rules, &before, sizeof(rules)), 0);
  ck_assert_int_eq(manual_conf_read(all, "baseline", &conf, error), 0);
  for (size_t i = 0; rules_key_at(i, &key); i++) {
    bool there = manual_conf_sets(&conf, key.block, key.key);
    for (int k = 0; strcmp(key.block, "Incident") == 0 && k < INCIDENT_COUNT;
         k++)
      there = there ||
              manual_conf_sets(
                  &conf, rules_incident_name((enum incident_kind)k), key.key);
    ck_assert_msg(there, "%s of \"%s\" is not in the snippet", key.key,
                  key.block);
  }
  free(all);
  free(text);
}
END_TEST

SUITE(manual) {
  Suite *suite = suite_create("manual");
  TCase *tests = tcase_create("baseline");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, every_option_is_in_the_page_with_its_choices);
  tcase_add_test(tests, the_page_has_each_option_once_and_no_other);
  tcase_add_test(tests, every_name_of_an_option_in_the_text_is_one);
  tcase_add_test(tests, a_range_is_the_codes);
  tcase_add_test(tests, a_default_is_the_codes_in_every_block);
  tcase_add_test(tests, a_number_is_called_whole_where_it_has_to_be);
  tcase_add_test(tests, the_length_of_a_string_is_the_codes);
  tcase_add_test(tests, every_example_in_the_page_is_accepted);
  tcase_add_test(tests, the_snippet_as_it_is_sets_nothing);
  tcase_add_test(tests, the_snippet_has_every_option_and_its_default);
  suite_add_tcase(suite, tests);
  return suite;
}
