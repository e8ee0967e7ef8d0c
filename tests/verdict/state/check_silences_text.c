/* silences_text: what is written is read, and nothing else. */
#include "scenes/suite.h"
#include "verdict/state/silences_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "collectd-baseline silences 1\n"

static struct silences_list list;
static char error[SILENCES_TEXT_ERROR_MAX];

static void setup(void) { list = (struct silences_list){0, NULL}; }
static void teardown(void) { free(list.one); }

static int read_text(const char *text) {
  return silences_text_read(text, strlen(text), &list, error);
}

static struct silences_one sample(void) {
  struct silences_one one = {.from_s = 1764438000, .until_s = 1764445200};
  strcpy(one.host, "web*");
  strcpy(one.incident, "syn_flood");
  strcpy(one.by, "root");
  strcpy(one.why, "new load balancer, 100 % \xc3\xa9");
  return one;
}

START_TEST(what_is_written_is_read) {
  struct silences_one written[3] = {sample(), sample(), sample()};
  char text[SILENCES_TEXT_HEAD_MAX + 3 * SILENCES_TEXT_LINE_MAX];
  memset(written[1].by, 0, sizeof(written[1].by));
  memset(written[1].why, 0, sizeof(written[1].why));
  memset(written[2].host, '%', RULES_PATTERN_MAX - 1);
  memset(written[2].incident, ' ', RULES_PATTERN_MAX - 1);
  memset(written[2].by, '=', SILENCES_BY_MAX - 1);
  memset(written[2].why, '\\', SILENCES_WHY_MAX - 1);
  size_t length = silences_text_head(text);
  ck_assert_uint_lt(length, SILENCES_TEXT_HEAD_MAX);
  for (int i = 0; i < 3; i++) {
    ck_assert(silences_text_is_sound(&written[i]));
    size_t line = silences_text_line(&written[i], text + length);
    ck_assert_uint_lt(line, SILENCES_TEXT_LINE_MAX);
    length += line;
  }
  ck_assert_int_eq(silences_text_read(text, length, &list, error), 0);
  ck_assert_uint_eq(list.len, 3);
  ck_assert_mem_eq(list.one, written, sizeof(written));
}
END_TEST

START_TEST(a_file_without_silences_has_none) {
  ck_assert_int_eq(read_text(HEAD), 0);
  ck_assert_uint_eq(list.len, 0);
}
END_TEST

static const char *const wrong[] = {
    "",
    "collectd-baseline silences 2\n",
    "collectd-baseline silences 1",
    HEAD "\n",
    HEAD "1764438000 1764445200 a b =c =d", /* no end of line */
    HEAD "1764438000 1764445200 a b =c\n",
    HEAD "1764438000 1764445200 a b =c =d e\n",
    HEAD "1764438000 1764445200 a b c =d\n",
    HEAD "1764438000 1764445200  b =c =d\n",
    HEAD "1764438000 1764438000 a b =c =d\n", /* it ends as it begins */
    HEAD "1764445200 1764438000 a b =c =d\n",
    HEAD "1764438000 1767030001 a b =c =d\n", /* 30 days and a second */
    HEAD "1764438000.5 1764445200 a b =c =d\n",
    HEAD "-1 1764445200 a b =c =d\n",
    HEAD "0 nan a b =c =d\n",
    HEAD "253402300000 253402300800 a b =c =d\n",
    HEAD "1764438000 1764445200 a%00 b =c =d\n",
    HEAD "1764438000 1764445200 a%1B b =c =d\n",
    HEAD "1764438000 1764445200 a b =c =%0A\n",
    HEAD "1764438000 1764445200 a b =c =%\n",
    HEAD "1764438000 1764445200 a b =c =\x1b[2J\n",
};
enum { WRONG = sizeof(wrong) / sizeof(*wrong) };

START_TEST(what_is_wrong_anywhere_is_refused) {
  ck_assert_int_eq(read_text(wrong[_i]), -EINVAL);
  ck_assert_ptr_nonnull(strstr(error, "line "));
  ck_assert_ptr_null(list.one);
}
END_TEST

START_TEST(names_have_their_room_and_no_more) {
  char text[4 * SILENCES_TEXT_LINE_MAX], name[RULES_PATTERN_MAX + 1] = "";
  for (size_t length = RULES_PATTERN_MAX - 1; length <= RULES_PATTERN_MAX;
       length++) {
    memset(name, 'x', length);
    snprintf(text, sizeof(text), HEAD "1 2 %s b = =\n", name);
    ck_assert_int_eq(read_text(text), length < RULES_PATTERN_MAX ? 0 : -EINVAL);
  }
}
END_TEST

START_TEST(a_thousand_are_taken_and_one_more_is_not) {
  static char text[64 * (SILENCES_MAX + 1)];
  size_t length = (size_t)sprintf(text, "%s", HEAD);
  for (int i = 0; i < SILENCES_MAX; i++)
    length += (size_t)sprintf(text + length, "1 2 a%d b = =\n", i);
  ck_assert_int_eq(silences_text_read(text, length, &list, error), 0);
  ck_assert_uint_eq(list.len, SILENCES_MAX);
  struct silences_list more = {0, NULL};
  length += (size_t)sprintf(text + length, "1 2 a b = =\n");
  ck_assert_int_eq(silences_text_read(text, length, &more, error), -EINVAL);
  ck_assert_ptr_null(more.one);
}
END_TEST

START_TEST(a_text_cut_within_a_line_is_refused) {
  static const char text[] = HEAD "1764438000 1764445200 a b =c =d\n";
  for (size_t cut = 0; cut + 1 < sizeof(text); cut++) {
    int rc = silences_text_read(text, cut, &list, error);
    ck_assert_int_eq(rc, cut == strlen(HEAD) ? 0 : -EINVAL);
  }
}
END_TEST

SUITE(silences_text) {
  Suite *suite = suite_create("silences_text");
  TCase *tcase = tcase_create("silences_text");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, what_is_written_is_read);
  tcase_add_test(tcase, a_file_without_silences_has_none);
  tcase_add_loop_test(tcase, what_is_wrong_anywhere_is_refused, 0, WRONG);
  tcase_add_test(tcase, names_have_their_room_and_no_more);
  tcase_add_test(tcase, a_thousand_are_taken_and_one_more_is_not);
  tcase_add_test(tcase, a_text_cut_within_a_line_is_refused);
  suite_add_tcase(suite, tcase);
  return suite;
}
