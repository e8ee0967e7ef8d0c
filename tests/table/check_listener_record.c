/* What the BPF program writes, in a reading: good, cut, hostile and in odd
 * places; how many of it can be unanswered; and whether walks agree with it. */
#include "scenes/suite.h"
#include "table/listener_record.h"
#include "table/probe_trust.h"
#include "table/reading.h"
#include "table/unanswered.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static struct reading *reading;
static const uint16_t local_port = 443;

static void setup(void) { reading = reading_create(&local_port, 1); }

static void teardown(void) { reading_destroy(reading); }

static struct listener_record record_of(uint16_t port, uint32_t half_open,
                                        uint32_t young) {
  return (struct listener_record){.address = {192, 0, 2, 1},
                                  .port = port,
                                  .family = AF_INET,
                                  .half_open = half_open,
                                  .young = young};
}

static int parse(const struct listener_record *records, size_t len) {
  return listener_record_parse(records, len * sizeof(*records), reading);
}

static void add_listener(enum tcp_family family, uint16_t port) {
  struct tcp_row row = {.state = TCP_STATE_LISTEN,
                        .family = (uint8_t)family,
                        .local_port = port,
                        .accept_max = 128,
                        .max_known = true};
  if (family == TCP_IPV4)
    memcpy(row.local, (uint8_t[]){192, 0, 2, 1}, 4);
  ck_assert_int_eq(reading_add(reading, &row), 0);
}

START_TEST(entries_belong_to_their_listener_and_family) {
  struct listener_record records[] = {
      record_of(443, 10, 4), record_of(80, 3, 3), record_of(443, 7, 0)};
  records[2].family = AF_INET6;
  memset(records[2].address, 0, sizeof(records[2].address));
  add_listener(TCP_IPV4, 443);
  add_listener(TCP_IPV4, 80);
  add_listener(TCP_IPV6, 443);
  ck_assert_int_eq(parse(records, 3), 0);
  reading_finish(reading);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 20);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_SYN_RECV], 13);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 6);
  ck_assert_uint_eq(reading->aged[TCP_IPV6], 7);
  ck_assert_uint_eq(reading->port_count[0][TCP_STATE_SYN_RECV], 17);
  ck_assert_uint_eq(reading->listeners[0].half_open, 10);
  ck_assert_uint_eq(reading->listeners[0].aged, 6);
  ck_assert_uint_eq(reading->listeners[1].aged, 0);
  ck_assert_uint_eq(reading->listeners[2].half_open, 7);
  ck_assert(!reading->sources_known);
}
END_TEST

START_TEST(twins_add_up) {
  const struct listener_record records[] = {record_of(443, 10, 10),
                                            record_of(443, 5, 1)};
  add_listener(TCP_IPV4, 443);
  add_listener(TCP_IPV4, 443);
  ck_assert_int_eq(parse(records, 2), 0);
  reading_finish(reading);
  ck_assert_uint_eq(reading->listeners[0].half_open, 15);
  ck_assert_uint_eq(reading->listeners[0].aged, 4);
}
END_TEST

/* The kernel changes both numbers while they are read. */
START_TEST(more_young_entries_than_entries_are_no_aged_ones) {
  const struct listener_record record = record_of(443, 10, 12);
  ck_assert_int_eq(parse(&record, 1), 0);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 0);
}
END_TEST

START_TEST(nothing_is_nothing) {
  ck_assert_int_eq(listener_record_parse(NULL, 0, reading), 0);
  reading_finish(reading);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
}
END_TEST

START_TEST(what_no_kernel_writes_is_refused) {
  struct listener_record record = record_of(443, 1, 1);
  for (size_t cut = 1; cut < sizeof(record); cut++)
    ck_assert_int_eq(listener_record_parse(&record, cut, reading), -EBADMSG);
  record.family = AF_UNIX;
  ck_assert_int_eq(parse(&record, 1), -EBADMSG);
  record = record_of(443, UINT32_MAX, 1); /* -1 of the kernel's int */
  ck_assert_int_eq(parse(&record, 1), -EBADMSG);
  record = record_of(443, 1, UINT32_MAX);
  ck_assert_int_eq(parse(&record, 1), -EBADMSG);
}
END_TEST

START_TEST(records_may_stand_at_odd_addresses) {
  const struct listener_record record = record_of(443, 9, 2);
  char *bytes = malloc(sizeof(record) + 1);
  ck_assert_ptr_nonnull(bytes);
  memcpy(bytes + 1, &record, sizeof(record));
  ck_assert_int_eq(listener_record_parse(bytes + 1, sizeof(record), reading),
                   0);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 7);
  free(bytes);
}
END_TEST

START_TEST(a_cleared_reading_knows_its_sources_again) {
  const struct listener_record record = record_of(443, 9, 2);
  ck_assert_int_eq(parse(&record, 1), 0);
  reading_clear(reading);
  ck_assert(reading->sources_known);
  ck_assert_uint_eq(reading->deferred_aged, 0);
}
END_TEST

/* How many are unanswered: those of TCP_DEFER_ACCEPT only as far as SYN-ACKs
 * were sent again while an entry lives: 32 s with five retries. */
static uint64_t most(double since_s, int64_t sent_again, int64_t retries) {
  struct kernel_counters counters = {0};
  struct unanswered unanswered = {.len = 0};
  counters.known[COUNTER_SYN_RETRANS] = true;
  counters.known[COUNTER_SYNACK_RETRIES] = true;
  counters.value[COUNTER_SYNACK_RETRIES] = retries;
  unanswered_note(&unanswered, 1000 - since_s, &counters);
  counters.value[COUNTER_SYN_RETRANS] = sent_again;
  return unanswered_most_of_cohorts(&unanswered, 1000, &counters, reading);
}

START_TEST(what_was_sent_again_holds_what_is_unanswered) {
  struct listener_record records[] = {record_of(443, 50, 10),
                                      record_of(80, 9, 2)};
  records[0].deferred = 1;
  ck_assert_int_eq(parse(records, 2), 0);
  ck_assert_uint_eq(reading->deferred_aged, 40);
  ck_assert_uint_eq(most(40, 0, 5), 7);
  ck_assert_uint_eq(most(40, 5, 5), 12);
  ck_assert_uint_eq(most(40, 1000, 5), 47);
  ck_assert_uint_eq(most(4, 0, 1), 7); /* an entry lives 3 s */
}
END_TEST

START_TEST(without_deferred_entries_all_are_unanswered) {
  const struct listener_record record = record_of(80, 9, 2);
  ck_assert_int_eq(parse(&record, 1), 0);
  ck_assert_uint_eq(most(40, 0, 5), UINT64_MAX);
}
END_TEST

/* Walks beside the sockets' own counts. */

START_TEST(a_walk_that_agrees_keeps_the_trust) {
  struct probe_trust trust = {0};
  ck_assert(probe_trust_holds(&trust));
  probe_trust_verify(&trust, 100, 100, 100);
  probe_trust_verify(&trust, 0, 0, 0);
  probe_trust_verify(&trust, 1000, 5000, 3000); /* it moved meanwhile */
  probe_trust_verify(&trust, 5000, 1000, 3000);
  probe_trust_verify(&trust, 4000, 4000, 4900);
  probe_trust_verify(&trust, 4000, 4000, 3100);
  probe_trust_verify(&trust, 0, 0, 16);
  ck_assert(probe_trust_holds(&trust));
}
END_TEST

START_TEST(while_walks_contradict_they_count_and_then_for_good) {
  struct probe_trust trust = {0};
  for (int i = 0; i < PROBE_TRUST_RUN - 1; i++)
    probe_trust_verify(&trust, 0, 0, 17);
  ck_assert(!probe_trust_holds(&trust) && !trust.lost);
  probe_trust_verify(&trust, 17, 17, 17);
  ck_assert(probe_trust_holds(&trust));
  for (int i = 0; i < PROBE_TRUST_RUN; i++)
    probe_trust_verify(&trust, 400, 400, 100);
  ck_assert(trust.lost);
  probe_trust_verify(&trust, 100, 100, 100);
  ck_assert(!probe_trust_holds(&trust));
}
END_TEST

SUITE(listener_record) {
  Suite *suite = suite_create("listener_record");
  TCase *tcase = tcase_create("records");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, entries_belong_to_their_listener_and_family);
  tcase_add_test(tcase, twins_add_up);
  tcase_add_test(tcase, more_young_entries_than_entries_are_no_aged_ones);
  tcase_add_test(tcase, nothing_is_nothing);
  tcase_add_test(tcase, what_no_kernel_writes_is_refused);
  tcase_add_test(tcase, records_may_stand_at_odd_addresses);
  tcase_add_test(tcase, a_cleared_reading_knows_its_sources_again);
  tcase_add_test(tcase, what_was_sent_again_holds_what_is_unanswered);
  tcase_add_test(tcase, without_deferred_entries_all_are_unanswered);
  tcase_add_test(tcase, a_walk_that_agrees_keeps_the_trust);
  tcase_add_test(tcase, while_walks_contradict_they_count_and_then_for_good);
  suite_add_tcase(suite, tcase);
  return suite;
}
