/* proc_source on a table of a gigabyte, out of a pipe: it takes the time that
 * reading takes, and no memory. */
#define _GNU_SOURCE
#include "io/proc_source.h"
#include "proc_root.h"
#include "suites.h"

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

static char root[PROC_ROOT_PATH];
static char failed[PROC_SOURCE_FAILED_LEN];
static struct reading *reading;
static pid_t writer;

static void setup(void) {
  char path[PROC_ROOT_PATH + 16];
  proc_root_create(root);
  snprintf(path, sizeof(path), "%s/net/tcp", root);
  ck_assert_int_eq(unlink(path), 0);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  reading = reading_create(NULL, 0);
  ck_assert_ptr_nonnull(reading);
}

static void teardown(void) {
  kill(writer, SIGKILL);
  waitpid(writer, NULL, 0);
  reading_destroy(reading);
  proc_root_destroy(root);
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

static int read_tables(struct cost *cost) {
  struct rusage before, after;
  const clock_t start = clock();
  getrusage(RUSAGE_SELF, &before);
  int rc = proc_source_read_tables(root, reading, failed);
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
  ck_assert_int_eq(read_tables(&cost), 0);
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
  ck_assert_int_eq(read_tables(&cost), -EBADMSG);
  ck_assert_int_lt(cost.memory_kb, GROWTH_MAX_KB);
  ck_assert_double_lt(cost.cpu_s, 0.2);
}
END_TEST

TCase *proc_huge_case(void) {
  TCase *tcase = tcase_create("huge");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 30);
  tcase_add_test(tcase, a_gigabyte_of_rows_is_counted_to_the_last_one);
  tcase_add_test(tcase, a_line_of_a_gigabyte_is_refused_at_once);
  return tcase;
}
