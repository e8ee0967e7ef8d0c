/* The writer of JSON: every part lands where RFC 8259 wants it. */
#include "lib/json.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdlib.h>

static char *text;
static size_t length;

static struct json_writer begin(void) {
  FILE *out = open_memstream(&text, &length);

  ck_assert_ptr_nonnull(out);
  return json_begin(out);
}

static void expect(struct json_writer *json, const char *expected) {
  fclose(json->out);
  ck_assert_str_eq(text, expected);
  free(text);
}

START_TEST(members_are_separated_by_commas_and_nothing_else) {
  struct json_writer json = begin();

  json_open(&json, NULL, '{');
  json_add_string(&json, "host", "web1");
  json_add_number(&json, "time", 1790000000.25);
  json_add_truth(&json, "judged", true);
  json_add_truth(&json, "asked", false);
  json_close(&json, '}');
  expect(&json, "{\"host\":\"web1\",\"time\":1790000000.25,\"judged\":true,"
                "\"asked\":false}");
}
END_TEST

START_TEST(objects_and_arrays_stand_in_each_other) {
  struct json_writer json = begin();

  json_open(&json, NULL, '{');
  json_open(&json, "empty", '{');
  json_close(&json, '}');
  json_open(&json, "rule", '[');
  json_open(&json, NULL, '[');
  json_add_string(&json, NULL, "a");
  json_add_number(&json, NULL, 2);
  json_close(&json, ']');
  json_open(&json, NULL, '[');
  json_close(&json, ']');
  json_close(&json, ']');
  json_add_number(&json, "last", 0);
  json_close(&json, '}');
  expect(&json, "{\"empty\":{},\"rule\":[[\"a\",2],[]],\"last\":0}");
}
END_TEST

START_TEST(what_is_not_known_is_null) {
  struct json_writer json = begin();

  json_open(&json, NULL, '[');
  json_add_string(&json, NULL, NULL);
  json_add_number(&json, NULL, NAN);
  json_add_number(&json, NULL, -INFINITY);
  json_close(&json, ']');
  expect(&json, "[null,null,null]");
}
END_TEST

/* "\u009b" is the C1 control that begins a terminal's sequences. */
START_TEST(hostile_strings_stay_strings) {
  struct json_writer json = begin();

  json_open(&json, NULL, '[');
  json_add_string(&json, NULL, "\"],[\\");
  json_add_string(&json, NULL, "\n\033\x7f");
  json_add_string(&json, NULL, "\xff");
  json_add_string(&json, NULL,
                  "\xc2\x9b"
                  "31m");
  json_add_string(&json, NULL, "\xc3\xa4");
  json_close(&json, ']');
  expect(&json, "[\"\\\"],[\\\\\",\"\\u000a\\u001b\\u007f\",\"\\ufffd\","
                "\"\\u009b31m\",\"\xc3\xa4\"]");
}
END_TEST

START_TEST(names_of_members_are_escaped_too) {
  struct json_writer json = begin();

  json_open(&json, NULL, '{');
  json_add_number(&json, "a\"b", 1);
  json_close(&json, '}');
  expect(&json, "{\"a\\\"b\":1}");
}
END_TEST

SUITE(json) {
  Suite *suite = suite_create("json");
  TCase *tcase = tcase_create("writer");
  tcase_add_test(tcase, members_are_separated_by_commas_and_nothing_else);
  tcase_add_test(tcase, objects_and_arrays_stand_in_each_other);
  tcase_add_test(tcase, what_is_not_known_is_null);
  tcase_add_test(tcase, hostile_strings_stay_strings);
  tcase_add_test(tcase, names_of_members_are_escaped_too);
  suite_add_tcase(suite, tcase);
  return suite;
}
