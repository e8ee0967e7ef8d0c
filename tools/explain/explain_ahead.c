/* See explain_ahead.h. */
#include "explain_ahead.h"

#include "explain_tree.h"

static const char *readings(int count) {
  return count == 1 ? "reading" : "readings";
}

static void print_raise(const struct explain_page *page,
                        const struct explain_case *is,
                        const struct incident_outlook *ahead) {
  fputs("\n  FOR A WARNING\n", page->out);
  explain_page_say(page, 2,
                   "Evidence in %d of %d readings in a row; %d of the last %d "
                   "had it.%s",
                   ahead->votes_needed, ahead->votes_of, ahead->votes,
                   ahead->votes_of,
                   is->certain < 0 ? "" : " Or one that is beyond doubt:");
  if (is->certain >= 0)
    explain_tree_rule(page, 4, is, is->certain);
}

static void print_worsen(const struct explain_page *page,
                         const struct explain_case *is,
                         const struct incident *incident,
                         const struct incident_outlook *ahead) {
  bool is_one = incident->severity == SEVERITY_FAILURE;

  fprintf(page->out, "\n  %s\n", is_one ? "A FAILURE IS" : "FOR A FAILURE");
  if (is->failure < 0) {
    explain_page_say(page, 2, "It stays a WARNING, whatever comes.");
    return;
  }
  explain_page_say(page, 2, "This, in %d %s in a row; %d so far.%s",
                   ahead->failures_needed, readings(ahead->failures_needed),
                   ahead->failures,
                   is_one ? " It stays one until its OKAY." : "");
  explain_tree_rule(page, 4, is, is->failure);
}

static void print_adoption(const struct explain_page *page,
                           const struct incident *incident,
                           const struct incident_outlook *ahead) {
  char usual[EXPLAIN_FIGURE_MAX], anyway[EXPLAIN_FIGURE_MAX];
  const char *after = explain_page_duration(ahead->adopted_anyway_s, anyway);

  explain_page_duration(ahead->adopted_s, usual);
  if (incident->attack) {
    explain_page_say(page, 2,
                     "It was an attack by its evidence: it never becomes "
                     "normal. If it is harmless, raise MinExcess above twice "
                     "its excess, or the limit of its evidence.");
    return;
  }
  if (incident->severity == SEVERITY_WARNING)
    explain_page_say(page, 2,
                     "Or, open for %s and no attack by its evidence, it is "
                     "taken for the new normal; after %s whatever it is.",
                     usual, after);
  else
    explain_page_say(page, 2,
                     "Or, open for %s, it is taken for the new normal.", after);
}

static void print_clear(const struct explain_page *page,
                        const struct explain_case *is,
                        const struct incident *incident,
                        const struct incident_outlook *ahead) {
  int left = ahead->calm_needed - ahead->calm;

  fputs("\n  FOR AN OKAY\n", page->out);
  explain_page_say(
      page, 2, "%d calm %s in a row; %d so far, %d still needed. Calm is:",
      ahead->calm_needed, readings(ahead->calm_needed), ahead->calm, left);
  explain_tree_rule(page, 4, is, is->calm);
  print_adoption(page, incident, ahead);
}

void explain_ahead(const struct explain_page *page,
                   const struct explain_view *view, enum incident_kind kind,
                   const struct explain_case *is) {
  const struct incident *incident = explain_view_incident(view, kind);
  struct incident_outlook ahead;

  incident_look_ahead(incident, &view->rules->incident[kind], &ahead);
  if (incident->severity == SEVERITY_OKAY) {
    print_raise(page, is, &ahead);
    return;
  }
  print_worsen(page, is, incident, &ahead);
  print_clear(page, is, incident, &ahead);
}
