/* The table and the JSON of `collectd-baseline status --all-hosts`. */
#define _GNU_SOURCE
#include "scenes/suite.h"
#include "status/fleet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double noon = 1769860800; /* 2026-01-31 12:00:00 UTC */

static struct fleet fleet;
static char *text;

static void tear_down(void) {
  fleet_release(&fleet);
  free(text);
  text = NULL;
}

static void list_host(const char *host, double severity, double open_s) {
  char line[256];
  snprintf(line, sizeof(line), "%.3f %s/baseline-syn_flood/gauge-severity",
           noon, host);
  ck_assert_int_eq(fleet_take(&fleet, line), 0);
  snprintf(line, sizeof(line), "%.3f %s/tcpstates-all/percent-completion", noon,
           host);
  ck_assert_int_eq(fleet_take(&fleet, line), 0);
  if (!fleet.last_taken)
    return;
  fleet.hosts[fleet.len - 1].severity[INCIDENT_SYN_FLOOD] = severity;
  fleet.hosts[fleet.len - 1].open_s[INCIDENT_SYN_FLOOD] = open_s;
}

static void list_three(void) {
  list_host("db1", 0, NAN);
  list_host("shop@web1", 2, 296);
  list_host("web1", 1, NAN);
  fleet_sort(&fleet, noon + 4, 20);
}

static void write_with(void (*write)(FILE *, const struct status_fleet *),
                       size_t shown, bool colour) {
  size_t len = 0;
  struct status_fleet view = {&fleet, shown, noon + 4, colour};
  free(text);
  FILE *out = open_memstream(&text, &len);
  ck_assert_ptr_nonnull(out);
  write(out, &view);
  fclose(out);
}

START_TEST(a_line_a_host_the_worst_first) {
  list_three();
  write_with(status_fleet_draw, 3, false);
  ck_assert_str_eq(text, "3 hosts: 1 FAILURE, 1 WARNING, 0 not judged, 1 OKAY\n"
                         "\n"
                         "FAILURE shop@web1             syn_flood FAILURE 5 "
                         "min\n"
                         "WARNING web1                  syn_flood WARNING\n"
                         "OKAY    db1\n");
}
END_TEST

START_TEST(what_is_left_out_is_counted) {
  fleet.patterns = "*web1";
  list_three();
  write_with(status_fleet_draw, 1, true);
  ck_assert_ptr_nonnull(strstr(text, "2 hosts: 1 FAILURE, 1 WARNING, 0 not "
                                     "judged, 0 OKAY (of 3)\n"));
  ck_assert_ptr_nonnull(strstr(text, "\033[1;31mFAILURE\033[0m shop@web1"));
  ck_assert_ptr_nonnull(strstr(text, "\nand 1 more; --limit 0 shows all\n"));
}
END_TEST

START_TEST(json_has_what_is_open) {
  list_three();
  write_with(status_fleet_json, 1, false);
  ck_assert_str_eq(
      text, "{\"hosts\":3,\"known\":3,\"failure\":1,\"warning\":1,"
            "\"not_judged\":0,\"okay\":1,\"left_out\":2,\"list\":[{"
            "\"host\":\"shop@web1\",\"severity\":\"FAILURE\","
            "\"time\":1769860800,\"judged\":1769860800,\"silent\":false,"
            "\"incidents\":[{\"name\":\"syn_flood\",\"severity\":\"FAILURE\","
            "\"since\":1769860504,\"silenced\":false}]}]}\n");
}
END_TEST

SUITE(status_fleet) {
  Suite *suite = suite_create("status_fleet");
  TCase *tcase = tcase_create("status_fleet");
  tcase_add_checked_fixture(tcase, NULL, tear_down);
  tcase_add_test(tcase, a_line_a_host_the_worst_first);
  tcase_add_test(tcase, what_is_left_out_is_counted);
  tcase_add_test(tcase, json_has_what_is_open);
  suite_add_tcase(suite, tcase);
  return suite;
}
