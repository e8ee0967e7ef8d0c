/* The state that learn writes: whole, where nothing stands or --force is given;
 * and the collectd that runs beside it. */
#define _GNU_SOURCE
#include "learn/learn_file.h"

#include "scenes/state_folder.h"
#include "scenes/suite.h"
#include "verdict/state/state_text.h"

#include <errno.h>

static char problem[LEARN_PROBLEM_MAX], proc[192];
static int hosts_read, series_read;

static struct rules rules;
static struct engine *engine;
static const struct engine_filter all = {NULL, NULL, NULL, NULL};

static void restore_host(int number) {
  struct hosts_host host = {.seen_s = 1700000000};

  judge_init(&host.judge);
  judge_init(&host.before.judge);
  snprintf(host.name, sizeof(host.name), "web%d", number);
  ck_assert_int_eq(hosts_restore(engine_hosts(engine), &host), 0);
}

static void setup_engine(void) {
  struct rules_block watch;
  struct series_memory memory = {.seen_s = 1700000000};
  char error[RULES_ERROR_MAX];

  rules_defaults(&rules);
  ck_assert_int_eq(rules_open(&rules, "Watch", "w", &watch, error), 0);
  engine = engine_create(&rules);
  ck_assert_ptr_nonnull(engine);
  for (int i = 1; i <= 3; i++)
    restore_host(i);
  incident_init(&memory.incident);
  ck_assert_int_eq(series_restore(engine_series(engine),
                                  "web1/load/load:shortterm", &memory),
                   0);
}

static void setup_more(void) {
  setup();
  setup_engine();
  snprintf(proc, sizeof(proc), "%s/proc", folder);
  hosts_read = series_read = 0;
  problem[0] = '\0';
}

static void teardown_more(void) {
  engine_destroy(engine);
  teardown();
}

static int write_learned(bool force) {
  return learn_file_write(path, force, 1, engine, &all, problem);
}

static int count_host(void *to, const struct hosts_host *host) {
  (void)to;
  ck_assert_double_eq(host->seen_s, 1700000000);
  hosts_read++;
  return 0;
}

static int count_series(void *to, const char *identifier,
                        const struct series_memory *memory) {
  (void)to;
  (void)memory;
  ck_assert_str_eq(identifier, "web1/load/load:shortterm");
  series_read++;
  return 0;
}

START_TEST(the_plugin_reads_what_is_written) {
  struct state_text_reader reader = {count_host, count_series, NULL};
  char why[STATE_TEXT_ERROR_MAX];
  struct stat about;

  ck_assert_int_eq(write_learned(false), 0);
  ck_assert_int_eq(stat(path, &about), 0);
  ck_assert_uint_eq(about.st_mode & 07777, 0640);
  ck_assert_int_eq(state_file_read(path, &text, &length), 0);
  ck_assert_msg(state_text_read(text, length, &reader, why) == 0, "%s", why);
  ck_assert_int_eq(hosts_read, 3);
  ck_assert_int_eq(series_read, 1);
  assert_nothing_beside();
}
END_TEST

START_TEST(what_stands_there_is_written_over_by_force_only) {
  put(path, "old");
  ck_assert_int_eq(learn_file_check(path, false, problem), -EEXIST);
  ck_assert_ptr_nonnull(strstr(problem, "--force"));
  ck_assert_int_eq(write_learned(false), -EEXIST);
  assert_holds("old");
  ck_assert_int_eq(learn_file_check(path, true, problem), 0);
  ck_assert_int_eq(write_learned(true), 0);
  free(text);
  ck_assert_int_eq(state_file_read(path, &text, &length), 0);
  ck_assert_uint_gt(length, 3);
}
END_TEST

START_TEST(a_link_is_refused_by_force_too) {
  char target[160];

  snprintf(target, sizeof(target), "%s/target", folder);
  put(target, "old");
  ck_assert_int_eq(symlink(target, path), 0);
  ck_assert_int_eq(learn_file_check(path, true, problem), -ELOOP);
  ck_assert_int_eq(write_learned(true), -ELOOP);
  ck_assert_ptr_nonnull(strstr(problem, "symbolic link"));
  ck_assert_int_eq(state_file_read(target, &text, &length), 0);
  ck_assert_str_eq(text, "old");
}
END_TEST

START_TEST(what_is_no_file_is_refused) {
  char missing[160], slash[160];

  ck_assert_int_eq(learn_file_check(folder, true, problem), -EINVAL);
  snprintf(slash, sizeof(slash), "%s/", folder);
  ck_assert_int_eq(learn_file_check(slash, true, problem), -EINVAL);
  ck_assert_int_eq(learn_file_check("", true, problem), -EINVAL);
  snprintf(missing, sizeof(missing), "%s/none/state", folder);
  ck_assert_int_eq(learn_file_check(missing, true, problem), -ENOENT);
  ck_assert_ptr_nonnull(strstr(problem, "none"));
  ck_assert_int_eq(chdir(folder), 0);
  ck_assert_int_eq(learn_file_check("state", false, problem), 0);
}
END_TEST

/* A process as proc(5) shows it; maps NULL: it cannot be read. */
static void add_process(const char *pid, const char *name, const char *maps,
                        const char *cwd) {
  char at[400];

  mkdir(proc, 0755);
  snprintf(at, sizeof(at), "%s/%s", proc, pid);
  ck_assert_int_eq(mkdir(at, 0755), 0);
  snprintf(at, sizeof(at), "%s/%s/comm", proc, pid);
  put(at, name);
  snprintf(at, sizeof(at), "%s/%s/maps", proc, pid);
  if (maps)
    put(at, maps);
  snprintf(at, sizeof(at), "%s/%s/cwd", proc, pid);
  if (cwd)
    ck_assert_int_eq(symlink(cwd, at), 0);
}

static const char with_plugin[] =
    "7f00-7f01 r-xp 0 0:1 1 /usr/sbin/collectd\n"
    "7f02-7f03 r-xp 0 0:1 2 /usr/lib/collectd/baseline.so\n";

static void assert_found(enum learn_daemon expected, long expected_pid) {
  long pid = 0;

  ck_assert_int_eq(learn_daemon_find(proc, path, &pid), expected);
  ck_assert_int_eq(pid, expected_pid);
}

START_TEST(no_collectd_is_none) {
  assert_found(LEARN_DAEMON_NONE, 0);
  add_process("7", "nginx\n", with_plugin, folder);
  add_process("8", "collectdmon\n", with_plugin, folder);
  add_process("self", "collectd\n", with_plugin, folder);
  assert_found(LEARN_DAEMON_NONE, 0);
}
END_TEST

START_TEST(a_collectd_without_the_plugin_is_none) {
  add_process("7", "collectd\n", "7f00-7f01 r-xp 0 0:1 1 /bin/x\n", folder);
  assert_found(LEARN_DAEMON_NONE, 0);
}
END_TEST

START_TEST(a_collectd_in_another_folder_may_have_the_file) {
  add_process("7", "collectd\n", with_plugin, "/");
  assert_found(LEARN_DAEMON_OTHER, 7);
}
END_TEST

START_TEST(a_collectd_that_cannot_be_looked_into_may_have_the_file) {
  add_process("7", "collectd\n", NULL, NULL);
  assert_found(LEARN_DAEMON_OTHER, 7);
}
END_TEST

START_TEST(a_collectd_that_runs_in_the_files_folder_has_it) {
  add_process("7", "collectd\n", with_plugin, "/");
  add_process("8", "collectd\n", with_plugin, folder);
  add_process("9", "collectd\n", with_plugin, "/");
  assert_found(LEARN_DAEMON_OWN, 8);
  ck_assert_int_eq(chdir(folder), 0);
  long pid = 0;
  ck_assert_int_eq(learn_daemon_find(proc, "state", &pid), LEARN_DAEMON_OWN);
}
END_TEST

SUITE(learn_file) {
  Suite *suite = suite_create("learn_file");
  TCase *tcase = tcase_create("file and daemon");
  tcase_add_checked_fixture(tcase, setup_more, teardown_more);
  tcase_add_test(tcase, the_plugin_reads_what_is_written);
  tcase_add_test(tcase, what_stands_there_is_written_over_by_force_only);
  tcase_add_test(tcase, a_link_is_refused_by_force_too);
  tcase_add_test(tcase, what_is_no_file_is_refused);
  tcase_add_test(tcase, no_collectd_is_none);
  tcase_add_test(tcase, a_collectd_without_the_plugin_is_none);
  tcase_add_test(tcase, a_collectd_in_another_folder_may_have_the_file);
  tcase_add_test(tcase,
                 a_collectd_that_cannot_be_looked_into_may_have_the_file);
  tcase_add_test(tcase, a_collectd_that_runs_in_the_files_folder_has_it);
  suite_add_tcase(suite, tcase);
  return suite;
}
