/* Numbers, lengths of time and lists as the command spells them. */
#include "lib/words.h"
#include "scenes/suite.h"

#include <math.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* --- lengths of time ---------------------------------------------------- */

static const struct {
  double seconds;
  const char *screen, *brief, *prose, *notice, *hours;
} durations[] = {
    {0, "0 s", "0 s", "0 s", "0 s", "0 s"},
    {-5, "0 s", "0 s", "0 s", "0 s", "0 s"},
    {0.04, "0 s", "0 s", "0 s", "0 s", "0 s"},
    {1.5, "1.5 s", "2 s", "2 s", "2 s", "2 s"},
    {9.94, "9.9 s", "10 s", "10 s", "10 s", "10 s"},
    {10.4, "10 s", "10 s", "10 s", "10 s", "10 s"},
    {119.4, "119 s", "119 s", "119 s", "119 s", "119 s"},
    {119, "119 s", "119 s", "119 s", "119 s", "119 s"},
    {119.5, "2 min", "2 min", "2 min", "2 min", "2 min"},
    {120, "2 min", "2 min", "2 min", "2 min", "2 min"},
    {7199, "119 min", "119 min", "119 min", "119 min", "119 min"},
    {7200, "2 h 00 min", "2 h", "2 h", "2 h 0 min", "2 h 0 min"},
    {7380, "2 h 03 min", "2 h", "2 h 3 min", "2 h 3 min", "2 h 3 min"},
    {12000, "3 h 20 min", "3 h", "3 h 20 min", "3 h 20 min", "3 h 20 min"},
    {172799, "47 h 59 min", "47 h", "47 h 59 min", "47 h 59 min",
     "47 h 59 min"},
    {172800, "2 d 00 h", "2 d", "2 days", "2 d 0 h", "48 h 0 min"},
    {273600, "3 d 04 h", "3 d", "3 days", "3 d 4 h", "76 h 0 min"},
    {360000, "4 d 04 h", "4 d", "4 days", "4 d 4 h", "100 h 0 min"},
    {1e12, "11574 d 01 h", "11574 d", "11574074 days", "11574074 d 1 h",
     "277777777 h 46 min"},
    {INFINITY, "11574 d 01 h", "11574 d", "11574074074 days",
     "11574074074 d 1 h", "277777777777 h 46 min"},
};

START_TEST(durations_are_spelt_in_five_formats) {
  char text[WORDS_MAX];
  double seconds = durations[_i].seconds;

  ck_assert_str_eq(words_duration(seconds, text), durations[_i].screen);
  ck_assert_str_eq(words_duration_short(seconds, text), durations[_i].brief);
  ck_assert_str_eq(words_duration_prose(seconds, text), durations[_i].prose);
  ck_assert_str_eq(words_duration_notice(seconds, text), durations[_i].notice);
  ck_assert_str_eq(words_duration_hours(seconds, text), durations[_i].hours);
}
END_TEST

START_TEST(a_duration_that_is_not_known) {
  char text[WORDS_MAX];

  ck_assert_str_eq(words_duration(NAN, text), "-");
  ck_assert_str_eq(words_duration_short(NAN, text), "0 s");
  ck_assert_str_eq(words_duration_prose(NAN, text), "0 s");
  ck_assert_str_eq(words_duration_notice(NAN, text), "0 s");
  ck_assert_str_eq(words_duration_hours(NAN, text), "0 s");
}
END_TEST

/* --- numbers ------------------------------------------------------------ */

static const struct {
  double value;
  const char *figure, *three, *number; /* number: with one decimal */
} numbers[] = {
    {0, "0", "0", "0.0"},
    {-0.5, "-0.5", "-0.50", "-0.5"},
    {0.123, "0.12", "0.12", "0.1"},
    {4.25, "4.25", "4.2", "4.2"},
    {9.995, "10", "10.0", "10.0"},
    {12.34, "12.3", "12.3", "12.3"},
    {99.96, "100", "100.0", "100"},
    {512, "512", "512", "512"},
    {512.5, "512", "512", "512"},
    {99999, "99999", "99999", "99999"},
    {120000, "120k", "120000", "120k"},
    {1500000, "1.5M", "1500000", "1.5M"},
    {1e9, "1000M", "1e+09", "1.0G"},
    {1e12, "-", "1e+12", "1.0T"},
};

START_TEST(numbers_are_spelt_in_three_formats) {
  char text[WORDS_MAX];
  double value = numbers[_i].value;

  ck_assert_str_eq(words_figure(value, text), numbers[_i].figure);
  ck_assert_str_eq(words_three_digits(value, "", text), numbers[_i].three);
  ck_assert_str_eq(words_number(value, 1, "", text), numbers[_i].number);
}
END_TEST

START_TEST(a_unit_stands_behind_its_number) {
  char text[WORDS_MAX];

  ck_assert_str_eq(words_three_digits(3.42, " %", text), "3.4 %");
  ck_assert_str_eq(words_three_digits(0.25, "/s", text), "0.25/s");
  ck_assert_str_eq(words_number(98.16, 1, " %", text), "98.2 %");
  ck_assert_str_eq(words_number(1234567, 1, "/s", text), "1.2M/s");
}
END_TEST

START_TEST(a_number_that_is_not_known_is_a_dash) {
  char text[WORDS_MAX];

  ck_assert_str_eq(words_figure(NAN, text), "-");
  ck_assert_str_eq(words_figure(-INFINITY, text), "-");
  ck_assert_str_eq(words_number(NAN, 1, " %", text), "-");
}
END_TEST

START_TEST(no_number_is_wider_than_its_text) {
  static const double values[] = {1.7e308, -1.7e308, 123456789.5, -99999.4,
                                  5e-324};
  char text[WORDS_MAX];

  for (int i = 0; i < COUNT(values); i++) {
    ck_assert_uint_le(strlen(words_figure(values[i], text)), 8);
    ck_assert_uint_lt(strlen(words_number(values[i], 3, " %", text)),
                      WORDS_MAX);
    ck_assert_uint_lt(strlen(words_three_digits(values[i], " %", text)),
                      WORDS_MAX);
  }
}
END_TEST

START_TEST(severities_have_names) {
  ck_assert_str_eq(words_severity(SEVERITY_OKAY), "OKAY");
  ck_assert_str_eq(words_severity(SEVERITY_WARNING), "WARNING");
  ck_assert_str_eq(words_severity(SEVERITY_FAILURE), "FAILURE");
}
END_TEST

/* --- lists -------------------------------------------------------------- */

static const char *list_of(size_t names, size_t names_max, char *text,
                           size_t size) {
  static const char *const all[] = {"web1", "web2", "web3", "web4"};
  struct words_list list = words_list_begin(text, size, names_max);

  for (size_t i = 0; i < names; i++)
    words_list_add(&list, all[i % 4]);
  words_list_end(&list);
  return text;
}

START_TEST(a_list_tells_how_many_more_there_are) {
  char text[100];

  ck_assert_str_eq(list_of(0, 3, text, sizeof(text)), "");
  ck_assert_str_eq(list_of(1, 3, text, sizeof(text)), "web1");
  ck_assert_str_eq(list_of(3, 3, text, sizeof(text)), "web1, web2, web3");
  ck_assert_str_eq(list_of(15, 3, text, sizeof(text)),
                   "web1, web2, web3 and 12 more");
}
END_TEST

START_TEST(names_without_room_are_counted) {
  char text[WORDS_LIST_TAIL + 12];

  /* "web1" and its comma take 6 bytes of the 12 that are free. */
  ck_assert_str_eq(list_of(2, 99, text, sizeof(text)), "web1, web2");
  ck_assert_str_eq(list_of(5, 99, text, sizeof(text)), "web1, web2 and 3 more");
  ck_assert_str_eq(list_of(5, 99, text, WORDS_LIST_TAIL + 5), "5 more");
}
END_TEST

START_TEST(a_list_never_leaves_its_text) {
  char text[80];

  for (size_t size = WORDS_LIST_TAIL + 1; size < sizeof(text); size++) {
    memset(text, 'x', sizeof(text));
    list_of(1000, 999, text, size);
    ck_assert_uint_lt(strlen(text), size);
    for (size_t i = size; i < sizeof(text); i++)
      ck_assert_int_eq(text[i], 'x');
  }
}
END_TEST

START_TEST(what_others_sent_becomes_printable) {
  char text[8];

  ck_assert_str_eq(words_clean("a\033\xc3\xa4~", text, sizeof(text)), "a???~");
  ck_assert_str_eq(words_clean("0123456789", text, sizeof(text)), "0123456");
}
END_TEST

SUITE(words) {
  Suite *suite = suite_create("words");
  TCase *tcase = tcase_create("formats");
  tcase_add_loop_test(tcase, durations_are_spelt_in_five_formats, 0,
                      COUNT(durations));
  tcase_add_test(tcase, a_duration_that_is_not_known);
  tcase_add_loop_test(tcase, numbers_are_spelt_in_three_formats, 0,
                      COUNT(numbers));
  tcase_add_test(tcase, a_unit_stands_behind_its_number);
  tcase_add_test(tcase, a_number_that_is_not_known_is_a_dash);
  tcase_add_test(tcase, no_number_is_wider_than_its_text);
  tcase_add_test(tcase, severities_have_names);
  tcase_add_test(tcase, a_list_tells_how_many_more_there_are);
  tcase_add_test(tcase, names_without_room_are_counted);
  tcase_add_test(tcase, a_list_never_leaves_its_text);
  tcase_add_test(tcase, what_others_sent_becomes_printable);
  suite_add_tcase(suite, tcase);
  return suite;
}
