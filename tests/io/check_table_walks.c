/* table_source: what one reading asks of a kernel that answers. */
#define _GNU_SOURCE
#include "suites.h"
#include "table_fixture.h"

#include <errno.h>

#define BIT(state) (UINT32_C(1) << (state))

START_TEST(the_first_reading_is_a_full_dump_then_walks_are_filtered) {
  create(TABLE_SOURCE_NETLINK, false, false);
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.was_full_dump && reading->by_family);
  ck_assert_uint_eq(fake.sends, 2);
  ck_assert_uint_eq(fake.requests[0].states, BIT(TCP_STATE_LISTEN));
  ck_assert(fake.requests[0].memory && !fake.requests[1].memory);
  const uint32_t all = fake.requests[1].states;
  ck_assert_uint_eq(all & BIT(TCP_STATE_LISTEN), 0);
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.was_full_dump && !reading->by_family);
  ck_assert_uint_eq(
      fake.requests[1].states,
      all & ~(BIT(TCP_STATE_ESTABLISHED) | BIT(TCP_STATE_TIME_WAIT)));
  assert_whole();
  ck_assert_int_eq(counters->value[COUNTER_PASSIVE_OPENS], 12);
  ck_assert(!outcome.counters_doubted && !outcome.from_proc);
  ck_assert_int_eq(outcome.netlink_error, 0);
  ck_assert(outcome.cost_s > 0);
  ck_assert_str_eq(outcome.detail, "");
}
END_TEST

START_TEST(every_verify_everyth_reading_is_a_full_dump) {
  create(TABLE_SOURCE_NETLINK, false, false);
  unsigned full = 0;
  for (int i = 0; i < 31; i++) {
    ck_assert_int_eq(take(), 0);
    full += outcome.was_full_dump;
    assert_whole();
  }
  ck_assert_uint_eq(full, 4);
}
END_TEST

START_TEST(every_sixtieth_reading_is_a_full_dump_where_nothing_else_is_said) {
  const struct table_source_options options = {.mode = TABLE_SOURCE_NETLINK,
                                               .proc_root = root};
  ck_assert_int_eq(table_source_create(&options, &source), 0);
  for (int i = 0; i < 121; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_int_eq(outcome.was_full_dump, i % 60 == 0);
  }
}
END_TEST

START_TEST(a_local_port_is_asked_for_what_the_walk_left_out) {
  create(TABLE_SOURCE_NETLINK, false, true);
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_ESTABLISHED], 2);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_TIME_WAIT], 1);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_LISTEN], 2);
    ck_assert_uint_eq(reading->port_count[0][TCP_STATE_CLOSE_WAIT], 0);
    assert_whole();
  }
  ck_assert_uint_eq(fake.sends, 3);
  ck_assert(fake.requests[2].filtered && !fake.requests[1].filtered);
  ck_assert_uint_eq(fake.requests[2].states,
                    BIT(TCP_STATE_ESTABLISHED) | BIT(TCP_STATE_TIME_WAIT));
}
END_TEST

START_TEST(by_family_every_reading_is_a_full_dump) {
  create(TABLE_SOURCE_NETLINK, true, false);
  for (int i = 0; i < 5; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(outcome.was_full_dump && reading->by_family);
    ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_ESTABLISHED], 2);
    assert_whole();
  }
}
END_TEST

START_TEST(the_first_close_wait_makes_a_full_dump_in_the_same_reading) {
  fake.rows[4].state = TCP_STATE_ESTABLISHED;
  create(TABLE_SOURCE_NETLINK, false, false);
  ck_assert_int_eq(take(), 0);
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.was_full_dump);
  fake.rows[4].state = TCP_STATE_CLOSE_WAIT;
  ck_assert_int_eq(take(), 0);
  ck_assert(outcome.was_full_dump);
  assert_whole();
  ck_assert_int_eq(take(), 0);
  ck_assert(!outcome.was_full_dump);
  assert_whole();
}
END_TEST

START_TEST(counters_that_contradict_the_dump_are_never_used) {
  fake_netlink_add(TCP_STATE_ESTABLISHED, 8080, 20);
  create(TABLE_SOURCE_NETLINK, false, false);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(take(), 0);
    ck_assert(outcome.counters_doubted && outcome.was_full_dump);
    ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 22);
  }
}
END_TEST

START_TEST(more_ports_than_a_reading_holds_are_refused) {
  uint16_t ports[READING_PORTS_MAX + 1] = {0};
  const struct table_source_options options = {
      .ports = ports, .ports_len = READING_PORTS_MAX + 1};
  ck_assert_int_eq(table_source_create(&options, &source), -EINVAL);
  ck_assert_ptr_null(source);
}
END_TEST

void table_walks_add(TCase *tcase) {
  tcase_add_test(tcase,
                 the_first_reading_is_a_full_dump_then_walks_are_filtered);
  tcase_add_test(tcase, every_verify_everyth_reading_is_a_full_dump);
  tcase_add_test(
      tcase, every_sixtieth_reading_is_a_full_dump_where_nothing_else_is_said);
  tcase_add_test(tcase, a_local_port_is_asked_for_what_the_walk_left_out);
  tcase_add_test(tcase, by_family_every_reading_is_a_full_dump);
  tcase_add_test(tcase,
                 the_first_close_wait_makes_a_full_dump_in_the_same_reading);
  tcase_add_test(tcase, counters_that_contradict_the_dump_are_never_used);
  tcase_add_test(tcase, more_ports_than_a_reading_holds_are_refused);
}
