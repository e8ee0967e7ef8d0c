/* Once warm, a reading allocates nothing in the room table: netlink's datagrams
 * or the text of /proc in, the list of metrics out. The linker counts what this
 * program and the rooms ask for (--wrap). */
#include "scenes/suite.h"
#include "sockets/count_allocations.h"
#include "table/diag_message.h"
#include "table/metrics.h"
#include "table/proc_table.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ROWS = 3000, LINE_MAX = 160, WARM = 2, TIMES = 20 };

static const uint16_t ports[] = {443, 80};

static struct reading *reading;
static struct metrics *metrics;
static struct kernel_counters counters;
static uint32_t seed;

static void setup(void) {
  const struct metrics_options options = {.by_family = true,
                                          .listeners = true,
                                          .counters = true,
                                          .variance_window = 30};
  reading = reading_create(ports, 2);
  metrics = metrics_create(&options);
  ck_assert(reading != NULL && metrics != NULL);
  for (int i = 0; i < COUNTER_END; i++)
    counters.known[i] = true;
}

static void teardown(void) {
  metrics_destroy(metrics);
  reading_destroy(reading);
}

/* Check's own assertions allocate even where they hold. */
static void must(bool ok) {
  if (!ok)
    ck_abort();
}

static uint32_t draw(uint32_t below) {
  seed = seed * 1664525 + 1013904223;
  return (seed >> 8) % below;
}

/* Listeners, half-open connections from many networks, and all other states:
 * the same ones in each reading. */
static uint8_t state_of(int row) {
  if (row < 500)
    return TCP_STATE_LISTEN;
  return row < 2000 ? TCP_STATE_SYN_RECV
                    : (uint8_t)(1 + row % (TCP_STATE_END - 1));
}

static uint16_t port_of(int row) { return (uint16_t)(row % 500 + 1); }

static void feed_netlink(void) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_msg body;
  } message = {.header = {.nlmsg_len = sizeof(message),
                          .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                          .nlmsg_seq = 1}};
  enum diag_progress progress;
  for (int row = 0; row < ROWS; row++) {
    message.body.idiag_family = row % 3 == 0 ? AF_INET6 : AF_INET;
    message.body.idiag_state = state_of(row);
    message.body.idiag_retrans = (uint8_t)draw(3);
    message.body.id.idiag_sport = htons(port_of(row));
    message.body.id.idiag_dst[0] = htonl(draw(UINT32_MAX));
    must(diag_message_parse(&message, sizeof(message), 1, false, reading,
                            &progress) == 0);
  }
}

static void feed_proc(void) {
  struct proc_table table;
  char line[LINE_MAX] = "  sl  local_address rem_address   st\n";
  proc_table_init(&table, TCP_IPV4, reading);
  must(proc_table_feed(&table, line, strlen(line)) == 0);
  for (int row = 0; row < ROWS; row++) {
    int length = snprintf(line, sizeof(line),
                          "%4d: 00000000:%04X %08X:1234 %02X "
                          "00000000:00000001 01:00000064 00000001     0\n",
                          row, port_of(row), draw(UINT32_MAX), state_of(row));
    must(proc_table_feed(&table, line, (size_t)length) == 0);
  }
  must(proc_table_end(&table) == 0);
}

/* One reading from its begin to the list. */
static void read_once(void (*feed)(void)) {
  const struct metrics_list *list;
  seed = 7;
  reading_clear(reading);
  feed();
  reading_finish(reading);
  counters.value[COUNTER_PASSIVE_OPENS]++;
  must(metrics_compute(metrics, reading, &counters, 0, &list) == 0);
  must(reading->listeners_len >= 500);
}

static void assert_no_allocation(void (*feed)(void)) {
  uint64_t cold = count_allocations();
  for (int i = 0; i < WARM; i++)
    read_once(feed);
  uint64_t before = count_allocations();
  for (int i = 0; i < TIMES; i++)
    read_once(feed);
  uint64_t after = count_allocations();
  ck_assert_uint_gt(before, cold); /* the linker does count */
  ck_assert_uint_eq(after, before);
}

START_TEST(a_warm_reading_by_netlink_allocates_nothing) {
  assert_no_allocation(feed_netlink);
}
END_TEST

START_TEST(a_warm_reading_by_proc_allocates_nothing) {
  assert_no_allocation(feed_proc);
}
END_TEST

START_TEST(a_warm_reading_without_a_walk_allocates_nothing) {
  const struct metrics_list *list;
  assert_no_allocation(feed_netlink);
  uint64_t before = count_allocations();
  for (int i = 0; i < TIMES; i++) {
    reading_clear(reading);
    reading_finish(reading);
    reading_know_only(reading, 0);
    must(metrics_compute(metrics, reading, &counters, 0, &list) == 0);
  }
  uint64_t after = count_allocations();
  ck_assert_uint_eq(after, before);
}
END_TEST

SUITE(warm_reading) {
  Suite *suite = suite_create("warm_reading");
  TCase *tcase = tcase_create("allocations");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_warm_reading_by_netlink_allocates_nothing);
  tcase_add_test(tcase, a_warm_reading_by_proc_allocates_nothing);
  tcase_add_test(tcase, a_warm_reading_without_a_walk_allocates_nothing);
  suite_add_tcase(suite, tcase);
  return suite;
}
