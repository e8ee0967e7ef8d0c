/* record_text: written and read again, damaged, foreign, of other versions. */
#include "scenes/comma_locale.h"
#include "scenes/suite.h"
#include "verdict/state/record_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char text[8 * RECORD_TEXT_LINE_MAX];
static size_t length;
static struct record_incident given, got[4];
static size_t got_len, damaged;
static struct record_text_head head;
static char why[RECORD_TEXT_ERROR_MAX];

static int take(void *to, const struct record_incident *incident) {
  (void)to;
  ck_assert_uint_lt(got_len, 4);
  got[got_len++] = *incident;
  return 0;
}

static int read_text(void) {
  struct record_text_reader reader = {take, NULL};
  /* nothing behind it may be read */
  char *exact = malloc(length > 0 ? length : 1);
  got_len = 0;
  ck_assert_ptr_nonnull(exact);
  memcpy(exact, text, length);
  int rc = record_text_read(exact, length, &reader, &head, &damaged, why);
  free(exact);
  return rc;
}

static void add(const char *piece) {
  strcpy(text + length, piece);
  length += strlen(piece);
}

static void write_text(size_t incidents) {
  struct record_text_head is = {1700000100.5, 300, 1690000000, false};
  length = record_text_begin(&is, text);
  for (size_t i = 0; i < incidents; i++)
    length += record_text_incident(&given, text + length);
  length += record_text_end(incidents, text + length);
}

static void setup(void) {
  given = (struct record_incident){
      .identity = "syn_flood/web1",
      .host = "web1",
      .name = "syn_flood",
      .begin_s = 1700000000.25,
      .worsened_s = 1700000010,
      .seen_s = 1700000060,
      .end_s = 1700000060,
      .end = RECORD_CLEARED,
      .severity = SEVERITY_FAILURE,
      .peak = {1700000020, 812, 12.5, 0, 40, -23.25},
      .evidence = "excess,cookies",
      .listener = "[::]:443",
      .top_source = "10.0.0.0/8 80 %",
      .flags = "silenced",
      .first = "syn_flood on [::]:443: 100 half-open",
      .worst = "with \"quotes\", a \\ and = in it",
      .last = "syn_flood over",
  };
  length = 0;
}

static void assert_same(const struct record_incident *is) {
  ck_assert_str_eq(is->identity, given.identity);
  ck_assert_str_eq(is->host, given.host);
  ck_assert_str_eq(is->name, given.name);
  ck_assert_int_eq(is->of_series, given.of_series);
  ck_assert_double_eq(is->begin_s, given.begin_s);
  ck_assert_double_eq(is->worsened_s, given.worsened_s);
  ck_assert_double_eq(is->seen_s, given.seen_s);
  ck_assert_double_eq(is->end_s, given.end_s);
  ck_assert_int_eq(is->end, given.end);
  ck_assert_int_eq(is->severity, given.severity);
  ck_assert_mem_eq(&is->peak, &given.peak, sizeof(is->peak));
  ck_assert_str_eq(is->evidence, given.evidence);
  ck_assert_str_eq(is->listener, given.listener);
  ck_assert_str_eq(is->top_source, given.top_source);
  ck_assert_str_eq(is->flags, given.flags);
  ck_assert_str_eq(is->first, given.first);
  ck_assert_str_eq(is->worst, given.worst);
  ck_assert_str_eq(is->last, given.last);
}

START_TEST(what_is_written_is_read) {
  write_text(2);
  ck_assert_int_eq(read_text(), 0);
  ck_assert_uint_eq(damaged, 0);
  ck_assert_uint_eq(got_len, 2);
  assert_same(&got[0]);
  assert_same(&got[1]);
  ck_assert_double_eq(head.saved_s, 1700000100.5);
  ck_assert_double_eq(head.every_s, 300);
  ck_assert_double_eq(head.begun_s, 1690000000);
  ck_assert(!head.stopped);
}
END_TEST

START_TEST(what_is_not_known_stays_unknown) {
  given = (struct record_incident){
      .identity = "temperature/web1/sensors/temperature-cpu",
      .host = "web1",
      .name = "temperature",
      .of_series = true,
      .begin_s = 1700000000,
      .seen_s = 1700000000,
      .severity = SEVERITY_WARNING,
      .peak = {0, NAN, NAN, NAN, NAN, NAN},
  };
  write_text(1);
  ck_assert_int_eq(read_text(), 0);
  ck_assert_uint_eq(damaged, 0);
  ck_assert_uint_eq(got_len, 1);
  ck_assert_int_eq(got[0].end, RECORD_OPEN);
  ck_assert(isnan(got[0].peak.observed) && isnan(got[0].peak.score));
  ck_assert_str_eq(record_subject(&got[0]), "web1/sensors/temperature-cpu");
  ck_assert_str_eq(got[0].first, "");
}
END_TEST

/* As long as all can be at once. */
START_TEST(the_longest_line_has_room) {
  memset(given.host, '"', sizeof(given.host) - 1);
  memset(given.name, '\\', sizeof(given.name) - 1);
  memset(given.first, '"', sizeof(given.first) - 1);
  memset(given.worst, '"', sizeof(given.worst) - 1);
  memset(given.last, '\\', sizeof(given.last) - 1);
  memset(given.evidence, '"', sizeof(given.evidence) - 1);
  memset(given.flags, '"', sizeof(given.flags) - 1);
  memset(given.listener, '"', sizeof(given.listener) - 1);
  memset(given.top_source, '"', sizeof(given.top_source) - 1);
  given.of_series = true;
  char series[SERIES_IDENTIFIER_MAX];
  memset(series, '"', sizeof(series) - 1);
  series[sizeof(series) - 1] = '\0';
  strcpy(stpcpy(stpcpy(given.identity, given.name), "/"), series);
  write_text(1);
  ck_assert_uint_lt(length, RECORD_TEXT_LINE_MAX);
  ck_assert_int_eq(read_text(), 0);
  ck_assert_uint_eq(damaged, 0);
  ck_assert_str_eq(got[0].identity, given.identity);
}
END_TEST

START_TEST(another_locale_writes_the_same) {
  write_text(1);
  char *before = strdup(text);
  ck_assert_ptr_nonnull(before);
  comma_locale_set(); /* says so where it cannot */
  write_text(1);
  ck_assert_str_eq(text, before);
  ck_assert_int_eq(read_text(), 0);
  assert_same(&got[0]);
  free(before);
}
END_TEST

/* Each byte of a line in turn; the other incidents stay. */
START_TEST(a_damaged_line_costs_no_other) {
  write_text(3);
  char *second = strstr(text, "\nincident ");
  second = strstr(second + 1, "\nincident ") + 1;
  size_t line = strcspn(second, "\n");
  for (size_t i = 0; i < line; i++) {
    second[i] ^= 1;
    ck_assert_int_eq(read_text(), 0);
    ck_assert_msg(damaged > 0, "byte %zu", i);
    ck_assert_msg(got_len == 2, "byte %zu", i);
    second[i] ^= 1;
  }
}
END_TEST

START_TEST(what_is_cut_off_is_said) {
  write_text(2);
  size_t whole = length;
  size_t first = (size_t)(strstr(text, "\nincident ") + 1 - text);
  for (length = first; length + 1 < whole; length++) {
    ck_assert_int_eq(read_text(), 0);
    ck_assert_msg(damaged > 0, "%zu bytes of %zu", length, whole);
  }
}
END_TEST

START_TEST(a_key_that_is_not_known_is_passed_over) {
  char line[] = "incident mood=\"bad \\\" day\" begin=1700000000.000 x_y=12 "
                "severity=WARNING host=\"web1\" incident=\"syn_flood\"";
  write_text(0);
  length -= strlen("end 0\n");
  add(line);
  /* the sum: zlib.crc32 of Python */
  char sum[64];
  snprintf(sum, sizeof(sum), " crc=%08x\nfuture words\nend 1\n", 0xd54f549cu);
  add(sum);
  ck_assert_int_eq(read_text(), 0);
  ck_assert_uint_eq(damaged, 0);
  ck_assert_uint_eq(got_len, 1);
  ck_assert_str_eq(got[0].identity, "syn_flood/web1");
}
END_TEST

static const char *const foreign[] = {
    "",
    "\n",
    "#!/bin/sh\n",
    "collectd-baseline incidents 2\nend 0\n",
    "collectd-baseline incidents 1",
    "collectd-baseline incidents 10\n",
    "collectd-baseline state 2\n",
};

START_TEST(something_else_is_refused) {
  add(foreign[_i]);
  ck_assert_int_eq(read_text(), -EPROTO);
  ck_assert_str_ne(why, "");
}
END_TEST

START_TEST(a_head_without_its_times_says_nothing) {
  add("collectd-baseline incidents 1\n# saved soon\nend 0\n");
  ck_assert_int_eq(read_text(), 0);
  ck_assert(isnan(head.saved_s));
  ck_assert_uint_eq(damaged, 0);
}
END_TEST

SUITE(record_text) {
  Suite *suite = suite_create("record_text");
  TCase *tests = tcase_create("record_text");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, what_is_written_is_read);
  tcase_add_test(tests, what_is_not_known_stays_unknown);
  tcase_add_test(tests, the_longest_line_has_room);
  tcase_add_test(tests, another_locale_writes_the_same);
  tcase_add_test(tests, a_damaged_line_costs_no_other);
  tcase_add_test(tests, what_is_cut_off_is_said);
  tcase_add_test(tests, a_key_that_is_not_known_is_passed_over);
  tcase_add_loop_test(tests, something_else_is_refused, 0,
                      sizeof(foreign) / sizeof(foreign[0]));
  tcase_add_test(tests, a_head_without_its_times_says_nothing);
  suite_add_tcase(suite, tests);
  return suite;
}
