/* The benchmark's folder: labels and rows are read strictly. */
#include "nab_corpus.h"

#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(times_are_read_as_utc) {
  double time_s;

  ck_assert(nab_corpus_time("2014-04-10 07:15:00", 19, &time_s));
  ck_assert_double_eq(time_s, 1397114100);
  ck_assert(nab_corpus_time("2014-04-10 07:15:00.000000", 26, &time_s));
  ck_assert_double_eq(time_s, 1397114100);
  ck_assert(nab_corpus_time("2016-02-29 23:59:59", 19, &time_s));
}
END_TEST

START_TEST(no_other_form_of_time_is_read) {
  static const char *const bad[] = {
      "",
      "2014-04-10",
      "2014-04-10 07:15",
      "2014-04-10T07:15:00",
      "2014-4-10 07:15:00 ",
      "2014-04-31 07:15:00",
      "2015-02-29 07:15:00",
      "2014-13-01 07:15:00",
      "2014-04-10 24:15:00",
      "2014-04-10 07:60:00",
      "2014-04-10 07:15:00.",
      "2014-04-10 07:15:00.500000",
      "2014-04-10 07:15:00Z",
      "2014-04-10 07:-5:00",
  };
  double time_s = 7;

  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    ck_assert_msg(!nab_corpus_time(bad[i], strlen(bad[i]), &time_s), "read: %s",
                  bad[i]);
  ck_assert_double_eq(time_s, 7);
}
END_TEST

#define SPAN(from, to)                                                         \
  "[\"2014-04-10 " from ":00.000000\",\"2014-04-10 " to ":00.000000\"]"

START_TEST(labels_are_sorted_by_name) {
  static const char text[] =
      "{\n  \"b/y.csv\": [" SPAN("07:15", "08:15") ", " //
      SPAN("09:00", "09:05") "],\n  \"a/x.csv\": []\n}\n";
  struct nab_corpus corpus = {0};
  char problem[NAB_PROBLEM_MAX];

  ck_assert_int_eq(nab_corpus_labels(text, sizeof(text) - 1, &corpus, problem),
                   0);
  ck_assert_uint_eq(corpus.len, 2);
  ck_assert_str_eq(corpus.files[0].name, "a/x.csv");
  ck_assert_uint_eq(corpus.files[0].spans_len, 0);
  ck_assert_str_eq(corpus.files[1].name, "b/y.csv");
  ck_assert_uint_eq(corpus.files[1].spans_len, 2);
  ck_assert_double_eq(corpus.files[1].spans[0].from_s, 1397114100);
  ck_assert_double_eq(corpus.files[1].spans[0].to_s, 1397114100 + 3600);
  nab_corpus_release(&corpus);
}
END_TEST

START_TEST(labels_in_another_form_are_refused) {
  static const char *const bad[] = {
      "",
      "[]",
      "{",
      "{}",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\":[]",
      "{\"a\":[],}",
      "{,}",
      "{\"a\":[] \"b\":[]}",
      "{\"a\":[]}{}",
      "{\"a\":[],\"a\":[]}",
      "{\"a\":{}}",
      "{\"a\":[[]]}",
      "{\"a\":[[\"2014-04-10 07:15:00\"]]}",
      "{\"a\":[[1,2]]}",
      "{\"a\":[" SPAN("07:15", "07:15") "]}",
      "{\"a\":[" SPAN("07:15", "07:10") "]}",
      "{\"a\":[" SPAN("07:15", "07:20") SPAN("08:15", "08:20") "]}",
      "{\"a\":[" SPAN("07:15", "07:20") "," SPAN("07:20", "08:20") "]}",
      "{\"a\\n\":[]}",
      "{\"a:[]}",
      "{'a':[]}",
  };
  char problem[NAB_PROBLEM_MAX];

  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    struct nab_corpus corpus = {0};
    problem[0] = '\0';
    ck_assert_msg(nab_corpus_labels(bad[i], strlen(bad[i]), &corpus, problem) !=
                      0,
                  "read: %s", bad[i]);
    ck_assert_str_ne(problem, "");
    nab_corpus_release(&corpus);
  }
}
END_TEST

START_TEST(too_many_windows_and_too_long_names_are_refused) {
  char text[4096] = "{\"a\":[", problem[NAB_PROBLEM_MAX];
  struct nab_corpus corpus = {0};
  size_t length = strlen(text);

  for (int i = 0; i <= NAB_WINDOWS_MAX; i++)
    length += (size_t)sprintf(
        text + length,
        "%s[\"2014-04-10 %02d:00:00\",\"2014-04-10 %02d:30:00\"]",
        i > 0 ? "," : "", i, i);
  length += (size_t)sprintf(text + length, "]}");
  ck_assert_int_ne(nab_corpus_labels(text, length, &corpus, problem), 0);
  ck_assert_ptr_nonnull(strstr(problem, "too many windows"));
  nab_corpus_release(&corpus);

  corpus = (struct nab_corpus){0};
  length = (size_t)sprintf(text, "{\"%0*d\":[]}", NAB_NAME_MAX, 0);
  ck_assert_int_ne(nab_corpus_labels(text, length, &corpus, problem), 0);
  ck_assert_ptr_nonnull(strstr(problem, "too long"));
  nab_corpus_release(&corpus);
}
END_TEST

/* A folder with one file of data. */
static char folder[64];
static struct nab_file file;

static void write_text(const char *name, const char *text) {
  char path[128];

  snprintf(path, sizeof(path), "%s/%s", folder, name);
  FILE *out = fopen(path, "w");
  ck_assert_ptr_nonnull(out);
  fputs(text, out);
  fclose(out);
}

static void make_folder(void) {
  char path[128];

  strcpy(folder, "/tmp/check_nabXXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof(path), "%s/data", folder);
  ck_assert_int_eq(mkdir(path, 0700), 0);
  file = (struct nab_file){.name = "x.csv"};
}

static void delete_folder(void) {
  char path[128];

  snprintf(path, sizeof(path), "%s/data/x.csv", folder);
  unlink(path);
  snprintf(path, sizeof(path), "%s/data", folder);
  rmdir(path);
  rmdir(folder);
}

static int read_data(const char *text, struct nab_rows *rows, char *problem) {
  struct nab_corpus corpus = {.folder = folder};

  write_text("data/x.csv", text);
  return nab_corpus_read(&corpus, &file, NULL, rows, problem);
}

START_TEST(rows_are_read_and_windows_placed) {
  char problem[NAB_PROBLEM_MAX];
  struct nab_window window;
  struct nab_rows rows;

  ck_assert_int_eq(read_data("timestamp,value\n"
                             "2014-04-10 07:10:00,-1.5\r\n"
                             "2014-04-10 07:15:00,2e3\n"
                             "2014-04-10 07:20:00,3",
                             &rows, problem),
                   0);
  ck_assert_uint_eq(rows.len, 3);
  ck_assert_double_eq(rows.value[0], -1.5);
  ck_assert_double_eq(rows.value[1], 2000);
  ck_assert(isnan(rows.score[1]));
  file.spans_len = 1;
  file.spans[0] = (struct nab_span){1397114100, 1397114400};
  ck_assert_int_eq(nab_corpus_place(&file, &rows, &window, problem), 0);
  ck_assert_uint_eq(window.first, 1);
  ck_assert_uint_eq(window.last, 2);
  file.spans[0].to_s += 1;
  ck_assert_int_ne(nab_corpus_place(&file, &rows, &window, problem), 0);
  ck_assert_ptr_nonnull(strstr(problem, "x.csv"));
  nab_corpus_release_rows(&rows);
}
END_TEST

START_TEST(data_in_another_form_are_refused) {
  static const char *const bad[] = {
      "",
      "timestamp,value\n",
      "timestamp\n2014-04-10 07:10:00\n",
      "value,timestamp\n1,2014-04-10 07:10:00\n",
      "timestamp,value\n2014-04-10 07:10:00\n",
      "timestamp,value\n2014-04-10 07:10:00,\n",
      "timestamp,value\n2014-04-10 07:10:00,one\n",
      "timestamp,value\n2014-04-10 07:10:00,nan\n",
      "timestamp,value\n2014-04-10 07:10,1\n",
      "timestamp,value\n\n",
      "timestamp,value,anomaly_score\n2014-04-10 07:10:00,1\n",
  };
  char problem[NAB_PROBLEM_MAX];
  struct nab_rows rows;

  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    ck_assert_msg(read_data(bad[i], &rows, problem) != 0, "read: %s", bad[i]);
    ck_assert_ptr_nonnull(strstr(problem, "x.csv"));
    nab_corpus_release_rows(&rows);
  }
}
END_TEST

SUITE(nab_corpus) {
  Suite *suite = suite_create("nab_corpus");
  TCase *labels = tcase_create("labels");
  TCase *data = tcase_create("data");

  tcase_add_test(labels, times_are_read_as_utc);
  tcase_add_test(labels, no_other_form_of_time_is_read);
  tcase_add_test(labels, labels_are_sorted_by_name);
  tcase_add_test(labels, labels_in_another_form_are_refused);
  tcase_add_test(labels, too_many_windows_and_too_long_names_are_refused);
  tcase_add_checked_fixture(data, make_folder, delete_folder);
  tcase_add_test(data, rows_are_read_and_windows_placed);
  tcase_add_test(data, data_in_another_form_are_refused);
  suite_add_tcase(suite, labels);
  suite_add_tcase(suite, data);
  return suite;
}
