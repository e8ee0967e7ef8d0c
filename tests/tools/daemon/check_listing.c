/* From the lines of LISTVAL: the hosts, and the values of the one to show. */
#define _GNU_SOURCE
#include "daemon/host_model.h"
#include "daemon/listing.h"
#include "scenes/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct host_model model;
static struct listing listing;
static char problem[UNIXSOCK_PROBLEM_MAX];

static void begin(const char *wanted, const char *machine) {
  listing =
      (struct listing){.wanted = wanted, .machine = machine, .model = &model};
  listing_begin(&listing);
  problem[0] = '\0';
}

static void take(const char *line) {
  ck_assert_int_eq(listing_take(&listing, line), 0);
}

/* The lines of one host, as collectd lists them. */
static void take_host(const char *host) {
  static const char *const names[] = {
      "baseline-syn_flood/duration-open",
      "baseline-syn_flood/gauge-severity",
      "cpu-0/cpu-idle",
      "tcpstates-all/current_connections-active",
      "tcpstates-all/tcp_connections-SYN_RECV",
      "tcpstates-ipv4/tcp_connections-SYN_RECV",
  };
  char line[512];
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    snprintf(line, sizeof(line), "%zu.500 %s/%s", 100 + i, host, names[i]);
    take(line);
  }
}

static int end(void) {
  int rc = listing_end(&listing, problem);
  listing_release(&listing);
  return rc;
}

static void assert_said(const char *text) {
  ck_assert_msg(strstr(problem, text) != NULL, "\"%s\" is not in: %s", text,
                problem);
}

START_TEST(a_line_is_taken_apart) {
  struct listing_value value;
  ck_assert_int_eq(
      listing_value_read("1.5 web-1/tcpstates-all/percent-syn_queue", &value),
      0);
  ck_assert_double_eq(value.time_s, 1.5);
  ck_assert(listing_part_is(value.host, "web-1"));
  ck_assert(listing_part_is(value.plugin, "tcpstates"));
  ck_assert(listing_part_is(value.instance, "all"));
  ck_assert(listing_part_is(value.type, "percent"));
  ck_assert(listing_part_is(value.type_instance, "syn_queue"));
  ck_assert(!listing_part_is(value.type, "percen"));
  ck_assert(!listing_part_is(value.type, "percents"));
  ck_assert_int_eq(listing_value_read("2 h/load/load", &value), 0);
  ck_assert_uint_eq(value.instance.len, 0);
  ck_assert_uint_eq(value.type_instance.len, 0);
}
END_TEST

static const char *const no_values[] = {
    "",
    "h/p/t",
    "1.5",
    "1.5 ",
    "1.5 h",
    "1.5 h/p",
    "1.5 /p/t",
    "1.5 h//t",
    "1.5 h/p/",
    "x h/p/t",
    "nan h/p/t",
    "1e46 h/p/t",
    "1.5 \033[2Jh/tcpstates-all/gauge-x",
    "1.5 h\177/tcpstates-all/gauge-x",
    "1.5 h\x9b[2J/tcpstates-all/gauge-x",
    "1.5 h\xc2\x9b[2J/tcpstates-all/gauge-x",
};
enum { NO_VALUES = sizeof(no_values) / sizeof(no_values[0]) };

START_TEST(what_is_no_value_is_refused) {
  struct listing_value value = {.time_s = -7};
  ck_assert_int_ne(listing_value_read(no_values[_i], &value), 0);
  ck_assert_double_eq(value.time_s, -7);
}
END_TEST

START_TEST(the_only_host_is_chosen_with_its_values_and_times) {
  begin(NULL, "elsewhere");
  take_host("web1");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, "web1");
  ck_assert_uint_eq(model.values_len, 4); /* none of cpu or ipv4 */
  ck_assert_double_eq(model.reading_s, 104.5);
  ck_assert_double_eq(model.judged_s, 101.5);
  const struct host_value *value = host_model_value(
      &model, "tcpstates", "all", "current_connections", "active");
  ck_assert_ptr_nonnull(value);
  ck_assert_double_eq(value->time_s, 103.5);
  ck_assert(isnan(value->value));
}
END_TEST

START_TEST(the_wanted_host_is_chosen_among_many) {
  begin("web2", "web3");
  take_host("web1");
  take_host("web2");
  take_host("web2.example.org");
  take_host("web3");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, "web2");
  ck_assert_uint_eq(model.values_len, 4);
}
END_TEST

START_TEST(this_machine_is_chosen_among_many_with_its_domain_or_without) {
  begin(NULL, "web2");
  take_host("web1");
  take_host(_i ? "web2" : "web2.example.org");
  take_host("web22");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, _i ? "web2" : "web2.example.org");
  ck_assert_uint_eq(model.values_len, 4);
}
END_TEST

START_TEST(several_hosts_are_named) {
  begin(NULL, "elsewhere");
  take_host("web1");
  take_host("web2");
  ck_assert_int_eq(end(), -1);
  ck_assert_str_eq(
      problem,
      "the daemon has values of 2 hosts; name one with -H: web1, web2");
}
END_TEST

START_TEST(of_many_hosts_eight_are_named_and_none_is_cut) {
  char host[128];
  begin(NULL, "");
  for (int i = 0; i < 20000; i++) {
    snprintf(host, sizeof(host), "host-%05d", i);
    take_host(host);
  }
  ck_assert_int_eq(end(), -1);
  assert_said("values of 20000 hosts; name one with -H: host-00000, ");
  assert_said(", host-00007 and 19992 more");

  begin(NULL, "");
  memset(host, 'h', sizeof(host));
  host[127] = '\0';
  take_host("a");
  take_host(host);
  host[126] = 'i';
  take_host(host);
  ck_assert_int_eq(end(), -1);
  assert_said("name one with -H: a, hhh");
  assert_said("h and 1 more");
}
END_TEST

START_TEST(an_unknown_host_is_said_and_the_known_ones_are_named) {
  begin("web9", "web1");
  take_host("web1");
  ck_assert_int_eq(end(), -1);
  ck_assert_str_eq(problem, "the daemon has no values of tcpstates from host "
                            "web9; it has values of web1");
}
END_TEST

START_TEST(without_tcpstates_the_missing_line_is_named) {
  begin(NULL, "web1");
  take("1.0 web1/cpu-0/cpu-idle");
  take("1.0 web1/tcpstates-ipv4/tcp_connections-SYN_RECV");
  ck_assert_int_eq(end(), -1);
  assert_said("\"LoadPlugin tcpstates\" in collectd.conf?");
}
END_TEST

/* Its last values are about to expire. */
START_TEST(a_host_without_readings_is_not_chosen) {
  begin(NULL, "elsewhere");
  take("1.0 web1/baseline-syn_flood/gauge-severity");
  take_host("web2");
  ck_assert_int_eq(end(), 0);
  ck_assert_str_eq(model.host, "web2");
  begin("web1", "elsewhere");
  take("1.0 web1/baseline-syn_flood/gauge-severity");
  take_host("web2");
  ck_assert_int_eq(end(), -1);
  assert_said("from host web1; it has values of web2");
}
END_TEST

START_TEST(more_values_than_there_is_room_for_are_left_out) {
  char line[128];
  begin(NULL, "");
  for (int i = 0; i < HOST_MODEL_VALUES_MAX + 10; i++) {
    snprintf(line, sizeof(line), "1.0 web1/tcpstates-all/gauge-%d", i);
    take(line);
  }
  ck_assert_int_eq(end(), 0);
  ck_assert_uint_eq(model.values_len, HOST_MODEL_VALUES_MAX);
}
END_TEST

SUITE(listing) {
  Suite *suite = suite_create("listing");
  TCase *tcase = tcase_create("listing");
  tcase_add_test(tcase, a_line_is_taken_apart);
  tcase_add_loop_test(tcase, what_is_no_value_is_refused, 0, NO_VALUES);
  tcase_add_test(tcase, the_only_host_is_chosen_with_its_values_and_times);
  tcase_add_test(tcase, the_wanted_host_is_chosen_among_many);
  tcase_add_loop_test(
      tcase, this_machine_is_chosen_among_many_with_its_domain_or_without, 0,
      2);
  tcase_add_test(tcase, several_hosts_are_named);
  tcase_add_test(tcase, of_many_hosts_eight_are_named_and_none_is_cut);
  tcase_add_test(tcase, an_unknown_host_is_said_and_the_known_ones_are_named);
  tcase_add_test(tcase, without_tcpstates_the_missing_line_is_named);
  tcase_add_test(tcase, a_host_without_readings_is_not_chosen);
  tcase_add_test(tcase, more_values_than_there_is_room_for_are_left_out);
  suite_add_tcase(suite, tcase);
  return suite;
}
