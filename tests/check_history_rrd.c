/* RRD files as collectd's rrdtool plugin makes them: the finest averages, in
 * the order of time. */
#include "history_scene.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN(...) scene_run((const char *const[]){__VA_ARGS__, NULL})

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

  scene_write(name, "");
  int rc = rrd_create_r(scene_path(name), (unsigned long)step_s, 999990, 4,
                        definitions);
  ck_assert_msg(rc == 0, "%s", rrd_get_error());
  rc = rrd_update_r(scene_path(name), NULL, len, (const char **)updates);
  ck_assert_msg(rc == 0, "%s", rrd_get_error());
}

START_TEST(finest_averages_are_handed_out) {
  static const char *const updates[] = {"1000000:1", "1000010:2", "1000020:U",
                                        "1000030:4"};

  make("r/h/tcpstates-all/percent-syn_queue.rrd", "DS:value:GAUGE:20:0:100", 10,
       updates, 4);
  ck_assert_msg(RUN("r") == 0, "%s", scene_problem);
  ck_assert_str_eq(scene_taken, "1000000 h/percent-syn_queue gauge 1 every 10\n"
                                "1000010 h/percent-syn_queue gauge 2 every 10\n"
                                "1000030 h/percent-syn_queue gauge 4 every "
                                "10\n");
}
END_TEST

START_TEST(counters_come_as_rates) {
  static const char *const updates[] = {"1000000:100", "1000010:150",
                                        "1000020:250"};

  make("r/h/p/cpu-idle.rrd", "DS:value:DERIVE:20:0:U", 10, updates, 3);
  ck_assert_msg(RUN("r") == 0, "%s", scene_problem);
  ck_assert_str_eq(scene_taken, "1000010 h/cpu-idle rate 5 every 10\n"
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
  ck_assert_msg(RUN("r") == 0, "%s", scene_problem);
  ck_assert_uint_eq(scene.tally.values, ROWS);
}
END_TEST

START_TEST(what_is_no_rrd_is_refused) {
  scene_write("r/h/p/gauge.rrd", "RRD, but not really");
  ck_assert_int_eq(RUN("r"), -EINVAL);
  ck_assert_ptr_nonnull(strstr(scene_problem, "gauge.rrd"));
}
END_TEST

static void add_tests(TCase *tcase) {
  tcase_add_test(tcase, finest_averages_are_handed_out);
  tcase_add_test(tcase, counters_come_as_rates);
  tcase_add_test(tcase, long_history_is_fetched_piece_by_piece);
  tcase_add_test(tcase, what_is_no_rrd_is_refused);
}

#else

START_TEST(missing_library_is_named) {
  scene_write("r/h/p/gauge.rrd", "");
  ck_assert_int_eq(RUN("r"), -ENOTSUP);
  ck_assert_ptr_nonnull(strstr(scene_problem, "built without librrd"));
}
END_TEST

static void add_tests(TCase *tcase) {
  tcase_add_test(tcase, missing_library_is_named);
}

#endif

int main(void) {
  Suite *suite = suite_create("history_rrd");
  TCase *tcase = tcase_create("history_rrd");

  tcase_add_checked_fixture(tcase, scene_setup, scene_teardown);
  add_tests(tcase);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
