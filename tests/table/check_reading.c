/* Rows -> counts, cohorts, listeners, source networks. */
#include "scenes/suite.h"
#include "table/reading.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static struct reading *reading;

static void setup(void) {
  reading = reading_create(NULL, 0);
  ck_assert_ptr_ne(reading, NULL);
}

static void teardown(void) { reading_destroy(reading); }

static void set_address(uint8_t family, const char *text, uint8_t *address) {
  memset(address, 0, 16);
  ck_assert_int_eq(
      inet_pton(family == TCP_IPV4 ? AF_INET : AF_INET6, text, address), 1);
}

/* The family follows from the form of the local address. */
static struct tcp_row row_of(int state, const char *local, uint16_t port,
                             const char *remote) {
  struct tcp_row row = {.state = (uint8_t)state, .local_port = port};
  row.family = strchr(local, ':') != NULL ? TCP_IPV6 : TCP_IPV4;
  set_address(row.family, local, row.local);
  set_address(row.family, remote, row.remote);
  return row;
}

static void add(const struct tcp_row *row) {
  ck_assert_int_eq(reading_add(reading, row), 0);
}

static void add_half_open(const char *local, uint16_t port, const char *remote,
                          uint8_t retransmits) {
  struct tcp_row row = row_of(TCP_STATE_SYN_RECV, local, port, remote);
  row.retransmits = retransmits;
  add(&row);
}

static void add_listener(const char *local, uint16_t port, uint32_t depth,
                         uint32_t max) {
  struct tcp_row row = row_of(TCP_STATE_LISTEN, local, port,
                              strchr(local, ':') ? "::" : "0.0.0.0");
  row.accept_depth = depth;
  row.accept_max = max;
  row.drops = 7;
  row.max_known = true;
  add(&row);
}

START_TEST(rows_are_counted_by_family_and_state) {
  for (int state = 1; state < TCP_STATE_END; state++)
    for (int i = 0; i < state; i++) {
      struct tcp_row row = row_of(state, "10.0.0.1", 80, "10.0.0.2");
      add(&row);
      row = row_of(state, "2001:db8::1", 80, "2001:db8::2");
      add(&row);
      add(&row);
    }
  reading_finish(reading);
  for (unsigned state = 1; state < TCP_STATE_END; state++) {
    ck_assert_uint_eq(reading->count[TCP_IPV4][state], state);
    ck_assert_uint_eq(reading->count[TCP_IPV6][state], 2 * state);
    ck_assert_uint_eq(reading->total[state], 3 * state);
  }
  ck_assert(reading->by_family);
  ck_assert_uint_eq(reading->unknown_states + reading->dropped_rows, 0);
}
END_TEST

START_TEST(a_request_socket_of_the_kernel_is_half_open) {
  struct tcp_row row = row_of(12, "10.0.0.1", 80, "10.0.0.2");
  add(&row);
  reading_finish(reading);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 1);
  ck_assert_uint_eq(reading->top_source_count, 1);
}
END_TEST

START_TEST(unknown_states_are_counted_apart) {
  static const uint8_t unknown[] = {0, 13, 14, 255};
  for (size_t i = 0; i < sizeof(unknown); i++) {
    struct tcp_row row = row_of(unknown[i], "10.0.0.1", 80, "10.0.0.2");
    add(&row);
  }
  reading_finish(reading);
  ck_assert_uint_eq(reading->unknown_states, sizeof(unknown));
  for (int state = 0; state < TCP_STATE_END; state++)
    ck_assert_uint_eq(reading->total[state], 0);
}
END_TEST

START_TEST(only_fin_wait2_mini_sockets_are_counted_as_such) {
  static const uint8_t states[] = {TCP_STATE_FIN_WAIT2, TCP_STATE_TIME_WAIT};
  for (int i = 0; i < 4; i++) {
    struct tcp_row row = row_of(states[i % 2], "10.0.0.1", 80, "10.0.0.2");
    row.timewait = i >= 2;
    add(&row);
  }
  ck_assert_uint_eq(reading->timewait_fin_wait2, 1);
}
END_TEST

START_TEST(an_entry_is_aged_once_its_syn_ack_was_sent_again) {
  add_half_open("10.0.0.1", 80, "192.0.2.1", 0);
  add_half_open("10.0.0.1", 80, "192.0.2.2", 1);
  add_half_open("10.0.0.1", 80, "192.0.2.3", 255);
  add_half_open("2001:db8::1", 80, "2001:db8::2", 5);
  struct tcp_row established =
      row_of(TCP_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2");
  established.retransmits = 3;
  add(&established);
  add_listener("0.0.0.0", 80, 0, 128);
  reading_finish(reading);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 2);
  ck_assert_uint_eq(reading->aged[TCP_IPV6], 1);
  ck_assert_uint_eq(reading->listeners[0].half_open, 3);
  ck_assert_uint_eq(reading->listeners[0].aged, 2);
}
END_TEST

START_TEST(the_exact_listener_comes_before_the_wildcard_one) {
  add_listener("0.0.0.0", 80, 0, 128);
  add_listener("10.0.0.1", 80, 0, 128);
  add_listener("::", 80, 0, 128);
  add_listener("0.0.0.0", 81, 0, 128);
  add_half_open("10.0.0.1", 80, "192.0.2.1", 0);
  add_half_open("10.0.0.2", 80, "192.0.2.1", 0);
  add_half_open("10.0.0.3", 80, "192.0.2.1", 0);
  add_half_open("::ffff:10.0.0.1", 80, "::ffff:192.0.2.1", 0);
  add_half_open("10.0.0.1", 82, "192.0.2.1", 0); /* its listener has gone */
  reading_finish(reading);
  ck_assert_uint_eq(reading->listeners_len, 4);
  ck_assert_uint_eq(reading->listeners[0].half_open, 2);
  ck_assert_uint_eq(reading->listeners[1].half_open, 1);
  ck_assert_uint_eq(reading->listeners[2].half_open, 1);
  ck_assert_uint_eq(reading->listeners[3].half_open, 0);
}
END_TEST

START_TEST(a_mapped_wildcard_takes_only_ipv4_entries) {
  add_listener("::ffff:0.0.0.0", 80, 0, 128);
  add_half_open("::ffff:10.0.0.1", 80, "::ffff:192.0.2.1", 0);
  add_half_open("2001:db8::1", 80, "2001:db8::2", 0);
  reading_finish(reading);
  ck_assert_uint_eq(reading->listeners[0].half_open, 1);
}
END_TEST

START_TEST(reuseport_twins_are_added_up) {
  add_listener("0.0.0.0", 80, 3, 128);
  add_listener("0.0.0.0", 80, 4, 100);
  add_listener("0.0.0.0", 443, 1, 50);
  add_half_open("10.0.0.1", 80, "192.0.2.1", 0);
  reading_finish(reading);
  ck_assert_uint_eq(reading->listeners_len, 2);
  const struct listener *twins = &reading->listeners[0];
  ck_assert_uint_eq(twins->sockets, 2);
  ck_assert_uint_eq(twins->accept_depth, 7);
  ck_assert_uint_eq(twins->accept_max, 228);
  ck_assert_uint_eq(twins->fullest_depth, 4);
  ck_assert_uint_eq(twins->fullest_max, 100);
  ck_assert_uint_eq(twins->drops, 14);
  ck_assert_uint_eq(twins->half_open, 1);
  ck_assert_uint_eq(twins->port, 80);
  ck_assert(twins->max_known);
}
END_TEST

/* Three twins' depth and maximum, and which is the fullest; whose maximum is 0
 * or not known (/proc) is below every other. */
static const struct {
  uint32_t depth[3], max[3];
  unsigned fullest;
} twin_queues[] = {
    {{0, 17, 0}, {16, 16, 16}, 1},
    {{3, 0, 60}, {128, 128, 511}, 2},
    {{60, 3, 0}, {511, 4, 128}, 1},
    {{5, 10, 2}, {10, 20, 4}, 1}, /* as full, and deeper */
    {{9, 0, 1}, {0, 16, 0}, 1},
    {{3, 9, 7}, {0, 0, 0}, 1},
    {{0, 0, 0}, {64, 64, 64}, 0},
    {{UINT32_MAX, UINT32_MAX, 1}, {UINT32_MAX, UINT32_MAX - 1, UINT32_MAX}, 1}};

START_TEST(the_fullest_twin_is_kept_in_whatever_order) {
  const uint32_t *depth = twin_queues[_i].depth, *max = twin_queues[_i].max;
  for (unsigned first = 0; first < 3; first++) {
    reading_clear(reading);
    for (unsigned i = first; i < first + 3; i++)
      add_listener("::", 80, depth[i % 3], max[i % 3]);
    const struct listener *twins = &reading->listeners[0];
    ck_assert_uint_eq(twins->sockets, 3);
    ck_assert_uint_eq(twins->fullest_depth, depth[twin_queues[_i].fullest]);
    ck_assert_uint_eq(twins->fullest_max, max[twin_queues[_i].fullest]);
  }
}
END_TEST

START_TEST(a_maximum_is_unknown_if_one_twins_is) {
  add_listener("0.0.0.0", 80, 3, 128);
  struct tcp_row row = row_of(TCP_STATE_LISTEN, "0.0.0.0", 80, "0.0.0.0");
  add(&row);
  add_listener("0.0.0.0", 80, 3, 128);
  ck_assert(!reading->listeners[0].max_known);
}
END_TEST

START_TEST(bytes_behind_an_ipv4_address_do_not_matter) {
  struct tcp_row row = row_of(TCP_STATE_LISTEN, "0.0.0.0", 80, "0.0.0.0");
  memset(row.local + 4, 0xaa, 12);
  add(&row);
  add_half_open("10.0.0.1", 80, "192.0.2.1", 0);
  reading_finish(reading);
  ck_assert_uint_eq(reading->listeners[0].half_open, 1);
}
END_TEST

static void assert_top_source(uint8_t family, const char *address,
                              uint64_t count) {
  uint8_t expected[16];
  reading_finish(reading);
  set_address(family, address, expected);
  ck_assert_uint_eq(reading->top_source_family, family);
  ck_assert_int_eq(memcmp(reading->top_source, expected, 16), 0);
  ck_assert_uint_eq(reading->top_source_count, count);
}

START_TEST(the_top_source_is_a_24_of_ipv4_mapped_or_not) {
  add_half_open("10.0.0.1", 80, "198.51.100.1", 0);
  add_half_open("10.0.0.1", 80, "198.51.100.255", 0);
  add_half_open("::ffff:10.0.0.1", 80, "::ffff:198.51.100.7", 0);
  add_half_open("10.0.0.1", 80, "198.51.101.1", 0);
  add_half_open("10.0.0.1", 80, "198.51.99.1", 0);
  assert_top_source(TCP_IPV4, "198.51.100.0", 3);
}
END_TEST

START_TEST(the_top_source_is_a_64_of_ipv6) {
  add_half_open("2001:db8::1", 80, "2001:db8:1:2::1", 0);
  add_half_open("2001:db8::1", 80, "2001:db8:1:2:ffff::1", 0);
  add_half_open("2001:db8::1", 80, "2001:db8:1:3::1", 0);
  assert_top_source(TCP_IPV6, "2001:db8:1:2::", 2);
}
END_TEST

/* Where they come from: of 100, so many of each network. */
static const struct {
  const char *network[8]; /* an address in it; NULL behind the last */
  int entries[8];
  const char *named; /* NULL: scattered */
  int prefix, share;
} origins[] = {
    /* The narrowest that holds half. */
    {{"198.51.100.1", "203.0.113.1", "10.0.0.1"},
     {50, 30, 20},
     "198.51.100.0",
     24,
     50},
    {{"198.51.100.1", "198.51.101.1", "198.51.103.1", "10.0.0.1"},
     {30, 20, 20, 30},
     "198.51.100.0",
     22,
     70},
    {{"198.51.0.1", "198.51.64.1", "198.51.128.1", "198.51.255.1", "10.0.0.1"},
     {15, 15, 15, 15, 40},
     "198.51.0.0",
     16,
     60},
    {{"2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:4::1", "10.0.0.1"},
     {20, 20, 20, 40},
     "2001:db8:1::",
     48,
     60},
    {{"2001:db8:1::1", "2001:db8:2::1", "2001:db8:3::1", "2001:db8:4::1",
      "10.0.0.1"},
     {15, 15, 15, 15, 40},
     "2001:db8::",
     32,
     60},
    {{"::ffff:198.51.100.1", "198.51.101.1", "10.0.0.1"},
     {30, 30, 40},
     "198.51.100.0",
     22,
     60},
    /* Else the narrowest that holds a fifth. */
    {{"198.51.100.1", "198.51.101.1", "10.0.0.1", "10.1.0.1", "10.2.0.1",
      "10.3.0.1"},
     {19, 10, 18, 18, 18, 17},
     "198.51.100.0",
     22,
     29},
    {{"198.51.100.1", "10.0.0.1", "10.1.0.1", "10.2.0.1", "10.3.0.1",
      "10.4.0.1"},
     {20, 16, 16, 16, 16, 16},
     "198.51.100.0",
     24,
     20},
    /* Else none. */
    {{"198.51.100.1", "10.0.0.1", "10.1.0.1", "10.2.0.1", "10.3.0.1",
      "10.4.0.1"},
     {19, 17, 16, 16, 16, 16},
     NULL,
     0,
     0},
};

START_TEST(where_entries_come_from_is_named_in_a_width_that_fits) {
  uint8_t expected[16];
  for (int i = 0; origins[_i].network[i] != NULL; i++) {
    const char *from = origins[_i].network[i];
    const char *local = strchr(from, ':') != NULL ? "::1" : "10.9.9.9";
    for (int k = 0; k < origins[_i].entries[i]; k++)
      add_half_open(local, 80, from, 0);
  }
  reading_finish(reading);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 100);
  ck_assert_int_eq(reading->source.prefix, origins[_i].prefix);
  ck_assert_uint_eq(reading->source.half_open, (unsigned)origins[_i].share);
  if (origins[_i].named == NULL)
    return;
  set_address(reading->source.family, origins[_i].named, expected);
  ck_assert_mem_eq(reading->source.address, expected, 16);
  reading_clear(reading); /* the next one begins anew */
  add_half_open("10.9.9.9", 80, "192.0.2.1", 0);
  reading_finish(reading);
  ck_assert_int_eq(reading->source.prefix, 24);
  ck_assert_uint_eq(reading->source.half_open, 1);
}
END_TEST

START_TEST(without_half_open_entries_there_is_no_top_source) {
  struct tcp_row row = row_of(TCP_STATE_ESTABLISHED, "10.0.0.1", 1, "10.0.0.2");
  add(&row);
  reading_finish(reading);
  ck_assert_uint_eq(reading->top_source_count, 0);
}
END_TEST

static uint64_t one_source_count(void) {
  reading_finish(reading);
  return reading->one_source_count;
}

START_TEST(one_source_is_an_address_of_ipv4_mapped_or_not) {
  for (int i = 1; i < 100; i++) {
    char neighbour[16];
    snprintf(neighbour, sizeof(neighbour), "198.51.100.%d", 100 + i);
    add_half_open("10.0.0.1", 80, neighbour, 0);
  }
  ck_assert_uint_eq(one_source_count(), 1);
  add_half_open("10.0.0.1", 80, "198.51.100.7", 0);
  add_half_open("10.0.0.2", 443, "198.51.100.7", 5);
  add_half_open("::ffff:10.0.0.1", 80, "::ffff:198.51.100.7", 0);
  ck_assert_uint_eq(one_source_count(), 3);
}
END_TEST

/* A host has a /64 to choose addresses from. */
START_TEST(one_source_is_a_64_of_ipv6) {
  add_half_open("2001:db8::1", 80, "2001:db8:1:2::1", 0);
  add_half_open("2001:db8::1", 80, "2001:db8:1:2:ffff::1", 0);
  add_half_open("2001:db8::1", 80, "2001:db8:1:3::1", 0);
  add_half_open("10.0.0.1", 80, "32.1.13.184", 0); /* 2001:db8: as bytes */
  ck_assert_uint_eq(one_source_count(), 2);
  for (int i = 0; i < 3; i++)
    add_half_open("10.0.0.1", 80, "192.0.2.1", 0);
  ck_assert_uint_eq(one_source_count(), 3);
}
END_TEST

START_TEST(only_half_open_entries_make_one_source) {
  struct tcp_row row = row_of(TCP_STATE_ESTABLISHED, "10.0.0.1", 1, "10.0.0.2");
  add(&row);
  ck_assert_uint_eq(one_source_count(), 0);
  add_half_open("10.0.0.1", 80, "10.0.0.2", 0);
  ck_assert_uint_eq(one_source_count(), 1);
  reading_clear(reading);
  ck_assert_uint_eq(one_source_count(), 0);
}
END_TEST

START_TEST(local_ports_are_counted_apart) {
  static const uint16_t ports[] = {443, 0, 65535, 443};
  struct reading *ported = reading_create(ports, 4);
  ck_assert_uint_eq(ported->ports_len, 3);
  struct tcp_row row =
      row_of(TCP_STATE_ESTABLISHED, "10.0.0.1", 443, "10.0.0.2");
  ck_assert_int_eq(reading_add(ported, &row), 0);
  row.local_port = 65535;
  row.state = 12;
  ck_assert_int_eq(reading_add(ported, &row), 0);
  row.local_port = 80;
  ck_assert_int_eq(reading_add(ported, &row), 0);
  ck_assert_uint_eq(ported->port_count[0][TCP_STATE_ESTABLISHED], 1);
  ck_assert_uint_eq(ported->port_count[1][TCP_STATE_ESTABLISHED], 0);
  ck_assert_uint_eq(ported->port_count[2][TCP_STATE_SYN_RECV], 1);
  reading_destroy(ported);
}
END_TEST

START_TEST(a_walk_for_ports_changes_only_their_counts) {
  static const uint16_t port = 443;
  struct reading *ported = reading_create(&port, 1);
  struct tcp_row row = row_of(TCP_STATE_SYN_RECV, "10.0.0.1", 443, "10.0.0.2");
  reading_add_to_ports(ported, &row);
  row.state = 77;
  reading_add_to_ports(ported, &row);
  reading_finish(ported);
  ck_assert_uint_eq(ported->port_count[0][TCP_STATE_SYN_RECV], 1);
  ck_assert_uint_eq(ported->total[TCP_STATE_SYN_RECV], 0);
  ck_assert_uint_eq(ported->unknown_states, 0);
  ck_assert_uint_eq(ported->top_source_count, 0);
  reading_destroy(ported);
}
END_TEST

START_TEST(more_ports_than_the_limit_are_refused) {
  uint16_t ports[READING_PORTS_MAX + 1];
  for (unsigned i = 0; i <= READING_PORTS_MAX; i++)
    ports[i] = (uint16_t)i;
  ck_assert_ptr_eq(reading_create(ports, READING_PORTS_MAX + 1), NULL);
  struct reading *full = reading_create(ports, READING_PORTS_MAX);
  ck_assert_uint_eq(full->ports_len, READING_PORTS_MAX);
  reading_destroy(full);
}
END_TEST

SUITE(reading) {
  Suite *suite = suite_create("reading");
  TCase *rows = tcase_create("rows");
  tcase_add_checked_fixture(rows, setup, teardown);
  tcase_add_test(rows, rows_are_counted_by_family_and_state);
  tcase_add_test(rows, a_request_socket_of_the_kernel_is_half_open);
  tcase_add_test(rows, unknown_states_are_counted_apart);
  tcase_add_test(rows, only_fin_wait2_mini_sockets_are_counted_as_such);
  tcase_add_test(rows, an_entry_is_aged_once_its_syn_ack_was_sent_again);
  tcase_add_test(rows, the_exact_listener_comes_before_the_wildcard_one);
  tcase_add_test(rows, a_mapped_wildcard_takes_only_ipv4_entries);
  tcase_add_test(rows, reuseport_twins_are_added_up);
  tcase_add_loop_test(rows, the_fullest_twin_is_kept_in_whatever_order, 0,
                      sizeof(twin_queues) / sizeof(twin_queues[0]));
  tcase_add_test(rows, a_maximum_is_unknown_if_one_twins_is);
  tcase_add_test(rows, bytes_behind_an_ipv4_address_do_not_matter);
  tcase_add_test(rows, the_top_source_is_a_24_of_ipv4_mapped_or_not);
  tcase_add_test(rows, the_top_source_is_a_64_of_ipv6);
  tcase_add_loop_test(rows,
                      where_entries_come_from_is_named_in_a_width_that_fits, 0,
                      sizeof(origins) / sizeof(origins[0]));
  tcase_add_test(rows, without_half_open_entries_there_is_no_top_source);
  tcase_add_test(rows, one_source_is_an_address_of_ipv4_mapped_or_not);
  tcase_add_test(rows, one_source_is_a_64_of_ipv6);
  tcase_add_test(rows, only_half_open_entries_make_one_source);
  tcase_add_test(rows, local_ports_are_counted_apart);
  tcase_add_test(rows, a_walk_for_ports_changes_only_their_counts);
  tcase_add_test(rows, more_ports_than_the_limit_are_refused);
  suite_add_tcase(suite, rows);
  return suite;
}
