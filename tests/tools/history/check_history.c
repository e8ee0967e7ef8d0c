/* Recorded values out of files and folders: in the order of time, whole, and
 * with a line and column where something is wrong. */
#include "scenes/history_scene.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define RUN(...) history_scene_run((const char *const[]){__VA_ARGS__, NULL})

static void assert_taken(int rc, const char *wanted) {
  ck_assert_msg(rc == 0, "%s", history_scene_problem);
  ck_assert_str_eq(history_scene_taken, wanted);
}

static void assert_refused(int rc, const char *words) {
  ck_assert_int_ne(rc, 0);
  ck_assert_msg(strstr(history_scene_problem, words), "\"%s\" is not in: %s",
                words, history_scene_problem);
}

START_TEST(file_is_handed_out_row_by_row) {
  history_scene_write("web1.csv",
                      "time,a/b,other/a/c-i,a/counter:rate,a/cpu-idle\n"
                      "100.5,1,,2.5,7\n"
                      "\n"
                      "110.5,nan,3,,U\n");
  assert_taken(RUN("web1.csv"), "100.5 web1/b- gauge 1 every 10\n"
                                "100.5 web1/counter- rate 2.5 every 10\n"
                                "100.5 web1/cpu-idle counter 7 every 10\n"
                                "110.5 web1/b- gauge nan every 10\n"
                                "110.5 other/c-i gauge 3 every 10\n"
                                "110.5 web1/cpu-idle rate nan every 10\n");
  ck_assert_uint_eq(history_scene.tally.values, 6);
}
END_TEST

START_TEST(marks_of_other_systems_do_no_harm) {
  history_scene_write("a.b.csv", "\xEF\xBB\xBFtime,a/b\r\n100,1\r\n\r\n110,2");
  assert_taken(RUN("a.b.csv"), "100 a.b/b- gauge 1 every 10\n"
                               "110 a.b/b- gauge 2 every 10\n");
}
END_TEST

START_TEST(host_and_interval_may_be_given) {
  history_scene_write("x", "time,a/b\n100,1\n");
  history_scene.options.host = "given";
  history_scene.options.interval_s = 60;
  assert_taken(RUN("x"), "100 given/b- gauge 1 every 60\n");
}
END_TEST

START_TEST(interval_is_the_median_step) {
  history_scene_write(
      "x", "time,unwanted/x,a/b\n100,,\n130,,\n130,,\n160,,\n5000,,\n"
           "5030,,\n5060,,1\n");
  assert_taken(RUN("x"), "5060 x/b- gauge 1 every 30\n");
  ck_assert_uint_eq(history_scene.tally.columns, 1);
}
END_TEST

START_TEST(several_files_are_merged_by_time) {
  history_scene_write("a.csv", "time,p/x\n100,1\n110,2\n130,3\n");
  history_scene_write("b.csv", "time,p/x\n105,4\n110,5\n115,6\n");
  int rc = RUN("a.csv", "b.csv");
  ck_assert_msg(rc == 0, "%s", history_scene_problem);
  double last_s = 0, time_s = 0;
  int lines = 0;
  for (char *line = strtok(history_scene_taken, "\n"); line;
       line = strtok(NULL, "\n"), lines++) {
    ck_assert_int_eq(sscanf(line, "%lf", &time_s), 1);
    ck_assert_double_ge(time_s, last_s);
    last_s = time_s;
  }
  ck_assert_int_eq(lines, 6);
}
END_TEST

static const struct {
  const char *text, *words, *left; /* what --skip-bad leaves */
} mistakes[] = {
    {"", "is empty", NULL},
    {"when,a/b\n", "x:1: column 1: the first column head must be time", NULL},
    {"time,\"a/b\n", "x:1: column 2: a quote is not closed", NULL},
    {"time,a/b,a/b\n", "x:1: column 3: \"a/b\": an earlier column", ""},
    {"time,a\n5,1\n", "x:1: column 2: \"a\": it is not of the form", ""},
    {"time,a/b\n5\n6,1\n", "x:2: 1 cells, but 2", "6 x/b- gauge 1 every 1\n"},
    {"time,a/b\n5,1,2\n", "x:2: 3 cells, but 2", ""},
    {"time,a/b\n5,\"1\n", "x:2: a quote is not closed", ""},
    {"time,a/b\n5,1\nx,2\n", "x:3: column 1: not a time",
     "5 x/b- gauge 1 every 10\n"},
    {"time,a/b\n-5,1\n", "x:2: column 1: not a time", ""},
    {"time,a/b\n,1\n", "x:2: column 1: not a time", ""},
    {"time,a/b\n1e300,1\n", "x:2: column 1: not a time", ""},
    {"time,a/b\n50,1\n\n40,2\n",
     "x:4: column 1: the time goes back from 50.000 to 40.000",
     "50 x/b- gauge 1 every 10\n"},
    {"time,a/b,a/c\n5,1,one\n", "x:2: column 3: not a number (c-)",
     "5 x/b- gauge 1 every 10\n"},
    {"time,a/b\n5,inf\n", "x:2: column 2: not a number", ""},
    {"time,a/cpu\n5,1.5\n", "x:2: column 2: not a whole number", ""},
};

START_TEST(mistake_is_refused_with_line_and_column) {
  history_scene.options.strict_times = true;
  history_scene_write("x", mistakes[_i].text);
  assert_refused(RUN("x"), mistakes[_i].words);
}
END_TEST

START_TEST(mistake_is_skipped_where_asked_for) {
  history_scene.options.skip_bad = true;
  history_scene.options.strict_times = true;
  history_scene_write("x", mistakes[_i].text);
  int rc = RUN("x");
  if (!mistakes[_i].left) {
    assert_refused(rc, mistakes[_i].words);
    return;
  }
  assert_taken(rc, mistakes[_i].left);
  ck_assert_uint_eq(history_scene.tally.skipped, 1);
  ck_assert_ptr_nonnull(strstr(history_scene_said, mistakes[_i].words));
}
END_TEST

START_TEST(clock_step_is_handed_out) {
  history_scene_write("x", "time,a/b\n50,1\n60,2\n40,3\n");
  assert_taken(RUN("x"), "50 x/b- gauge 1 every 10\n"
                         "60 x/b- gauge 2 every 10\n"
                         "40 x/b- gauge 3 every 10\n");
}
END_TEST

/* A line of length bytes: the last column's heads and cells are padded. */
static int run_line(size_t length) {
  char *text = malloc(length + 64);

  ck_assert_ptr_nonnull(text);
  strcpy(text, "time,a/b\n5,1");
  size_t used = strlen(text);
  memset(text + used, ' ', length - 3);
  strcpy(text + used + length - 3, "\n6,2\n");
  history_scene_write("x", text);
  free(text);
  return RUN("x");
}

START_TEST(line_may_be_a_mebibyte_long) {
  assert_taken(run_line(1 << 20), "5 x/b- gauge 1 every 10\n"
                                  "6 x/b- gauge 2 every 10\n");
}
END_TEST

START_TEST(longer_line_is_refused) {
  assert_refused(run_line((1 << 20) + 1), "x:2: longer than 1048576 bytes");
}
END_TEST

START_TEST(file_is_read_across_its_pieces) {
  enum { ROWS = 40000 };
  char *text = malloc(ROWS * 24L), *at = text;

  ck_assert_ptr_nonnull(text);
  at += sprintf(at, "time,unwanted/a,a/b\n");
  for (int i = 1; i <= ROWS; i++)
    at += sprintf(at, "%d,%d,%s\n", i, i, i % 8000 == 0 ? "1" : "");
  history_scene_write("x", text);
  free(text);
  assert_taken(RUN("x"), "8000 x/b- gauge 1 every 1\n"
                         "16000 x/b- gauge 1 every 1\n"
                         "24000 x/b- gauge 1 every 1\n"
                         "32000 x/b- gauge 1 every 1\n"
                         "40000 x/b- gauge 1 every 1\n");
}
END_TEST

START_TEST(folder_of_days_is_read_in_the_order_of_time) {
  history_scene_write("d/h2/p-all/gauge-a-2026-02-28",
                      "epoch,value\n99.500,4.000000\n");
  history_scene_write("d/h1/p-all/gauge-a-2026-02-28",
                      "epoch,value\n100.000,1.000000\n110.000,nan\n");
  history_scene_write("d/h1/p-all/gauge-a-2026-03-02", /* a day is missing */
                      "epoch,value\n200.000,2.000000\n220.000,3.000000\n");
  history_scene_write("d/h1/p-all/gauge-a-2026-03-01-2026-03-02",
                      "epoch,value\n");
  history_scene_write("d/h1/unwanted/gauge-2026-02-28", "epoch,value\n1,1\n");
  history_scene_write("d/h1/p-all/README", "no values\n");
  history_scene_write("d/README", "no values\n");
  history_scene_write("d/h1/p-all/.hidden", "no values\n");
  assert_taken(RUN("d"), "99.5 h2/gauge-a gauge 4 every 10\n"
                         "100 h1/gauge-a gauge 1 every 10\n"
                         "110 h1/gauge-a gauge nan every 10\n"
                         "200 h1/gauge-a gauge 2 every 20\n"
                         "220 h1/gauge-a gauge 3 every 20\n");
}
END_TEST

/* The same text as gzip has it: collectd's csv plugin does not, its users do.
 */
static void write_gzipped(const char *name, const char *text) {
  char command[256];

  history_scene_write(name, text);
  snprintf(command, sizeof(command), "gzip -f '%s'", history_scene_path(name));
  ck_assert_int_eq(system(command), 0);
}

START_TEST(gzipped_days_are_read) {
  write_gzipped("d/h/p-all/gauge-a-2026-02-28",
                "epoch,value\n100.000,1.000000\n110.000,2.000000\n");
  history_scene_write("d/h/p-all/gauge-a-2026-03-01",
                      "epoch,value\n120.000,3.000000\n130.000,4.000000\n");
  write_gzipped("d/h/p-all/gauge-a-2026-03-02",
                "epoch,value\n140.000,5.000000\n150.000,6.000000\n");
  assert_taken(RUN("d"), "100 h/gauge-a gauge 1 every 10\n"
                         "110 h/gauge-a gauge 2 every 10\n"
                         "120 h/gauge-a gauge 3 every 10\n"
                         "130 h/gauge-a gauge 4 every 10\n"
                         "140 h/gauge-a gauge 5 every 10\n"
                         "150 h/gauge-a gauge 6 every 10\n");
  ck_assert_uint_eq(history_scene.tally.passed_over, 0);
}
END_TEST

/* In pieces, and in members: what was appended to with gzip >>. */
START_TEST(long_gzipped_file_is_read_whole) {
  static char text[700000];
  char both[256];
  size_t used = (size_t)snprintf(text, sizeof(text), "epoch,value\n");

  for (int i = 1; i <= 30000; i++)
    used += (size_t)snprintf(text + used, sizeof(text) - used,
                             "%d.000,%d.%06d\n", 10 * i, i, i * 7919 % 1000000);
  write_gzipped("d/h/p-all/gauge-a-2026-02-28", text);
  write_gzipped("more", "300010.000,1.5\n");
  snprintf(both, sizeof(both), "cat '%s/more.gz' >>'%s'", history_scene_folder,
           history_scene_path("d/h/p-all/gauge-a-2026-02-28.gz"));
  ck_assert_int_eq(system(both), 0);
  int rc = RUN("d");
  ck_assert_msg(rc == 0, "%s", history_scene_problem);
  ck_assert_uint_eq(history_scene.tally.values, 30001);
  ck_assert_uint_eq(history_scene.tally.bytes, history_scene.tally.bytes_total);
}
END_TEST

START_TEST(damaged_gzipped_file_is_named) {
  static char text[100000];
  char cut[256];
  size_t used = (size_t)snprintf(text, sizeof(text), "epoch,value\n");

  for (int i = 1; i <= 3000; i++)
    used += (size_t)snprintf(text + used, sizeof(text) - used,
                             "%d.000,%d.%06d\n", 10 * i, i, i * 7919 % 1000000);
  write_gzipped("d/h/p-all/gauge-a-2026-02-28", text);
  snprintf(cut, sizeof(cut), "truncate -s -9 '%s'",
           history_scene_path("d/h/p-all/gauge-a-2026-02-28.gz"));
  ck_assert_int_eq(system(cut), 0);
  assert_refused(
      RUN("d"),
      "gauge-a-2026-02-28.gz: its gzipped data is damaged or cut short");
  history_scene_write("e/h/p-all/gauge-a-2026-02-28.gz",
                      "\x1f\x8b\x08 no more");
  assert_refused(RUN("e"), "gauge-a-2026-02-28.gz: its gzipped data is");
}
END_TEST

START_TEST(gzipped_file_of_rows_is_read) {
  write_gzipped("web1.csv", "time,p-all/gauge-a\n100,1\n110,2\n");
  assert_taken(RUN("web1.csv.gz"), "100 web1/gauge-a gauge 1 every 10\n"
                                   "110 web1/gauge-a gauge 2 every 10\n");
}
END_TEST

/* As the csv plugin writes with FileDate false. */
START_TEST(undated_files_are_read) {
  history_scene_write("d/h/p-all/gauge-a", "epoch,value\n100.000,1.000000\n");
  history_scene_write("d/h/p-all/gauge-10.0.0.1",
                      "epoch,value\n101.000,2.000000\n");
  write_gzipped("d/h/p-all/gauge-b", "epoch,value\n102.000,3.000000\n");
  history_scene_write("d/h/p-all/gauge-a-2026-03-01",
                      "epoch,value\n99.0,4.000000\n");
  assert_taken(RUN("d"), "99 h/gauge-a gauge 4 every 10\n"
                         "100 h/gauge-a gauge 1 every 10\n"
                         "101 h/gauge-10.0.0.1 gauge 2 every 10\n"
                         "102 h/gauge-b gauge 3 every 10\n");
  ck_assert_uint_eq(history_scene.tally.passed_over, 0);
}
END_TEST

START_TEST(what_is_passed_over_is_named_and_counted) {
  history_scene_write("d/h/p-all/gauge-a", "epoch,value\n100.000,1.000000\n");
  history_scene_write("d/h/p-all/empty", "");
  history_scene_write("d/h/p-all/gauge-a.xz", "\xfd"
                                              "7zXZ");
  history_scene_write("d/h/README", "no values\n");
  history_scene_write("d/README", "no values\n");
  assert_taken(RUN("d"), "100 h/gauge-a gauge 1 every 10\n");
  ck_assert_uint_eq(history_scene.tally.passed_over, 4);
  ck_assert_msg(
      strstr(history_scene_said, "d/h/p-all/gauge-a.xz: not a file of"), "%s",
      history_scene_said);
}
END_TEST

START_TEST(csv_plugin_tells_counters_from_rates) {
  history_scene_write("d/h/p/if_octets-2026-02-28",
                      "epoch,rx,tx\n10.000,17,2\n20.000,18,3\n15.000,-1,4\n");
  history_scene_write("d/h/p/cpu-idle-2026-02-28",
                      "epoch,value\n30.000,nan\n40.000,1.500000\n");
  assert_taken(RUN("d"), "10 h/if_octets-:rx counter 17 every 10\n"
                         "10 h/if_octets-:tx counter 2 every 10\n"
                         "20 h/if_octets-:rx counter 18 every 10\n"
                         "20 h/if_octets-:tx counter 3 every 10\n"
                         "15 h/if_octets-:rx counter -1 every 10\n"
                         "15 h/if_octets-:tx counter 4 every 10\n"
                         "30 h/cpu-idle rate nan every 10\n"
                         "40 h/cpu-idle rate 1.5 every 10\n");
}
END_TEST

START_TEST(more_series_than_open_files_are_read) {
  enum { SERIES = 200, FILES = 16 };
  const struct rlimit limit = {FILES, FILES};
  char name[64];

  for (int i = 0; i < SERIES; i++) {
    snprintf(name, sizeof(name), "d/h/p/gauge-%d-2026-02-28", i);
    history_scene_write(name,
                        "epoch,value\n10.000,1.000000\n20.000,2.000000\n");
  }
  ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
  int rc = RUN("d");
  ck_assert_msg(rc == 0, "%s", history_scene_problem);
  ck_assert_uint_eq(history_scene.tally.values, 2 * SERIES);
}
END_TEST

START_TEST(folder_without_values_is_refused) {
  history_scene_write("d/h/p/README", "");
  assert_refused(RUN("d"), "d is not a folder of collectd's csv or rrdtool");
  assert_refused(RUN("e"), "cannot open");
}
END_TEST

START_TEST(foreign_file_in_a_folder_is_refused) {
  history_scene_write("d/h/p/gauge-2026-02-28", "a,b\n");
  assert_refused(RUN("d"), "gauge-2026-02-28:1: not a file of collectd's csv");
}
END_TEST

SUITE(history) {
  Suite *suite = suite_create("history");
  TCase *tcase = tcase_create("history");

  tcase_add_checked_fixture(tcase, history_scene_setup, history_scene_teardown);
  tcase_add_test(tcase, file_is_handed_out_row_by_row);
  tcase_add_test(tcase, marks_of_other_systems_do_no_harm);
  tcase_add_test(tcase, host_and_interval_may_be_given);
  tcase_add_test(tcase, interval_is_the_median_step);
  tcase_add_test(tcase, several_files_are_merged_by_time);
  tcase_add_loop_test(tcase, mistake_is_refused_with_line_and_column, 0,
                      COUNT(mistakes));
  tcase_add_loop_test(tcase, mistake_is_skipped_where_asked_for, 0,
                      COUNT(mistakes));
  tcase_add_test(tcase, clock_step_is_handed_out);
  tcase_add_test(tcase, line_may_be_a_mebibyte_long);
  tcase_add_test(tcase, longer_line_is_refused);
  tcase_add_test(tcase, file_is_read_across_its_pieces);
  tcase_add_test(tcase, folder_of_days_is_read_in_the_order_of_time);
  tcase_add_test(tcase, gzipped_days_are_read);
  tcase_add_test(tcase, long_gzipped_file_is_read_whole);
  tcase_add_test(tcase, damaged_gzipped_file_is_named);
  tcase_add_test(tcase, gzipped_file_of_rows_is_read);
  tcase_add_test(tcase, undated_files_are_read);
  tcase_add_test(tcase, what_is_passed_over_is_named_and_counted);
  tcase_add_test(tcase, csv_plugin_tells_counters_from_rates);
  tcase_add_test(tcase, more_series_than_open_files_are_read);
  tcase_add_test(tcase, folder_without_values_is_refused);
  tcase_add_test(tcase, foreign_file_in_a_folder_is_refused);
  suite_add_tcase(suite, tcase);
  return suite;
}
