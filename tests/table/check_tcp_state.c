/* The names of the TCP states. */
#include "scenes/suite.h"
#include "table/tcp_state.h"

START_TEST(each_state_has_the_name_tcpconns_gives_it) {
  static const struct {
    int kernel_number;
    const char *name;
  } states[] = {{1, "ESTABLISHED"}, {2, "SYN_SENT"},   {3, "SYN_RECV"},
                {4, "FIN_WAIT1"},   {5, "FIN_WAIT2"},  {6, "TIME_WAIT"},
                {7, "CLOSED"},      {8, "CLOSE_WAIT"}, {9, "LAST_ACK"},
                {10, "LISTEN"},     {11, "CLOSING"}};
  ck_assert_uint_eq(sizeof(states) / sizeof(states[0]), TCP_STATE_END - 1);
  for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
    ck_assert_str_eq(tcp_state_name(states[i].kernel_number), states[i].name);
}
END_TEST

START_TEST(other_numbers_have_no_name) {
  static const int none[] = {-2147483647 - 1, -1, 0, 12, 13, 255, 2147483647};
  for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
    ck_assert_ptr_eq(tcp_state_name(none[i]), NULL);
}
END_TEST

SUITE(tcp_state) {
  Suite *suite = suite_create("tcp_state");
  TCase *tcase = tcase_create("names");
  tcase_add_test(tcase, each_state_has_the_name_tcpconns_gives_it);
  tcase_add_test(tcase, other_numbers_have_no_name);
  suite_add_tcase(suite, tcase);
  return suite;
}
