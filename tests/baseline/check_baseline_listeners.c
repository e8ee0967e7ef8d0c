/* The plugin baseline with PerListener: values of instances PORT-local come in,
 * notifications and values of a listener go out. */
#include "plugin_scene.h"

#include "scenes/suite.h"

#include <stdio.h>
#include <string.h>

enum { INTERVAL_S = 10, PORTS = 3, FLOODED = 200, FLOODED_PORT = 81 };
static const double start_s = 1.7e9;
static unsigned severities, flooded, others;

static void note_values(const value_list_t *vl) {
  bool severity = strstr(vl->type_instance, "-severity") != NULL;
  bool is_81 = strcmp(vl->type_instance, "81-local-severity") == 0;

  severities += severity;
  flooded += is_81 && vl->values[0].gauge > 0;
  others += severity && !is_81 && vl->values[0].gauge > 0;
}

static void setup(void) {
  scene_setup();
  severities = flooded = others = 0;
  fake_clock_set(start_s);
  fake_on_values(note_values);
}

static void write_one(const char *instance, const char *type,
                      const char *type_instance, double time_s, double number) {
  bool is_counter = strcmp(type, "protocol_counter") == 0;
  struct scene_value value = {.host = "web1",
                              .plugin = "tcpstates",
                              .plugin_instance = instance,
                              .type = type,
                              .type_instance = type_instance,
                              .kind =
                                  is_counter ? DS_TYPE_DERIVE : DS_TYPE_GAUGE,
                              .time_s = time_s,
                              .interval_s = INTERVAL_S};

  if (is_counter)
    value.value.derive = (derive_t)number;
  else
    value.value.gauge = number;
  scene_write(&value);
}

static void write_port(unsigned port, double time_s, double count) {
  char name[16];

  snprintf(name, sizeof(name), "%u-local", port);
  write_one(name, "tcp_connections", "SYN_RECV", time_s, count);
  write_one(name, "current_connections", "syn_recv_aged", time_s, 0.9 * count);
  write_one(name, "percent", "syn_queue", time_s, 100 * count / 512);
  write_one(name, "queue_length", "accept", time_s, 0);
  write_one(name, "percent", "accept_queue", time_s, 0);
  write_one(name, "protocol_counter", "drops", time_s, 0);
}

static void read_host(int n, double flood) {
  double time_s = start_s + n * INTERVAL_S;

  fake_clock_set(time_s);
  write_one("all", "tcp_connections", "ESTABLISHED", time_s, 400);
  write_one("all", "tcp_connections", "SYN_RECV", time_s, flood);
  write_one("all", "current_connections", "syn_recv_aged", time_s, 0.9 * flood);
  write_one("all", "protocol_counter", "PassiveOpens", time_s, 100. * n);
  for (unsigned i = 0; i < PORTS; i++)
    write_port(80 + i, time_s, 80 + i == FLOODED_PORT ? flood : 0);
  fake_clock_set(time_s + 6);
  scene_tick();
  scene_pause(0.002); /* values go out in a thread of their own */
}

static void run(void) {
  scene_start();
  for (int n = 0; n < 100; n++)
    read_host(n, n >= 80 && n < 86 ? FLOODED : 0);
}

START_TEST(a_listener_is_the_type_instance_of_its_notification) {
  scene_open_incident("syn_flood");
  scene_set_text("PerListener", "true");
  run();
  scene_stop();
  ck_assert_uint_eq(fake_count("web1", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_uint_eq(fake_count("web1", "syn_flood", NOTIF_OKAY), 1);
  for (size_t i = 0; i < fake_notified(); i++)
    ck_assert_str_eq(fake_notification(i).is.type_instance, "81-local");
  struct fake_notification sent = fake_notification(0);
  ck_assert_ptr_nonnull(strstr(sent.is.message, "syn_flood on port 81: "));
  ck_assert_ptr_null(strstr(sent.meta, "Listener=")); /* which socket, nobody
                                                         has said */
  ck_assert_uint_ge(severities, 3 * 95);
  ck_assert_uint_ge(flooded, 6);
  ck_assert_uint_eq(others, 0);
  ck_assert_uint_eq(fake_log_count("<4>") + fake_log_count("<3>"), 0);
}
END_TEST

START_TEST(it_is_off_by_default) {
  run();
  scene_stop();
  ck_assert_uint_eq(severities, 0);
  ck_assert_uint_eq(fake_count("web1", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_str_eq(fake_notification(0).is.type_instance, "");
}
END_TEST

START_TEST(the_limit_is_said_once) {
  scene_set_number("MaxListeners", 1);
  scene_open_incident("syn_flood");
  scene_set_text("PerListener", "true");
  run();
  scene_stop();
  ck_assert_uint_eq(fake_log_count("more listeners than MaxListeners 1"), 1);
  ck_assert_str_eq(fake_notification(0).is.type_instance, "");
}
END_TEST

/* What was open goes on after a restart, and ends once. */
START_TEST(an_open_incident_of_a_listener_survives_a_restart) {
  scene_open_incident("syn_flood");
  scene_set_text("PerListener", "true");
  scene_start();
  for (int n = 0; n < 84; n++)
    read_host(n, n >= 80 ? FLOODED : 0);
  scene_stop();
  scene_start();
  for (int n = 84; n < 100; n++)
    read_host(n, n < 86 ? FLOODED : 0);
  scene_stop();
  ck_assert_uint_eq(fake_count("web1", "syn_flood", NOTIF_WARNING), 1);
  ck_assert_uint_eq(fake_count("web1", "syn_flood", NOTIF_OKAY), 1);
  ck_assert_uint_ge(fake_log_count("3 listeners"), 1);
}
END_TEST

SUITE(baseline_listeners) {
  Suite *suite = suite_create("baseline_listeners");
  TCase *tc = tcase_create("listeners");

  tcase_add_checked_fixture(tc, setup, scene_teardown);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a_listener_is_the_type_instance_of_its_notification);
  tcase_add_test(tc, it_is_off_by_default);
  tcase_add_test(tc, the_limit_is_said_once);
  tcase_add_test(tc, an_open_incident_of_a_listener_survives_a_restart);
  suite_add_tcase(suite, tc);
  return suite;
}
