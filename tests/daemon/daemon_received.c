/* See daemon_received.h. */
#include "daemon_received.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double received_next_s;

void received_start(struct daemon *daemon, const struct daemon_setup *setup,
                    int readings) {
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "baseline", 1), 0);
  daemon_start(daemon, setup);
  daemon_talk(daemon);
  received_next_s = (double)time(NULL) - readings * RECEIVED_STEP_S;
}

void received_put(const char *identifier, double value) {
  daemon_tell("PUTVAL %s interval=%d %.3f:%.10g\n", identifier, RECEIVED_STEP_S,
              received_next_s, value);
}

static void put_value(const char *host, const char *name, double value) {
  char identifier[256];
  snprintf(identifier, sizeof(identifier), "%s/tcpstates-all/%s", host, name);
  received_put(identifier, value);
}

static void put_reading(const char *host, double half_open, double aged) {
  static double opened;
  opened += 10 * RECEIVED_STEP_S;
  put_value(host, "tcp_connections-ESTABLISHED", 400);
  put_value(host, "tcp_connections-SYN_SENT", 0);
  put_value(host, "tcp_connections-CLOSE_WAIT", 0);
  put_value(host, "tcp_connections-SYN_RECV", half_open);
  put_value(host, "current_connections-active", 400 + half_open);
  put_value(host, "current_connections-syn_recv_aged", aged);
  put_value(host, "percent-completion", 40000 / (400 + half_open));
  put_value(host, "protocol_counter-PassiveOpens", opened);
}

/* The last incident that is judged of these values. */
static void await_judged(const char *host) {
  char identifier[256];
  snprintf(identifier, sizeof(identifier),
           "%s/baseline-close_wait_leak/gauge-severity", host);
  daemon_await_time(identifier, received_next_s - (double)RECEIVED_STEP_S);
}

void received_readings(const char *host, int count, double half_open,
                       double aged) {
  for (int i = 0; i < count; i++, received_next_s += (double)RECEIVED_STEP_S)
    put_reading(host, half_open + i % 3, aged);
  await_judged(host);
}
