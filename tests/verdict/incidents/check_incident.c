/* incident: votes, severity, calm, the memory of a pulsed attack, and what all
 * findings have in common. */
#include "scenes/suite.h"
#include "verdict/incidents/incident.h"

#include <math.h>

static const struct incident_evidence quiet = {.calm = true};
static const struct incident_evidence restless = {.calm = false};
static const struct incident_evidence vote = {.present = true};
static const struct incident_evidence certain = {.present = true,
                                                 .certain = true};
static const struct incident_evidence grave = {.present = true,
                                               .failure = true};
static const struct incident_evidence answered = {.present = true,
                                                  .adoptable = true};

static struct incident incident;
static struct incident_rules limits;
static double time_s;

static void setup(void) {
  limits = (struct incident_rules){.enable = true,
                                   .raise_after = 2,
                                   .clear_after = 4,
                                   .adopt_after_s = 14400,
                                   .remind_s = 0};
  time_s = 1000;
  incident_init(&incident);
}

static enum incident_change step_of(struct incident_evidence evidence,
                                    double dt_s) {
  time_s += dt_s;
  return incident_step(&incident, &limits, &evidence, time_s, dt_s);
}

static enum incident_change step(struct incident_evidence evidence) {
  return step_of(evidence, 10);
}

/* Steps until something changes, at most `most`: how many, or 0. */
static int steps_until(enum incident_change wanted,
                       struct incident_evidence evidence, int most) {
  for (int i = 1; i <= most; i++) {
    enum incident_change change = step(evidence);
    if (change != INCIDENT_UNCHANGED)
      return change == wanted ? i : -i;
  }
  return 0;
}

START_TEST(what_is_ahead_comes_after_so_many_steps) {
  struct incident_outlook ahead;
  limits.raise_after = 3;
  incident_look_ahead(&incident, &limits, &ahead);
  ck_assert_int_eq(ahead.votes_needed, 3);
  ck_assert_int_eq(ahead.votes_of, 4);
  step(vote);
  step(restless);
  incident_look_ahead(&incident, &limits, &ahead);
  ck_assert_int_eq(ahead.votes, 1);
  ck_assert_int_eq(steps_until(INCIDENT_RAISED, vote, 9),
                   ahead.votes_needed - ahead.votes);
  step(grave);
  incident_look_ahead(&incident, &limits, &ahead);
  ck_assert_int_eq(ahead.failures, 1);
  ck_assert_int_eq(steps_until(INCIDENT_WORSENED, grave, 9),
                   ahead.failures_needed - ahead.failures);
  step(quiet);
  incident_look_ahead(&incident, &limits, &ahead);
  ck_assert_int_eq(ahead.calm, 1);
  ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 99),
                   ahead.calm_needed - ahead.calm);
  ck_assert_double_eq(ahead.adopted_s, 14400);
  ck_assert_double_eq(ahead.adopted_anyway_s, 72 * 3600);
}
END_TEST

START_TEST(one_vote_raises_nothing) {
  ck_assert_int_eq(step(vote), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step(quiet), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step(quiet), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step(vote), INCIDENT_UNCHANGED);
  ck_assert_int_eq(incident.severity, SEVERITY_OKAY);
  ck_assert_double_eq(incident.since_s, 0);
}
END_TEST

START_TEST(two_of_three_raise_a_warning) {
  step(vote);
  step(restless);
  ck_assert_int_eq(step(vote), INCIDENT_RAISED);
  ck_assert_int_eq(incident.severity, SEVERITY_WARNING);
  ck_assert_double_eq(incident.since_s, 1030);
}
END_TEST

START_TEST(raise_after_is_that_many_of_one_more) {
  for (int votes = 1; votes <= 7; votes++) {
    setup();
    limits.raise_after = votes;
    step(vote);
    if (votes > 1)
      ck_assert_int_eq(step(restless), INCIDENT_UNCHANGED);
    for (int i = 2; i < votes; i++)
      ck_assert_int_eq(step(vote), INCIDENT_UNCHANGED);
    if (votes > 1)
      ck_assert_int_eq(step(vote), INCIDENT_RAISED);
    ck_assert_int_eq(incident.severity, SEVERITY_WARNING);
  }
}
END_TEST

START_TEST(certain_evidence_raises_at_once) {
  ck_assert_int_eq(step(certain), INCIDENT_RAISED);
}
END_TEST

START_TEST(failure_needs_two_in_a_row) {
  step(certain);
  ck_assert_int_eq(step(grave), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step(vote), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step(grave), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step(grave), INCIDENT_WORSENED);
  ck_assert_int_eq(incident.severity, SEVERITY_FAILURE);
  ck_assert_int_eq(step(grave), INCIDENT_UNCHANGED);
}
END_TEST

START_TEST(what_is_raised_begins_as_a_warning) {
  step(grave);
  ck_assert_int_eq(step(grave), INCIDENT_RAISED);
  ck_assert_int_eq(incident.severity, SEVERITY_WARNING);
  ck_assert_int_eq(step(grave), INCIDENT_WORSENED);
}
END_TEST

START_TEST(severity_never_falls_while_open) {
  step(certain);
  step(grave);
  step(grave);
  for (int i = 0; i < 300; i++) {
    step(i % 4 == 3 ? vote : quiet);
    ck_assert_int_eq(incident.severity, SEVERITY_FAILURE);
  }
}
END_TEST

START_TEST(four_calm_snapshots_in_a_row_clear) {
  step(certain);
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(step(quiet), INCIDENT_UNCHANGED);
  step(restless);
  ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 9), 4);
  ck_assert_int_eq(incident.severity, SEVERITY_OKAY);
}
END_TEST

START_TEST(calm_before_the_raise_does_not_count) {
  for (int i = 0; i < 100; i++)
    step(quiet);
  step(certain);
  ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 9), 4);
}
END_TEST

START_TEST(votes_do_not_outlive_their_incident) {
  limits.clear_after = 1;
  step(vote);
  step(vote);
  ck_assert_int_eq(step(quiet), INCIDENT_CLEARED);
  ck_assert_int_eq(step(vote), INCIDENT_UNCHANGED);
}
END_TEST

START_TEST(each_raise_within_ten_minutes_doubles_the_calm_needed_up_to_64) {
  const int needed[] = {4, 8, 16, 32, 64, 64, 64};
  for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
    ck_assert_int_eq(step(certain), INCIDENT_RAISED);
    ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 100), needed[i]);
  }
}
END_TEST

START_TEST(a_raise_after_ten_minutes_is_a_new_one) {
  step(certain);
  steps_until(INCIDENT_CLEARED, quiet, 9);
  step_of(quiet, 595);
  step(certain); /* 605 s after the OKAY */
  ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 9), 4);
  step_of(quiet, 585);
  step(certain); /* 595 s after the OKAY */
  ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 9), 8);
}
END_TEST

START_TEST(each_calm_hour_halves_it_again) {
  for (int i = 0; i < 7; i++) {
    step(certain);
    steps_until(INCIDENT_CLEARED, quiet, 100);
  }
  for (int needed = 32; needed >= 4; needed /= 2) {
    step_of(quiet, 3600);
    step(certain);
    ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 100), needed);
  }
}
END_TEST

START_TEST(clear_after_64_stays_64) {
  limits.clear_after = 64;
  for (int i = 0; i < 3; i++) {
    step(certain);
    ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 200), 64);
  }
}
END_TEST

START_TEST(an_answered_warning_becomes_normal_after_adopt_after) {
  step(certain);
  ck_assert_int_eq(steps_until(INCIDENT_ADOPTED, answered, 2000), 1440);
  ck_assert_int_eq(incident.severity, SEVERITY_OKAY);
}
END_TEST

START_TEST(unanswered_it_takes_72_hours) {
  step(certain);
  for (int i = 1; i < 72 * 6; i++)
    ck_assert_int_eq(step_of(vote, 600), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step_of(vote, 600), INCIDENT_ADOPTED);
}
END_TEST

START_TEST(a_failure_takes_72_hours_even_where_answered) {
  step(certain);
  step_of(grave, 300);
  step_of(grave, 300);
  for (int i = 2; i < 72 * 6; i++)
    ck_assert_int_eq(step_of(answered, 600), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step_of(answered, 600), INCIDENT_ADOPTED);
}
END_TEST

START_TEST(nothing_is_adopted_before_adopt_after) {
  limits.adopt_after_s = 720000;
  step(certain);
  for (int i = 1; i < 1200; i++)
    ck_assert_int_eq(step_of(i % 2 ? answered : vote, 600), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step_of(answered, 600), INCIDENT_ADOPTED);
}
END_TEST

START_TEST(remind_repeats_an_open_incident_only) {
  limits.remind_s = 300;
  limits.clear_after = 30;
  ck_assert_int_eq(steps_until(INCIDENT_REMINDED, quiet, 100), 0);
  step(certain);
  ck_assert_int_eq(steps_until(INCIDENT_REMINDED, vote, 100), 30);
  ck_assert_int_eq(steps_until(INCIDENT_REMINDED, vote, 100), 30);
  for (int i = 0; i < 10; i++)
    step(vote);
  step(grave);
  ck_assert_int_eq(step(grave), INCIDENT_WORSENED);
  ck_assert_int_eq(steps_until(INCIDENT_REMINDED, vote, 100), 30);
  ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 29), 0);
  ck_assert_int_eq(step(quiet), INCIDENT_CLEARED);
  ck_assert_int_eq(steps_until(INCIDENT_REMINDED, quiet, 100), 0);
}
END_TEST

START_TEST(without_remind_an_incident_speaks_once) {
  step(certain);
  ck_assert_int_eq(steps_until(INCIDENT_REMINDED, vote, 1000), 0);
}
END_TEST

START_TEST(an_interruption_voids_votes_and_keeps_what_is_open) {
  step(vote);
  incident_interrupt(&incident);
  ck_assert_int_eq(step(vote), INCIDENT_UNCHANGED);
  ck_assert_int_eq(step(vote), INCIDENT_RAISED);
  step(grave);
  for (int i = 0; i < 3; i++)
    step(quiet);
  incident_interrupt(&incident);
  ck_assert_int_eq(incident.severity, SEVERITY_WARNING);
  ck_assert_int_eq(step(grave), INCIDENT_UNCHANGED);
  ck_assert_int_eq(steps_until(INCIDENT_CLEARED, quiet, 9), 4);
}
END_TEST

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
  ck_assert_double_eq(incident_open_s(&finding, spans[_i].time_s),
                      spans[_i].open_s);
}
END_TEST

START_TEST(silence_closes_and_knows_no_figure) {
  struct finding finding = {.observed = 7, .evidence = 3};
  incident_init(&incident);
  incident.severity = SEVERITY_FAILURE;
  incident.since_s = 1000;
  incident_silence(&finding, &incident);
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
  ck_assert_double_eq(incident_score(12.5), 12.5);
  ck_assert_double_eq(incident_score(317000), 1000);
  ck_assert_double_eq(incident_score(-76269), -1000);
  ck_assert_double_eq(incident_score(INFINITY), 1000);
  ck_assert(isnan(incident_score(NAN)));
}
END_TEST

SUITE(incident) {
  Suite *suite = suite_create("incident");
  TCase *tests = tcase_create("steps");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, what_is_ahead_comes_after_so_many_steps);
  tcase_add_test(tests, one_vote_raises_nothing);
  tcase_add_test(tests, two_of_three_raise_a_warning);
  tcase_add_test(tests, raise_after_is_that_many_of_one_more);
  tcase_add_test(tests, certain_evidence_raises_at_once);
  tcase_add_test(tests, failure_needs_two_in_a_row);
  tcase_add_test(tests, what_is_raised_begins_as_a_warning);
  tcase_add_test(tests, severity_never_falls_while_open);
  tcase_add_test(tests, four_calm_snapshots_in_a_row_clear);
  tcase_add_test(tests, calm_before_the_raise_does_not_count);
  tcase_add_test(tests, votes_do_not_outlive_their_incident);
  tcase_add_test(
      tests, each_raise_within_ten_minutes_doubles_the_calm_needed_up_to_64);
  tcase_add_test(tests, a_raise_after_ten_minutes_is_a_new_one);
  tcase_add_test(tests, each_calm_hour_halves_it_again);
  tcase_add_test(tests, clear_after_64_stays_64);
  tcase_add_test(tests, an_answered_warning_becomes_normal_after_adopt_after);
  tcase_add_test(tests, unanswered_it_takes_72_hours);
  tcase_add_test(tests, a_failure_takes_72_hours_even_where_answered);
  tcase_add_test(tests, nothing_is_adopted_before_adopt_after);
  tcase_add_test(tests, remind_repeats_an_open_incident_only);
  tcase_add_test(tests, without_remind_an_incident_speaks_once);
  tcase_add_test(tests, an_interruption_voids_votes_and_keeps_what_is_open);
  suite_add_tcase(suite, tests);
  TCase *findings = tcase_create("findings");
  tcase_add_loop_test(findings, an_open_incident_counts_from_when_it_was_raised,
                      0, sizeof(spans) / sizeof(spans[0]));
  tcase_add_test(findings, a_score_has_a_ceiling);
  tcase_add_test(findings, silence_closes_and_knows_no_figure);
  suite_add_tcase(suite, findings);
  return suite;
}
