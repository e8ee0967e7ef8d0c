/* Data at rest: it comes back bit by bit, short where little differs, and the
 * chunks that one no longer needs serve others. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/packed.h"

#include <string.h>

enum {
  WORDS = 67, /* the last group is not whole */
  BYTES = 8 * WORDS,
  TEXT = PACKED_MAX(BYTES, 1),
  OWNERS = 40,
  KEPT = 5 * PACKED_CHUNK
};

static struct random_load load;
static unsigned char data[BYTES], base[BYTES], back[BYTES], text[TEXT];

static void setup(void) {
  load = (struct random_load){7};
  memset(base, 0, sizeof(base));
  memset(data, 0, sizeof(data));
}

/* Each byte with that probability. */
static void change(unsigned char *bytes, double share) {
  for (int i = 0; i < BYTES; i++)
    if (random_unit(&load) < share)
      bytes[i] = (unsigned char)random_bits(&load);
}

static size_t there_and_back(const void *other) {
  size_t length = packed_put(text, data, other, BYTES);

  memset(back, 0x55, sizeof(back));
  ck_assert_uint_eq(packed_get(text, back, other, BYTES), length);
  ck_assert_mem_eq(back, data, BYTES);
  ck_assert_uint_le(length + 8, TEXT);
  return length;
}

START_TEST(what_differs_comes_back_bit_by_bit) {
  for (int i = 0; i < 1000; i++) {
    double share = random_unit(&load);
    change(base, random_unit(&load));
    memcpy(data, base, sizeof(data));
    change(data, share * share);
    there_and_back(base);
    there_and_back(NULL);
  }
}
END_TEST

START_TEST(what_ends_within_a_word_comes_back_and_nothing_behind_it) {
  unsigned char whole[BYTES];

  for (size_t size = 1; size < BYTES; size++) {
    change(base, 1);
    change(data, 1);
    size_t length = packed_put(text, data, base, size);
    ck_assert_uint_le(length + 8, PACKED_MAX(size, 1));
    memset(whole, 0x55, sizeof(whole));
    memset(back, 0x55, sizeof(back));
    memcpy(whole, data, size);
    ck_assert_uint_eq(packed_get(text, back, base, size), length);
    ck_assert_mem_eq(back, whole, BYTES);
  }
}
END_TEST

START_TEST(each_byte_alone_comes_back) {
  for (int i = 0; i < BYTES; i++) {
    data[i] = 0xff;
    ck_assert_uint_eq(there_and_back(NULL), (WORDS + 7) / 8 + 2);
    data[i] = 0;
  }
}
END_TEST

START_TEST(what_is_the_same_takes_a_byte_for_eight_words) {
  change(base, 1);
  memcpy(data, base, sizeof(data));
  ck_assert_uint_eq(there_and_back(base), (WORDS + 7) / 8);
}
END_TEST

/* A model that moved on a little: 5 of 8 bytes. */
START_TEST(a_number_that_hardly_moved_is_shorter_than_itself) {
  double before[WORDS], after[WORDS];

  for (int i = 0; i < WORDS; i++) {
    before[i] = 100 * random_unit(&load);
    after[i] = before[i] * 1.000123456789;
  }
  memcpy(base, before, sizeof(base));
  memcpy(data, after, sizeof(data));
  ck_assert_uint_lt(there_and_back(base), WORDS * 8);
}
END_TEST

START_TEST(the_longest_fits) {
  memset(data, 0xff, sizeof(data));
  ck_assert_uint_eq(there_and_back(NULL), 9 * WORDS + (WORDS + 7) / 8);
}
END_TEST

/* --- kept ------------------------------------------------------------------
 */

static struct packed_pool pool;
static struct packed_chunk *kept[OWNERS];
static unsigned char texts[OWNERS][KEPT], fetched[KEPT];
static size_t lengths[OWNERS];

static void keep(int owner, size_t length) {
  for (size_t i = 0; i < length; i++)
    texts[owner][i] = (unsigned char)random_bits(&load);
  lengths[owner] = length;
  ck_assert_int_eq(packed_reserve(&pool, length), 0);
  packed_keep(&pool, &kept[owner], texts[owner], length);
}

static void each_is_as_it_was_kept(void) {
  for (int i = 0; i < OWNERS; i++) {
    packed_fetch(kept[i], fetched);
    ck_assert_mem_eq(fetched, texts[i], lengths[i]);
  }
}

static void release_all(void) {
  for (int i = 0; i < OWNERS; i++)
    packed_release(&pool, &kept[i]);
  ck_assert_uint_eq(pool.free_len, pool.len);
  packed_pool_free(&pool);
}

START_TEST(each_owner_has_its_own_however_it_grows_and_shrinks) {
  for (int i = 0; i < 4000; i++) {
    keep((int)(random_bits(&load) % OWNERS),
         (size_t)random_bits(&load) % (KEPT + 1));
    if (i % 100 == 0)
      each_is_as_it_was_kept();
  }
  each_is_as_it_was_kept();
  release_all();
}
END_TEST

START_TEST(what_one_gives_back_another_one_uses) {
  keep(0, KEPT);
  size_t len = pool.len;
  for (int i = 0; i < 1000; i++) {
    keep(0, 1);
    keep(1, KEPT);
    keep(1, 1);
    keep(0, KEPT);
  }
  ck_assert_uint_eq(pool.len, len);
  release_all();
}
END_TEST

START_TEST(no_more_than_a_sixteenth_waits) {
  for (int i = 0; i < OWNERS; i++)
    keep(i, KEPT);
  ck_assert_uint_le(pool.free_len, pool.len / 16 + 32);
  release_all();
}
END_TEST

START_TEST(what_is_expected_is_there) {
  ck_assert_int_eq(packed_expect(&pool, 5 * OWNERS), 0);
  size_t len = pool.len;
  ck_assert_uint_ge(len, 5 * OWNERS);
  for (int i = 0; i < OWNERS; i++)
    keep(i, KEPT);
  ck_assert_uint_eq(pool.len, len);
  release_all();
}
END_TEST

SUITE(packed) {
  Suite *suite = suite_create("packed");
  TCase *tcase = tcase_create("words");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, what_differs_comes_back_bit_by_bit);
  tcase_add_test(tcase,
                 what_ends_within_a_word_comes_back_and_nothing_behind_it);
  tcase_add_test(tcase, each_byte_alone_comes_back);
  tcase_add_test(tcase, what_is_the_same_takes_a_byte_for_eight_words);
  tcase_add_test(tcase, a_number_that_hardly_moved_is_shorter_than_itself);
  tcase_add_test(tcase, the_longest_fits);
  suite_add_tcase(suite, tcase);
  tcase = tcase_create("chunks");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, each_owner_has_its_own_however_it_grows_and_shrinks);
  tcase_add_test(tcase, what_one_gives_back_another_one_uses);
  tcase_add_test(tcase, no_more_than_a_sixteenth_waits);
  tcase_add_test(tcase, what_is_expected_is_there);
  suite_add_tcase(suite, tcase);
  return suite;
}
