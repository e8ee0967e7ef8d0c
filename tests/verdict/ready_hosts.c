/* See ready_hosts.h. */
#include "ready_hosts.h"

#include <check.h>
#include <errno.h>

const enum signal ready_member[READY_MEMBERS] = {
    SIGNAL_ESTABLISHED, SIGNAL_SYN_RECV, SIGNAL_PASSIVE_OPENS};

struct ready_hosts ready;

void ready_setup(void) {
  rules_defaults(&ready.rules);
  ready.hosts = hosts_create(&ready.rules);
  ck_assert_ptr_nonnull(ready.hosts);
  ready.ready_len = 0;
}

void ready_teardown(void) { hosts_destroy(ready.hosts); }

static void drain(void) {
  while (ready.ready_len < READY_MAX &&
         hosts_next(ready.hosts, &ready.ready[ready.ready_len]))
    ready.ready_len++;
}

int ready_put(const char *host, enum signal signal, double time_s, double now_s,
              double number) {
  struct hosts_value value = {.host = host,
                              .signal = signal,
                              .time_s = time_s,
                              .interval_s = READY_INTERVAL_S,
                              .now_s = now_s};
  value.value.gauge = number;
  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.counter = (int64_t)number;
  int rc = hosts_put(ready.hosts, &value);
  drain();
  if (rc == -EAGAIN)
    rc = hosts_put(ready.hosts, &value);
  drain();
  return rc;
}

int ready_put_late(const char *host, int n, int i, double late_s) {
  double time_s = READY_START_S + n * READY_INTERVAL_S;
  return ready_put(host, ready_member[i], time_s, time_s + late_s, n * 100 + i);
}

int ready_put_member(const char *host, int n, int i) {
  return ready_put_late(host, n, i, 0.01 * i);
}

void ready_put_all(const char *host, int n) {
  for (int i = 0; i < READY_MEMBERS; i++)
    ck_assert_int_eq(ready_put_member(host, n, i), 0);
}

void ready_wake(double after_s) {
  hosts_wake(ready.hosts, READY_START_S + after_s);
  drain();
}

void ready_begin(const char *host) {
  ready_put_all(host, 0);
  ready_put_all(host, 1);
  ck_assert_uint_eq(ready.ready_len, 0); /* there might be more to come */
  ready_wake(1.3 * READY_INTERVAL_S);
  ck_assert_uint_eq(ready.ready_len, 2);
  ready.ready_len = 0;
}

void ready_expect(size_t i, const char *host, int n) {
  ck_assert_uint_lt(i, ready.ready_len);
  const struct judgement *judged = &ready.ready[i];
  ck_assert_str_eq(judged->host, host);
  ck_assert_double_eq(judged->seen.time_s,
                      READY_START_S + n * READY_INTERVAL_S);
  ck_assert_double_eq(judged->seen.value[SIGNAL_ESTABLISHED], n * 100);
  ck_assert_double_eq(judged->seen.value[SIGNAL_SYN_RECV], n * 100 + 1);
  ck_assert(judged->finding[INCIDENT_SYN_FLOOD].judged);
}
