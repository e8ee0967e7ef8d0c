/* state_fields: numbers of the saved text come back bit by bit, and what is
 * none is refused. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/state/state_fields.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char text[STATE_NUMBER_MAX];

static const char *printed(double number) {
  size_t length = state_number_print(number, text);
  ck_assert_uint_lt(length, sizeof(text));
  text[length] = '\0';
  return text;
}

static void assert_comes_back(double number) {
  double read = 77;
  const char *word = printed(number);
  if (!state_number_scan(word, &read) || memcmp(&read, &number, sizeof(read)))
    ck_abort_msg("%a is written %s, which is %a", number, word, read);
}

static const struct {
  double number;
  const char *text;
} known[] = {
    {0, "0"},
    {-0.0, "~8"},
    {1, "1"},
    {-12, "-12"},
    {1700000000, "1700000000"},
    {99999999999, "99999999999"},
    {-99999999999, "-99999999999"},
    {0.5, "~3-W"},
    {-2.5, "~C04"},
    {0.1, "~3+vcPcPcPcQ"},
    {INFINITY, "inf"},
    {-INFINITY, "-inf"},
};
enum { KNOWN = sizeof(known) / sizeof(known[0]) };

START_TEST(whole_numbers_are_decimal_and_others_their_bits) {
  ck_assert_str_eq(printed(known[_i].number), known[_i].text);
  assert_comes_back(known[_i].number);
}
END_TEST

static const double odd[] = {
    DBL_MAX,     -DBL_MAX,        DBL_MIN,    0x1p-1074,     -0x1p-1074,
    1e11,        -1e11,           1e11 + 0.5, 99999999999.5, 1e300,
    DBL_EPSILON, 1 + DBL_EPSILON, 0.3,        NAN,           9007199254740993.0,
};
enum { ODD = sizeof(odd) / sizeof(odd[0]) };

START_TEST(the_odd_ones_come_back) { assert_comes_back(odd[_i]); }
END_TEST

/* Of a NAN that signals an x87 makes a quiet one when it is passed on. */
static uint64_t quiet(uint64_t bits) {
  const uint64_t infinity = UINT64_C(0x7ff) << 52;
  return (bits & infinity) == infinity ? bits | UINT64_C(1) << 51 : bits;
}

START_TEST(any_bits_come_back) {
  struct random_load random = {3};
  for (int i = 0; i < 200000; i++) {
    uint64_t bits = quiet(random_bits(&random) << random_bits(&random) % 64);
    double number;
    memcpy(&number, &bits, sizeof(number));
    assert_comes_back(number);
  }
}
END_TEST

START_TEST(what_comes_from_a_float_is_short) {
  const float given = 0.3f; /* a constant may be more exact than its type */
  ck_assert_uint_le(strlen(printed((double)given)), 8);
  assert_comes_back((double)given);
}
END_TEST

static const int64_t wholes[] = {0,  1,         -1,        9,
                                 10, INT64_MAX, INT64_MIN, 1234567890123};
enum { WHOLES = sizeof(wholes) / sizeof(wholes[0]) };

START_TEST(whole_numbers_come_back) {
  int64_t read = 77;
  char expected[STATE_NUMBER_MAX];
  snprintf(expected, sizeof(expected), "%lld", (long long)wholes[_i]);
  size_t length = state_number_print_whole(wholes[_i], text);
  ck_assert_uint_lt(length, sizeof(text));
  text[length] = '\0';
  ck_assert_str_eq(text, expected);
  ck_assert(state_number_scan_whole(text, &read));
  ck_assert_int_eq(read, wholes[_i]);
}
END_TEST

static const char *const decimals[] = {"0.5", "5e-1", "+.5"};
enum { DECIMALS = sizeof(decimals) / sizeof(decimals[0]) };

START_TEST(decimal_fractions_are_understood) {
  double read = 77;
  ck_assert(state_number_scan(decimals[_i], &read));
  ck_assert_double_eq(read, 0.5);
}
END_TEST

static const char *const none[] = {
    "",    "~",   "~G", "~123456789012", "~3-W ", "~3.", "~~3", "~3\x80",
    "1,5", "1 2", "x",  "--1",           "=",     "1~",
};
enum { NONE = sizeof(none) / sizeof(none[0]) };

START_TEST(what_is_no_number_is_refused) {
  double number;
  int64_t whole;
  ck_assert_msg(!state_number_scan(none[_i], &number), "%s", none[_i]);
  ck_assert_msg(!state_number_scan_whole(none[_i], &whole), "%s", none[_i]);
}
END_TEST

START_TEST(what_is_not_whole_is_no_whole_number) {
  int64_t whole;
  ck_assert(!state_number_scan_whole("1.5", &whole));
  ck_assert(!state_number_scan_whole("1e3", &whole));
  ck_assert(!state_number_scan_whole("9223372036854775808", &whole));
}
END_TEST

SUITE(state_number) {
  Suite *suite = suite_create("state_number");
  TCase *tcase = tcase_create("state_number");
  tcase_add_loop_test(tcase, whole_numbers_are_decimal_and_others_their_bits, 0,
                      KNOWN);
  tcase_add_loop_test(tcase, the_odd_ones_come_back, 0, ODD);
  tcase_add_test(tcase, any_bits_come_back);
  tcase_add_test(tcase, what_comes_from_a_float_is_short);
  tcase_add_loop_test(tcase, whole_numbers_come_back, 0, WHOLES);
  tcase_add_loop_test(tcase, decimal_fractions_are_understood, 0, DECIMALS);
  tcase_add_loop_test(tcase, what_is_no_number_is_refused, 0, NONE);
  tcase_add_test(tcase, what_is_not_whole_is_no_whole_number);
  suite_add_tcase(suite, tcase);
  return suite;
}
