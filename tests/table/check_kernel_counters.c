/* Text of /proc/net/{snmp,netstat,sockstat} and sysctls -> counters. */
#include "scenes/suite.h"
#include "table/kernel_counters.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int parser(const char *text, size_t text_len,
                   struct kernel_counters *counters);

static struct kernel_counters counters;

static void setup(void) { memset(&counters, 0, sizeof(counters)); }

static size_t fixture(const char *name, char *text, size_t size) {
  char path[512];
  snprintf(path, sizeof(path), "%s/%s", FIXTURES, name);
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "cannot open %s", path);
  size_t len = fread(text, 1, size, file);
  fclose(file);
  ck_assert_uint_lt(len, size);
  return len;
}

static void parse_fixture(parser *parse, const char *name) {
  char text[8192];
  size_t len = fixture(name, text, sizeof(text));
  ck_assert_int_eq(parse(text, len, &counters), 0);
}

static int parse_text(parser *parse, const char *text) {
  return parse(text, strlen(text), &counters);
}

static int parse_sysctl(const char *text) {
  return kernel_counters_parse_sysctl(text, strlen(text),
                                      COUNTER_MAX_TW_BUCKETS, &counters);
}

static void assert_value(enum kernel_counter counter, int64_t value) {
  ck_assert_msg(counters.known[counter], "%s", kernel_counter_name(counter));
  ck_assert_int_eq(counters.value[counter], value);
}

static void assert_nothing_known(void) {
  for (int i = 0; i < COUNTER_END; i++)
    ck_assert(!counters.known[i]);
}

START_TEST(the_counters_of_linux_6_18_are_read) {
  parse_fixture(kernel_counters_parse_snmp, "linux-6.18/snmp");
  ck_assert(!counters.known[COUNTER_SYNCOOKIES_SENT]);
  parse_fixture(kernel_counters_parse_netstat, "linux-6.18/netstat");
  parse_fixture(kernel_counters_parse_sockstat, "linux-6.18/sockstat");
  assert_value(COUNTER_PASSIVE_OPENS, 81234);
  assert_value(COUNTER_ACTIVE_OPENS, 5678);
  assert_value(COUNTER_ATTEMPT_FAILS, 91);
  assert_value(COUNTER_ESTAB_RESETS, 17);
  assert_value(COUNTER_CURR_ESTAB, 4);
  assert_value(COUNTER_SYNCOOKIES_SENT, 1001);
  assert_value(COUNTER_SYNCOOKIES_RECV, 1002);
  assert_value(COUNTER_SYNCOOKIES_FAILED, 1003);
  assert_value(COUNTER_EMBRYONIC_RSTS, 1004);
  assert_value(COUNTER_LISTEN_OVERFLOWS, 1005);
  assert_value(COUNTER_LISTEN_DROPS, 1006);
  assert_value(COUNTER_REQ_Q_FULL_DO_COOKIES, 1007);
  assert_value(COUNTER_REQ_Q_FULL_DROP, 1008);
  assert_value(COUNTER_SYN_RETRANS, 1009);
  assert_value(COUNTER_TIMEWAIT, 2);
}
END_TEST

START_TEST(what_an_old_kernel_does_not_have_stays_unknown) {
  parse_fixture(kernel_counters_parse_snmp, "linux-2.6.32/snmp");
  parse_fixture(kernel_counters_parse_netstat, "linux-2.6.32/netstat");
  parse_fixture(kernel_counters_parse_sockstat, "linux-2.6.32/sockstat");
  assert_value(COUNTER_PASSIVE_OPENS, 81234);
  assert_value(COUNTER_LISTEN_DROPS, 1006);
  assert_value(COUNTER_TIMEWAIT, 9);
  ck_assert(!counters.known[COUNTER_REQ_Q_FULL_DROP]);
  ck_assert(!counters.known[COUNTER_REQ_Q_FULL_DO_COOKIES]);
  ck_assert(!counters.known[COUNTER_SYN_RETRANS]);
}
END_TEST

START_TEST(counters_not_in_the_text_stay_as_they_are) {
  counters.value[COUNTER_ACTIVE_OPENS] = 5;
  counters.known[COUNTER_ACTIVE_OPENS] = true;
  ck_assert_int_eq(
      parse_text(kernel_counters_parse_snmp, "Tcp: PassiveOpens\nTcp: 3\n"), 0);
  assert_value(COUNTER_ACTIVE_OPENS, 5);
  assert_value(COUNTER_PASSIVE_OPENS, 3);
  ck_assert_int_eq(parse_text(kernel_counters_parse_snmp, ""), 0);
  assert_value(COUNTER_PASSIVE_OPENS, 3);
}
END_TEST

START_TEST(a_name_counts_only_in_its_own_section) {
  ck_assert_int_eq(parse_text(kernel_counters_parse_snmp,
                              "Udp: PassiveOpens\nUdp: 3\n"
                              "TcpExt: ListenDrops\nTcpExt: 3\n"
                              "Tcp: ListenDrops PassiveOpensX Passive tw\n"
                              "Tcp: 1 2 3 4\n"),
                   0);
  ck_assert_int_eq(parse_text(kernel_counters_parse_netstat,
                              "TcpExt: PassiveOpens\nTcpExt: 3\n"),
                   0);
  ck_assert_int_eq(parse_text(kernel_counters_parse_sockstat,
                              "UDP: tw 5\nTCP6: tw 6\nTCP: tcp_syncookies 1\n"),
                   0);
  assert_nothing_known();
}
END_TEST

START_TEST(numbers_are_64_bits) {
  static const struct {
    const char *text;
    int64_t value;
  } numbers[] = {{"0", 0},
                 {"-1", -1},
                 {"007", 7},
                 {"9223372036854775807", INT64_MAX},
                 {"9223372036854775808", INT64_MIN},
                 {"18446744073709551615", -1},
                 {"-9223372036854775807", -INT64_MAX}};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
    char text[128];
    snprintf(text, sizeof(text), "Tcp: MaxConn PassiveOpens\nTcp: -1 %s\n",
             numbers[i].text);
    ck_assert_int_eq(parse_text(kernel_counters_parse_snmp, text), 0);
    assert_value(COUNTER_PASSIVE_OPENS, numbers[i].value);
  }
}
END_TEST

START_TEST(what_is_no_number_is_refused) {
  static const char *const texts[] = {"-",
                                      "+1",
                                      "1-",
                                      "0x1",
                                      "1.5",
                                      "abc",
                                      "18446744073709551616",
                                      "--1",
                                      "1,2",
                                      "\t",
                                      "1\t2",
                                      "1\r",
                                      "-9223372036854775808",
                                      "99999999999999999999999999999999"};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    char text[128];
    snprintf(text, sizeof(text), "Tcp: PassiveOpens\nTcp: %s\n", texts[i]);
    ck_assert_msg(parse_text(kernel_counters_parse_snmp, text) == -EBADMSG,
                  "%s", text);
    snprintf(text, sizeof(text), "TCP: tw %s\n", texts[i]);
    ck_assert_int_eq(parse_text(kernel_counters_parse_sockstat, text),
                     -EBADMSG);
    snprintf(text, sizeof(text), "%s\n", texts[i]);
    ck_assert_int_eq(parse_sysctl(text), -EBADMSG);
  }
  assert_nothing_known();
}
END_TEST

START_TEST(names_and_numbers_that_do_not_pair_up_are_refused) {
  static const char *const texts[] = {"Tcp: PassiveOpens ActiveOpens\nTcp: 1\n",
                                      "Tcp: PassiveOpens\nTcp: 1 2\n",
                                      "Tcp: PassiveOpens\nUdp: 1\n",
                                      "Tcp: PassiveOpens\n",
                                      "Tcp: PassiveOpens\nTcp: 1",
                                      "Tcp: PassiveOpens\n\nTcp: 1\n",
                                      "Tcp: PassiveOpens\nUdp: A\nUdp: 1\n",
                                      "Udp: A\nUdp: 1",
                                      "Tcp: 1 2\n"};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    ck_assert_msg(parse_text(kernel_counters_parse_snmp, texts[i]) == -EBADMSG,
                  "%s", texts[i]);
  ck_assert_int_eq(
      parse_text(kernel_counters_parse_sockstat, "TCP: inuse 1 tw\n"),
      -EBADMSG);
  assert_nothing_known();
}
END_TEST

/* Cut before the section's lines nothing is known, cut within them they are
 * refused, cut behind them they are read whole. */
static void assert_cut(parser *parse, const char *name, const char *section) {
  char text[8192];
  size_t len = fixture(name, text, sizeof(text) - 1);
  text[len] = '\0';
  size_t from = (size_t)(strstr(text, section) - text), until = from;
  while (strncmp(text + until, section, strlen(section)) == 0)
    until += strcspn(text + until, "\n") + 1;
  struct kernel_counters whole = {0};
  ck_assert_int_eq(parse(text, len, &whole), 0);
  for (size_t cut = 0; cut < len; cut++) {
    bool refused =
        cut > 0 && cut < until && (text[cut - 1] != '\n' || cut > from);
    setup();
    char *copy = malloc(cut + 1); /* where a sanitizer sees a read too far */
    memcpy(copy, text, cut);
    ck_assert_int_eq(parse(copy, cut, &counters), refused ? -EBADMSG : 0);
    free(copy);
    if (cut < until)
      assert_nothing_known();
    else
      ck_assert_mem_eq(&counters, &whole, sizeof(whole));
  }
}

START_TEST(of_a_file_cut_at_any_byte_a_section_is_read_whole_or_not_at_all) {
  assert_cut(kernel_counters_parse_snmp, "linux-6.18/snmp", "Tcp:");
  assert_cut(kernel_counters_parse_netstat, "linux-6.18/netstat", "TcpExt:");
  assert_cut(kernel_counters_parse_sockstat, "linux-6.18/sockstat", "TCP:");
}
END_TEST

START_TEST(odd_sections_of_others_cost_nothing) {
  static const char *const odd[] = {
      "Udp: A B\nUdp: 1\n", "Udp: A\nIp: 1\n",     "Udp: A\n", "\n",
      "Udp: A\nUdp: x\n",   "Tcpx: PassiveOpens\n"};
  for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
    char text[128];
    setup();
    snprintf(text, sizeof(text), "%sTcp: PassiveOpens\nTcp: 5\n%sUdp: cut",
             odd[i], odd[i]);
    ck_assert_int_eq(parse_text(kernel_counters_parse_snmp, text), 0);
    assert_value(COUNTER_PASSIVE_OPENS, 5);
    snprintf(text, sizeof(text), "%sTCP: inuse 1 tw 5\n%sUDP: cut", odd[i],
             odd[i]);
    ck_assert_int_eq(parse_text(kernel_counters_parse_sockstat, text), 0);
    assert_value(COUNTER_TIMEWAIT, 5);
  }
}
END_TEST

START_TEST(a_number_that_is_none_costs_its_own_counter_only) {
  ck_assert_int_eq(parse_text(kernel_counters_parse_snmp,
                              "Tcp: ActiveOpens PassiveOpens CurrEstab\n"
                              "Tcp: 1 many 3\n"),
                   -EBADMSG);
  assert_value(COUNTER_ACTIVE_OPENS, 1);
  assert_value(COUNTER_CURR_ESTAB, 3);
  ck_assert(!counters.known[COUNTER_PASSIVE_OPENS]);
  ck_assert_int_eq(parse_text(kernel_counters_parse_snmp,
                              "Tcp: MaxConn PassiveOpens\nTcp: x 2\n"),
                   -EBADMSG);
  assert_value(COUNTER_PASSIVE_OPENS, 2);
  ck_assert_int_eq(
      parse_text(kernel_counters_parse_sockstat, "TCP: inuse x tw 4\n"),
      -EBADMSG);
  assert_value(COUNTER_TIMEWAIT, 4);
}
END_TEST

/* As gVisor prints it. */
START_TEST(names_without_numbers_are_refused) {
  ck_assert_int_eq(parse_text(kernel_counters_parse_netstat,
                              "TcpExt: SyncookiesSent ListenDrops\n"),
                   -EBADMSG);
  ck_assert_int_eq(parse_text(kernel_counters_parse_netstat,
                              "TcpExt: ListenDrops\nIpExt: InNoRoutes\n"),
                   -EBADMSG);
  assert_nothing_known();
}
END_TEST

START_TEST(an_oversized_file_is_read_to_its_end) {
  static const char begin[] = "Tcp: PassiveOpens\nTcp: 3\n";
  size_t filler = 1 << 20, len = sizeof(begin) - 1;
  char *text = malloc(filler + len);
  memset(text, 'A', filler);
  memcpy(text + filler, begin, len);
  ck_assert_int_eq(kernel_counters_parse_snmp(text, filler + len, &counters),
                   -EBADMSG);
  assert_nothing_known();
  for (size_t i = 0; i + 8 <= filler; i += 8)
    memcpy(text + i, "B: 1234\n", 8);
  ck_assert_int_eq(kernel_counters_parse_snmp(text, filler + len, &counters),
                   0);
  assert_value(COUNTER_PASSIVE_OPENS, 3);
  free(text);
}
END_TEST

START_TEST(a_sysctl_is_one_number_and_a_newline) {
  ck_assert_int_eq(parse_sysctl("262144\n"), 0);
  assert_value(COUNTER_MAX_TW_BUCKETS, 262144);
  static const char *const texts[] = {"",       "\n",    "1",    "1\n\n",
                                      "1\n2\n", "1 2\n", " 1\n", "1 \n"};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    ck_assert_int_eq(parse_sysctl(texts[i]), -EBADMSG);
  assert_value(COUNTER_MAX_TW_BUCKETS, 262144);
}
END_TEST

START_TEST(every_counter_has_the_kernels_name) {
  ck_assert_str_eq(kernel_counter_name(COUNTER_PASSIVE_OPENS), "PassiveOpens");
  ck_assert_str_eq(kernel_counter_name(COUNTER_REQ_Q_FULL_DROP),
                   "TCPReqQFullDrop");
  for (int i = 0; i < COUNTER_END; i++)
    for (int j = 0; j < i; j++)
      ck_assert_str_ne(kernel_counter_name((enum kernel_counter)i),
                       kernel_counter_name((enum kernel_counter)j));
}
END_TEST

SUITE(kernel_counters) {
  Suite *suite = suite_create("kernel_counters");
  TCase *tcase = tcase_create("text");
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, the_counters_of_linux_6_18_are_read);
  tcase_add_test(tcase, what_an_old_kernel_does_not_have_stays_unknown);
  tcase_add_test(tcase, counters_not_in_the_text_stay_as_they_are);
  tcase_add_test(tcase, a_name_counts_only_in_its_own_section);
  tcase_add_test(tcase, numbers_are_64_bits);
  tcase_add_test(tcase, what_is_no_number_is_refused);
  tcase_add_test(tcase, names_and_numbers_that_do_not_pair_up_are_refused);
  tcase_add_test(
      tcase, of_a_file_cut_at_any_byte_a_section_is_read_whole_or_not_at_all);
  tcase_add_test(tcase, odd_sections_of_others_cost_nothing);
  tcase_add_test(tcase, a_number_that_is_none_costs_its_own_counter_only);
  tcase_add_test(tcase, names_without_numbers_are_refused);
  tcase_add_test(tcase, an_oversized_file_is_read_to_its_end);
  tcase_add_test(tcase, a_sysctl_is_one_number_and_a_newline);
  tcase_add_test(tcase, every_counter_has_the_kernels_name);
  suite_add_tcase(suite, tcase);
  return suite;
}
