/* Times of the command line and units of series: functions of tools/lib. */
#include "lib/moment.h"
#include "lib/types_db.h"
#include "scenes/suite.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void set_zone(const char *zone) {
  setenv("TZ", zone, 1);
  tzset();
}

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

  set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
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

  set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
  ck_assert_msg(!moment_read(refused[_i], &moment), "%s", refused[_i]);
  ck_assert_double_eq(moment.seconds, -7);
}
END_TEST

START_TEST(duration_is_cut_to_two_units) {
  static const struct {
    double duration_s;
    const char *text;
  } all[] = {{0, "0 s"},          {119, "119 s"},      {120, "2 min"},
             {7199, "119 min"},   {7200, "2 h 0 min"}, {12000, "3 h 20 min"},
             {172800, "2 d 0 h"}, {360000, "4 d 4 h"}};
  char text[PLOT_MOMENT_TEXT_MAX];

  for (int i = 0; i < COUNT(all); i++) {
    moment_duration(all[i].duration_s, text);
    ck_assert_str_eq(text, all[i].text);
  }
}
END_TEST

START_TEST(unit_is_the_types) {
  static const struct {
    const char *type;
    bool is_rate;
    const char *unit;
  } all[] = {{"tcp_connections", false, "connections"},
             {"percent", false, "%"},
             {"protocol_counter", true, "events/s"},
             {"if_octets", true, "B/s"},
             {"derive", true, "1/s"},
             {"gauge", false, ""},
             {"duration", false, "s"}};
  char unit[TYPES_DB_UNIT_MAX];

  for (int i = 0; i < COUNT(all); i++) {
    types_db_unit(all[i].type, all[i].is_rate, unit);
    ck_assert_str_eq(unit, all[i].unit);
  }
}
END_TEST

SUITE(plot_time) {
  TCase *moment = tcase_create("moments");
  Suite *suite = suite_create("plot_time");

  tcase_add_loop_test(moment, time_is_read, 0, COUNT(moments));
  tcase_add_loop_test(moment, what_is_no_time_is_refused, 0, COUNT(refused));
  tcase_add_test(moment, duration_is_cut_to_two_units);
  tcase_add_test(moment, unit_is_the_types);
  suite_add_tcase(suite, moment);
  return suite;
}
