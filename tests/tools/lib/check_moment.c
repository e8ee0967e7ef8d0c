/* Times as the command line names them, and as they are written. */
#include "lib/moment.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void set_berlin(void) {
  setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  tzset();
}

/* --- read ----------------------------------------------------------------- */

static const struct {
  const char *text;
  bool relative;
  double seconds;
} moments[] = {
    {"1790000000", false, 1790000000},
    {"1790000000.5", false, 1790000000.5},
    {"2026-11-22", false, 1795302000}, /* Berlin: UTC+1 */
    {"2026-11-22T10:00", false, 1795338000},
    {"2026-11-22 10:00:30", false, 1795338030},
    {"2026-11-22T10:00Z", false, 1795341600},
    {"2026-11-22T10:00+01:00", false, 1795338000},
    {"2026-11-22T10:00-0530", false, 1795361400},
    {"2026-07-01T00:00", false, 1782856800}, /* UTC+2 */
    {"-90s", true, 90},
    {"-1.5h", true, 5400},
    {"-30m", true, 1800},
    {"-2d", true, 172800},
    {"-1w", true, 604800},
};

START_TEST(time_is_read) {
  struct moment moment = {0};

  set_berlin();
  ck_assert_msg(moment_read(moments[_i].text, &moment), "%s", moments[_i].text);
  ck_assert(moment.given);
  ck_assert_int_eq(moment.relative, moments[_i].relative);
  ck_assert_msg(moment.seconds == moments[_i].seconds, "%s: %f",
                moments[_i].text, moment.seconds);
}
END_TEST

static const char *const refused[] = {
    "",
    "now",
    "-",
    "-3",
    "-3y",
    "--3h",
    "-3hh",
    "-h",
    "0",
    "-1e30d",
    "1e30",
    "2026-02-30",
    "2026-13-01",
    "2026-11-22T25",
    "2026-11-22T",
    "2026-11-22T10:60",
    "2026-11-2",
    "2026-11-22x",
    "22.11.2026",
    "2026-11-22T10:00+1",
    "+5",
    "2026-11-22T10:00:61",
    "2026-11-22T10:00Zx",
};

START_TEST(what_is_no_time_is_refused) {
  struct moment moment = {.seconds = -7};

  set_berlin();
  ck_assert_msg(!moment_read(refused[_i], &moment), "%s", refused[_i]);
  ck_assert_double_eq(moment.seconds, -7);
}
END_TEST

/* --- written -------------------------------------------------------------- */

START_TEST(a_time_of_another_day_has_its_date) {
  const double noon_s = 1795345200; /* 2026-11-22 12:00 in Berlin */
  char text[MOMENT_MAX];

  set_berlin();
  ck_assert(moment_clock(noon_s, noon_s + 11 * 3600, "%m-%d %H:%M", text,
                         sizeof(text)));
  ck_assert_str_eq(text, "12:00:00");
  ck_assert(moment_clock(noon_s, noon_s + 12 * 3600, "%m-%d %H:%M", text,
                         sizeof(text)));
  ck_assert_str_eq(text, "11-22 12:00");
  ck_assert(
      moment_clock(noon_s, noon_s + 365 * 86400.0, "%Y", text, sizeof(text)));
  ck_assert_str_eq(text, "2026");
}
END_TEST

START_TEST(a_time_that_is_not_known_is_none) {
  static const double times[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300};
  char text[MOMENT_MAX];

  set_berlin();
  for (int i = 0; i < COUNT(times); i++) {
    ck_assert(!moment_clock(times[i], 1e9, "%Y", text, sizeof(text)));
    ck_assert_str_eq(text, "");
    ck_assert(!moment_clock(1e9, times[i], "%Y", text, sizeof(text)));
    ck_assert_str_eq(moment_write(times[i], text), "?");
  }
}
END_TEST

START_TEST(a_moment_is_written_in_local_time) {
  char text[MOMENT_MAX];

  set_berlin();
  ck_assert_str_eq(moment_write(1795345200.9, text), "2026-11-22 12:00:00");
}
END_TEST

START_TEST(the_clocks_go_on) {
  double now_s = moment_now(), steady_s = moment_steady();

  ck_assert_double_ge(now_s, (double)time(NULL) - 1);
  ck_assert_double_le(now_s, (double)time(NULL) + 1);
  ck_assert_double_ge(moment_steady(), steady_s);
}
END_TEST

SUITE(moment) {
  Suite *suite = suite_create("moment");
  TCase *tcase = tcase_create("read");
  tcase_add_loop_test(tcase, time_is_read, 0, COUNT(moments));
  tcase_add_loop_test(tcase, what_is_no_time_is_refused, 0, COUNT(refused));
  suite_add_tcase(suite, tcase);
  tcase = tcase_create("written");
  tcase_add_test(tcase, a_time_of_another_day_has_its_date);
  tcase_add_test(tcase, a_time_that_is_not_known_is_none);
  tcase_add_test(tcase, a_moment_is_written_in_local_time);
  tcase_add_test(tcase, the_clocks_go_on);
  suite_add_tcase(suite, tcase);
  return suite;
}
