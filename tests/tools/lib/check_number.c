/* Decimal text -> numbers: as the C library rounds them, in every locale. */
#include "lib/number.h"

#include "scenes/comma_locale.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static uint64_t seed = 20261122;

static uint64_t draw(void) { /* xorshift64 (G. Marsaglia, 2003) */
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static bool read_number(const char *text, struct number *out) {
  size_t length = strlen(text);

  return number_read(text, text + length, out) == text + length;
}

START_TEST(number_is_rounded_as_the_library_rounds_it) {
  struct number number;
  char text[64];

  for (int i = 0; i < 200000; i++) {
    uint64_t mantissa = draw() >> (draw() % 64);
    int power = (int)(draw() % 60) - 30;
    if (i % 3 == 0)
      snprintf(text, sizeof(text), "%llue%d", (unsigned long long)mantissa,
               power);
    else if (i % 3 == 1)
      snprintf(text, sizeof(text), "-%.*f", (int)(draw() % 12),
               (double)mantissa / 1e6);
    else
      snprintf(text, sizeof(text), "%.17g", ldexp((double)mantissa, power));
    ck_assert_msg(read_number(text, &number), "refused: %s", text);
    ck_assert_msg(number.value == strtod(text, NULL), "%s is read as %.17g",
                  text, number.value);
  }
}
END_TEST

static const struct {
  const char *text;
  bool is_whole;
  int64_t whole;
} wholes[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"+17", true, 17},
    {"017", true, 17},
    {"9007199254740993", true, 9007199254740993},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775807", true, -INT64_MAX},
    {"9223372036854775808", false, 0},
    {"123456789012345678901234567890", false, 0},
    {"5.000", true, 5},
    {"1e3", true, 1000},
    {"5.5", false, 0},
    {"9007199254740992.0", false, 0}, /* 2^53: the next one looks the same */
};

/* Longer than a double is exact: the library reads it. */
START_TEST(number_is_read_the_same_in_every_locale) {
  static const char text[] = "0.12345678901234567890123";
  struct number number;
  if (!comma_locale_set())
    return;
  const char *end = number_read(text, text + strlen(text), &number);
  ck_assert_ptr_eq(end, text + strlen(text));
  ck_assert_double_eq(number.value, 0.12345678901234567890123);
}
END_TEST

START_TEST(whole_number_is_exact_or_none) {
  struct number number;

  ck_assert(read_number(wholes[_i].text, &number));
  ck_assert_int_eq(number.is_whole, wholes[_i].is_whole);
  if (number.is_whole)
    ck_assert_int_eq(number.whole, wholes[_i].whole);
}
END_TEST

static const char *const no_numbers[] = {
    "",     "-",     "+",   ".",    "e5",    "1e",    "1e+",     "--1",
    "1 2",  "0x10",  "inf", "-inf", "1e400", "1,5",   "12a",     "nan",
    "1..2", "1.2.3", " 1",  "1 ",   "1_0",   "1e5.5", "infinity"};

START_TEST(what_is_no_number_is_refused) {
  struct number number;

  ck_assert_msg(!read_number(no_numbers[_i], &number), "taken: %s",
                no_numbers[_i]);
}
END_TEST

SUITE(number) {
  Suite *suite = suite_create("number");
  TCase *tcase = tcase_create("number");

  tcase_set_timeout(tcase, 60);
  tcase_add_test(tcase, number_is_rounded_as_the_library_rounds_it);
  tcase_add_test(tcase, number_is_read_the_same_in_every_locale);
  tcase_add_loop_test(tcase, whole_number_is_exact_or_none, 0, COUNT(wholes));
  tcase_add_loop_test(tcase, what_is_no_number_is_refused, 0,
                      COUNT(no_numbers));
  suite_add_tcase(suite, tcase);
  return suite;
}
