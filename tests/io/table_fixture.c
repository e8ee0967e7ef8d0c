/* See table_fixture.h. */
#define _GNU_SOURCE
#include "table_fixture.h"

#include <check.h>
#include <string.h>

char root[PROC_ROOT_PATH];
struct table_source *source;
const struct reading *reading;
const struct kernel_counters *counters;
struct table_source_outcome outcome;

static const uint16_t port = 8080;

/* The same sockets as in proc_root, but for the half-open one. */
static void setup(void) {
  proc_root_create(root);
  fake_netlink_reset();
  fake_netlink_add(TCP_STATE_LISTEN, 8080, 2);
  fake_netlink_add(TCP_STATE_ESTABLISHED, 8080, 2);
  fake_netlink_add(TCP_STATE_CLOSE_WAIT, 22, 1);
  fake_netlink_add(TCP_STATE_TIME_WAIT, 8080, 1);
  source = NULL;
  reading = NULL;
  counters = NULL;
}

static void teardown(void) {
  table_source_destroy(source);
  proc_root_destroy(root);
}

bool from_proc(void) { return strcmp(outcome.from, "/proc") == 0; }

TCase *table_case(Suite *suite, const char *name) {
  TCase *tcase = tcase_create(name);
  tcase_add_checked_fixture(tcase, setup, teardown);
  suite_add_tcase(suite, tcase);
  return tcase;
}

void create(const char *name, bool by_family, bool with_port) {
  const struct table_source_options options = {.source = name,
                                               .by_family = by_family,
                                               .ports = &port,
                                               .ports_len = with_port,
                                               .verify_every = 10,
                                               .proc_root = root};
  ck_assert_int_eq(table_source_create(&options, &source), 0);
}

int take(void) {
  fake.sends = 0;
  fake.receives = 0;
  int rc = table_source_read(source, &reading, &counters, &outcome);
  fault(FAULT_NONE, 0);
  ck_assert_int_eq(outcome.error, rc);
  return rc;
}

void assert_whole(void) {
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 2);
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 2);
  ck_assert_uint_eq(reading->total[TCP_STATE_CLOSE_WAIT], 1);
  ck_assert_uint_eq(reading->total[TCP_STATE_TIME_WAIT], 1);
}

void fault(enum fake_fault kind, unsigned times) {
  fake.fault = kind;
  fake.fault_at = 0;
  fake.fault_times = times;
}
