/* What a fault of /proc comes to in the daemon: the read callback returns 0,
 * the interval has no values, or none of the counters, the log has one line,
 * and the next interval is whole. */
#define _GNU_SOURCE
#include "reader_scene.h"
#include "scenes/collectd_log.h"
#include "scenes/suite.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FAULTY_READINGS = 5 };

static void write_file(const char *name, const char *text) {
  proc_root_write(reader_root, name, text);
}

static void path_of(const char *name, char path[PROC_ROOT_PATH + 16]) {
  snprintf(path, PROC_ROOT_PATH + 16, "%s/%s", reader_root, name);
}

static void put_folder(const char *name) {
  char path[PROC_ROOT_PATH + 16];
  path_of(name, path);
  write_file(name, NULL);
  ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void put_gigabyte(const char *name) {
  char path[PROC_ROOT_PATH + 16];
  path_of(name, path);
  ck_assert_int_eq(truncate(path, 1 << 30), 0);
}

/* Root reads everything: the test reads as somebody else then. */
static void forbid(const char *name) {
  char path[PROC_ROOT_PATH + 16];
  path_of(name, path);
  ck_assert_int_eq(chmod(path, 0), 0);
  if (geteuid() == 0)
    ck_assert_int_eq(seteuid(65534), 0);
}

static void empty(const char *name) { write_file(name, ""); }

static void take_away(const char *name) { write_file(name, NULL); }

/* In the middle of its last line. */
static void cut(const char *name) {
  struct stat status;
  char path[PROC_ROOT_PATH + 16];
  path_of(name, path);
  ck_assert_int_eq(stat(path, &status), 0);
  ck_assert_int_eq(truncate(path, status.st_size - 20), 0);
}

static void garble(const char *name) {
  write_file(name, "once upon a time\nTcp: there was\nTcp: a socket\n");
}

static const struct proc_fault {
  const char *name;
  void (*spoil)(const char *name);
  const char *said; /* "" where a missing file is a kernel that has none */
} table_faults[] = {
    {"net/tcp", forbid, "net/tcp: Permission denied"},
    {"net/tcp6", forbid, "net/tcp6: Permission denied"},
    {"net/tcp", take_away, "net/tcp: No such file or directory"},
    {"net/tcp", put_folder, "net/tcp: Is a directory"},
    {"net/tcp6", put_folder, "net/tcp6: Is a directory"},
    {"net/tcp", empty, "net/tcp is garbled"},
    {"net/tcp6", empty, "net/tcp6 is garbled"},
    {"net/tcp", cut, "net/tcp is garbled"},
    {"net/tcp6", cut, "net/tcp6 is garbled"},
    {"net/tcp", garble, "net/tcp is garbled"},
    {"net/tcp", put_gigabyte, "net/tcp is garbled"},
    {"net/tcp6", put_gigabyte, "net/tcp6 is garbled"},
};
enum { TABLE_FAULTS = sizeof(table_faults) / sizeof(table_faults[0]) };

static const struct proc_fault counter_faults[] = {
    {"net/snmp", forbid, "net/snmp: Permission denied"},
    {"net/snmp", take_away, "net/snmp: No such file or directory"},
    {"net/snmp", put_folder, "net/snmp: Is a directory"},
    {"net/snmp", garble, "net/snmp: garbled or cut"},
    {"net/snmp", put_gigabyte, "net/snmp: File too large"},
    {"net/netstat", put_gigabyte, "net/netstat: File too large"},
    {"net/sockstat", put_folder, "net/sockstat: Is a directory"},
    {"sys/net/ipv4/tcp_syncookies", garble, "tcp_syncookies: garbled or cut"},
};
enum { COUNTER_FAULTS = sizeof(counter_faults) / sizeof(counter_faults[0]) };

/* A fresh /proc in the same place. */
static void mend_proc(uid_t self) {
  char command[3 * PROC_ROOT_PATH + 32], fresh[PROC_ROOT_PATH];
  ck_assert_int_eq(seteuid(self), 0);
  proc_root_create(fresh);
  snprintf(command, sizeof(command), "rm -rf %s && mv %s %s", reader_root,
           fresh, reader_root);
  ck_assert_int_eq(system(command), 0);
}

START_TEST(a_table_that_cannot_be_read_skips_the_reading) {
  const struct proc_fault *fault = &table_faults[_i];
  const uid_t self = geteuid();
  reader_scene_begin("proc");
  fault->spoil(fault->name);
  const unsigned files = reader_scene_open_files();
  for (int i = 0; i < FAULTY_READINGS; i++)
    ck_assert_uint_eq(reader_scene_read(), 0);
  ck_assert_ptr_nonnull(strstr(collectd_log_text(), "reading is skipped"));
  reader_scene_assert_one_line(fault->said);
  ck_assert_uint_eq(reader_scene_open_files(), files);
  mend_proc(self);
  reader_scene_assert_whole();
  reader_scene_assert_one_line("readings succeed again");
  reader_scene_stop();
}
END_TEST

/* Each from a file of its own: only that one's is gone. */
static void assert_counters_but_of(const char *name) {
  bool snmp = strcmp(name, "net/snmp") == 0;
  bool netstat = strcmp(name, "net/netstat") == 0;
  ck_assert_int_eq(
      isnan(reader_scene_value("protocol_counter", "PassiveOpens")), snmp);
  ck_assert_int_eq(isnan(reader_scene_value("protocol_counter", "ListenDrops")),
                   netstat);
}

START_TEST(without_counters_the_sockets_are_counted_all_the_same) {
  const struct proc_fault *fault = &counter_faults[_i / 2];
  const uid_t self = geteuid();
  reader_scene_begin(_i % 2 == 0 ? "proc" : "netlink");
  fault->spoil(fault->name);
  for (int i = 0; i < FAULTY_READINGS; i++) {
    size_t values = reader_scene_read();
    ck_assert(values > 0 && values <= reader_scene_whole());
    ck_assert_double_eq(reader_scene_value("tcp_connections", "ESTABLISHED"),
                        2);
    assert_counters_but_of(fault->name);
  }
  ck_assert_ptr_nonnull(
      strstr(collectd_log_text(), "all other values are reported"));
  reader_scene_assert_one_line(fault->said);
  mend_proc(self);
  reader_scene_assert_whole();
  reader_scene_assert_one_line("counters can be read again");
  reader_scene_stop();
}
END_TEST

START_TEST(where_both_ways_fail_each_has_its_line) {
  reader_scene_begin("auto");
  put_folder("net/tcp");
  for (int i = 0; i < FAULTY_READINGS; i++) {
    fake.socket_error = EPERM;
    fake.fault = FAULT_HUNG_UP;
    fake.fault_times = UINT32_MAX;
    ck_assert_uint_eq(reader_scene_read(), 0);
  }
  ck_assert_uint_eq(collectd_log_lines(), 2);
  ck_assert_ptr_nonnull(strstr(collectd_log_text(), "Is a directory"));
  ck_assert_ptr_nonnull(strstr(collectd_log_text(), "Connection refused"));
  reader_scene_stop();
}
END_TEST

SUITE(proc_faults) {
  Suite *suite = suite_create("proc_faults");
  TCase *tcase = tcase_create("proc_faults");
  tcase_add_checked_fixture(tcase, reader_scene_setup, reader_scene_teardown);
  tcase_add_loop_test(tcase, a_table_that_cannot_be_read_skips_the_reading, 0,
                      TABLE_FAULTS);
  tcase_add_loop_test(tcase,
                      without_counters_the_sockets_are_counted_all_the_same, 0,
                      2 * COUNTER_FAULTS);
  tcase_add_test(tcase, where_both_ways_fail_each_has_its_line);
  suite_add_tcase(suite, tcase);
  return suite;
}
