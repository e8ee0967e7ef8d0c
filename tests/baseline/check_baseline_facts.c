/* What the plugin baseline puts into the daemon's cache beside its values, and
 * gives no writer. */
#include "plugin_scene.h"
#include "scenes/suite.h"

#include "baseline/baseline_facts.h"

#include <stdio.h>
#include <string.h>

static char cached[4096]; /* "syn_flood/gauge-listener=0.0.0.0:443 511\n" ... */

static void keep(const value_list_t *vl) {
  size_t used = strlen(cached);

  ck_assert_str_eq(vl->host, "web1");
  ck_assert_str_eq(vl->plugin, "baseline");
  ck_assert_uint_eq(vl->values_len, 1);
  snprintf(cached + used, sizeof(cached) - used, "%s/%s-%s %g\n",
           vl->plugin_instance, vl->type, vl->type_instance,
           vl->values[0].gauge);
}

static struct judgement judgement;

static void setup(void) {
  judgement = (struct judgement){.host = "web1"};
  cached[0] = '\0';
  fake_on_cached(keep);
}

static void put(void) {
  struct baseline_facts facts;
  value_list_t vl = {.host = "web1", .plugin = "baseline"};

  baseline_facts_take(&judgement, &facts);
  baseline_facts_put(&vl, &facts);
}

static void name_listener(struct snapshot_queue *queue, const char *name,
                          int64_t backlog) {
  snprintf(queue->listener, sizeof(queue->listener), "%s", name);
  queue->backlog = backlog;
}

START_TEST(an_open_incident_has_its_own_queue_and_the_source) {
  struct observation *seen = &judgement.seen;

  name_listener(&seen->syn_queue, "[::]:443", 511);
  name_listener(&seen->accept_queue, "0.0.0.0:80", 0);
  snprintf(seen->top_source, sizeof(seen->top_source), "192.0.2.0/24 72 %%");
  judgement.finding[INCIDENT_SYN_FLOOD].severity = SEVERITY_FAILURE;
  judgement.finding[INCIDENT_ACCEPT_OVERFLOW].severity = SEVERITY_WARNING;
  judgement.finding[INCIDENT_OUTBOUND_STALL].severity = SEVERITY_WARNING;
  put();
  ck_assert_str_eq(cached, "syn_flood/gauge-listener=[::]:443 511\n"
                           "syn_flood/gauge-top_source=192.0.2.0_24 72 % 1\n"
                           "accept_overflow/gauge-listener=0.0.0.0:80 nan\n");
}
END_TEST

START_TEST(a_calm_host_that_has_learned_has_none) {
  name_listener(&judgement.seen.syn_queue, "[::]:443", 511);
  put();
  ck_assert_str_eq(cached, "");
}
END_TEST

START_TEST(what_is_still_learned_and_not_judged_is_there) {
  judgement.finding[INCIDENT_SYN_FLOOD].learning_s = 540;
  judgement.finding[INCIDENT_ACCEPT_OVERFLOW].unjudged = UNJUDGED_NO_LISTENER;
  judgement.finding[INCIDENT_STATE_SHIFT].unjudged = UNJUDGED_DISABLED;
  put();
  ck_assert_str_eq(cached, "syn_flood/duration-learning 540\n"
                           "accept_overflow/gauge-unjudged=no listener 1\n");
}
END_TEST

/* The plugin itself, from its values on. */
static unsigned written;

static void count_written(const value_list_t *vl) {
  written += strchr(vl->type_instance, '=') != NULL ||
             strcmp(vl->type_instance, "learning") == 0;
}

static void write_half_open(int reading) {
  struct scene_value value = {.host = "web1",
                              .plugin = "tcpstates",
                              .plugin_instance = "all",
                              .type = "tcp_connections",
                              .type_instance = "SYN_RECV",
                              .kind = DS_TYPE_GAUGE,
                              .time_s = 1790000000 + 10 * reading,
                              .interval_s = 10,
                              .value.gauge = 3};
  fake_clock_set(value.time_s);
  scene_write(&value);
  value.type_instance = "ESTABLISHED";
  scene_write(&value);
  scene_tick();
}

START_TEST(the_plugin_puts_them_and_writes_none) {
  scene_setup();
  fake_on_values(count_written);
  scene_start();
  for (int i = 0; i < 6; i++)
    write_half_open(i);
  scene_stop();
  scene_teardown();
  ck_assert_ptr_nonnull(strstr(cached, "syn_flood/duration-learning 580\n"));
  ck_assert_ptr_nonnull(
      strstr(cached, "accept_overflow/gauge-unjudged=values unknown 1\n"));
  ck_assert_ptr_null(strstr(cached, "state_shift/"));
  ck_assert_uint_gt(fake_values(), 0);
  ck_assert_uint_eq(written, 0);
}
END_TEST

SUITE(baseline_facts) {
  Suite *suite = suite_create("baseline_facts");
  TCase *tcase = tcase_create("facts");

  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, an_open_incident_has_its_own_queue_and_the_source);
  tcase_add_test(tcase, a_calm_host_that_has_learned_has_none);
  tcase_add_test(tcase, what_is_still_learned_and_not_judged_is_there);
  tcase_add_test(tcase, the_plugin_puts_them_and_writes_none);
  suite_add_tcase(suite, tcase);
  return suite;
}
