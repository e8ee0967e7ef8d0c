/* collectd-tcpstates(5) and the snippet tcpstates.conf against the options of
 * the plugin, which names them and what they accept when it refuses one. */
#include "collectd.h"

#include "scenes/collectd_log.h"
#include "scenes/manual_conf.h"
#include "scenes/manual_page.h"
#include "scenes/suite.h"
#include "tcpstates/tcpstates_config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 32 };

static struct manual_page page;
static struct manual_conf conf;
static struct reading_options config, before;
static char keys[KEYS_MAX][MANUAL_NAME_MAX];
static size_t keys_len;

static int set(const char *key, oconfig_value_t value) {
  oconfig_item_t item = {.key = (char *)key, .values = &value, .values_num = 1};
  oconfig_item_t block = {
      .key = (char *)"Plugin", .children = &item, .children_num = 1};

  collectd_log_clear();
  return tcpstates_config_read(&config, &block);
}

static int set_text(const char *key, const char *text) {
  return set(key, (oconfig_value_t){.value.string = (char *)text,
                                    .type = OCONFIG_TYPE_STRING});
}

/* A value as it stands in a file. */
static int set_setting(const char *key, enum conf_token_kind kind,
                       double number, const char *text) {
  if (kind == CONF_NUMBER)
    return set(key, (oconfig_value_t){.value.number = number,
                                      .type = OCONFIG_TYPE_NUMBER});
  if (kind == CONF_TRUE || kind == CONF_FALSE)
    return set(key, (oconfig_value_t){.value.boolean = kind == CONF_TRUE,
                                      .type = OCONFIG_TYPE_BOOLEAN});
  return set_text(key, text);
}

/* The plugin's own list: "... is not known; known are A, B, C". */
static void ask_for_keys(void) {
  ck_assert_int_eq(set_text("NoOption", "x"), -EINVAL);
  const char *at = strstr(collectd_log_text(), "known are ");
  ck_assert_ptr_nonnull(at);
  at += strlen("known are ");
  for (keys_len = 0; keys_len < KEYS_MAX && *at && *at != '\n'; keys_len++) {
    size_t length = strcspn(at, ",\n");
    snprintf(keys[keys_len], MANUAL_NAME_MAX, "%.*s", (int)length, at);
    at += length + strspn(at + length, ", ");
  }
  ck_assert_uint_ge(keys_len, 6);
}

static bool is_key(const char *name) {
  for (size_t i = 0; i < keys_len; i++)
    if (strcmp(keys[i], name) == 0)
      return true;
  return false;
}

static void setup(void) {
  char *source = manual_page_load("man/collectd-tcpstates.5");

  manual_page_parse(source, &page);
  free(source);
  reading_options_defaults(&config);
  reading_options_defaults(&before);
  ask_for_keys();
}

START_TEST(the_page_has_every_option_once_and_no_other) {
  for (size_t i = 0; i < keys_len; i++)
    ck_assert_msg(manual_page_find(&page, "", keys[i]) != NULL,
                  "%s is not in the page", keys[i]);
  for (size_t i = 0; i < page.options_len; i++)
    ck_assert_msg(is_key(page.options[i].key) &&
                      manual_page_find(&page, "", page.options[i].key) ==
                          &page.options[i],
                  "%s is no option, or twice", page.options[i].key);
  for (size_t i = 0; i < page.mentions_len; i++)
    ck_assert_msg(is_key(page.mentions[i]), "Cm %s is no option",
                  page.mentions[i]);
}
END_TEST

/* accepted: the plugin's words, such as "a", "b" or "c". */
static void check_words(const char *accepted, const char *text) {
  char head[MANUAL_NAME_MAX] = "", word[MANUAL_NAME_MAX];
  size_t len = 0;
  int used = 0;

  while (sscanf(accepted, "\"%60[^\"]\"%n", word, &used) == 1 && used > 0) {
    len += (size_t)snprintf(head + len, sizeof(head) - len, "%s%s",
                            len ? " | " : "", word);
    accepted += used;
    accepted += strcspn(accepted, "\"");
    used = 0;
  }
  ck_assert_msg(strncmp(text, head, len) == 0 && text[len] == ' ',
                "%s is not %s", text, head);
}

/* Any text, of a certain length: the manual names the longest. */
static void check_pattern(const struct manual_option *option) {
  unsigned longest;
  char longest_text[32];

  ck_assert_int_eq(set_text(option->key, ""), -EINVAL);
  const char *accepted = strstr(collectd_log_text(), "it must be ");
  ck_assert_ptr_nonnull(accepted);
  ck_assert_int_eq(
      sscanf(accepted, "it must be a pattern of 1 to %u bytes", &longest), 1);
  snprintf(longest_text, sizeof(longest_text), "up to %u bytes", longest);
  ck_assert_msg(strstr(option->text, longest_text) != NULL, "%s", option->text);
}

static void check_accepted(const struct manual_option *option) {
  double min, max, least, most;

  if (strcmp(option->key, "NamespaceMatch") == 0) {
    check_pattern(option);
    return;
  }
  ck_assert_int_eq(set_text(option->key, "?"), -EINVAL);
  const char *accepted = strstr(collectd_log_text(), "it must be ");
  ck_assert_ptr_nonnull(accepted);
  accepted += strlen("it must be ");
  if (*accepted == '"') {
    check_words(accepted, option->text);
  } else if (strncmp(accepted, "true or false", 13) == 0) {
    ck_assert_msg(strncmp(option->text, "true | false ", 13) == 0, "%s",
                  option->text);
  } else {
    ck_assert_int_eq(
        sscanf(accepted, "a whole number from %lf to %lf", &least, &most), 2);
    ck_assert_msg(manual_page_range(option, &min, &max), "%s: no range",
                  option->key);
    ck_assert_double_eq(min, least);
    ck_assert_double_eq(max, most);
  }
}

START_TEST(what_an_option_accepts_is_what_the_plugin_says) {
  for (size_t i = 0; i < page.options_len; i++)
    check_accepted(&page.options[i]);
}
END_TEST

static enum conf_token_kind kind_of(const char *text, double *number) {
  char *end;

  *number = strtod(text, &end);
  if (end != text && *end == '\0')
    return CONF_NUMBER;
  if (strcmp(text, "true") == 0)
    return CONF_TRUE;
  return strcmp(text, "false") == 0 ? CONF_FALSE : CONF_QUOTED;
}

/* LocalPort and NamespaceMatch have none: they add one. */
START_TEST(a_default_is_the_plugins) {
  size_t defaults = 0;
  char text[MANUAL_NAME_MAX];
  double number;

  for (size_t i = 0; i < page.options_len; i++) {
    if (!manual_page_default(&page.options[i], text))
      continue;
    enum conf_token_kind kind = kind_of(text, &number);
    int rc = set_setting(page.options[i].key, kind, number, text);
    ck_assert_msg(rc == 0, "%s", collectd_log_text());
    ck_assert_msg(memcmp(&config, &before, sizeof(config)) == 0,
                  "the default of %s is not %s", page.options[i].key, text);
    defaults++;
  }
  ck_assert_uint_eq(defaults, keys_len - 2);
}
END_TEST

/* Every setting of a text, in force. Returns 0 or what the plugin returned. */
static int take(const char *text) {
  char error[CONF_ERROR_MAX] = "";
  int rc = manual_conf_read(text, "tcpstates", &conf, error);

  ck_assert_msg(rc == 0, "%s", error);
  for (size_t i = 0; rc == 0 && i < conf.len; i++)
    rc = set_setting(conf.settings[i].key, conf.settings[i].kind,
                     conf.settings[i].number, conf.settings[i].text);
  return rc;
}

START_TEST(the_synopsis_has_every_option_and_is_accepted) {
  ck_assert_uint_ge(page.displays_len, 1);
  ck_assert_int_eq(take(page.displays[0]), 0);
  for (size_t i = 0; i < keys_len; i++)
    ck_assert_msg(manual_conf_sets(&conf, "", keys[i]), "%s", keys[i]);
}
END_TEST

START_TEST(the_snippet_has_every_option_and_its_default) {
  char *text = manual_page_load("collectd.conf.d/tcpstates.conf");
  char *all = manual_conf_uncomment(text);

  ck_assert_int_eq(take(text), 0);
  ck_assert_int_eq(memcmp(&config, &before, sizeof(config)), 0);
  ck_assert_int_eq(take(all), 0);
  for (size_t i = 0; i < keys_len; i++)
    ck_assert_msg(manual_conf_sets(&conf, "", keys[i]),
                  "%s is not in the snippet", keys[i]);
  free(all);
  free(text);
}
END_TEST

SUITE(manual_tcpstates) {
  Suite *suite = suite_create("manual");
  TCase *tests = tcase_create("tcpstates");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, the_page_has_every_option_once_and_no_other);
  tcase_add_test(tests, what_an_option_accepts_is_what_the_plugin_says);
  tcase_add_test(tests, a_default_is_the_plugins);
  tcase_add_test(tests, the_synopsis_has_every_option_and_is_accepted);
  tcase_add_test(tests, the_snippet_has_every_option_and_its_default);
  suite_add_tcase(suite, tests);
  return suite;
}
