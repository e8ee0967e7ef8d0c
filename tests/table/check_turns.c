/* Turns: as many as the budget pays for, and at least each tenth. */
#include "table/turns.h"

#include "scenes/suite.h"

static size_t turns_in_a_round(struct turns *turns, size_t len, double cost_s,
                               double reserved_s) {
  size_t taken = 0;
  turns_begin(turns, reserved_s);
  for (size_t i = 0; i < len; i++) {
    bool has = turns_take(turns, len);
    taken += has;
    turns_took(turns, has ? cost_s : cost_s / 1000, has);
  }
  return taken;
}

START_TEST(without_a_limit_all_have_their_turn) {
  struct turns turns = {0};
  ck_assert_uint_eq(turns_in_a_round(&turns, 200, 1, 0), 200);
  ck_assert_uint_eq(turns_in_a_round(&turns, 0, 1, 0), 0);
}
END_TEST

START_TEST(the_budget_pays_for_so_many) {
  struct turns turns = {.budget_s = 0.5};
  turns_in_a_round(&turns, 200, 0.01, 0);
  size_t taken = turns_in_a_round(&turns, 200, 0.01, 0);
  ck_assert_uint_le(taken, 50);
  ck_assert_uint_ge(taken, 48);
}
END_TEST

START_TEST(at_least_each_tenth_has_it_whatever_it_costs) {
  struct turns turns = {.budget_s = 0.001};
  for (int round = 0; round < 20; round++)
    ck_assert_uint_eq(turns_in_a_round(&turns, 25, 1, 0), 3);
}
END_TEST

START_TEST(what_others_spent_is_not_there) {
  struct turns turns = {.budget_s = 0.5};
  turns_in_a_round(&turns, 100, 0.01, 0);
  ck_assert_uint_eq(turns_in_a_round(&turns, 100, 0.01, 0.495), 10);
}
END_TEST

START_TEST(cheaper_turns_become_more) {
  struct turns turns = {.budget_s = 0.1};
  for (int round = 0; round < 5; round++)
    turns_in_a_round(&turns, 100, 0.1, 0);
  for (int round = 0; round < 20; round++)
    turns_in_a_round(&turns, 100, 0.0005, 0);
  ck_assert_uint_eq(turns_in_a_round(&turns, 100, 0.0005, 0), 100);
}
END_TEST

SUITE(turns) {
  Suite *suite = suite_create("turns");
  TCase *tcase = tcase_create("turns");
  tcase_add_test(tcase, without_a_limit_all_have_their_turn);
  tcase_add_test(tcase, the_budget_pays_for_so_many);
  tcase_add_test(tcase, at_least_each_tenth_has_it_whatever_it_costs);
  tcase_add_test(tcase, what_others_spent_is_not_there);
  tcase_add_test(tcase, cheaper_turns_become_more);
  suite_add_tcase(suite, tcase);
  return suite;
}
