/* table_source and the metrics on kernels and in containers that tell less: the
 * folders of tests/fixtures stand in for /proc/net. */
#define _GNU_SOURCE
#include "scenes/suite.h"
#include "table/metrics.h"
#include "table_fixture.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct kernel {
  const char *folder;
  uint64_t listen, established, half_open; /* in its tables */
  unsigned counters;                       /* that are dispatched */
  bool cookies;                            /* it counts them */
} kernels[] = {
    {"linux-6.18", 3, 3, 5, 18, true},     {"linux-2.6.32", 3, 2, 0, 12, true},
    {"no-syncookies", 3, 3, 5, 13, false}, {"no-ipv6", 2, 2, 3, 18, true},
    {"few-counters", 2, 2, 3, 6, false},   {"gvisor", 2, 2, 0, 6, false},
};
enum { KERNELS = sizeof(kernels) / sizeof(kernels[0]), WITHOUT_TIMEWAIT = 4 };

/* The rest of root stays as it is. */
static void put_kernel(const struct kernel *kernel) {
  char own[PROC_ROOT_PATH + 8], aside[PROC_ROOT_PATH + 8], fixture[512];
  snprintf(own, sizeof(own), "%s/net", root);
  snprintf(aside, sizeof(aside), "%s/aside", root);
  snprintf(fixture, sizeof(fixture), "%s/%s", FIXTURES, kernel->folder);
  ck_assert_int_eq(rename(own, aside), 0);
  ck_assert_int_eq(symlink(fixture, own), 0);
}

static void assert_counted(const struct kernel *kernel) {
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], kernel->listen);
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], kernel->established);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], kernel->half_open);
}

START_TEST(without_netlink_every_kernel_is_read_by_proc) {
  put_kernel(&kernels[_i]);
  create("auto", false, false);
  fake.socket_error = EPROTONOSUPPORT;
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(from_proc() && reading->by_family);
    ck_assert_int_eq(outcome.first_error, -EPROTONOSUPPORT);
    ck_assert_int_eq(outcome.counters_error, 0);
    ck_assert(!outcome.counters_doubted);
    assert_counted(&kernels[_i]);
  }
}
END_TEST

/* The counters cannot stand for a walk where they do not tell TIME_WAIT. */
START_TEST(with_netlink_few_counters_mean_full_dumps) {
  put_kernel(&kernels[_i]);
  create("netlink", false, false);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.counters_error, 0);
    ck_assert(!counters->known[COUNTER_TIMEWAIT]);
    ck_assert(outcome.was_full_dump && !from_proc());
    assert_whole();
  }
}
END_TEST

static const struct metric *metric_named(const struct metrics_list *list,
                                         const char *type_instance) {
  for (size_t i = 0; i < list->len; i++)
    if (strcmp(list->items[i].instance, "all") == 0 &&
        strcmp(list->items[i].type_instance, type_instance) == 0)
      return &list->items[i];
  return NULL;
}

static unsigned counters_in(const struct metrics_list *list) {
  unsigned count = 0;
  for (size_t i = 0; i < list->len; i++)
    count += strcmp(list->items[i].type, "protocol_counter") == 0;
  return count;
}

static void assert_metrics(const struct kernel *kernel,
                           const struct metrics_list *list, bool sysctls) {
  const struct metric *half_open = metric_named(list, "SYN_RECV");
  ck_assert_double_eq(half_open->gauge, (double)kernel->half_open);
  ck_assert_uint_eq(counters_in(list), kernel->counters);
  ck_assert_uint_eq(metric_named(list, "SyncookiesSent") != NULL,
                    kernel->cookies);
  ck_assert_ptr_nonnull(metric_named(list, "PassiveOpens"));
  ck_assert(isnan(metric_named(list, "time_wait")->gauge) != sysctls);
  /* Nobody opened a connection between the two readings. */
  ck_assert_double_nan(metric_named(list, "handshake")->gauge);
}

/* Even where /proc/sys is not there. */
START_TEST(what_is_not_told_is_left_out_or_no_number) {
  const struct kernel *kernel = &kernels[_i];
  const struct metrics_options options = {
      .by_family = true, .counters = true, .variance_window = 10};
  struct metrics *metrics = metrics_create(&options);
  const struct metrics_list *list = NULL;
  char sysctls[PROC_ROOT_PATH + 8], aside[PROC_ROOT_PATH + 8];
  ck_assert_ptr_nonnull(metrics);
  put_kernel(kernel);
  create("proc", false, false);
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(metrics_compute(metrics, reading, counters, 0, &list), 0);
    assert_metrics(kernel, list, true);
  }
  snprintf(sysctls, sizeof(sysctls), "%s/sys", root);
  snprintf(aside, sizeof(aside), "%s/gone", root);
  ck_assert_int_eq(rename(sysctls, aside), 0);
  ck_assert_int_eq(take(), 0);
  ck_assert_int_eq(metrics_compute(metrics, reading, counters, 0, &list), 0);
  assert_metrics(kernel, list, false);
  metrics_destroy(metrics);
}
END_TEST

SUITE(table_kernels) {
  Suite *suite = suite_create("table_kernels");
  TCase *kernels_case = table_case(suite, "kernels");
  tcase_add_loop_test(kernels_case,
                      without_netlink_every_kernel_is_read_by_proc, 0, KERNELS);
  tcase_add_loop_test(kernels_case, with_netlink_few_counters_mean_full_dumps,
                      WITHOUT_TIMEWAIT, KERNELS);
  tcase_add_loop_test(kernels_case, what_is_not_told_is_left_out_or_no_number,
                      0, KERNELS);
  return suite;
}
