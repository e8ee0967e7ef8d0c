/* table_source: when it looks at the established sockets, what it asks for, and
 * what a reading has of it. The clock goes on by a second with each datagram.
 */
#define _GNU_SOURCE
#include "scenes/suite.h"
#include "table_fixture.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BIT(state) (UINT32_C(1) << (state))

enum { READINGS_TO_LEARN = 20 };

static const uint32_t holding =
    BIT(TCP_STATE_ESTABLISHED) | BIT(TCP_STATE_FIN_WAIT1);

static unsigned probes;

/* Each reading counts so many more probes of zero windows. */
static void count_probes(unsigned more) {
  char text[128];
  probes += more;
  snprintf(text, sizeof(text), "TcpExt: TCPWinProbe\nTcpExt: %u\n", probes);
  proc_root_write(root, "net/netstat", text);
}

static void take_with_probes(unsigned more) {
  count_probes(more);
  ck_assert_int_eq(take(), 0);
}

/* Of the last reading: the request for sockets that hold, or NULL. */
static const struct fake_request *look(void) {
  for (unsigned i = 0; i < fake.sends && i < FAKE_REQUESTS_MAX; i++)
    if (fake.requests[i].states == holding)
      return &fake.requests[i];
  return NULL;
}

/* All that is usual is known, and the look without suspicion was made. */
static void learn(const char *name) {
  probes = 0;
  fake.wait_s = 1;
  create(name, false, false);
  for (int i = 0; i < READINGS_TO_LEARN; i++)
    take_with_probes(0);
}

static void add_zero_window(enum tcp_state state, uint8_t unanswered) {
  fake_netlink_add(state, 8080, 1);
  fake.rows[fake.rows_len - 1].timer = TCP_TIMER_PROBE;
  fake.rows[fake.rows_len - 1].retransmits = unanswered;
}

START_TEST(nothing_is_looked_at_before_a_minute_then_once) {
  unsigned looks = 0;
  probes = 0;
  fake.wait_s = 1;
  create("netlink", false, false);
  for (int i = 0; i < 60; i++) {
    take_with_probes(0);
    looks += look() != NULL;
    ck_assert(i > 4 || looks == 0);
    ck_assert(i > 4 || isnan(outcome.held.beyond));
  }
  ck_assert_uint_eq(looks, 1);
  ck_assert(!isnan(outcome.held.beyond));
}
END_TEST

START_TEST(probes_make_a_look_in_the_same_reading) {
  learn("netlink");
  ck_assert_ptr_null(look());
  add_zero_window(TCP_STATE_ESTABLISHED, 0);
  add_zero_window(TCP_STATE_FIN_WAIT1, 0);
  add_zero_window(TCP_STATE_ESTABLISHED, 2);
  take_with_probes(1000);
  ck_assert_ptr_nonnull(look());
  ck_assert(look()->info);
  ck_assert_double_eq(outcome.held.zero_window, 2);
  ck_assert_double_eq(outcome.held.sockets, 2 + 3);
  /* The kernel that is acted has no tcp_info. */
  ck_assert_double_nan(outcome.held.kind[HOLDER_DRIP]);
  ck_assert(outcome.held.listener_known);
  ck_assert_uint_eq(outcome.held.listener.port, 8080);
}
END_TEST

START_TEST(a_look_that_fails_costs_no_reading) {
  learn("netlink");
  take_with_probes(1000);
  unsigned last = fake.receives - 1;
  ck_assert_ptr_nonnull(look());
  for (int i = 0; i < 2; i++) {
    count_probes(1000);
    fake.fault = FAULT_NO_BUFFERS;
    fake.fault_at = last;
    fake.fault_times = 1;
    fake.receives = fake.sends = 0;
    ck_assert_int_eq(table_source_read(source, &reading, &counters, &outcome),
                     0);
    ck_assert_double_nan(outcome.held.zero_window);
    assert_whole();
  }
  fake.fault_times = 0;
  take_with_probes(1000);
  ck_assert(!isnan(outcome.held.zero_window));
}
END_TEST

START_TEST(proc_counts_zero_windows_in_each_reading_and_looks_never) {
  learn("proc");
  proc_root_write(
      root, "net/tcp",
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
      "retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:1F90 0100007F:C736 01 00001000:00000000 04:00000010 "
      "00000000     0        0 12542 1 00000000730d5d4f 100 0 0 10 0\n"
      "   1: 0100007F:1F90 0100007F:C737 01 00001000:00000000 04:00000010 "
      "00000000     0        3 12542 1 00000000730d5d4f 100 0 0 10 0\n");
  take_with_probes(1000);
  ck_assert_ptr_null(look());
  ck_assert_double_eq(outcome.held.zero_window, 1);
  ck_assert_double_eq(outcome.held.sockets, 2);
  ck_assert_double_nan(outcome.held.kind[HOLDER_MUTE]);
}
END_TEST

SUITE(held_looks) {
  Suite *suite = suite_create("held_looks");
  TCase *looks = table_case(suite, "looks");
  tcase_add_test(looks, nothing_is_looked_at_before_a_minute_then_once);
  tcase_add_test(looks, probes_make_a_look_in_the_same_reading);
  tcase_add_test(looks, a_look_that_fails_costs_no_reading);
  tcase_add_test(looks,
                 proc_counts_zero_windows_in_each_reading_and_looks_never);
  return suite;
}
