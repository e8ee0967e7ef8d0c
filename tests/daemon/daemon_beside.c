/* The plugins beside what collectd itself does with their values: its write
 * threads, its queue's limits, plugins that take the same values, another
 * interval. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_received.h"
#include "scenes/manual_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STARTS = 4, BURSTS = 40, BURST = 10 };

static struct daemon daemon_;

/* Whether the plugin csv has written something there: "HOST/PLUGIN". */
static bool has_csv(const char *name) {
  char path[DAEMON_PATH_MAX + 128];
  snprintf(path, sizeof(path), "%s/csv/%s", daemon_.dir, name);
  return access(path, F_OK) == 0;
}

static void set_up(void) { daemon_enter_namespace(); }

/* Values of the plugin that the daemon's cache refused for their time. */
static int own_refused(void) {
  char *log = daemon_read_file(&daemon_, "log");
  int refused = 0;
  for (char *at = log; (at = strstr(at, "Value too old: name = ")) != NULL;
       at++)
    refused += strncmp(strchr(at, '/'), "/baseline-", 10) == 0;
  free(log);
  return refused;
}

/* Without counters a reading is never seen to be complete, so that the tick
 * judges it, too; at the start above all. */
START_TEST(own_values_keep_their_order_from_the_start) {
  for (int i = 0; i < STARTS; i++) {
    daemon_start(&daemon_,
                 &(struct daemon_setup){.more = "WriteThreads 20",
                                        .options = "ReportCounters false"});
    daemon_pause(4);
    ck_assert_int_eq(daemon_stop(&daemon_), 0);
    ck_assert_int_eq(own_refused(), 0);
  }
}
END_TEST

/* A reading of web1. */
static void put_machine(double time_s, double half_open, double opens) {
  received_next_s = time_s;
  received_put("web1/tcpstates-all/tcp_connections-ESTABLISHED", 100);
  received_put("web1/tcpstates-all/tcp_connections-SYN_RECV", half_open);
  received_put("web1/tcpstates-all/current_connections-syn_recv_aged",
               half_open);
  received_put("web1/tcpstates-all/protocol_counter-PassiveOpens", opens);
}

static const int write_threads[] = {1, 20};

/* As from a sender that was cut off for a while. */
START_TEST(of_readings_that_come_at_once_no_own_value_is_lost) {
  char queue[64];
  snprintf(queue, sizeof(queue), "WriteThreads %d", write_threads[_i]);
  received_start(&daemon_, &(struct daemon_setup){.more = queue},
                 BURSTS * BURST);
  double begin_s = received_next_s;
  for (int i = 0; i < BURSTS * BURST; i++) {
    put_machine(begin_s + RECEIVED_STEP_S * i, 3, 200.0 * i);
    if (i % BURST == BURST - 1)
      daemon_pause(0.1);
  }
  daemon_pause(1);
  ck_assert(has_csv("web1/baseline-syn_flood"));
  daemon_hang_up();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  int refused = own_refused();
  ck_assert_msg(refused == 0, "%d own values were lost", refused);
}
END_TEST

START_TEST(two_machines_of_one_name_are_said_once_and_raise_nothing) {
  received_start(&daemon_, &(struct daemon_setup){.more = RECEIVED_IN_ORDER},
                 120);
  double begin_s = received_next_s;
  for (int i = 0; i < 110; i++) {
    double time_s = begin_s + RECEIVED_STEP_S * i;
    put_machine(time_s, 2, 1e6 + 200 * i);
    if (i >= 80)
      put_machine(time_s + 4, 90, 5e3 + 10 * i);
  }
  daemon_await_log(&daemon_, "more than one machine sends as host web1");
  daemon_hang_up();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "more than one machine"), 1);
  ck_assert_int_eq(daemon_count_log(&daemon_, "Notification: "), 0);
}
END_TEST

/* The example in a man page that has that text. */
static const char *example_of(const char *name, const char *text) {
  static struct manual_page page;
  char *source = manual_page_load(name);
  manual_page_parse(source, &page);
  free(source);
  for (size_t i = 0; i < page.displays_len; i++)
    if (strstr(page.displays[i], text) != NULL)
      return page.displays[i];
  ck_abort_msg("%s has no example with %s", name, text);
}

static void await_csv(const char *name) {
  for (int i = 0; i < DAEMON_WAIT_STEPS; i++, daemon_pause(0.1))
    if (has_csv(name))
      return;
  ck_abort_msg("no values of %s", name);
}

static void start_chained(const char *chain) {
  ck_assert_int_eq(unsetenv("DAEMON_PLUGINS"), 0);
  daemon_start(&daemon_, &(struct daemon_setup){.stock = chain});
}

/* Whether a file of that type is in the folder of tcpstates. */
static bool has_type(const char *type) {
  char command[DAEMON_PATH_MAX + 128];
  snprintf(command, sizeof(command), "ls %s/csv/*/tcpstates-all | grep -q ^%s",
           daemon_.dir, type);
  return system(command) == 0;
}

START_TEST(a_chain_that_names_the_writers_as_in_the_manual) {
  start_chained(example_of("man/collectd-baseline.5", "PostCacheChain"));
  await_csv("testhost/baseline-syn_flood");
  ck_assert(has_csv("testhost/tcpstates-all"));
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "PostCacheChain"), 0);
}
END_TEST

START_TEST(a_chain_that_renames_hosts_as_in_the_manual) {
  start_chained(example_of("man/collectd-baseline.5", "PreCacheChain"));
  await_csv("dc1-testhost/baseline-syn_flood");
  daemon_pause(2);
  ck_assert(has_csv("dc1-testhost/tcpstates-all"));
  ck_assert(!has_csv("dc1-dc1-testhost"));
  ck_assert(!has_csv("testhost"));
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(own_refused(), 0);
}
END_TEST

START_TEST(a_chain_that_keeps_counters_as_in_the_manual) {
  start_chained(example_of("man/collectd-tcpstates.5", "PostCacheChain"));
  await_csv("testhost/baseline-syn_flood");
  ck_assert(has_type("tcp_connections"));
  ck_assert(!has_type("protocol_counter"));
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "PostCacheChain"), 0);
}
END_TEST

static int check_exits(const char *options) {
  char command[DAEMON_PATH_MAX + 256];
  snprintf(command, sizeof(command), "%s check -s %s/socket %s >/dev/null 2>&1",
           STATUS_COMMAND, daemon_.dir, options);
  return WEXITSTATUS(system(command));
}

static void assert_check_says(const char *text) {
  char command[DAEMON_PATH_MAX + 256], output[4096];
  snprintf(command, sizeof(command), "%s check -s %s/socket 2>&1",
           STATUS_COMMAND, daemon_.dir);
  FILE *run = popen(command, "r");
  ck_assert_ptr_nonnull(run);
  output[fread(output, 1, sizeof(output) - 1, run)] = '\0';
  ck_assert_int_ne(pclose(run), 0);
  ck_assert_msg(strstr(output, text) != NULL, "%s", output);
}

START_TEST(a_chain_that_leaves_the_plugin_out_is_said_once) {
  start_chained("PostCacheChain \"out\"\n<Chain \"out\">\n"
                "  <Target \"write\">\n    Plugin \"csv\"\n"
                "  </Target>\n</Chain>\n");
  daemon_await_log(&daemon_, "its values have not come for three intervals");
  assert_check_says("a PostCacheChain does not write to it");
  daemon_pause(5);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "have not come"), 1);
  ck_assert(has_csv("testhost/tcpstates-all"));
  ck_assert(!has_csv("testhost/baseline-syn_flood"));
}
END_TEST

START_TEST(a_flood_is_one_incident_however_many_write) {
  char queue[64];
  snprintf(queue, sizeof(queue), "WriteThreads %d", write_threads[_i]);
  received_start(&daemon_, &(struct daemon_setup){.more = queue}, 130);
  received_readings("web1", 100, 3, 0);
  for (int i = 0; i < 10; i++) /* one by one: ten at once are out of order */
    received_readings("web1", 1, 1500, 1500);
  daemon_await_log(&daemon_, "severity = FAILURE, host = web1");
  for (int i = 0; i < 20; i++)
    received_readings("web1", 1, 3, 0);
  daemon_await_log(&daemon_, "severity = OKAY, host = web1");
  daemon_hang_up();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "Notification: "), 3);
  ck_assert_int_eq(own_refused(), 0);
}
END_TEST

/* A reading is more values than the queue may hold. */
START_TEST(what_the_write_queue_drops_stops_nothing) {
  ck_assert_int_eq(unsetenv("DAEMON_PLUGINS"), 0);
  daemon_start(&daemon_, &(struct daemon_setup){
                             .more = "WriteThreads 1\nWriteQueueLimitHigh 20\n"
                                     "WriteQueueLimitLow 10\n"});
  daemon_await_log(&daemon_, "Low water mark");
  await_csv("testhost/baseline-close_wait_leak");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_complaints(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "Notification: "), 0);
  ck_assert_int_eq(own_refused(), 0);
}
END_TEST

START_TEST(aggregation_and_threshold_work_beside_it) {
  ck_assert_int_eq(unsetenv("DAEMON_PLUGINS"), 0);
  daemon_start(&daemon_,
               &(struct daemon_setup){
                   .stock = "LoadPlugin aggregation\n<Plugin aggregation>\n"
                            "  <Aggregation>\n    Plugin \"tcpstates\"\n"
                            "    Type \"tcp_connections\"\n"
                            "    GroupBy \"Host\"\n"
                            "    GroupBy \"TypeInstance\"\n"
                            "    CalculateSum true\n  </Aggregation>\n"
                            "</Plugin>\n<Plugin threshold>\n"
                            "  <Plugin \"tcpstates\">\n"
                            "    Instance \"all\"\n"
                            "    <Type \"tcp_connections\">\n"
                            "      Instance \"LISTEN\"\n"
                            "      WarningMin 1\n    </Type>\n"
                            "  </Plugin>\n</Plugin>\n"});
  await_csv("testhost/aggregation-tcpstates-sum");
  await_csv("testhost/baseline-syn_flood");
  daemon_await_log(&daemon_, "plugin = tcpstates");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_complaints(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "plugin = baseline"), 0);
}
END_TEST

START_TEST(it_goes_on_with_another_interval) {
  static const char *const intervals[] = {"1", "3", "2"};
  struct daemon_setup with = {.baseline = "StateFile \"state\""};
  char command[DAEMON_PATH_MAX + 64];
  ck_assert_int_eq(unsetenv("DAEMON_PLUGINS"), 0);
  for (int i = 0; i < 3; i++) {
    with.interval = intervals[i];
    if (i == 0)
      daemon_start(&daemon_, &with);
    else
      daemon_start_again(&daemon_, &with);
    ck_assert_int_eq(daemon_count_log(&daemon_, "loaded 1 hosts"), i);
    await_csv("testhost/baseline-syn_flood");
    ck_assert_int_eq(daemon_stop(&daemon_), 0);
    snprintf(command, sizeof(command), "rm -r %s/csv", daemon_.dir);
    ck_assert_int_eq(system(command), 0);
  }
  ck_assert_int_eq(daemon_complaints(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "Notification: "), 0);
  ck_assert_int_eq(own_refused(), 0);
}
END_TEST

START_TEST(a_host_with_a_slash_in_its_name_is_judged) {
  ck_assert_int_eq(unsetenv("DAEMON_PLUGINS"), 0);
  daemon_start(&daemon_,
               &(struct daemon_setup){.more = "Hostname \"web/1\"\n"});
  await_csv("web_1/baseline-syn_flood");
  ck_assert_int_eq(check_exits("--host web_1"), 0);
  ck_assert_int_eq(check_exits("--host web/1"), 3);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
}
END_TEST

/* Checked when all blocks are read. */
START_TEST(a_later_block_may_set_what_an_earlier_one_contradicts) {
  static const char *const failure =
      "<Incident \"syn_flood\">\n CompletionFailure 80\n </Incident>\n"
      "</Plugin>\n<Plugin baseline>\n <Incident \"syn_flood\">\n"
      " CompletionWarning 90\n </Incident>\n";
  ck_assert_int_eq(unsetenv("DAEMON_PLUGINS"), 0);
  daemon_start(&daemon_, &(struct daemon_setup){.baseline = failure});
  await_csv("testhost/baseline-syn_flood");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
}
END_TEST

static void put_now(void) {
  for (int i = 0; i < 2; i++) {
    char host[] = "web1";
    host[3] = (char)('1' + i);
    daemon_tell("PUTVAL %s/tcpstates-all/tcp_connections-ESTABLISHED "
                "interval=1 N:50\n",
                host);
    daemon_tell("PUTVAL %s/tcpstates-all/tcp_connections-SYN_RECV "
                "interval=1 N:2\n",
                host);
  }
}

/* A busy machine may take a while over it. */
static void put_until_all_is_well(void) {
  for (int i = 0; i < 30; i++, daemon_pause(1)) {
    put_now();
    if (i >= 4 && check_exits("--all-hosts") == 0)
      return;
  }
  ck_abort_msg("check --all-hosts is not OK");
}

/* SilentAfter is a minute at least. */
START_TEST(a_known_host_that_stops_is_unknown_and_told) {
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "baseline", 1), 0);
  daemon_start(&daemon_,
               &(struct daemon_setup){.more = RECEIVED_IN_ORDER,
                                      .baseline = "SilentAfter 60\n"
                                                  "NotifySilentHosts true"});
  daemon_talk(&daemon_);
  put_until_all_is_well();
  for (int i = 0; i < DAEMON_WAIT_STEPS && check_exits("--all-hosts") != 3; i++)
    daemon_pause(0.1);
  ck_assert_int_eq(check_exits("--all-hosts"), 3);
  for (int i = 0; i < 80 && daemon_count_log(&daemon_, "nothing has come") < 2;
       i++)
    daemon_pause(1);
  ck_assert_int_eq(daemon_count_log(&daemon_, "host_silent: nothing has come"),
                   2);
  put_until_all_is_well();
  daemon_await_log(&daemon_, "host_silent over: its values come again");
  daemon_hang_up();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(own_refused(), 0);
}
END_TEST

/* A reading of a host in whose pod the only listener has exited. */
static void put_without_queue(double opens, double listeners) {
  received_put("web1/tcpstates-all/tcp_connections-ESTABLISHED", 400);
  daemon_tell("PUTVAL web1/tcpstates-all/tcp_connections-SYN_RECV "
              "interval=%d %.3f:U\n",
              RECEIVED_STEP_S, received_next_s);
  received_put("web1/tcpstates-all/tcp_connections-LISTEN", listeners);
  received_put("web1/tcpstates-all/tcp_connections-SYN_SENT", 0);
  received_put("web1/tcpstates-all/tcp_connections-CLOSE_WAIT", 0);
  received_put("web1/tcpstates-all/current_connections-active", 400);
  received_put("web1/tcpstates-all/current_connections-syn_recv_aged", 0);
  received_put("web1/tcpstates-all/percent-completion", 100);
  received_put("web1/tcpstates-all/protocol_counter-PassiveOpens", opens);
  received_next_s += (double)RECEIVED_STEP_S;
}

static void assert_status_says(const char *text) {
  char command[DAEMON_PATH_MAX + 256], output[16384];
  snprintf(command, sizeof(command), "%s status -s %s/socket 2>&1",
           STATUS_COMMAND, daemon_.dir);
  FILE *run = popen(command, "r");
  ck_assert_ptr_nonnull(run);
  output[fread(output, 1, sizeof(output) - 1, run)] = '\0';
  pclose(run);
  ck_assert_msg(strstr(output, text) != NULL, "%s", output);
}

START_TEST(an_open_incident_that_is_not_measured_stays_open_to_all) {
  received_start(&daemon_, &(struct daemon_setup){.more = RECEIVED_IN_ORDER},
                 130);
  received_readings("web1", 100, 3, 0);
  received_readings("web1", 10, 1500, 1500);
  daemon_await_log(&daemon_, "severity = FAILURE, host = web1");
  for (int i = 0; i < 16; i++) /* up to twelve they may be counted rarely */
    put_without_queue(1e9, 2);
  daemon_await_time("web1/baseline-syn_flood/duration-unmeasured",
                    received_next_s - (double)RECEIVED_STEP_S);
  assert_check_says("syn_flood FAILURE");
  assert_check_says("open, no longer measured");
  ck_assert_int_eq(check_exits(""), 2);
  assert_status_says("open, no longer measured");
  put_without_queue(1e9, 0);
  daemon_await_log(&daemon_, "syn_flood over: no socket listens any more");
  daemon_await_time("web1/baseline-syn_flood/gauge-severity",
                    received_next_s - (double)RECEIVED_STEP_S);
  ck_assert_int_eq(check_exits(""), 0);
  daemon_hang_up();
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(own_refused(), 0);
}
END_TEST

START_TEST(the_daemons_own_statistics_disturb_nothing) {
  ck_assert_int_eq(unsetenv("DAEMON_PLUGINS"), 0);
  daemon_start(&daemon_,
               &(struct daemon_setup){.stock = "CollectInternalStats true\n"});
  await_csv("testhost/collectd-write_queue");
  await_csv("testhost/baseline-syn_flood");
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_complaints(&daemon_), 0);
}
END_TEST

TCase *daemon_beside_case(void) {
  TCase *tcase = tcase_create("beside");

  tcase_set_timeout(tcase, 180);
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, own_values_keep_their_order_from_the_start);
  tcase_add_loop_test(tcase, of_readings_that_come_at_once_no_own_value_is_lost,
                      0, 2);
  tcase_add_loop_test(tcase, a_flood_is_one_incident_however_many_write, 0, 2);
  tcase_add_test(tcase, what_the_write_queue_drops_stops_nothing);
  tcase_add_test(tcase, aggregation_and_threshold_work_beside_it);
  tcase_add_test(tcase, it_goes_on_with_another_interval);
  tcase_add_test(tcase, the_daemons_own_statistics_disturb_nothing);
  tcase_add_test(tcase, a_known_host_that_stops_is_unknown_and_told);
  tcase_add_test(tcase,
                 an_open_incident_that_is_not_measured_stays_open_to_all);
  tcase_add_test(tcase, a_host_with_a_slash_in_its_name_is_judged);
  tcase_add_test(tcase, a_later_block_may_set_what_an_earlier_one_contradicts);
  tcase_add_test(tcase,
                 two_machines_of_one_name_are_said_once_and_raise_nothing);
  tcase_add_test(tcase, a_chain_that_names_the_writers_as_in_the_manual);
  tcase_add_test(tcase, a_chain_that_renames_hosts_as_in_the_manual);
  tcase_add_test(tcase, a_chain_that_keeps_counters_as_in_the_manual);
  tcase_add_test(tcase, a_chain_that_leaves_the_plugin_out_is_said_once);
  return tcase;
}
