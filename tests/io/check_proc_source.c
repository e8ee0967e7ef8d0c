/* proc_source on good, missing, cut, garbled, unreadable and huge files. */
#define _GNU_SOURCE
#include "io/proc_source.h"
#include "proc_root.h"
#include "suites.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char root[PROC_ROOT_PATH];
static char failed[PROC_SOURCE_FAILED_LEN];
static struct reading *reading;
static struct kernel_counters counters;
static unsigned lost;

static void setup(void) {
  proc_root_create(root);
  reading = reading_create(NULL, 0);
  ck_assert_ptr_nonnull(reading);
  failed[0] = '\0';
}

static void teardown(void) {
  reading_destroy(reading);
  proc_root_destroy(root);
}

static int read_tables(void) {
  reading_clear(reading);
  return proc_source_read_tables(root, reading, failed);
}

static void assert_failed_is(const char *name) {
  char path[PROC_ROOT_PATH + 64];
  snprintf(path, sizeof(path), "%s/%s", root, name);
  ck_assert_str_eq(failed, path);
}

START_TEST(both_tables_are_counted_by_state_and_family) {
  ck_assert_int_eq(read_tables(), 0);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_ESTABLISHED], 2);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_CLOSE_WAIT], 1);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_TIME_WAIT], 1);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_SYN_RECV], 0);
  ck_assert_uint_eq(reading->count[TCP_IPV6][TCP_STATE_SYN_RECV], 1);
  ck_assert_uint_eq(reading->aged[TCP_IPV6], 1);
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 2);
  ck_assert(reading->by_family);
}
END_TEST

START_TEST(a_missing_tcp6_is_a_kernel_without_ipv6) {
  proc_root_write(root, "net/tcp6", NULL);
  ck_assert_int_eq(read_tables(), 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 1);
}
END_TEST

START_TEST(a_missing_tcp_is_an_error_that_names_it) {
  proc_root_write(root, "net/tcp", NULL);
  ck_assert_int_eq(read_tables(), -ENOENT);
  assert_failed_is("net/tcp");
}
END_TEST

START_TEST(a_table_cut_anywhere_in_a_line_is_refused) {
  char text[2048];
  const size_t header = strlen(proc_root_header);
  for (size_t length = 0; length < strlen(proc_root_tcp); length += 7) {
    if (length >= header && proc_root_tcp[length - 1] == '\n')
      continue;
    snprintf(text, sizeof(text), "%.*s", (int)length, proc_root_tcp);
    proc_root_write(root, "net/tcp", text);
    ck_assert_int_eq(read_tables(), -EBADMSG);
    assert_failed_is("net/tcp");
  }
}
END_TEST

START_TEST(a_garbled_tcp6_is_refused_and_the_next_reading_is_whole) {
  proc_root_write(root, "net/tcp6", "once upon a time\nthere was a socket\n");
  ck_assert_int_eq(read_tables(), -EBADMSG);
  assert_failed_is("net/tcp6");
  proc_root_write(root, "net/tcp6", proc_root_tcp6);
  ck_assert_int_eq(read_tables(), 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 2);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 1);
}
END_TEST

START_TEST(an_empty_table_has_no_header_and_is_refused) {
  proc_root_write(root, "net/tcp", "");
  ck_assert_int_eq(read_tables(), -EBADMSG);
}
END_TEST

/* Root reads everything, so read as somebody else. */
static int read_without_right(const char *name, int (*read_files)(void)) {
  char path[PROC_ROOT_PATH + 64];
  snprintf(path, sizeof(path), "%s/%s", root, name);
  ck_assert_int_eq(chmod(path, 0), 0);
  const uid_t self = geteuid();
  if (self == 0)
    ck_assert_int_eq(seteuid(65534), 0);
  int rc = read_files();
  ck_assert_int_eq(seteuid(self), 0);
  return rc;
}

START_TEST(an_unreadable_table_is_an_error_that_names_it) {
  ck_assert_int_eq(read_without_right("net/tcp", read_tables), -EACCES);
  assert_failed_is("net/tcp");
}
END_TEST

START_TEST(a_folder_in_place_of_a_table_is_an_error) {
  char path[PROC_ROOT_PATH + 16];
  snprintf(path, sizeof(path), "%s/net/tcp6", root);
  proc_root_write(root, "net/tcp6", NULL);
  ck_assert_int_eq(mkdir(path, 0755), 0);
  ck_assert_int_eq(read_tables(), -EISDIR);
}
END_TEST

START_TEST(a_gigabyte_of_garbage_costs_neither_time_nor_memory) {
  char path[PROC_ROOT_PATH + 16];
  snprintf(path, sizeof(path), "%s/net/tcp", root);
  ck_assert_int_eq(truncate(path, 1 << 30), 0);
  struct rusage before, after;
  const clock_t start = clock();
  getrusage(RUSAGE_SELF, &before);
  ck_assert_int_eq(read_tables(), -EBADMSG);
  getrusage(RUSAGE_SELF, &after);
  ck_assert_int_lt((clock() - start) / (CLOCKS_PER_SEC / 1000), 200);
  ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 1024);
}
END_TEST

/* Lines lie across the pieces in which the file is read. */
START_TEST(a_table_of_many_pieces_loses_no_row) {
  char path[PROC_ROOT_PATH + 16];
  snprintf(path, sizeof(path), "%s/net/tcp", root);
  FILE *out = fopen(path, "a");
  ck_assert_ptr_nonnull(out);
  for (unsigned i = 0; i < 5000; i++)
    fprintf(out,
            "%4u: 0100007F:1F90 0100007F:%04X 04 00000000:00000000 01:00000050 "
            "00000000     0        0 12542 1 00000000730d5d4f\n",
            i + 5, i + 1024);
  ck_assert_int_eq(fclose(out), 0);
  ck_assert_int_eq(read_tables(), 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_FIN_WAIT1], 5000);
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 2);
}
END_TEST

static int read_counters(void) {
  return proc_source_read_counters(root, &counters, &lost, failed);
}

/* All but the counters from first to last. */
static void assert_known_but(enum kernel_counter first,
                             enum kernel_counter last) {
  for (int i = 0; i < COUNTER_END; i++)
    ck_assert_msg(counters.known[i] == (i < (int)first || i > (int)last),
                  "counter %d", i);
}

static void assert_only_snmp_is_missing(void) {
  for (int i = 0; i < COUNTER_END; i++)
    ck_assert_int_eq(counters.known[i],
                     i > COUNTER_ESTAB_RESETS && i != COUNTER_CURR_ESTAB);
}

START_TEST(every_counter_and_sysctl_is_known) {
  ck_assert_int_eq(read_counters(), 0);
  for (int i = 0; i < COUNTER_END; i++)
    ck_assert_msg(counters.known[i], "counter %d", i);
  ck_assert_int_eq(counters.value[COUNTER_PASSIVE_OPENS], 12);
  ck_assert_int_eq(counters.value[COUNTER_CURR_ESTAB], 3);
  ck_assert_int_eq(counters.value[COUNTER_SYNCOOKIES_SENT], 21);
  ck_assert_int_eq(counters.value[COUNTER_TIMEWAIT], 1);
  ck_assert_int_eq(counters.value[COUNTER_MAX_TW_BUCKETS], 131072);
  ck_assert_int_eq(counters.value[COUNTER_MAX_SYN_BACKLOG], 512);
  ck_assert_int_eq(counters.value[COUNTER_SYNCOOKIES_MODE], 1);
  ck_assert_int_eq(counters.value[COUNTER_SYNACK_RETRIES], 5);
}
END_TEST

START_TEST(what_the_kernel_does_not_have_stays_unknown) {
  ck_assert_int_eq(read_counters(), 0);
  proc_root_write(root, "net/netstat", NULL);
  proc_root_write(root, "sys/net/ipv4/tcp_max_tw_buckets", NULL);
  ck_assert_int_eq(read_counters(), 0);
  ck_assert(!counters.known[COUNTER_SYNCOOKIES_SENT]);
  ck_assert(!counters.known[COUNTER_MAX_TW_BUCKETS]);
  ck_assert(counters.known[COUNTER_PASSIVE_OPENS]);
  ck_assert(counters.known[COUNTER_TIMEWAIT]);
}
END_TEST

START_TEST(a_hidden_sysctl_stays_unknown_a_hidden_snmp_is_an_error) {
  const char *sysctl = "sys/net/ipv4/tcp_max_syn_backlog";
  ck_assert_int_eq(read_without_right(sysctl, read_counters), 0);
  ck_assert(!counters.known[COUNTER_MAX_SYN_BACKLOG]);
  ck_assert(counters.known[COUNTER_SYNACK_RETRIES]);
  ck_assert_int_eq(read_without_right("net/snmp", read_counters), -EACCES);
  assert_failed_is("net/snmp");
  ck_assert(!counters.known[COUNTER_PASSIVE_OPENS]);
  ck_assert(counters.known[COUNTER_LISTEN_DROPS]);
}
END_TEST

START_TEST(a_missing_snmp_costs_its_own_counters) {
  ck_assert_int_eq(read_counters(), 0);
  ck_assert_uint_eq(lost, 0);
  proc_root_write(root, "net/snmp", NULL);
  ck_assert_int_eq(read_counters(), -ENOENT);
  assert_failed_is("net/snmp");
  assert_only_snmp_is_missing();
}
END_TEST

START_TEST(a_netstat_of_names_alone_costs_its_own_counters) {
  proc_root_write(root, "net/netstat", "TcpExt: ListenDrops TCPSynRetrans\n");
  ck_assert_int_eq(read_counters(), -EBADMSG);
  assert_failed_is("net/netstat");
  assert_known_but(COUNTER_SYNCOOKIES_SENT, COUNTER_EMBRYONIC_RSTS);
}
END_TEST

START_TEST(every_file_that_cannot_be_read_is_named) {
  char both[2 * PROC_ROOT_PATH + 128];
  snprintf(both, sizeof(both), "%s/net/netstat, %s/net/sockstat", root, root);
  proc_root_write(root, "net/netstat", "TcpExt: ListenDrops\n");
  ck_assert_int_eq(read_counters(), -EBADMSG);
  unsigned one = lost;
  proc_root_write(root, "net/sockstat", "TCP: inuse\n");
  ck_assert_int_eq(read_counters(), -EBADMSG);
  ck_assert_str_eq(failed, both);
  ck_assert_uint_ne(lost, one);
  proc_root_write(root, "net/netstat", NULL);
  ck_assert_int_eq(read_counters(), -EBADMSG);
  assert_failed_is("net/sockstat");
}
END_TEST

START_TEST(an_absurdly_large_counter_file_is_refused) {
  char path[PROC_ROOT_PATH + 16];
  snprintf(path, sizeof(path), "%s/net/snmp", root);
  ck_assert_int_eq(truncate(path, 1 << 30), 0);
  ck_assert_int_eq(read_counters(), -EFBIG);
  assert_failed_is("net/snmp");
  assert_only_snmp_is_missing();
}
END_TEST

START_TEST(no_file_stays_open_whatever_happens) {
  const unsigned before = open_fds();
  for (int i = 0; i < 20; i++) {
    proc_root_write(root, "net/tcp", i % 2 == 0 ? "garbage\n" : proc_root_tcp);
    proc_root_write(root, "net/snmp", i % 3 == 0 ? "Tcp: a\nTcp: b\n" : "");
    read_tables();
    read_counters();
  }
  ck_assert_uint_eq(open_fds(), before);
}
END_TEST

SUITE(proc_source) {
  Suite *suite = suite_create("proc_source");
  TCase *tables = tcase_create("tables");
  tcase_add_checked_fixture(tables, setup, teardown);
  tcase_add_test(tables, both_tables_are_counted_by_state_and_family);
  tcase_add_test(tables, a_missing_tcp6_is_a_kernel_without_ipv6);
  tcase_add_test(tables, a_missing_tcp_is_an_error_that_names_it);
  tcase_add_test(tables, a_table_cut_anywhere_in_a_line_is_refused);
  tcase_add_test(tables,
                 a_garbled_tcp6_is_refused_and_the_next_reading_is_whole);
  tcase_add_test(tables, an_empty_table_has_no_header_and_is_refused);
  tcase_add_test(tables, an_unreadable_table_is_an_error_that_names_it);
  tcase_add_test(tables, a_folder_in_place_of_a_table_is_an_error);
  tcase_add_test(tables, a_gigabyte_of_garbage_costs_neither_time_nor_memory);
  tcase_add_test(tables, a_table_of_many_pieces_loses_no_row);
  tcase_add_test(tables, no_file_stays_open_whatever_happens);
  suite_add_tcase(suite, tables);
  suite_add_tcase(suite, proc_huge_case());
  TCase *numbers = tcase_create("counters");
  tcase_add_checked_fixture(numbers, setup, teardown);
  tcase_add_test(numbers, every_counter_and_sysctl_is_known);
  tcase_add_test(numbers, what_the_kernel_does_not_have_stays_unknown);
  tcase_add_test(numbers,
                 a_hidden_sysctl_stays_unknown_a_hidden_snmp_is_an_error);
  tcase_add_test(numbers, a_missing_snmp_costs_its_own_counters);
  tcase_add_test(numbers, a_netstat_of_names_alone_costs_its_own_counters);
  tcase_add_test(numbers, every_file_that_cannot_be_read_is_named);
  tcase_add_test(numbers, an_absurdly_large_counter_file_is_refused);
  suite_add_tcase(suite, numbers);
  return suite;
}
