/* finding: what every incident says in the same way. */
#include "scenes/suite.h"
#include "verdict/incidents/finding.h"

#include <math.h>

static const struct {
  enum severity severity;
  double since_s, time_s, open_s;
} spans[] = {{SEVERITY_WARNING, 1000, 1000, 0},
             {SEVERITY_WARNING, 1000, 1010, 10},
             {SEVERITY_FAILURE, 1000, 87400, 86400},
             {SEVERITY_FAILURE, 1000, 400, 0}, /* the clock was set back */
             {SEVERITY_OKAY, 1000, 1010, 0},
             {SEVERITY_OKAY, 0, 1010, 0}};

START_TEST(an_open_incident_counts_from_when_it_was_raised) {
  struct finding finding = {.judged = true,
                            .severity = spans[_i].severity,
                            .since_s = spans[_i].since_s};
  ck_assert_double_eq(finding_open_s(&finding, spans[_i].time_s),
                      spans[_i].open_s);
}
END_TEST

START_TEST(silence_closes_and_knows_no_figure) {
  struct finding finding = {.observed = 7, .evidence = 3};
  struct incident incident;
  incident_init(&incident);
  incident.severity = SEVERITY_FAILURE;
  incident.since_s = 1000;
  finding_silence(&finding, &incident);
  ck_assert_int_eq(incident.severity, SEVERITY_OKAY);
  ck_assert(finding.judged);
  ck_assert_int_eq(finding.severity, SEVERITY_OKAY);
  ck_assert_int_eq(finding.change, INCIDENT_SILENT);
  ck_assert_double_eq(finding.since_s, 1000);
  ck_assert(isnan(finding.observed) && isnan(finding.expected));
  ck_assert_uint_eq(finding.evidence, 0);
}
END_TEST

START_TEST(a_score_has_a_ceiling) {
  ck_assert_double_eq(finding_score(12.5), 12.5);
  ck_assert_double_eq(finding_score(317000), 1000);
  ck_assert_double_eq(finding_score(-76269), -1000);
  ck_assert_double_eq(finding_score(INFINITY), 1000);
  ck_assert(isnan(finding_score(NAN)));
}
END_TEST

SUITE(finding) {
  Suite *suite = suite_create("finding");
  TCase *tcase = tcase_create("finding");
  tcase_add_loop_test(tcase, an_open_incident_counts_from_when_it_was_raised, 0,
                      sizeof(spans) / sizeof(spans[0]));
  tcase_add_test(tcase, a_score_has_a_ceiling);
  tcase_add_test(tcase, silence_closes_and_knows_no_figure);
  suite_add_tcase(suite, tcase);
  return suite;
}
