/* RRD files as collectd's rrdtool plugin makes them: the finest averages, in
 * the order of time. */
#include "scenes/history_scene.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN(...) history_scene_run((const char *const[]){__VA_ARGS__, NULL})

#ifdef HAVE_LIBRRD

#include <rrd.h>

static void make(const char *name, const char *source, int step_s,
                 const char *const *updates, int len) {
  const char *definitions[] = {
      source,
      "RRA:AVERAGE:0.5:6:100",
      "RRA:MIN:0.5:1:5000",
      "RRA:AVERAGE:0.5:1:5000",
  };

  history_scene_write(name, "");
  int rc = rrd_create_r(history_scene_path(name), (unsigned long)step_s, 999990,
                        4, definitions);
  ck_assert_msg(rc == 0, "%s", rrd_get_error());
  if (len > 0)
    rc = rrd_update_r(history_scene_path(name), NULL, len,
                      (const char **)updates);
  ck_assert_msg(rc == 0, "%s", rrd_get_error());
}

START_TEST(finest_averages_are_handed_out) {
  static const char *const updates[] = {"1000000:1", "1000010:2", "1000020:U",
                                        "1000030:4"};

  make("r/h/tcpstates-all/percent-syn_queue.rrd", "DS:value:GAUGE:20:0:100", 10,
       updates, 4);
  ck_assert_msg(RUN("r") == 0, "%s", history_scene_problem);
  ck_assert_str_eq(history_scene_taken,
                   "1000000 h/percent-syn_queue gauge 1 every 10\n"
                   "1000010 h/percent-syn_queue gauge 2 every 10\n"
                   "1000030 h/percent-syn_queue gauge 4 every "
                   "10\n");
}
END_TEST

START_TEST(counters_come_as_rates) {
  static const char *const updates[] = {"1000000:100", "1000010:150",
                                        "1000020:250"};

  make("r/h/p/cpu-idle.rrd", "DS:value:DERIVE:20:0:U", 10, updates, 3);
  ck_assert_msg(RUN("r") == 0, "%s", history_scene_problem);
  ck_assert_str_eq(history_scene_taken,
                   "1000010 h/cpu-idle rate 5 every 10\n"
                   "1000020 h/cpu-idle rate 10 every 10\n");
}
END_TEST

START_TEST(long_history_is_fetched_piece_by_piece) {
  enum { ROWS = 4900 };
  static char texts[ROWS][32];
  static const char *updates[ROWS];

  for (int i = 0; i < ROWS; i++) {
    snprintf(texts[i], sizeof(texts[i]), "%d:%d", 1000000 + 10 * i, i);
    updates[i] = texts[i];
  }
  make("r/h/p/gauge.rrd", "DS:value:GAUGE:20:U:U", 10, updates, ROWS);
  ck_assert_msg(RUN("r") == 0, "%s", history_scene_problem);
  ck_assert_uint_eq(history_scene.tally.values, ROWS);
}
END_TEST

/* Three hours of readings, 10 s apart, in archives of 10, 60, 300 and 3600 s
 * that reach back 2, 10, 100 minutes and 10 hours. */
static void make_archives(void) {
  enum { ROWS = 1080 };
  static const char *const definitions[] = {
      "DS:value:GAUGE:20:U:U", "RRA:AVERAGE:0.1:360:10", "RRA:MIN:0.1:1:500",
      "RRA:AVERAGE:0.1:30:20", "RRA:AVERAGE:0.1:6:10",   "RRA:AVERAGE:0.1:1:12",
  };
  static char texts[ROWS][32];
  static const char *updates[ROWS];

  for (int i = 0; i < ROWS; i++) {
    snprintf(texts[i], sizeof(texts[i]), "%d:%d", 1000000 + 10 * i, 10 * i);
    updates[i] = texts[i];
  }
  history_scene_write("r/h/p/gauge.rrd", "");
  ck_assert_int_eq(rrd_create_r(history_scene_path("r/h/p/gauge.rrd"), 10,
                                999990, 6, (const char **)definitions),
                   0);
  ck_assert_int_eq(rrd_update_r(history_scene_path("r/h/p/gauge.rrd"), NULL,
                                ROWS, (const char **)updates),
                   0);
}

/* The rows of one archive, by their ends. */
struct rows {
  double first_s, last_s, step_s, finer_s;
  int len;
};

static struct rows read_archive(int coarser) {
  struct rows rows = {.len = 0};
  double time_s, number, expected;

  history_scene.options.coarser = coarser;
  history_scene.tally.finer_s = 0;
  history_scene_taken[0] = '\0';
  ck_assert_msg(RUN("r") == 0, "%s", history_scene_problem);
  history_close(&history_scene);
  for (char *line = strtok(history_scene_taken, "\n"); line;
       line = strtok(NULL, "\n")) {
    ck_assert_int_eq(sscanf(line, "%lf h/gauge- gauge %lf every %lf", &time_s,
                            &number, &rows.step_s),
                     3);
    expected = time_s - 1000000 - rows.step_s / 2 + 5;
    ck_assert_double_eq_tol(number, expected, 0.6);
    if (rows.len++ == 0)
      rows.first_s = time_s;
    else
      ck_assert_double_eq(time_s, rows.last_s + rows.step_s);
    rows.last_s = time_s;
  }
  rows.finer_s = history_scene.tally.finer_s;
  return rows;
}

START_TEST(coarser_averages_reach_to_where_the_finer_begin) {
  make_archives();
  struct rows finest = read_archive(0), next = read_archive(1);
  struct rows coarsest = read_archive(2), none = read_archive(3);
  ck_assert_double_eq(finest.step_s, 10);
  ck_assert_double_eq(next.step_s, 60);
  ck_assert_double_eq(coarsest.step_s, 300);
  ck_assert_int_eq(none.len, 0); /* an hour is too coarse */
  ck_assert_double_eq(next.finer_s, 10);
  ck_assert_double_eq(coarsest.finer_s, 60);
  ck_assert_double_le(next.last_s, finest.first_s);
  ck_assert_double_gt(next.last_s + 60, finest.first_s - 10);
  ck_assert_double_le(coarsest.last_s, next.first_s);
  ck_assert_double_gt(coarsest.last_s + 300, next.first_s - 60);
  ck_assert_int_gt(coarsest.len, 10);
}
END_TEST

START_TEST(a_file_that_was_never_updated_is_empty) {
  make("r/h/p/gauge.rrd", "DS:value:GAUGE:20:U:U", 10, NULL, 0);
  for (history_scene.options.coarser = 0; history_scene.options.coarser < 3;
       history_scene.options.coarser++) {
    ck_assert_msg(RUN("r") == 0, "%s", history_scene_problem);
    ck_assert_uint_eq(history_scene.tally.values, 0);
  }
}
END_TEST

START_TEST(only_rrd_files_have_coarser_averages) {
  history_scene_write("r/h/p/gauge-2026-01-01", "epoch,value\n1767225600,1\n");
  history_scene_write("h.csv", "time,p/gauge\n1767225600,1\n");
  history_scene.options.coarser = 1;
  ck_assert_msg(RUN("r", "h.csv") == 0, "%s", history_scene_problem);
  ck_assert_str_eq(history_scene_taken, "");
}
END_TEST

START_TEST(one_file_is_named_by_its_place) {
  static const char *const updates[] = {"1000000:1", "1000010:2"};

  make("r/h/tcpstates-all/percent-syn_queue.rrd", "DS:value:GAUGE:20:0:100", 10,
       updates, 2);
  ck_assert_msg(RUN("r/h/tcpstates-all/percent-syn_queue.rrd") == 0, "%s",
                history_scene_problem);
  ck_assert_str_eq(history_scene_taken,
                   "1000000 h/percent-syn_queue gauge 1 every 10\n"
                   "1000010 h/percent-syn_queue gauge 2 every 10\n");
  ck_assert_int_eq(RUN("r/missing.rrd"), -ENOENT);
}
END_TEST

START_TEST(what_is_no_rrd_is_refused) {
  history_scene_write("r/h/p/gauge.rrd", "RRD, but not really");
  ck_assert_int_eq(RUN("r"), -EINVAL);
  ck_assert_ptr_nonnull(strstr(history_scene_problem, "gauge.rrd"));
}
END_TEST

static void add_tests(TCase *tcase) {
  tcase_add_test(tcase, finest_averages_are_handed_out);
  tcase_add_test(tcase, counters_come_as_rates);
  tcase_add_test(tcase, long_history_is_fetched_piece_by_piece);
  tcase_add_test(tcase, coarser_averages_reach_to_where_the_finer_begin);
  tcase_add_test(tcase, a_file_that_was_never_updated_is_empty);
  tcase_add_test(tcase, only_rrd_files_have_coarser_averages);
  tcase_add_test(tcase, one_file_is_named_by_its_place);
  tcase_add_test(tcase, what_is_no_rrd_is_refused);
}

#else

START_TEST(missing_library_is_named) {
  history_scene_write("r/h/p/gauge.rrd", "");
  ck_assert_int_eq(RUN("r"), -ENOTSUP);
  ck_assert_ptr_nonnull(strstr(history_scene_problem, "built without librrd"));
}
END_TEST

static void add_tests(TCase *tcase) {
  tcase_add_test(tcase, missing_library_is_named);
}

#endif

SUITE(rrd) {
  Suite *suite = suite_create("rrd");
  TCase *tcase = tcase_create("rrd");

  tcase_add_checked_fixture(tcase, history_scene_setup, history_scene_teardown);
  add_tests(tcase);
  suite_add_tcase(suite, tcase);
  return suite;
}
