/* What the daemon has: every metric, with the numbers that ss counts. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_sockets.h"
#include "scenes/metric_names.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static struct daemon daemon_;

/* "tcpstates-INSTANCE/tcp_connections-STATE" of every state as ss has it. */
static void assert_states(const char *instance, const char *ss_arguments) {
  for (int i = 0; i < STATES; i++) {
    char name[128];
    snprintf(name, sizeof(name), "tcpstates-%s/tcp_connections-%s", instance,
             state_names[i].collectd);
    daemon_await(&daemon_, name,
                 sockets_count(ss_arguments, state_names[i].ss));
  }
}

static double value_of(const char *name) {
  double value = NAN;
  ck_assert_msg(daemon_value(&daemon_, name, &value), "%s is missing", name);
  return value;
}

START_TEST(every_metric_is_dispatched) {
  sockets_make_scene();
  daemon_start(&daemon_, &(struct daemon_setup){0});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-LISTEN", 3);
  daemon_pause(1.2);
  for (int i = 0; i < METRIC_NAMES; i++) {
    char name[128];
    snprintf(name, sizeof(name), "tcpstates-all/%s", metric_names[i]);
    double value = value_of(name);
    ck_assert_msg(isnan(value) || value >= 0, "%s is %g", name, value);
  }
}
END_TEST

static const struct daemon_setup sources[] = {
    {0},
    {.options = "Source \"netlink\""},
    {.options = "Source \"proc\""},
    {.unprivileged = true},
    {.unprivileged = true, .options = "Source \"proc\""},
    {.without_netlink = true},
};
enum { SOURCE_COUNT = sizeof(sources) / sizeof(sources[0]) };

START_TEST(states_are_those_of_ss_from_any_source) {
  sockets_make_scene();
  daemon_start(&daemon_, &sources[_i]);
  assert_states("all", "");
  ck_assert_uint_eq(sockets_count("", "SYN-RECV"), SCENE_HALF_OPEN);
  ck_assert_uint_eq(sockets_count("", "TIME-WAIT"), 4);
}
END_TEST

/* No reading takes as little as 20 us. */
START_TEST(under_a_budget_sockets_are_counted_now_and_then) {
  int counted = 0, left_out = 0;
  sockets_make_scene();
  daemon_start(&daemon_,
               &(struct daemon_setup){.interval = "0.002",
                                      .options = "ReadBudget 1\n"
                                                 "HalfOpenBy \"walk\"",
                                      .more = "Timeout 1000\n"});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-LISTEN", 3);
  for (int i = 0; i < 600 && (counted < 2 || left_out < 2); i++) {
    double half_open = value_of("tcpstates-all/tcp_connections-SYN_RECV");
    ck_assert(value_of("tcpstates-all/tcp_connections-LISTEN") == 3);
    ck_assert(value_of("tcpstates-all/percent-accept_queue") == 100);
    if (!isnan(half_open))
      ck_assert(half_open == (double)SCENE_HALF_OPEN);
    counted += !isnan(half_open);
    left_out += isnan(half_open);
    daemon_pause(0.01);
  }
  ck_assert_int_ge(counted, 2);
  ck_assert_int_ge(left_out, 2);
  daemon_await(&daemon_, "baseline-syn_flood/gauge-severity", 0);
}
END_TEST

static bool bpf_is_refused(void) {
  bool refused = daemon_count_log(&daemon_, "BPF cannot count") > 0;
  if (refused)
    printf("skipped: BPF does not run here\n");
  return refused;
}

/* By BPF, whatever walks are left out; by walks, where this kernel refuses it.
 */
START_TEST(with_bpf_half_open_sockets_are_known_in_every_reading) {
  int without_walk = 0;
  double half_open = NAN;
  sockets_make_scene();
  daemon_start(&daemon_, &(struct daemon_setup){.interval = "0.1",
                                                .options = "WalkEvery 3",
                                                .more = "Timeout 100\n"});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-SYN_RECV",
               SCENE_HALF_OPEN);
  for (int i = 0; i < 30; i++) {
    half_open = value_of("tcpstates-all/tcp_connections-SYN_RECV");
    ck_assert(half_open == (double)SCENE_HALF_OPEN);
    without_walk += isnan(value_of("tcpstates-all/tcp_connections-FIN_WAIT1"));
    daemon_pause(0.1);
  }
  if (!bpf_is_refused())
    ck_assert_int_gt(without_walk, 20);
}
END_TEST

START_TEST(peaks_are_those_of_the_scene) {
  sockets_make_scene();
  daemon_start(&daemon_, &(struct daemon_setup){.interval = "2"});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-SYN_RECV",
               SCENE_HALF_OPEN);
  if (bpf_is_refused())
    return;
  daemon_await(&daemon_, "tcpstates-all/current_connections-syn_recv_peak",
               SCENE_HALF_OPEN);
  daemon_await(&daemon_, "tcpstates-all/percent-accept_queue_peak", 100);
}
END_TEST

START_TEST(ratios_follow_from_the_counts) {
  sockets_make_scene();
  daemon_start(&daemon_, &(struct daemon_setup){0});
  assert_states("all", "");
  double established = sockets_count("", "ESTAB");
  daemon_await(&daemon_, "tcpstates-all/percent-completion",
               100 * established / (established + (double)SCENE_HALF_OPEN));
  daemon_await(&daemon_, "tcpstates-all/percent-accept_queue", 100);
  double active = value_of("tcpstates-all/current_connections-active");
  daemon_await(&daemon_, "tcpstates-all/percent-syn_recv",
               100 * SCENE_HALF_OPEN / active);
}
END_TEST

START_TEST(families_are_reported_apart) {
  sockets_make_scene();
  daemon_start(&daemon_,
               &(struct daemon_setup){.options = "ReportByFamily true"});
  assert_states("ipv4", "-4");
  assert_states("ipv6", "-6");
  assert_states("all", "");
}
END_TEST

START_TEST(local_ports_are_reported_apart) {
  sockets_make_scene();
  daemon_start(&daemon_, &(struct daemon_setup){
                             .options = "LocalPort 8080\nLocalPort 7070\n"
                                        "LocalPort 8080"});
  assert_states("8080-local", "sport = :8080");
  assert_states("7070-local", "sport = :7070");
}
END_TEST

START_TEST(listeners_are_reported_with_their_queues) {
  sockets_make_scene();
  daemon_start(&daemon_,
               &(struct daemon_setup){.options = "ReportListeners true"});
  daemon_await(&daemon_, "tcpstates-9090-local/queue_length-accept",
               SCENE_FULL_QUEUE);
  daemon_await(&daemon_, "tcpstates-9090-local/percent-accept_queue", 100);
  daemon_await(&daemon_, "tcpstates-7070-local/tcp_connections-SYN_RECV",
               SCENE_HALF_OPEN);
  daemon_await(&daemon_, "tcpstates-7070-local/percent-syn_queue",
               100.0 * (double)SCENE_HALF_OPEN / 64);
  daemon_pause(1.2);
  value_of("tcpstates-8080-local/protocol_counter-drops");
}
END_TEST

START_TEST(counters_can_be_left_out) {
  double value = 0;
  sockets_make_scene();
  daemon_start(&daemon_,
               &(struct daemon_setup){.options = "ReportCounters false"});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-LISTEN", 3);
  ck_assert(!daemon_value(
      &daemon_, "tcpstates-all/protocol_counter-PassiveOpens", &value));
}
END_TEST

/* /proc shows no maximum of a queue. */
START_TEST(unknown_values_can_be_left_out) {
  double value = 0;
  sockets_make_scene();
  daemon_start(&daemon_,
               &(struct daemon_setup){.options = "Source \"proc\"\n"
                                                 "ReportListeners true\n"
                                                 "ReportUnknown false"});
  daemon_await(&daemon_, "tcpstates-7070-local/tcp_connections-SYN_RECV",
               SCENE_HALF_OPEN);
  daemon_await(&daemon_, "baseline-syn_flood/gauge-severity", 0);
  ck_assert(!daemon_value(&daemon_, "tcpstates-all/percent-syn_queue", &value));
  ck_assert(!daemon_value(&daemon_, "tcpstates-7070-local/percent-syn_queue",
                          &value));
  value_of("tcpstates-all/protocol_counter-PassiveOpens");
  value_of("tcpstates-all/tcp_connections-CLOSING");
}
END_TEST

START_TEST(unknown_values_are_sent_as_a_rule) {
  sockets_make_scene();
  daemon_start(&daemon_, &(struct daemon_setup){.options = "Source \"proc\""});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-LISTEN", 3);
  ck_assert(isnan(value_of("tcpstates-all/percent-syn_queue")));
}
END_TEST

START_TEST(the_listener_of_each_fullest_queue_is_named_in_meta_data) {
  sockets_make_scene();
  daemon_start(&daemon_,
               &(struct daemon_setup){.more = "PluginDir \"" TEST_PLUGINS "\"\n"
                                              "LoadPlugin show_meta\n"});
  daemon_await_log(&daemon_, "tcp_connections-SYN_RECV: "
                             "tcpstates:listener = 127.0.0.1:7070");
  daemon_await_log(&daemon_, "tcp_connections-SYN_RECV: "
                             "tcpstates:top_source = 127.0.0.0/24 100 %");
  daemon_await_log(&daemon_, "percent-syn_queue: tcpstates:backlog = 64");
  daemon_await_log(&daemon_, "percent-accept_queue: "
                             "tcpstates:listener = [::1]:9090");
  daemon_await_log(&daemon_, "percent-accept_queue: tcpstates:backlog = 1");
}
END_TEST

/* Append the times of a file of the csv plugin, one a line. */
static void add_times(const char *path, char *times) {
  char line[256];
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  bool has_heading = fgets(line, sizeof(line), file) != NULL;
  while (has_heading && fgets(line, sizeof(line), file) != NULL) {
    line[strcspn(line, ",")] = '\0';
    strcat(strcat(times, line), "\n");
  }
  fclose(file);
}

/* Of one state: a file a day. The caller frees. */
static char *times_of(const char *state) {
  char pattern[DAEMON_PATH_MAX + 128], *times = calloc(1, DAEMON_TEXT_MAX);
  glob_t files;
  ck_assert_ptr_nonnull(times);
  snprintf(pattern, sizeof(pattern),
           "%s/csv/testhost/tcpstates-all/tcp_connections-%s-20*", daemon_.dir,
           state);
  if (glob(pattern, 0, NULL, &files) == 0)
    for (size_t i = 0; i < files.gl_pathc; i++)
      add_times(files.gl_pathv[i], times);
  globfree(&files);
  return times;
}

/* While they are written, now and then. */
static bool all_times_are_equal(void) {
  char *first = times_of(state_names[0].collectd);
  bool equal = strlen(first) >= 2 * strlen("1700000000.000\n");
  for (int i = 1; i < STATES && equal; i++) {
    char *other = times_of(state_names[i].collectd);
    equal = strcmp(other, first) == 0;
    free(other);
  }
  free(first);
  return equal;
}

START_TEST(all_values_of_a_reading_bear_one_time) {
  daemon_start(&daemon_, &(struct daemon_setup){0});
  for (int i = 0; i < DAEMON_WAIT_STEPS && !all_times_are_equal(); i++)
    daemon_pause(0.1);
  ck_assert(all_times_are_equal());
}
END_TEST

TCase *daemon_values_case(void) {
  TCase *tcase = tcase_create("values");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase, every_metric_is_dispatched);
  tcase_add_loop_test(tcase, states_are_those_of_ss_from_any_source, 0,
                      SOURCE_COUNT);
  tcase_add_test(tcase, under_a_budget_sockets_are_counted_now_and_then);
  tcase_add_test(tcase, with_bpf_half_open_sockets_are_known_in_every_reading);
  tcase_add_test(tcase, peaks_are_those_of_the_scene);
  tcase_add_test(tcase, ratios_follow_from_the_counts);
  tcase_add_test(tcase, families_are_reported_apart);
  tcase_add_test(tcase, local_ports_are_reported_apart);
  tcase_add_test(tcase, listeners_are_reported_with_their_queues);
  tcase_add_test(tcase, counters_can_be_left_out);
  tcase_add_test(tcase, unknown_values_can_be_left_out);
  tcase_add_test(tcase, unknown_values_are_sent_as_a_rule);
  tcase_add_test(tcase,
                 the_listener_of_each_fullest_queue_is_named_in_meta_data);
  tcase_add_test(tcase, all_values_of_a_reading_bear_one_time);
  return tcase;
}
