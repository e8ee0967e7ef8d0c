/* ours_check: every mistake in the blocks of tcpstates and baseline, not only
 * the first, each with its line. */
#include "read_site.h"
#include "scenes/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct read_site site;

static void check_text(const char *text) {
  read_site_begin(&site, text);
  ours_check(&site.site);
}

static void tear_down(void) { read_site_end(&site); }

/* Any number of mistakes, all of them wanted: "LINE words", NULL at the end. */
static const struct {
  const char *text;
  const char *wanted[8];
} mistakes[] = {
    {"<Plugin baseline>\nBogus 1\nWarmUp -1\nWarmUp\\\n 1 2\nMaxHosts 2.5\n"
     "</Plugin>\n",
     {"2 unknown option Bogus; known are: StateFile", "3 option WarmUp is -1",
      "4 option WarmUp needs exactly one value", "6 option MaxHosts is 2.5",
      NULL}},
    {"<Plugin baseline>\n<Incident \"flood\">\nSigmas 5\n</Incident>\n"
     "<Incident>\nSigmas 1\n</Incident>\n<Bogus \"x\">\nA 1\n</Bogus>\n"
     "<Incident \"syn_flood\">\nBogus 1\nEnable maybe\n<Sigmas 5>\nA 1\n"
     "</Sigmas>\n</Incident>\n</Plugin>\n",
     {"2 unknown incident \"flood\"; known are: syn_flood",
      "5 block <Incident> needs exactly one name", "8 unknown block <Bogus>",
      "12 unknown option Bogus in this block of syn_flood",
      "13 option Enable is \"maybe\"; it must be true or",
      "14 option Sigmas needs exactly one value", NULL}},
    {"<Plugin baseline>\n<Watch \"a\">\nSigmas 5\n</Watch>\n"
     "<Watch \"b\">\nPlugin \"b\"\n</Watch>\n<Watch \"c\">\nSigmas 6\n"
     "</Watch>\n</Plugin>\n<Plugin baseline>\n<Incident \"syn_flood\">\n"
     "CompletionFailure 80\n</Incident>\n</Plugin>\n",
     {"2 <Watch \"a\"> has no pattern", "8 <Watch \"c\"> has no pattern",
      "13 option CompletionFailure is 80; it must not be above", NULL}},
    {"<Plugin baseline>\n<Watch \"a/b\">\nPlugin \"x\"\n</Watch>\n"
     "<Watch \"x\">\nPlugin \"x\"\nDirection up\n</Watch>\n</Plugin>\n",
     {"2 <Watch \"a/b\">: the name must have 1 to",
      "7 option Direction is \"up\"; it must be one of", NULL}},
    {"<Plugin tcpstates>\nBogus 1\nSource \"both\"\nReadBudget 0\n"
     "LocalPort 70000\nReportCounters 2\nVarianceWindow 10 20\n"
     "<Source \"auto\">\nA 1\n</Source>\n</Plugin>\n",
     {"2 unknown option Bogus; known are Source", "3 option Source is \"both\"",
      "4 option ReadBudget is 0", "5 option LocalPort is 70000",
      "6 option ReportCounters is 2; it must be true or false",
      "7 option VarianceWindow has 2 values",
      "8 option Source is a block; it must be one value", NULL}},
    {"<Plugin tcpstates>\nHalfOpenBy bpf\nPeaks true\n</Plugin>\n"
     "<Plugin tcpstates>\nSource proc\nReportCounters true\n</Plugin>\n",
     {"6 option HalfOpenBy is \"bpf\", which needs netlink, but option Source",
      NULL}},
    {"<Plugin tcpstates>\nHalfOpenBy walk\nCountSyns true\n"
     "HalfOpenBy bpf\nHalfOpenBy walk\n</Plugin>\n",
     {"5 option CountSyns is true, which needs BPF, but option HalfOpenBy",
      NULL}},
};

START_TEST(every_mistake_is_named_with_its_line) {
  size_t wanted = 0;

  check_text(mistakes[_i].text);
  for (; mistakes[_i].wanted[wanted] != NULL; wanted++) {
    char *words = NULL;
    unsigned line = (unsigned)strtoul(mistakes[_i].wanted[wanted], &words, 10);
    ck_assert_msg(read_site_found(&site, FINDINGS_ERROR, line, words + 1),
                  "\"%s\" is not in\n%s", mistakes[_i].wanted[wanted],
                  read_site_all(&site));
  }
  ck_assert_msg(site.findings.count[FINDINGS_ERROR] == wanted,
                "more than %zu:\n%s", wanted, read_site_all(&site));
}
END_TEST

START_TEST(what_the_plugins_accept_is_no_finding) {
  check_text("LoadPlugin baseline\n<PLUGIN \"BaseLine\">\n"
             "warmup \"300\"\nStateFile \"\"\nIncident \"syn_flood\"\n"
             "<Incident \"state_shift\">\nEnable \"yes\"\n</Incident>\n"
             "<Incident \"syn_flood\">\nCompletionFailure 80\n</Incident>\n"
             "</PLUGIN>\n<Plugin baseline>\n<Incident \"syn_flood\">\n"
             "CompletionWarning 90\n</Incident>\n"
             "<Watch \"x\">\nPlugin \"*\"\n</Watch>\n</Plugin>\n"
             "<Plugin tcpstates>\nSource Proc\nReadBudget \"7\"\n"
             "LocalPort 80\nLocalPort 443\nReportCounters \"off\"\n</Plugin>\n"
             "<Plugin tcpstates>\nHalfOpenBy \"bpf\"\n</Plugin>\n"
             "<Plugin tcpstates>\nHalfOpenBy \"walk\"\n</Plugin>\n"
             "<Plugin cpu>\nWarmUp -1\n</Plugin>\n");
  ck_assert_msg(site.findings.len == 0, "%s", read_site_all(&site));
  ck_assert_double_eq(site.site.rules.warm_up_s, 300);
  ck_assert_uint_eq(site.site.reading.ports_len, 2);
  ck_assert(!site.site.reading.metrics.counters);
}
END_TEST

START_TEST(what_is_set_twice_in_a_block_is_a_warning) {
  check_text("<Plugin baseline>\nWarmUp 5\n<Incident \"syn_flood\">\n"
             "Sigmas 5\nsigmas 6\n</Incident>\nWarmUp 6\n</Plugin>\n"
             "<Plugin baseline>\nWarmUp 7\n</Plugin>\n"
             "<Plugin tcpstates>\nSource auto\nSource proc\n</Plugin>\n");
  ck_assert(read_site_found(&site, FINDINGS_WARNING, 2,
                            "WarmUp is set again in line 7"));
  ck_assert(read_site_found(&site, FINDINGS_WARNING, 4,
                            "Sigmas is set again in line 5"));
  ck_assert(read_site_found(&site, FINDINGS_WARNING, 13,
                            "Source is set again in line 14"));
  ck_assert_msg(site.findings.len == 3, "%s", read_site_all(&site));
}
END_TEST

START_TEST(findings_beyond_the_limit_are_counted) {
  size_t size = 20 * (FINDINGS_MAX + 10);
  char *text = malloc(size);

  ck_assert_ptr_nonnull(text);
  size_t used = (size_t)snprintf(text, size, "<Plugin baseline>\n");
  for (int i = 0; i < FINDINGS_MAX + 5; i++)
    used += (size_t)snprintf(text + used, size - used, "Bogus%d 1\n", i);
  snprintf(text + used, size - used, "</Plugin>\n");
  check_text(text);
  ck_assert_uint_eq(site.findings.len, FINDINGS_MAX);
  ck_assert_uint_eq(site.findings.count[FINDINGS_ERROR], FINDINGS_MAX + 5);
  free(text);
}
END_TEST

SUITE(ours) {
  Suite *suite = suite_create("ours");
  TCase *tcase = tcase_create("ours");

  tcase_add_checked_fixture(tcase, NULL, tear_down);
  tcase_add_loop_test(tcase, every_mistake_is_named_with_its_line, 0,
                      (int)(sizeof(mistakes) / sizeof(mistakes[0])));
  tcase_add_test(tcase, what_the_plugins_accept_is_no_finding);
  tcase_add_test(tcase, what_is_set_twice_in_a_block_is_a_warning);
  tcase_add_test(tcase, findings_beyond_the_limit_are_counted);
  suite_add_tcase(suite, tcase);
  return suite;
}
