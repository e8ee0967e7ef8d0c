/* The plugin baseline allocates nothing for a snapshot once its hosts are
 * known: counted by the linker's hand in every call of the plugin's own code
 * and of the rooms. */
#include "allocations.h"
#include "fleet.h"
#include "scenes/suite.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS = 20, WARM_UP = 3, READINGS = 40 };

static const struct fleet calm = {.hosts = HOSTS,
                                  .load = {.interval_s = FLEET_INTERVAL_S}};

static atomic_uint judged; /* by the values that say so */

static void count_judged(const value_list_t *vl) {
  judged += strcmp(vl->type_instance, "severity") == 0 &&
            strcmp(vl->plugin_instance, "syn_flood") == 0;
}

/* So that no more values wait than did when the plugin was warmed up. */
static void await_values(unsigned readings) {
  while (judged < readings * HOSTS)
    scene_pause(0.0001);
}

/* A reading of each host; in halves, so that all are gathered at once. */
static void send_readings(int from, int until) {
  for (int n = from; n < until; n++) {
    fake_clock_set(fleet_time_s(n) + 1);
    for (int half = 0; half < 2; half++)
      for (unsigned host = 0; host < calm.hosts; host++)
        for (int i = 0; i < SIGNAL_COUNT; i++)
          if ((i < SIGNAL_COUNT / 2) == (half == 0))
            fleet_send(&calm, host, (enum signal)i, n);
    scene_tick();
    await_values((unsigned)n + 1);
  }
}

START_TEST(a_warm_snapshot_allocates_nothing) {
  fake_on_values(count_judged);
  scene_start();
  send_readings(0, WARM_UP);
  unsigned before = allocations_made, values = fake_values();
  send_readings(WARM_UP, WARM_UP + READINGS);
  ck_assert_uint_eq(allocations_made, before);
  ck_assert_uint_ge(fake_values() - values, READINGS * HOSTS);
  scene_stop();
}
END_TEST

START_TEST(a_new_host_is_counted) {
  fake_on_values(count_judged);
  scene_start();
  send_readings(0, WARM_UP);
  unsigned before = allocations_made;
  fleet_send(&calm, HOSTS, SIGNAL_ESTABLISHED, WARM_UP);
  ck_assert_uint_gt(allocations_made, before);
  scene_stop();
}
END_TEST

START_TEST(a_watched_series_allocates_nothing_once_it_is_known) {
  struct scene_value value = {.host = "a",
                              .plugin = "df",
                              .plugin_instance = "root",
                              .type = "df_complex",
                              .type_instance = "free",
                              .kind = DS_TYPE_GAUGE,
                              .interval_s = FLEET_INTERVAL_S};
  unsigned before = 0;
  scene_open_watch("disk");
  scene_set_text("Plugin", "df");
  scene_start();
  for (int n = 0; n < READINGS; n++) {
    if (n == WARM_UP)
      before = allocations_made;
    value.time_s = fleet_time_s(n);
    value.value.gauge = 100 + n % 3;
    fake_clock_set(value.time_s);
    scene_write(&value);
  }
  ck_assert_uint_eq(allocations_made, before);
  scene_stop();
}
END_TEST

SUITE(allocations) {
  Suite *suite = suite_create("allocations");
  TCase *tcase = tcase_create("allocations");
  tcase_add_checked_fixture(tcase, scene_setup, scene_teardown);
  tcase_set_timeout(tcase, 20);
  tcase_add_test(tcase, a_warm_snapshot_allocates_nothing);
  tcase_add_test(tcase, a_new_host_is_counted);
  tcase_add_test(tcase, a_watched_series_allocates_nothing_once_it_is_known);
  suite_add_tcase(suite, tcase);
  return suite;
}
