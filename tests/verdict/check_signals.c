/* signals: the names tcpstates dispatches, and no others. */
#include "scenes/suite.h"
#include "verdict/signals.h"

#include <string.h>

START_TEST(every_signal_is_found_by_its_own_name) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    enum signal signal = (enum signal)i;
    ck_assert_int_eq(
        signals_find(signals_type(signal), signals_type_instance(signal)), i);
  }
}
END_TEST

static const struct {
  const char *type, *type_instance;
  enum signal signal;
} known[] = {
    {"tcp_connections", "SYN_RECV", SIGNAL_SYN_RECV},
    {"tcp_connections", "ESTABLISHED", SIGNAL_ESTABLISHED},
    {"current_connections", "syn_recv_aged", SIGNAL_AGED},
    {"current_connections", "active", SIGNAL_ACTIVE},
    {"percent", "syn_queue", SIGNAL_SYN_QUEUE},
    {"percent", "syn_queue_aged", SIGNAL_SYN_QUEUE_AGED},
    {"percent", "accept_queue", SIGNAL_ACCEPT_QUEUE},
    {"percent", "time_wait", SIGNAL_TIME_WAIT_USE},
    {"gauge", "state_entropy", SIGNAL_STATE_ENTROPY},
    {"protocol_counter", "PassiveOpens", SIGNAL_PASSIVE_OPENS},
    {"protocol_counter", "SyncookiesSent", SIGNAL_COOKIES_SENT},
    {"protocol_counter", "SyncookiesRecv", SIGNAL_COOKIES_RECEIVED},
    {"protocol_counter", "ListenOverflows", SIGNAL_LISTEN_OVERFLOWS},
    {"protocol_counter", "ListenDrops", SIGNAL_LISTEN_DROPS},
    {"protocol_counter", "TCPReqQFullDrop", SIGNAL_QUEUE_FULL_DROPS},
    {"protocol_counter", "EmbryonicRsts", SIGNAL_EMBRYONIC_RESETS},
};

START_TEST(the_documented_names_are_known) {
  ck_assert_int_eq(signals_find(known[_i].type, known[_i].type_instance),
                   known[_i].signal);
}
END_TEST

static const struct {
  const char *type, *type_instance;
} unknown[] = {
    {"", ""},
    {"percent", ""},
    {"percent", "completion"},
    {"percent", "SYN_RECV"}, /* the name of one, the type of another */
    {"tcp_connections", "syn_recv"},
    {"tcp_connections", "SYN_RECV2"},
    {"tcp_connections", "TIME_WAIT"},
    {"gauge", "severity"}, /* the judgement's own metric */
};

START_TEST(any_other_name_is_no_signal) {
  ck_assert_int_eq(signals_find(unknown[_i].type, unknown[_i].type_instance),
                   SIGNAL_COUNT);
}
END_TEST

START_TEST(counters_come_last) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    const char *type = signals_type((enum signal)i);
    ck_assert_int_eq(i >= SIGNAL_FIRST_COUNTER,
                     strcmp(type, "protocol_counter") == 0);
  }
}
END_TEST

SUITE(signals) {
  Suite *suite = suite_create("signals");
  TCase *tests = tcase_create("names");
  tcase_add_test(tests, every_signal_is_found_by_its_own_name);
  tcase_add_loop_test(tests, the_documented_names_are_known, 0,
                      sizeof(known) / sizeof(known[0]));
  tcase_add_loop_test(tests, any_other_name_is_no_signal, 0,
                      sizeof(unknown) / sizeof(unknown[0]));
  tcase_add_test(tests, counters_come_last);
  suite_add_tcase(suite, tests);
  return suite;
}
