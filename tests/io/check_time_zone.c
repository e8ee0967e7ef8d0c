/* time_zone: files of tzdata, and the rules in them, against the C library's
 * own reading; what is no zone is refused. */
#define _GNU_SOURCE
#include "io/time_zone.h"
#include "scenes/suite.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INPUTS FIXTURES "/../fuzz/inputs/time_zone/"

enum { JANUARY_2024 = 1704067200, JULY_2024 = 1719792000, HOUR = 3600 };

static char bytes[TIME_ZONE_FILE_MAX];
static size_t len;

static void read_input(const char *name) {
  char path[512];
  snprintf(path, sizeof(path), "%s%s", INPUTS, name);
  FILE *file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
  len = fread(bytes, 1, sizeof(bytes), file);
  fclose(file);
}

static struct time_zone *load_input(const char *name) {
  struct time_zone *zone = NULL;
  read_input(name);
  ck_assert_int_eq(time_zone_parse(bytes, len, &zone), 0);
  return zone;
}

/* By hand: 2024-03-31 01:00 UTC, 2024-10-27 01:00 UTC; 2044 is beyond the
 * changes of a slim file, 1880 before the first. */
START_TEST(summer_time_begins_and_ends_to_the_second) {
  static const char *const names[] = {"berlin-fat", "berlin-slim"};
  static const struct {
    int64_t at_s;
    int32_t offset_s;
  } rows[] = {{1711846799, HOUR},     {1711846800, 2 * HOUR},
              {1729990799, 2 * HOUR}, {1729990800, HOUR},
              {-2840140800, 3208},    {JANUARY_2024, HOUR},
              {JULY_2024, 2 * HOUR},  {2342653199, HOUR},
              {2342653200, 2 * HOUR}, {2361402000, HOUR}};
  struct time_zone *zone = load_input(names[_i]);
  for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
    ck_assert_msg(time_zone_offset_at(zone, rows[i].at_s) == rows[i].offset_s,
                  "%s at %lld: %d", names[_i], (long long)rows[i].at_s,
                  time_zone_offset_at(zone, rows[i].at_s));
  time_zone_destroy(zone);
}
END_TEST

START_TEST(a_file_cut_anywhere_is_refused) {
  static const char *const names[] = {"berlin-fat", "berlin-slim"};
  struct time_zone *zone = NULL;
  read_input(names[_i]);
  for (size_t cut = 0; cut < len; cut++) {
    char *copy = malloc(cut + 1);
    memcpy(copy, bytes, cut);
    ck_assert_int_eq(time_zone_parse(copy, cut, &zone), -EBADMSG);
    free(copy);
  }
  ck_assert_ptr_null(zone);
}
END_TEST

/* Counts of the second head: 0x7fffffff of each would be beyond any file. */
START_TEST(no_count_is_believed) {
  struct time_zone *zone = NULL;
  read_input("berlin-slim");
  for (size_t head = 0; head < 2; head++) {
    char *second = memmem(bytes + 4, len - 4, "TZif", 4);
    char *count = (head ? second : bytes) + 20 + 4 * _i;
    char kept = *count;
    *count = 0x7f;
    ck_assert_int_eq(time_zone_parse(bytes, len, &zone), -EBADMSG);
    *count = kept;
  }
  ck_assert_ptr_null(zone);
}
END_TEST

START_TEST(what_is_no_name_is_refused) {
  static const char *const names[] = {"",
                                      "/etc/localtime",
                                      "../localtime",
                                      "Europe/../Europe/Berlin",
                                      "Europe//Berlin",
                                      "CET-1CEST,M3.5.0,M10.5.0",
                                      "Europe/Berlin ",
                                      "Europe/Berlin\n"};
  struct time_zone *zone = NULL;
  ck_assert_int_eq(time_zone_load(names[_i], &zone), -EINVAL);
  ck_assert_ptr_null(zone);
}
END_TEST

START_TEST(a_name_that_is_too_long_is_refused) {
  char name[TIME_ZONE_NAME_MAX + 1] = "";
  struct time_zone *zone = NULL;
  memset(name, 'a', TIME_ZONE_NAME_MAX);
  ck_assert_int_eq(time_zone_load(name, &zone), -EINVAL);
  name[TIME_ZONE_NAME_MAX - 1] = '\0';
  ck_assert_int_eq(time_zone_load(name, &zone), -ENOENT);
}
END_TEST

START_TEST(a_name_that_tzdata_lacks_is_said_to) {
  struct time_zone *zone = NULL;
  ck_assert_int_eq(time_zone_load("Europe/Nowhere", &zone), -ENOENT);
  ck_assert_int_eq(time_zone_load("Nowhere/Berlin", &zone), -ENOENT);
  ck_assert_ptr_null(zone);
}
END_TEST

START_TEST(a_folder_is_no_zone) {
  struct time_zone *zone = NULL;
  if (access("/usr/share/zoneinfo/Europe", R_OK) != 0)
    return;
  ck_assert_int_eq(time_zone_load("Europe", &zone), -EBADMSG);
}
END_TEST

START_TEST(utc_needs_no_file) {
  struct time_zone *zone = NULL;
  ck_assert_int_eq(time_zone_load("UTC", &zone), 0);
  ck_assert_int_eq(time_zone_offset_at(zone, JULY_2024), 0);
  time_zone_destroy(zone);
}
END_TEST

/* TZ as a rule: hours and minutes, days of all three kinds, the south, Dublin's
 * winter time. Last, where glibc differs: all year long (it takes UTC's year),
 * and no dates (it takes old ones from tzdata). */
static const struct {
  const char *variable;
  int32_t january_s, july_s;
} rules[] = {
    {"CET-1CEST,M3.5.0,M10.5.0/3", HOUR, 2 * HOUR},
    {"<+0530>-5:30", 19800, 19800},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", 0, HOUR},
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", 11 * HOUR, 10 * HOUR},
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -2 * HOUR, -HOUR},
    {"EST5EDT,J60,J300", -5 * HOUR, -4 * HOUR},
    {"EST5EDT,59/1:30:15,299", -5 * HOUR, -4 * HOUR},
    {"", 0, 0},
    {"XXX3EDT4,0/0,J365/23", -4 * HOUR, -4 * HOUR},
    {"ABC5ABD", -5 * HOUR, -4 * HOUR},
};
enum { RULES = sizeof(rules) / sizeof(*rules), RULES_AS_IN_LIBC = RULES - 2 };

START_TEST(a_rule_of_tz_is_understood) {
  struct time_zone *zone = NULL;
  setenv("TZ", rules[_i].variable, 1);
  ck_assert_int_eq(time_zone_load(NULL, &zone), 0);
  ck_assert_int_eq(time_zone_offset_at(zone, JANUARY_2024),
                   rules[_i].january_s);
  ck_assert_int_eq(time_zone_offset_at(zone, JULY_2024), rules[_i].july_s);
  time_zone_destroy(zone);
}
END_TEST

START_TEST(a_tz_that_is_neither_is_refused) {
  static const char *const variables[] = {"CE-1",
                                          "CETX",
                                          "CET-25",
                                          "CET-1CEST,M13.5.0,M1.1.0",
                                          "CET-1CEST,M3.5",
                                          "CET-1CEST,J0,J5",
                                          "CET-1CEST,1,366",
                                          "CET-1CEST,1,2,3",
                                          "<+01-1",
                                          "CET-1:60",
                                          "CET-1CEST,M3.5.0/168,M10.5.0",
                                          "/nowhere/at/all"};
  struct time_zone *zone = NULL;
  setenv("TZ", variables[_i], 1);
  ck_assert_int_ne(time_zone_load(NULL, &zone), 0);
  ck_assert_ptr_null(zone);
}
END_TEST

static void assert_as_in_libc(const struct time_zone *zone, const char *name,
                              int64_t at_s) {
  time_t at = (time_t)at_s;
  struct tm local;
  if (at != at_s) /* a C library of 32 bits knows nothing of 2038 */
    return;
  ck_assert_ptr_nonnull(localtime_r(&at, &local));
  ck_assert_msg(time_zone_offset_at(zone, at_s) == local.tm_gmtoff,
                "%s at %lld: %d, not %ld", name, (long long)at_s,
                time_zone_offset_at(zone, at_s), local.tm_gmtoff);
}

/* Rules, each hour of 1999 to 2001 and then a day and an hour further up to
 * 2150: leap years and weekdays of all sorts. */
START_TEST(a_rule_is_as_in_the_c_library) {
  struct time_zone *zone = NULL;
  setenv("TZ", rules[_i].variable, 1);
  tzset();
  ck_assert_int_eq(time_zone_load(NULL, &zone), 0);
  for (int64_t at_s = 915148800; at_s < 5680281600;
       at_s += at_s < 1009843200 ? HOUR : 25 * HOUR)
    assert_as_in_libc(zone, rules[_i].variable, at_s);
  time_zone_destroy(zone);
}
END_TEST

static int zones_seen;

static int compare_zone(const char *path, const struct stat *about, int kind,
                        struct FTW *where) {
  const char *name = path + strlen("/usr/share/zoneinfo/");
  struct time_zone *zone = NULL;
  (void)about, (void)where;
  if ((kind != FTW_F && kind != FTW_SL) || strstr(path, "/right/") ||
      strchr(name, '.') || time_zone_load(name, &zone) == -EBADMSG)
    return 0; /* leap seconds; a list of zones beside them */
  ck_assert_ptr_nonnull(zone);
  setenv("TZ", name, 1);
  tzset();
  for (int64_t at_s = -3000000000; at_s < 7000000000; at_s += 7654321)
    assert_as_in_libc(zone, name, at_s);
  zones_seen++;
  time_zone_destroy(zone);
  return 0;
}

START_TEST(each_zone_of_the_system_is_as_in_the_c_library) {
  if (nftw("/usr/share/zoneinfo", compare_zone, 8, FTW_PHYS) != 0 ||
      zones_seen == 0) {
    puts("left out, for it needs tzdata: the zones of this system");
    return;
  }
  ck_assert_int_gt(zones_seen, 300);
}
END_TEST

/* NULL: none. */
static const struct {
  const char *variable, *name;
} named[] = {{"Europe/Berlin", "Europe/Berlin"},
             {":Asia/Riyadh", "Asia/Riyadh"},
             {"", "UTC"},
             {":", "UTC"},
             {"UTC", "UTC"},
             {"/usr/share/zoneinfo/Asia/Riyadh", "Asia/Riyadh"},
             {":/usr/share/zoneinfo/right/Asia/Tehran", "Asia/Tehran"},
             {"/etc/localtime", NULL},
             {"CET-1CEST,M3.5.0,M10.5.0/3", NULL},
             {"../../etc/passwd", NULL},
             {"/usr/share/zoneinfo/../../../etc/passwd", NULL}};
enum { NAMED = sizeof(named) / sizeof(*named) };

START_TEST(the_name_is_that_of_tz) {
  char name[TIME_ZONE_NAME_MAX];
  setenv("TZ", named[_i].variable, 1);
  ck_assert_int_eq(time_zone_name(name), named[_i].name != NULL);
  ck_assert_str_eq(name, named[_i].name ? named[_i].name : "");
}
END_TEST

/* A zone that the system is set to, if it is named, is the one it has. */
START_TEST(without_tz_the_name_is_that_of_the_system) {
  struct time_zone *here = NULL, *named_so = NULL;
  char name[TIME_ZONE_NAME_MAX];
  unsetenv("TZ");
  if (!time_zone_name(name)) {
    ck_assert_str_eq(name, "");
    return;
  }
  ck_assert_int_eq(time_zone_load(NULL, &here), 0);
  ck_assert_int_eq(time_zone_load(name, &named_so), 0);
  for (int64_t at_s = 0; at_s < 4000000000; at_s += 7654321)
    ck_assert_int_eq(time_zone_offset_at(here, at_s),
                     time_zone_offset_at(named_so, at_s));
  time_zone_destroy(here);
  time_zone_destroy(named_so);
}
END_TEST

SUITE(time_zone) {
  Suite *suite = suite_create("time_zone");
  TCase *tcase = tcase_create("time_zone");
  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(tcase, summer_time_begins_and_ends_to_the_second, 0, 2);
  tcase_add_loop_test(tcase, a_file_cut_anywhere_is_refused, 0, 2);
  tcase_add_loop_test(tcase, no_count_is_believed, 0, 6);
  tcase_add_loop_test(tcase, what_is_no_name_is_refused, 0, 8);
  tcase_add_test(tcase, a_name_that_is_too_long_is_refused);
  tcase_add_test(tcase, a_name_that_tzdata_lacks_is_said_to);
  tcase_add_test(tcase, a_folder_is_no_zone);
  tcase_add_test(tcase, utc_needs_no_file);
  tcase_add_loop_test(tcase, a_rule_of_tz_is_understood, 0, RULES);
  tcase_add_loop_test(tcase, a_tz_that_is_neither_is_refused, 0, 12);
  tcase_add_loop_test(tcase, the_name_is_that_of_tz, 0, NAMED);
  tcase_add_test(tcase, without_tz_the_name_is_that_of_the_system);
  tcase_add_loop_test(tcase, a_rule_is_as_in_the_c_library, 0,
                      RULES_AS_IN_LIBC);
  tcase_add_test(tcase, each_zone_of_the_system_is_as_in_the_c_library);
  suite_add_tcase(suite, tcase);
  return suite;
}
