/* Strings of a JSON text, and texts that are none. */
#include "table/json_text.h"

#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static char seen[4096];

static void see(void *context, const struct json_text_string *string) {
  size_t len = strlen(seen);
  (void)context;
  snprintf(seen + len, sizeof(seen) - len, "%u %zu %s/%s/%s=%s\n",
           string->depth, string->element, string->key[0], string->key[1],
           string->key[2], string->value);
}

static int parse(const char *text) {
  seen[0] = '\0';
  return json_text_parse(text, strlen(text), see, NULL);
}

START_TEST(each_string_comes_with_the_keys_around_it) {
  ck_assert_int_eq(parse(" {\"a\": \"1\", \"b\": {\"c\": {\"d\": \"2\", "
                         "\"e\": {\"f\": \"3\"}}, \"g\": true}, \"h\": null }"),
                   0);
  ck_assert_str_eq(seen, "1 0 a//=1\n"
                         "3 1 b/c/d=2\n"
                         "4 1 b/c/e=3\n");
}
END_TEST

START_TEST(elements_of_a_list_are_counted) {
  ck_assert_int_eq(
      parse("[{\"id\":\"a\",\"names\":[\"x\",\"y\"]},7,{\"id\":\"b\"}]"), 0);
  ck_assert_str_eq(seen, "2 0 /id/=a\n"
                         "3 0 /names/=x\n"
                         "3 0 /names/=y\n"
                         "2 2 /id/=b\n");
}
END_TEST

START_TEST(escapes_are_undone) {
  ck_assert_int_eq(parse("\"\\\"\\\\\\/\\u0041\\u00e4\\t\xc3\xa4\""), 0);
  ck_assert_str_eq(seen, "0 0 //=\"\\/A_\t\xc3\xa4\n");
}
END_TEST

/* A value that is too long, or has a zero byte, is left out; so is what has a
 * key that is too long. */
START_TEST(what_is_too_long_is_left_out) {
  char text[1024];
  char long_one[JSON_TEXT_STRING_MAX + 1];
  memset(long_one, 'x', JSON_TEXT_STRING_MAX);
  long_one[JSON_TEXT_STRING_MAX] = '\0';
  snprintf(text, sizeof(text),
           "{\"a\":\"%s\",\"%s\":\"b\",\"c\":\"d\",\"e\":\"\\u0000\"}",
           long_one, long_one);
  ck_assert_int_eq(parse(text), 0);
  ck_assert_str_eq(seen, "1 1 //=b\n1 2 c//=d\n");
  snprintf(text, sizeof(text), "{\"a\":\"%s\"}", long_one + 1);
  ck_assert_int_eq(parse(text), 0);
  ck_assert_uint_eq(strlen(seen), strlen("1 0 a//=\n") + 255);
}
END_TEST

static const char *const good[] = {"0",    "-1.5e+3", "[]",       "{}",
                                   "true", "null",    "[1,2,[]]", "0.0E-1"};

START_TEST(what_has_no_strings_gives_none) {
  ck_assert_int_eq(parse(good[_i]), 0);
  ck_assert_str_eq(seen, "");
}
END_TEST

static const char *const bad[] = {
    "",        " ",         "{",          "[",         "\"",          "\"a",
    "{\"a\"}", "{\"a\":}",  "{\"a\":1,}", "[1,]",      "[1 2]",       "{a:1}",
    "01",      "-",         "1.",         "1e",        "tru",         "nulll",
    "[]]",     "{} {}",     "\"\\x\"",    "\"\\u12\"", "\"\\u12g4\"", "\"\n\"",
    "\"\\",    "{\"a\" 1}", "[\"a\":1]",  "+1",        ".5",          "'a'"};

START_TEST(what_is_no_json_is_refused) {
  ck_assert_int_eq(parse(bad[_i]), -EBADMSG);
}
END_TEST

START_TEST(depth_is_limited) {
  char text[2 * JSON_TEXT_DEPTH_MAX + 3] = "";
  memset(text, '[', JSON_TEXT_DEPTH_MAX);
  memset(text + JSON_TEXT_DEPTH_MAX, ']', JSON_TEXT_DEPTH_MAX);
  ck_assert_int_eq(parse(text), 0);
  memset(text, '[', JSON_TEXT_DEPTH_MAX + 1);
  memset(text + JSON_TEXT_DEPTH_MAX + 1, ']', JSON_TEXT_DEPTH_MAX + 1);
  ck_assert_int_eq(parse(text), -EBADMSG);
}
END_TEST

/* A file that is being written: what came before its end counts. */
START_TEST(what_comes_before_a_mistake_is_taken) {
  ck_assert_int_eq(parse("{\"a\":\"b\",\"c\":\"d"), -EBADMSG);
  ck_assert_str_eq(seen, "1 0 a//=b\n");
}
END_TEST

SUITE(json_text) {
  Suite *suite = suite_create("json_text");
  TCase *tcase = tcase_create("json_text");
  tcase_add_test(tcase, each_string_comes_with_the_keys_around_it);
  tcase_add_test(tcase, elements_of_a_list_are_counted);
  tcase_add_test(tcase, escapes_are_undone);
  tcase_add_test(tcase, what_is_too_long_is_left_out);
  tcase_add_loop_test(tcase, what_has_no_strings_gives_none, 0,
                      sizeof(good) / sizeof(good[0]));
  tcase_add_loop_test(tcase, what_is_no_json_is_refused, 0,
                      sizeof(bad) / sizeof(bad[0]));
  tcase_add_test(tcase, depth_is_limited);
  tcase_add_test(tcase, what_comes_before_a_mistake_is_taken);
  suite_add_tcase(suite, tcase);
  return suite;
}
