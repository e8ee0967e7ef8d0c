/* Memory that is short in the plugin tcpstates: each request in turn, from the
 * config callback to the shutdown. Init says so, or the interval has no values
 * and the log one line; the next call is whole. */
#define _GNU_SOURCE
#include "memory_faults.h"
#include "reader_scene.h"
#include "scenes/collectd_log.h"
#include "scenes/suite.h"

#include <errno.h>
#include <string.h>

enum { READINGS = 3 };

static const char *source;
static size_t whole;  /* values of a reading, of a run that had all memory */
static unsigned said; /* skipped readings, of all runs */

static unsigned lines_with(const char *text) {
  unsigned count = 0;
  for (const char *at = collectd_log_text(); (at = strstr(at, text)) != NULL;)
    count++, at++;
  return count;
}

/* Where init fails, the daemon leaves the plugin alone; a later one works. */
static void init(void) {
  if (memory_faults_passed(reader_scene_init()))
    return;
  memory_faults_must(lines_with("cannot start: Cannot allocate memory; nothing "
                                "will be read") == 1);
  collectd_log_clear();
  memory_faults_must(reader_scene_init() == 0);
}

/* All values or none; and the meta data with them, or without. */
static void take(void) {
  size_t len = reader_scene_read();
  if (len == 0) {
    memory_faults_must(memory_faults_met());
    memory_faults_end();
    len = reader_scene_read();
  }
  memory_faults_must(len == whole);
  memory_faults_must(reader_scene_value("tcp_connections", "LISTEN") == 2);
  memory_faults_must(reader_scene_value("tcp_connections", "CLOSE_WAIT") == 1);
  memory_faults_must(reader_scene_value("tcp_connections", "SYN_RECV") == 1);
}

static void begin_and_end(void) {
  collectd_log_clear();
  memory_faults_must(reader_scene_configure(source, true) == 0);
  init();
  for (int i = 0; i < READINGS; i++)
    take();
  memory_faults_must(memory_faults_met() || reader_scene_with_meta() > 0);
  reader_scene_stop();
  said += lines_with("reading is skipped: the TCP table: Cannot allocate") +
          lines_with("reading is skipped: netlink dump: Cannot allocate") +
          lines_with("reading is skipped: /proc/net/tcp: Cannot allocate");
  memory_faults_must(lines_with("reading is skipped") <= 1);
  memory_faults_must(lines_with("reading is skipped") ==
                     lines_with("readings succeed again"));
}

static void setup(void) {
  reader_scene_setup();
  fake_netlink_add(TCP_STATE_SYN_RECV, 8080, 1);
}

START_TEST(the_plugin_survives_each_request_that_fails) {
  static const char *const sources[] = {"auto", "netlink", "proc"};
  source = sources[_i];
  ck_assert_int_eq(reader_scene_configure(source, true), 0);
  ck_assert_int_eq(reader_scene_init(), 0);
  whole = reader_scene_read();
  reader_scene_stop();
  ck_assert_uint_gt(memory_faults_each(begin_and_end), 15);
  ck_assert_uint_gt(said, 0);
}
END_TEST

SUITE(memory_reader) {
  Suite *suite = suite_create("memory_reader");
  TCase *tcase = tcase_create("memory_reader");
  tcase_add_checked_fixture(tcase, setup, reader_scene_teardown);
  tcase_add_loop_test(tcase, the_plugin_survives_each_request_that_fails, 0, 3);
  suite_add_tcase(suite, tcase);
  return suite;
}
