/* The plugin baseline under names from the network: any byte and length, a
 * hundred thousand hosts, and random values under a few of them. What is kept
 * is bounded, can be saved and loaded, and disturbs no other host. */
#include "fleet.h"

#include "scenes/random_load.h"
#include "scenes/suite.h"

#include <float.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALM = 30, FLOOD_FROM = 60, FLOOD_TO = 66, END = 90 };
enum { MANY = 100000, STORMS = 20, STORM = 20000 };

static struct fleet fleet; /* one good host */
static unsigned not_finite;

static void look_for_no_number(const value_list_t *vl) {
  not_finite += isfinite(vl->values[0].gauge) ? 0 : 1;
}

static void setup(void) {
  scene_setup();
  fleet = (struct fleet){
      .hosts = 1, .load = {0, 1, FLOOD_FROM, FLOOD_TO, FLEET_INTERVAL_S}};
  not_finite = 0;
  fake_clock_set(fleet_time_s(0));
  fake_on_values(look_for_no_number);
}

/* host-0's values under that name. */
static void send_as(const char *name, int reading) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    struct scene_value value = fleet_value(&fleet, 0, (enum signal)i, reading);
    value.host = name;
    scene_write(&value);
  }
}

static char longest[DATA_MAX_NAME_LEN];

static const char *const names[] = {
    longest,
    "%s%n%d%%",
    "a b",
    "a/b-c:d",
    "..",
    "../../etc/passwd",
    "$(reboot)`reboot`;reboot|reboot&",
    "\"'\\<>{}",
    "\xff\xfe\xfa\xc3",
    "\xe2",
    "h\xc3\xb6st",
    "#",
    "end 1 0 00000000",
    " ",
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static void send_as_all(int from, int until) {
  for (int n = from; n < until; n++) {
    fake_clock_set(fleet_time_s(n));
    for (int i = 0; i < NAMES; i++)
      send_as(names[i], n);
    scene_tick();
  }
}

START_TEST(a_host_of_any_name_is_judged_saved_and_loaded) {
  memset(longest, 'x', sizeof(longest) - 1);
  scene_start();
  send_as_all(0, FLOOD_FROM + 2);
  scene_stop();
  ck_assert_uint_eq(fake_count(NULL, "syn_flood", NOTIF_FAILURE), NAMES);
  scene_start();
  char loaded[64];
  snprintf(loaded, sizeof(loaded), "loaded %d hosts", NAMES);
  ck_assert_uint_eq(fake_log_count(loaded), 1);
  send_as_all(FLOOD_FROM + 2, END);
  scene_stop();
  for (int i = 0; i < NAMES; i++) {
    ck_assert_uint_eq(fake_count(names[i], "syn_flood", NOTIF_WARNING), 1);
    ck_assert_uint_eq(fake_count(names[i], "syn_flood", NOTIF_OKAY), 1);
  }
  ck_assert_uint_eq(fake_log_count("<3>") + fake_log_count("<4>"), 0);
}
END_TEST

START_TEST(a_host_without_a_name_is_not_judged) {
  scene_start();
  for (int n = 0; n < END; n++) {
    fake_clock_set(fleet_time_s(n));
    send_as("", n);
    scene_tick();
  }
  scene_stop();
  ck_assert_uint_eq(fake_notified(), 0);
  ck_assert_uint_eq(fake_values(), 0);
}
END_TEST

START_TEST(series_of_any_name_are_watched_saved_and_loaded) {
  char loaded[64];
  memset(longest, 'x', sizeof(longest) - 1);
  scene_open_watch("all");
  scene_set_text("Plugin", "*");
  scene_set_number("MinChange", 20);
  scene_start();
  for (int n = 0; n < 105; n++) { /* nothing is told of the first sixty */
    double time_s = fleet_time_s(0) + 300 * n;
    fake_clock_set(time_s);
    for (int i = 0; i < NAMES; i++)
      scene_write(&(struct scene_value){
          .host = names[i],
          .plugin = longest,
          .plugin_instance = names[i],
          .type = longest,
          .type_instance = names[NAMES - 1 - i],
          .kind = DS_TYPE_GAUGE,
          .time_s = time_s,
          .interval_s = 300,
          .value = {.gauge = (n < 100 ? 20 : 300) + n % 3}});
  }
  scene_stop();
  ck_assert_uint_eq(fake_notified(), NAMES);
  scene_start();
  snprintf(loaded, sizeof(loaded), "and %d series", NAMES);
  ck_assert_uint_eq(fake_log_count(loaded), 1);
  scene_stop();
  ck_assert_uint_eq(fake_log_count("<3>") + fake_log_count("<4>"), 0);
}
END_TEST

static void send_one(int host, int reading) {
  struct scene_value value = fleet_value(&fleet, 0, SIGNAL_SYN_RECV, reading);
  char name[32];
  snprintf(name, sizeof(name), "other-%d", host);
  value.host = name;
  scene_write(&value);
}

static size_t memory_now(void) { return mallinfo2().uordblks; }

START_TEST(of_a_hundred_thousand_hosts_a_bounded_number_is_kept) {
  scene_set_number("MaxHosts", 2000);
  scene_start();
  for (int n = 0; n < FLOOD_FROM - 4; n++) {
    fake_clock_set(fleet_time_s(n));
    send_as("host-0", n);
  }
  size_t full = 0;
  for (int n = FLOOD_FROM - 4; n < FLOOD_FROM; n++) {
    fake_clock_set(fleet_time_s(n));
    send_as("host-0", n);
    for (int host = 0; host < MANY; host++)
      send_one(host, n);
    scene_tick();
    if (n == FLOOD_FROM - 3) /* each host has two readings under way */
      full = memory_now();
  }
  ck_assert_uint_le(memory_now(), full + 64 * 1024);
  ck_assert_uint_eq(fake_log_count("more hosts than MaxHosts 2000"), 1);
  ck_assert_uint_eq(fake_log_count("<4>"), 1);
  for (int n = FLOOD_FROM; n < END; n++) {
    fake_clock_set(fleet_time_s(n));
    send_as("host-0", n);
    scene_tick();
  }
  scene_stop();
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_OKAY), 1);
  scene_start();
  ck_assert_uint_eq(fake_log_count("loaded 2000 hosts"), 1);
  scene_stop();
}
END_TEST

static double one_of(struct random_load *random, const double *of, size_t len) {
  return of[random_bits(random) % len];
}

/* Anything, of one of five hosts. */
static void send_anything(struct random_load *random, double now_s) {
  static const double gauges[] = {NAN,  INFINITY, -1,    0,    1,
                                  1000, 1e15,     1e300, -0.0, DBL_MIN};
  static const double counters[] = {-9e18, -1, 0, 1, 4294967295.0, 9e18};
  static const double steps[] = {0, 0, 0, 0, 6e-4, 10, -10, 3600, -3600, 1e9};
  static const double intervals[] = {10, 10, 10, 1e-9, 1, 1e9};
  static const char *const hosts[] = {"a", "b", "c", "d", "e"};
  enum signal signal = (enum signal)(random_bits(random) % SIGNAL_COUNT);
  struct scene_value value = fleet_value(&fleet, 0, signal, 0);
  value.host = hosts[random_bits(random) % 5];
  value.time_s = now_s + one_of(random, steps, 10);
  value.interval_s = one_of(random, intervals, 6);
  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.derive = (int64_t)one_of(random, counters, 6);
  else
    value.value.gauge = one_of(random, gauges, 10);
  scene_write(&value);
}

START_TEST(a_storm_of_random_values_is_survived_and_disturbs_nobody) {
  struct random_load random = {(uint64_t)_i};
  scene_open_watch("all");
  scene_set_text("Plugin", "*");
  scene_start();
  for (int n = 0; n < END; n++) {
    fake_clock_set(fleet_time_s(n));
    for (int i = 0; i < STORM / END; i++)
      send_anything(&random, fleet_time_s(n));
    send_as("host-0", n);
    scene_tick();
    if (n % 30 == 29) {
      scene_stop();
      ck_assert_uint_eq(fake_log_count("<3>"), 0);
      scene_start();
    }
  }
  scene_stop();
  ck_assert_uint_eq(fake_log_count("loaded 6 hosts"), END / 30);
  ck_assert_uint_eq(not_finite, 0);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_uint_eq(fake_count("host-0", "syn_flood", NOTIF_OKAY), 1);
}
END_TEST

SUITE(baseline_names) {
  Suite *suite = suite_create("baseline_names");
  TCase *tcase = tcase_create("baseline_names");

  tcase_add_checked_fixture(tcase, setup, scene_teardown);
  tcase_set_timeout(tcase, 30);
  tcase_add_test(tcase, a_host_of_any_name_is_judged_saved_and_loaded);
  tcase_add_test(tcase, a_host_without_a_name_is_not_judged);
  tcase_add_test(tcase, series_of_any_name_are_watched_saved_and_loaded);
  tcase_add_test(tcase, of_a_hundred_thousand_hosts_a_bounded_number_is_kept);
  tcase_add_loop_test(tcase,
                      a_storm_of_random_values_is_survived_and_disturbs_nobody,
                      0, STORMS);
  suite_add_tcase(suite, tcase);
  return suite;
}
