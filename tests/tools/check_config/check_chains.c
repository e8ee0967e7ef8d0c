/* chains_check: which filter chains keep values from baseline. tests/daemon
 * asks the real daemon about some of the same chains. */
#include "read_site.h"
#include "scenes/suite.h"

#include <string.h>

#define LOADED "LoadPlugin match_regex\nLoadPlugin match_value\n"
#define CHAIN(name, lines) LOADED "<Chain \"" name "\">\n" lines "</Chain>\n"
#define WRITE_CSV "<Target \"write\">\nPlugin \"csv\"\n</Target>\n"
#define WRITE_BOTH                                                             \
  "<Target \"write\">\nPlugin \"csv\" \"Baseline\"\n</Target>\n"
#define REGEX(lines) "<Match \"regex\">\n" lines "</Match>\n"
#define RULE(lines) "<Rule>\n" lines "</Rule>\n"

static struct read_site site;

static void check_text(const char *text) {
  read_site_begin(&site, text);
  chains_check(&site.site);
}

static void tear_down(void) { read_site_end(&site); }

static const char *const fine[] = {
    "LoadPlugin csv\n",
    CHAIN("PostCache", "Target \"write\"\n"),
    CHAIN("PostCache", WRITE_CSV WRITE_BOTH),
    CHAIN("PreCache", RULE(REGEX("Plugin \"^cpu$\"\n") "Target \"stop\"\n")),
    CHAIN("PreCache",
          RULE(REGEX(
              "Plugin \"^tcp\"\nPluginInstance \"^ipv4\"\n") "Target "
                                                             "\"stop\"\n")),
    CHAIN("PreCache",
          RULE(REGEX("Plugin \"^tcp\"\nInvert true\n") "Target \"stop\"\n")),
    CHAIN("PreCache", "Target \"return\"\n"),
    CHAIN("PostCache",
          RULE(REGEX("Plugin \"^tcpstates$\"\n") "Target \"write\"\n"
                                                 "Target \"stop\"\n")
              WRITE_CSV),
    /* of a name that nobody calls */
    CHAIN("Other", "Target \"stop\"\n"),
    "PostCacheChain \"Mine\"\n" CHAIN("PostCache", WRITE_CSV),
    /* a chain that calls another one, and itself */
    CHAIN("PostCache", "<Target \"jump\">\nChain \"B\"\n</Target>\n")
        CHAIN("B", "Target \"write\"\n"),
    CHAIN("PostCache", "Target \"write\"\n"
                       "<Target \"jump\">\nChain \"PostCache\"\n</Target>\n"),
    /* two blocks of a name are one chain */
    CHAIN("PostCache", WRITE_CSV) CHAIN("postcache", "Target \"write\"\n"),
};

START_TEST(chain_that_lets_all_through_is_no_finding) {
  check_text(fine[_i]);
  ck_assert_msg(site.findings.len == 0, "%s", read_site_all(&site));
}
END_TEST

/* line: of the target or chain that is to blame. */
static const struct {
  const char *text;
  enum findings_severity severity;
  unsigned line;
  const char *words;
} losing[] = {
    {CHAIN("PostCache", WRITE_CSV), FINDINGS_ERROR, 3, "keeps 31 of the 31"},
    {CHAIN("PostCache", RULE(REGEX("Plugin \"x\"\n") "Target \"write\"\n")),
     FINDINGS_ERROR, 3, "keeps 31 of the 31"},
    {CHAIN("PreCache", RULE(REGEX("Plugin \"^tcp\"\n") "Target \"stop\"\n")),
     FINDINGS_ERROR, 8, "keeps 31 of the 31"},
    {CHAIN("PreCache",
           RULE(REGEX("Type \"^protocol_counter$\"\n") "Target \"stop\"\n")),
     FINDINGS_ERROR, 8,
     "keeps 11 of the 31 values that baseline judges from it, such as "
     "tcpstates-all/protocol_counter-PassiveOpens"},
    {CHAIN("PreCache", RULE("<Match \"value\">\nMax 5\n</Match>\n"
                            "Target \"stop\"\n")),
     FINDINGS_WARNING, 8, "may keep 31 of the 31"},
    {CHAIN("PostCache", RULE("<Match \"value\">\nMax 5\n</Match>\n"
                             "Target \"write\"\nTarget \"stop\"\n") WRITE_CSV),
     FINDINGS_WARNING, 3, "may keep 31 of the 31"},
    {"Hostname \"web1\"\n" CHAIN(
         "PreCache", RULE(REGEX("Host \"^web\"\n") "Target \"stop\"\n")),
     FINDINGS_ERROR, 9, "keeps 31 of the 31"},
    {CHAIN("PreCache", RULE(REGEX("Host \"^web\"\n") "Target \"stop\"\n")),
     FINDINGS_WARNING, 8, "may keep 31 of the 31"},
    {"PostCacheChain \"Mine\"\n" CHAIN("Mine", WRITE_CSV), FINDINGS_ERROR, 4,
     "keeps 31 of the 31"},
    {CHAIN("PostCache", "<Target \"jump\">\nChain \"B\"\n</Target>\n"
                        "Target \"write\"\n") CHAIN("B", "Target \"stop\"\n"),
     FINDINGS_ERROR, 12, "keeps 31 of the 31"},
    {CHAIN("PostCache", "Target \"return\"\n"), FINDINGS_ERROR, 3,
     "keeps 31 of the 31"},
    {"<Chain \"PostCache\">\n" RULE(
         REGEX("Plugin \"x\"\n") "Target \"stop\"\n") "Target \"write\"\n"
                                                      "</Chain>\n",
     FINDINGS_ERROR, 3, "it needs LoadPlugin match_regex, before the chain"},
    {"<Chain \"PostCache\">\n<Target \"replace\">\nHost \"a\" \"b\"\n"
     "</Target>\nTarget \"write\"\n</Chain>\nLoadPlugin target_replace\n",
     FINDINGS_ERROR, 2, "it needs LoadPlugin target_replace, before the chain"},
    {CHAIN("PreCache", RULE(REGEX("Plugin \"(\"\n") "Target \"return\"\n")),
     FINDINGS_ERROR, 6, "collectd refuses this chain: \"(\": "},
};

START_TEST(chain_that_loses_values_is_named) {
  check_text(losing[_i].text);
  ck_assert_msg(site.findings.len == 1 &&
                    read_site_found(&site, losing[_i].severity, losing[_i].line,
                                    losing[_i].words),
                "%u %s is not\n%s", losing[_i].line, losing[_i].words,
                read_site_all(&site));
}
END_TEST

START_TEST(without_baseline_a_chain_may_do_what_it_likes) {
  read_site_begin(&site, CHAIN("PostCache", WRITE_CSV));
  site.site.has_baseline = false;
  chains_check(&site.site);
  ck_assert_uint_eq(site.findings.len, 0);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

SUITE(chains) {
  Suite *suite = suite_create("chains");
  TCase *tcase = tcase_create("chains");

  tcase_add_checked_fixture(tcase, NULL, tear_down);
  tcase_add_loop_test(tcase, chain_that_lets_all_through_is_no_finding, 0,
                      COUNT(fine));
  tcase_add_loop_test(tcase, chain_that_loses_values_is_named, 0,
                      COUNT(losing));
  tcase_add_test(tcase, without_baseline_a_chain_may_do_what_it_likes);
  suite_add_tcase(suite, tcase);
  return suite;
}
