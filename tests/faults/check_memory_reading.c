/* Memory that is short while a reading is made: each request in turn, in the
 * rooms io and table. The call says -ENOMEM or does what it should, and the
 * next one does. */
#define _GNU_SOURCE
#include "memory_faults.h"

#include "io/fake_netlink.h"
#include "io/proc_root.h"
#include "io/table_source.h"
#include "scenes/suite.h"
#include "table/metrics.h"

#include <stdio.h>
#include <string.h>

enum { PORTS = 20, HALF_OPEN = 8, ROWS = 60 };

static char root[PROC_ROOT_PATH];
static const uint16_t local_port = 80;
static const char *mode;

/* Of sixty listeners, each with a half-open entry of a network of its own. */
static void write_table(void) {
  static char text[2 * ROWS * 160];
  size_t len = (size_t)snprintf(text, sizeof(text), "%s", proc_root_header);
  for (int i = 0; i < 2 * ROWS; i++)
    len += (size_t)snprintf(
        text + len, sizeof(text) - len,
        "%4d: 0100007F:%04X %08X:1234 %02X 00000000:00000000 01:00000064 "
        "00000001     0        0 0 1 0000000000000000\n",
        i, i / 2 + 1, (unsigned)i * 0x01010100u,
        i % 2 == 0 ? TCP_STATE_LISTEN : TCP_STATE_SYN_RECV);
  proc_root_write(root, "net/tcp", text);
}

static void setup(void) {
  proc_root_create(root);
  write_table();
  fake_netlink_reset();
  for (int port = 1; port <= PORTS; port++)
    fake_netlink_add(TCP_STATE_LISTEN, (uint16_t)port, 1);
  for (int port = 1; port <= HALF_OPEN; port++)
    fake_netlink_add(TCP_STATE_SYN_RECV, (uint16_t)port, 1);
  fake_netlink_add(TCP_STATE_CLOSE_WAIT, 80, 2);
}

static void teardown(void) { proc_root_destroy(root); }

static struct table_source *create_source(void) {
  const struct table_source_options options = {
      .source = mode, .ports = &local_port, .ports_len = 1, .proc_root = root};
  struct table_source *source = NULL;
  if (!memory_faults_passed(table_source_create(&options, &source))) {
    memory_faults_must(source == NULL);
    memory_faults_must(table_source_create(&options, &source) == 0);
  }
  return source;
}

static struct metrics *create_metrics(void) {
  const struct metrics_options options = {
      .listeners = true, .by_family = true, .variance_window = 30};
  struct metrics *metrics = metrics_create(&options);
  if (metrics == NULL) {
    memory_faults_must(memory_faults_met());
    memory_faults_end();
    metrics = metrics_create(&options);
  }
  memory_faults_must(metrics != NULL);
  return metrics;
}

static void must_be_whole(const struct reading *reading, bool from_proc) {
  const uint64_t listeners = from_proc ? ROWS + 1 : PORTS;
  const uint64_t half_open = from_proc ? ROWS + 1 : HALF_OPEN;
  memory_faults_must(reading->total[TCP_STATE_LISTEN] == listeners);
  memory_faults_must(reading->listeners_len == listeners);
  memory_faults_must(reading->total[TCP_STATE_SYN_RECV] == half_open);
  memory_faults_must(reading->total[TCP_STATE_CLOSE_WAIT] ==
                     (from_proc ? 0 : 2));
  memory_faults_must(reading->listeners[0].half_open == 1);
}

static bool is_accept_queue(const struct metric *metric) {
  return strcmp(metric->type, "queue_length") == 0;
}

/* Each listener has its queue, once. */
static void must_be_complete(const struct metrics_list *list, size_t ports) {
  size_t queues = 0;
  for (size_t i = 0; i < list->len; i++) {
    if (!is_accept_queue(&list->items[i]))
      continue;
    queues++;
    for (size_t j = 0; j < i; j++)
      memory_faults_must(
          !is_accept_queue(&list->items[j]) ||
          strcmp(list->items[i].instance, list->items[j].instance) != 0);
  }
  memory_faults_must(queues == ports);
}

/* A reading and its metrics. */
static void take(struct table_source *source, struct metrics *metrics) {
  const struct kernel_counters *counters = NULL;
  const struct reading *reading = NULL;
  const struct metrics_list *list = NULL;
  struct table_source_outcome outcome;
  fake.sends = fake.receives = 0;
  if (!memory_faults_passed(
          table_source_read(source, &reading, &counters, &outcome))) {
    memory_faults_must(reading == NULL && outcome.error != 0);
    memory_faults_must(
        table_source_read(source, &reading, &counters, &outcome) == 0);
  }
  must_be_whole(reading, strcmp(outcome.from, "/proc") == 0);
  if (!memory_faults_passed(
          metrics_compute(metrics, reading, counters, 0, &list))) {
    memory_faults_must(list == NULL);
    memory_faults_must(metrics_compute(metrics, reading, counters, 0, &list) ==
                       0);
  }
  must_be_complete(list, reading->listeners_len);
}

static void three_readings(void) {
  struct table_source *source = create_source();
  struct metrics *metrics = create_metrics();
  for (int i = 0; i < 3; i++)
    take(source, metrics);
  metrics_destroy(metrics);
  table_source_destroy(source);
}

START_TEST(a_reading_is_whole_or_none) {
  static const char *const modes[] = {"auto", "netlink", "proc"};
  mode = modes[_i];
  ck_assert_uint_gt(memory_faults_each(three_readings), 20);
}
END_TEST

SUITE(memory_reading) {
  Suite *suite = suite_create("memory_reading");
  TCase *tcase = tcase_create("memory_reading");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, a_reading_is_whole_or_none, 0, 3);
  suite_add_tcase(suite, tcase);
  return suite;
}
