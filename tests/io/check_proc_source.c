/* proc_source on good, missing, cut, garbled, unreadable and huge files. */
#define _GNU_SOURCE
#include "io/proc_source.h"
#include "proc_root.h"
#include "scenes/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
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
  return proc_source_read_counters(root, NULL, &counters, &lost, failed);
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
                     i > COUNTER_OUT_RSTS && i != COUNTER_CURR_ESTAB);
}

START_TEST(every_counter_and_sysctl_is_known) {
  ck_assert_int_eq(read_counters(), 0);
  for (int i = 0; i < COUNTER_END; i++)
    ck_assert_msg(counters.known[i], "counter %d", i);
  ck_assert_int_eq(counters.value[COUNTER_PASSIVE_OPENS], 12);
  ck_assert_int_eq(counters.value[COUNTER_CURR_ESTAB], 3);
  ck_assert_int_eq(counters.value[COUNTER_SYNCOOKIES_SENT], 21);
  ck_assert_int_eq(counters.value[COUNTER_OUT_SEGS], 16);
  ck_assert_int_eq(counters.value[COUNTER_OUT_RSTS], 19);
  ck_assert_int_eq(counters.value[COUNTER_ORIG_DATA_SENT], 30);
  ck_assert_int_eq(counters.value[COUNTER_WIN_PROBE], 31);
  ck_assert_int_eq(counters.value[COUNTER_ABORT_ON_DATA], 32);
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
  assert_known_but(COUNTER_SYNCOOKIES_SENT, COUNTER_ABORT_ON_DATA);
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

/* Counters through files that stay open. */

static struct proc_files kept;

static int read_kept(void) {
  return proc_source_read_counters(root, &kept, &counters, &lost, failed);
}

static void set_up_kept(void) {
  setup();
  proc_files_init(&kept);
}

static void tear_down_kept(void) {
  proc_files_close(&kept);
  teardown();
}

START_TEST(files_that_stay_open_show_what_is_written_later) {
  const unsigned before = open_fds();
  for (int i = 1; i <= 3; i++) {
    char number[16];
    snprintf(number, sizeof(number), "%d\n", 1000 * i);
    proc_root_write(root, "sys/net/ipv4/tcp_max_syn_backlog", number);
    ck_assert_int_eq(read_kept(), 0);
    ck_assert_int_eq(counters.value[COUNTER_MAX_SYN_BACKLOG], 1000 * i);
    ck_assert_int_eq(counters.value[COUNTER_PASSIVE_OPENS], 12);
    ck_assert_uint_eq(open_fds(), before + PROC_SOURCE_FILES);
  }
  proc_files_close(&kept);
  ck_assert_uint_eq(open_fds(), before);
}
END_TEST

START_TEST(a_file_that_comes_later_is_opened_then) {
  const char *name = "sys/net/ipv4/tcp_syncookies";
  proc_root_write(root, name, NULL);
  ck_assert_int_eq(read_kept(), 0);
  ck_assert(!counters.known[COUNTER_SYNCOOKIES_MODE]);
  proc_root_write(root, name, "2\n");
  ck_assert_int_eq(read_kept(), 0);
  ck_assert_int_eq(counters.value[COUNTER_SYNCOOKIES_MODE], 2);
}
END_TEST

START_TEST(what_cannot_be_read_any_more_is_opened_anew) {
  ck_assert_int_eq(read_kept(), 0);
  const unsigned before = open_fds();
  int folder = open(root, O_RDONLY | O_CLOEXEC);
  ck_assert_int_eq(dup2(folder, kept.fd[0]), kept.fd[0]);
  close(folder);
  ck_assert_int_eq(read_kept(), -EISDIR);
  assert_failed_is("net/snmp");
  assert_only_snmp_is_missing();
  ck_assert_uint_eq(open_fds(), before - 1);
  ck_assert_int_eq(read_kept(), 0);
  ck_assert_uint_eq(open_fds(), before);
}
END_TEST

/* A table of a gigabyte, out of a pipe: it takes the time that reading takes,
 * and no memory. */
enum { BLOCK_ROWS = 400, GIGABYTE = 1 << 30 };
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { GROWTH_MAX_KB = 16384 }; /* with what the sanitizer notes beside it */
#else
enum { GROWTH_MAX_KB = 1024 };
#endif

static const char row[] =
    "   0: 0100007F:1F90 0100007F:C736 01 00000000:00000000 00:00000000 "
    "00000000     0        0 12542 1 00000000730d5d4f 100 0 0 10 0\n";
enum { ROW_LEN = sizeof(row) - 1 };

static pid_t writer;

static void set_up_pipe(void) {
  char path[PROC_ROOT_PATH + 16];
  setup();
  snprintf(path, sizeof(path), "%s/net/tcp", root);
  ck_assert_int_eq(unlink(path), 0);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static void stop_writer(void) {
  kill(writer, SIGKILL);
  waitpid(writer, NULL, 0);
  teardown();
}

/* A header, and then the same block until it is a gigabyte. */
static _Noreturn void write_blocks(const char *block, size_t length) {
  char path[PROC_ROOT_PATH + 16];
  snprintf(path, sizeof(path), "%s/net/tcp", root);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  const size_t head = strlen(proc_root_header);
  if (fd < 0 || write(fd, proc_root_header, head) != (ssize_t)head)
    _exit(1);
  for (size_t left = GIGABYTE / length; left > 0; left--)
    for (size_t put = 0; put < length;) {
      ssize_t part = write(fd, block + put, length - put);
      if (part < 0)
        _exit(1);
      put += (size_t)part;
    }
  _exit(0);
}

static void begin_writer(const char *block, size_t length) {
  writer = fork();
  ck_assert_int_ge(writer, 0);
  if (writer == 0)
    write_blocks(block, length);
}

struct cost {
  double cpu_s;
  long memory_kb;
};

static int read_at_cost(struct cost *cost) {
  struct rusage before, after;
  const clock_t start = clock();
  getrusage(RUSAGE_SELF, &before);
  int rc = read_tables();
  getrusage(RUSAGE_SELF, &after);
  cost->cpu_s = (double)(clock() - start) / CLOCKS_PER_SEC;
  cost->memory_kb = after.ru_maxrss - before.ru_maxrss;
  return rc;
}

/* Seven million sockets: nobody has them, and each of them counts. A hundred
 * times as slow as it is would fail, and a sanitizer does not. */
START_TEST(a_gigabyte_of_rows_is_counted_to_the_last_one) {
  static char block[BLOCK_ROWS * ROW_LEN];
  struct cost cost;
  for (size_t i = 0; i < BLOCK_ROWS; i++)
    memcpy(block + i * ROW_LEN, row, ROW_LEN);
  begin_writer(block, sizeof(block));
  ck_assert_int_eq(read_at_cost(&cost), 0);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_ESTABLISHED],
                    GIGABYTE / sizeof(block) * BLOCK_ROWS);
  ck_assert_int_lt(cost.memory_kb, GROWTH_MAX_KB);
  ck_assert_double_lt(cost.cpu_s, 60);
}
END_TEST

START_TEST(a_line_of_a_gigabyte_is_refused_at_once) {
  static char digits[BLOCK_ROWS * ROW_LEN];
  struct cost cost;
  memset(digits, '0', sizeof(digits));
  begin_writer(digits, sizeof(digits));
  ck_assert_int_eq(read_at_cost(&cost), -EBADMSG);
  ck_assert_int_lt(cost.memory_kb, GROWTH_MAX_KB);
  ck_assert_double_lt(cost.cpu_s, 0.2);
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
  TCase *huge = tcase_create("huge");
  tcase_add_checked_fixture(huge, set_up_pipe, stop_writer);
  tcase_set_timeout(huge, 30);
  tcase_add_test(huge, a_gigabyte_of_rows_is_counted_to_the_last_one);
  tcase_add_test(huge, a_line_of_a_gigabyte_is_refused_at_once);
  suite_add_tcase(suite, huge);
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
  TCase *open = tcase_create("open files");
  tcase_add_checked_fixture(open, set_up_kept, tear_down_kept);
  tcase_add_test(open, files_that_stay_open_show_what_is_written_later);
  tcase_add_test(open, a_file_that_comes_later_is_opened_then);
  tcase_add_test(open, what_cannot_be_read_any_more_is_opened_anew);
  suite_add_tcase(suite, open);
  return suite;
}
