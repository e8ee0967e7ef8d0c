/* name_index: whatever is added, taken out and renumbered, a name leads to its
 * number and to no other. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/name_index.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 500, NAME_SIZE = 16 };

static char names[NAMES][NAME_SIZE];
static struct name_index name_index;

static const char *name_of(const void *owner, uint32_t number) {
  const char(*all)[NAME_SIZE] = owner;
  return all[number];
}

static void setup(void) {
  for (int i = 0; i < NAMES; i++)
    snprintf(names[i], NAME_SIZE, "host%d", i);
  name_index_init(&name_index, name_of, names);
}

static void teardown(void) { name_index_free(&name_index); }

static void add(uint32_t number) {
  ck_assert_int_eq(name_index_add(&name_index, names[number], number), 0);
}

START_TEST(an_empty_index_knows_nothing_and_loses_nothing) {
  ck_assert_uint_eq(name_index_find(&name_index, "host1"), NAME_INDEX_NONE);
  ck_assert_uint_eq(name_index_find(&name_index, ""), NAME_INDEX_NONE);
  name_index_remove(&name_index, "host1");
  ck_assert_uint_eq(name_index.len, 0);
}
END_TEST

START_TEST(every_name_has_its_number_however_many_there_are) {
  for (uint32_t i = 0; i < NAMES; i++)
    add(i);
  for (uint32_t i = 0; i < NAMES; i++)
    ck_assert_uint_eq(name_index_find(&name_index, names[i]), i);
  ck_assert_uint_eq(name_index_find(&name_index, "host"), NAME_INDEX_NONE);
  ck_assert_uint_eq(name_index_find(&name_index, "host500"), NAME_INDEX_NONE);
  ck_assert_uint_eq(name_index.len, NAMES);
  ck_assert_uint_le(4 * name_index.len, 3 * name_index.capacity);
}
END_TEST

START_TEST(a_name_taken_out_is_gone_and_the_others_stay) {
  for (uint32_t i = 0; i < NAMES; i++)
    add(i);
  for (uint32_t i = 0; i < NAMES; i += 2)
    name_index_remove(&name_index, names[i]);
  for (uint32_t i = 0; i < NAMES; i++)
    ck_assert_uint_eq(name_index_find(&name_index, names[i]),
                      i % 2 ? i : NAME_INDEX_NONE);
  name_index_remove(&name_index, names[0]); /* it is no longer there */
  ck_assert_uint_eq(name_index.len, NAMES / 2);
}
END_TEST

START_TEST(a_number_may_change_hands) {
  add(3);
  add(7);
  name_index_remove(&name_index, names[3]);
  memcpy(names[3], names[7], NAME_SIZE); /* the last fills the hole */
  name_index_renumber(&name_index, "host7", 3);
  ck_assert_uint_eq(name_index_find(&name_index, "host7"), 3);
  ck_assert_uint_eq(name_index_find(&name_index, "host3"), NAME_INDEX_NONE);
}
END_TEST

/* Held against the plainest of tables, through thousands of changes. */
START_TEST(any_order_of_changes_leaves_every_name_findable) {
  struct random_load random = {(uint64_t)_i};
  bool present[NAMES] = {false};
  size_t len = 0;

  for (int step = 0; step < 20000; step++) {
    uint32_t i = (uint32_t)(random_bits(&random) % NAMES);
    /* Fills up and runs empty in turn, so that holes come in long runs. */
    bool wanted = random_unit(&random) < (step / 2000 % 2 ? 0.1 : 0.9);
    if (wanted == present[i])
      continue;
    if (wanted)
      add(i);
    else
      name_index_remove(&name_index, names[i]);
    present[i] = wanted;
    len += wanted ? 1 : (size_t)-1;
    ck_assert_uint_eq(name_index.len, len);
    uint32_t other = (uint32_t)(random_bits(&random) % NAMES);
    ck_assert_uint_eq(name_index_find(&name_index, names[other]),
                      present[other] ? other : NAME_INDEX_NONE);
  }
  for (uint32_t i = 0; i < NAMES; i++)
    ck_assert_uint_eq(name_index_find(&name_index, names[i]),
                      present[i] ? i : NAME_INDEX_NONE);
}
END_TEST

SUITE(name_index) {
  Suite *suite = suite_create("name_index");
  TCase *tcase = tcase_create("name_index");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, an_empty_index_knows_nothing_and_loses_nothing);
  tcase_add_test(tcase, every_name_has_its_number_however_many_there_are);
  tcase_add_test(tcase, a_name_taken_out_is_gone_and_the_others_stay);
  tcase_add_test(tcase, a_number_may_change_hands);
  tcase_add_loop_test(tcase, any_order_of_changes_leaves_every_name_findable, 0,
                      10);
  suite_add_tcase(suite, tcase);
  return suite;
}
