/* Memory that is short in the command's readers: each request in turn. They say
 * -ENOMEM, or why there is nothing, and give everything back; never do they
 * hand out half of it as the whole. */
#define _GNU_SOURCE
#include "conf/conf_rules.h"
#include "daemon/fleet.h"
#include "daemon/host_model.h"
#include "memory_faults.h"
#include "scenes/fake_daemon.h"
#include "scenes/history_scene.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 3000, HOSTS = 40 };

/* --- recorded values ------------------------------------------------------ */

static const char *name;
static bool skip_bad;
static char
    whole[sizeof(history_scene_taken)]; /* what is handed out with memory */

static int read_history(void) {
  const char *names[] = {name, NULL};
  history_scene_taken[0] = history_scene_problem[0] = '\0';
  history_scene.options.skip_bad = skip_bad;
  int rc = history_scene_run(names);
  history_close(&history_scene);
  return rc;
}

static void recorded_values(void) {
  if (!memory_faults_passed(read_history())) {
    memory_faults_must(history_scene_problem[0] != '\0');
    memory_faults_must(read_history() == 0);
  }
  memory_faults_must(strcmp(history_scene_taken, whole) == 0);
}

static void write_csv(void) {
  history_scene_write("plain.csv",
                      "time,h/tcpstates-all/percent-completion,"
                      "h/tcpstates-all/tcp_connections-LISTEN\n"
                      "1000000,99,5\n1000010,98,6\n1000020,97,7\n");
}

/* Lines that are longer than the piece in which they are read. */
static void write_wide(void) {
  static char text[6 * 8 * COLUMNS];
  size_t len = (size_t)sprintf(text, "epoch");
  for (int i = 0; i < COLUMNS; i++)
    len += (size_t)sprintf(text + len, ",s%d", i);
  for (int row = 0; row < 5; row++) {
    len += (size_t)sprintf(text + len, "\n%d", 1000000 + 30 * row);
    for (int i = 0; i < COLUMNS; i++)
      len += (size_t)sprintf(text + len, i == 1500 ? ",%d.5" : ",", row);
  }
  strcpy(text + len, "\n");
  history_scene_write("wide/h/p-a/gauge-b-1970-01-12", text);
}

static void write_days(void) {
  history_scene_write("days/h/tcpstates-all/percent-completion-1970-01-12",
                      "epoch,value\n1000000,1.5\n1000010,2.5\n");
  history_scene_write("days/h/tcpstates-all/percent-completion-1970-01-13",
                      "epoch,value\n1040000,3.5\n1040010,4.5\n");
  for (int i = 0; i < 20; i++) { /* more streams than fit at first */
    char path[64];
    snprintf(path, sizeof(path), "days/h/df-%d/df-1970-01-12", i);
    history_scene_write(path,
                        "epoch,used,free\n1000000,1.5,2.5\n1000010,1.5,3.5\n");
  }
}

#ifdef HAVE_LIBRRD
#include <rrd.h>

static void write_rrd(void) {
  const char *definitions[] = {"DS:value:GAUGE:20:0:U",
                               "RRA:AVERAGE:0.5:1:500"};
  const char *updates[] = {"1000000:1", "1000010:2", "1000020:3"};
  const char *path = "rrd/h/tcpstates-all/percent-completion.rrd";
  history_scene_write(path, "");
  ck_assert_int_eq(
      rrd_create_r(history_scene_path(path), 10, 999990, 2, definitions), 0);
  ck_assert_int_eq(rrd_update_r(history_scene_path(path), NULL, 3, updates), 0);
}
#else
static void write_rrd(void) {
  history_scene_write("rrd/h/tcpstates-all/percent-completion-1970-01-12",
                      "epoch,value\n1000000,1.5\n");
}
#endif

static const struct {
  const char *name;
  void (*write)(void);
  unsigned requests;
} histories[] = {{"plain.csv", write_csv, 6},
                 {"days", write_days, 100},
                 {"wide", write_wide, 15},
                 {"rrd", write_rrd, 8}};
enum { HISTORIES = sizeof(histories) / sizeof(histories[0]) };

START_TEST(a_history_is_read_whole_or_refused) {
  name = histories[_i / 2].name;
  skip_bad = _i % 2 != 0;
  histories[_i / 2].write();
  ck_assert_msg(read_history() == 0, "%s", history_scene_problem);
  strcpy(whole, history_scene_taken);
  ck_assert_str_ne(whole, "");
  ck_assert_uint_ge(memory_faults_each(recorded_values),
                    histories[_i / 2].requests);
}
END_TEST

/* --- settings ------------------------------------------------------------- */

static int read_settings(struct rules *rules) {
  char error[CONF_ERROR_MAX] = "";
  size_t blocks = 0;
  rules_defaults(rules);
  int rc = conf_rules_read_file(history_scene_path("conf/main.conf"), rules,
                                &blocks, NULL, error);
  memory_faults_must(rc == 0 ? blocks == 2 : error[0] != '\0');
  return rc;
}

static void settings_scene(void) {
  static struct rules rules;
  if (!memory_faults_passed(read_settings(&rules)))
    memory_faults_must(read_settings(&rules) == 0);
  memory_faults_must(rules.warm_up_s == 77 && rules.max_hosts == 88);
}

START_TEST(settings_are_read_whole_or_refused) {
  char text[256];
  history_scene_write("conf/more/a.conf",
                      "<Plugin baseline>\n  MaxHosts 88\n</Plugin>\n");
  snprintf(text, sizeof(text),
           "<Plugin baseline>\n  WarmUp 77\n</Plugin>\nInclude \"%s\"\n",
           history_scene_path("conf/more"));
  history_scene_write("conf/main.conf", text);
  ck_assert_uint_ge(memory_faults_each(settings_scene), 5);
}
END_TEST

/* --- what the daemon answers ---------------------------------------------- */

static struct fake_daemon fake;
static struct host_query query;

static void answer(const char *command, FILE *out) {
  if (strcmp(command, "LISTVAL") != 0) {
    fputs("1 Value found\nvalue=2.000000e+00\n", out);
    return;
  }
  fprintf(out, "%d Values found\n", 2 * HOSTS);
  for (int i = 0; i < HOSTS; i++)
    fprintf(out,
            "100.000 host-%02d/baseline-syn_flood/gauge-severity\n"
            "100.000 host-%02d/tcpstates-all/percent-completion\n",
            i, i);
}

static void start_daemon(void) {
  fake_daemon_start(&fake, answer);
  query = (struct host_query){fake.path, "host-07", 5, 0};
}

static void stop_daemon(void) { fake_daemon_stop(&fake); }

/* What fails with -1 has said why. */
static int refused(const char *problem) {
  memory_faults_must(strcmp(problem, "out of memory") == 0);
  return -ENOMEM;
}

static int fetch_model(struct host_model *model) {
  char problem[UNIXSOCK_PROBLEM_MAX] = "";
  return host_model_fetch(&query, model, problem) == 0 ? 0 : refused(problem);
}

static void model_scene(void) {
  static struct host_model model;
  if (!memory_faults_passed(fetch_model(&model)))
    memory_faults_must(fetch_model(&model) == 0);
  memory_faults_must(strcmp(model.host, "host-07") == 0);
  memory_faults_must(model.values_len == 2 && model.values[0].value == 2);
}

static int fetch_hosts(struct listing_hosts *hosts) {
  char problem[UNIXSOCK_PROBLEM_MAX] = "";
  if (host_model_hosts(&query, hosts, problem) == 0)
    return 0;
  listing_hosts_release(hosts);
  return refused(problem);
}

static void hosts_scene(void) {
  struct listing_hosts hosts;
  if (!memory_faults_passed(fetch_hosts(&hosts)))
    memory_faults_must(fetch_hosts(&hosts) == 0);
  memory_faults_must(hosts.len == HOSTS);
  listing_hosts_release(&hosts);
}

static int fetch_fleet(struct fleet *fleet) {
  *fleet = (struct fleet){0};
  struct host_query every = query;
  every.host = NULL;
  int rc = fleet_fetch(&every, NULL, fleet);
  if (rc != 0)
    fleet_release(fleet);
  return rc;
}

static void fleet_scene(void) {
  struct fleet fleet;
  if (!memory_faults_passed(fetch_fleet(&fleet)))
    memory_faults_must(fetch_fleet(&fleet) == 0);
  memory_faults_must(fleet.len == HOSTS);
  for (size_t i = 0; i < HOSTS; i++)
    memory_faults_must(fleet.hosts[i].severity[INCIDENT_SYN_FLOOD] == 2);
  fleet_release(&fleet);
}

START_TEST(an_answer_is_taken_whole_or_refused) {
  static void (*const scenes[])(void) = {model_scene, hosts_scene, fleet_scene};
  ck_assert_uint_ge(memory_faults_each(scenes[_i]), HOSTS);
}
END_TEST

SUITE(memory_command) {
  Suite *suite = suite_create("memory_command");
  TCase *files = tcase_create("files");
  tcase_add_checked_fixture(files, history_scene_setup, history_scene_teardown);
  tcase_add_loop_test(files, a_history_is_read_whole_or_refused, 0,
                      2 * HISTORIES);
  tcase_add_test(files, settings_are_read_whole_or_refused);
  suite_add_tcase(suite, files);
  TCase *daemon = tcase_create("daemon");
  tcase_add_checked_fixture(daemon, start_daemon, stop_daemon);
  tcase_add_loop_test(daemon, an_answer_is_taken_whole_or_refused, 0, 3);
  suite_add_tcase(suite, daemon);
  return suite;
}
