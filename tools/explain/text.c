/* See text.h. */
#include "text.h"

#include "brief.h"
#include "model.h"

#include <math.h>

enum { OLD_INTERVALS = 3 };

static void print_silenced(const struct explain_page *page,
                           const struct explain_source *source,
                           const char *host, const char *incident) {
  char until[WORDS_MAX];
  struct silences_found found =
      silences_find(&source->silences.silences, host, incident, page->now_s);

  if (found.until_s <= 0)
    return;
  explain_page_time(page, found.until_s, until);
  if (found.is_maintenance)
    explain_page_say(page, 2,
                     "Nothing is notified of it: silenced until %s by "
                     "<Maintenance \"%s\">.",
                     until, found.by);
  else
    explain_page_say(page, 2,
                     "Nothing is notified of it: silenced until %s by %s (%s).",
                     until, found.by[0] != '\0' ? found.by : "somebody",
                     found.why[0] != '\0' ? found.why : "no reason given");
}

/* How bad each open incident is, why, and what clears it, the worst first. */
static void print_open(const struct explain_page *page,
                       const struct explain_source *source,
                       const struct explain_view *view, int only,
                       enum severity severity) {
  char since[WORDS_MAX], span[WORDS_MAX];

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    const struct incident *incident =
        explain_view_incident(view, (enum incident_kind)i);
    if (incident->severity != severity || (only >= 0 && i != only))
      continue;
    explain_page_say(
        page, 0, "%s: %s. %s has been open for %s, since %s.", view->host.name,
        words_severity(severity), rules_incident_name((enum incident_kind)i),
        words_duration_prose(view->host.last.time_s - incident->since_s, span),
        explain_page_time(page, incident->since_s, since));
    print_silenced(page, source, view->host.name,
                   rules_incident_name((enum incident_kind)i));
    explain_brief_open(page, view, (enum incident_kind)i);
  }
}

/* Without an incident, or where the only one that is asked for is not open. */
static void print_calm(const struct explain_page *page,
                       const struct explain_view *view, int only) {
  if (!view->is_judged) {
    explain_page_say(page, 0, "%s: nothing has been judged yet.",
                     view->host.name);
    return;
  }
  if (only >= 0)
    explain_page_say(page, 0, "%s: %s is not open.", view->host.name,
                     rules_incident_name((enum incident_kind)only));
  else
    explain_page_say(page, 0, "%s: OKAY. No incident is open.",
                     view->host.name);
  explain_brief_calm(page, view, only);
}

static void print_verdict(const struct explain_page *page,
                          const struct explain_source *source,
                          const struct explain_view *view, int only) {
  enum severity worst =
      only < 0
          ? explain_view_severity(view)
          : explain_view_incident(view, (enum incident_kind)only)->severity;

  if (worst == SEVERITY_OKAY)
    print_calm(page, view, only);
  for (int severity = (int)worst; severity > SEVERITY_OKAY; severity--)
    print_open(page, source, view, only, (enum severity)severity);
}

static void print_age(const struct explain_page *page,
                      const struct explain_source *source,
                      const struct explain_view *view) {
  char span[WORDS_MAX], when[WORDS_MAX];
  char every[WORDS_MAX];
  double age_s = page->now_s - view->host.last.time_s;

  explain_page_say(page, 0,
                   "The last reading came at %s, %s ago; the interval is %s.",
                   explain_page_time(page, view->host.last.time_s, when),
                   words_duration_prose(age_s, span),
                   words_duration_prose(view->host.last.interval_s, every));
  if (source->is_asked &&
      age_s > (double)OLD_INTERVALS * view->host.last.interval_s)
    explain_page_say(
        page, 0,
        "That is old: the daemon has received nothing newer from this host, or "
        "was restarted and waits for the first reading. The following "
        "describes the state at that time.");
}

static void print_source(const struct explain_page *page,
                         const struct explain_source *source) {
  char when[WORDS_MAX], span[WORDS_MAX];

  if (source->config_path && page->verbose)
    explain_page_say(page, 0, "The settings are those of %s.",
                     source->config_path);
  if (!source->config_path)
    explain_page_say(page, 0,
                     "No collectd.conf was found: the default settings apply; "
                     "name the file with -C.");
  if (source->is_asked)
    return;
  if (isnan(source->saved_s))
    explain_page_say(page, 0, "%s does not say when it was saved.",
                     source->state_path);
  else
    explain_page_say(
        page, 0, "No daemon was asked: %s was saved at %s, %s ago.",
        source->state_path, explain_page_time(page, source->saved_s, when),
        words_duration_prose(page->now_s - source->saved_s, span));
}

static void print_odds(const struct explain_page *page,
                       const struct explain_view *view) {
  bool differs = false;

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    differs = differs || view->odds[i] == EXPLAIN_DIFFERS;
    if (view->odds[i] == EXPLAIN_CLOSED)
      explain_page_say(page, 0,
                       "%s was closed after this reading: the values that it "
                       "needs no longer come.",
                       rules_incident_name((enum incident_kind)i));
  }
  if (differs)
    explain_page_say(
        page, 0,
        "CAUTION: with these settings the result differs from the daemon's. "
        "The daemon uses other settings: its collectd.conf was changed and it "
        "was not restarted, or it has another file; name that with -C.");
}

/* Figures that need training are not asked yet. */
static void print_warm_up(const struct explain_page *page,
                          const struct explain_view *view) {
  const struct trace_test *test = view->trace.syn_flood;
  char learnt[WORDS_MAX], wanted[WORDS_MAX];

  if (!view->judgement.finding[INCIDENT_SYN_FLOOD].judged ||
      test[FLOOD_WARM].met)
    return;
  explain_page_say(
      page, 0,
      "The warm-up is not over: %.0f of %.0f readings and %s of %s are "
      "learned. Until then, tests that need a learned baseline are ignored.",
      test[FLOOD_WARM_READINGS].figure, test[FLOOD_WARM_READINGS].limit,
      words_duration_prose(test[FLOOD_WARM_TIME].figure, learnt),
      words_duration_prose(test[FLOOD_WARM_TIME].limit, wanted));
}

static void print_sign(const struct explain_page *page,
                       const struct explain_case *is, int rule) {
  fprintf(page->out, "\n  %s: %s\n", is->words[rule].is,
          is->tests[rule].met ? "YES" : "no");
  explain_page_rule(page, 4, is, rule);
}

static void print_heading(const struct explain_page *page,
                          const struct explain_view *view,
                          enum incident_kind kind,
                          const struct explain_case *is) {
  enum severity severity = explain_view_incident(view, kind)->severity;

  explain_page_head(page, rules_incident_name(kind), severity,
                    words_severity(severity));
  if (severity != SEVERITY_OKAY)
    explain_page_say(page, 2, "%s", is->meaning);
}

/* "4 half-open; expected 3, limit 21" */
static void print_summary(const struct explain_page *page,
                          const struct finding *finding,
                          const struct explain_case *is, int indent,
                          const char *name) {
  char observed[WORDS_MAX], expected[WORDS_MAX];
  char upper[WORDS_MAX];

  explain_page_say(page, indent, "%s%s %s; expected %s, limit %s.", name,
                   explain_page_figure(finding->observed, is->unit, observed),
                   is->observed,
                   explain_page_figure(finding->expected, is->unit, expected),
                   explain_page_figure(finding->upper, is->unit, upper));
}

static void print_incident(const struct explain_page *page,
                           const struct explain_view *view,
                           enum incident_kind kind,
                           const struct explain_case *is) {
  const struct finding *finding = &view->judgement.finding[kind];

  print_heading(page, view, kind, is);
  print_summary(page, finding, is, 2, "");
  if (kind == INCIDENT_SYN_FLOOD)
    explain_model_flood(page, view);
  else
    explain_model_other(page, view, kind);
  fputc('\n', page->out);
  explain_model_frozen(page, is);
  for (const int *sign = is->evidence; *sign >= 0; sign++)
    print_sign(page, is, *sign);
  explain_model_ahead(page, view, kind, is);
}

static void print_unjudged(const struct explain_page *page,
                           const struct explain_view *view,
                           enum incident_kind kind) {
  const struct incident *incident = explain_view_incident(view, kind);
  bool disabled = !view->rules->incident[kind].enable;
  bool open = incident->severity != SEVERITY_OKAY;

  explain_page_head(page, rules_incident_name(kind), incident->severity,
                    disabled ? "disabled"
                    : open   ? "open, no longer measured"
                             : "not judged");
  if (!disabled)
    explain_page_say(page, 2,
                     "The reading lacks values that this incident needs%s.",
                     open ? "; it stays open meanwhile" : "");
}

/* Worth more than a line: open, or about to be. */
static bool is_stirred(const struct explain_view *view,
                       enum incident_kind kind) {
  const struct incident *incident = explain_view_incident(view, kind);
  struct incident_outlook ahead;

  incident_look_ahead(incident, &view->rules->incident[kind], &ahead);
  return incident->severity != SEVERITY_OKAY || ahead.votes > 0 ||
         view->judgement.finding[kind].evidence != 0;
}

static void print_one(const struct explain_page *page,
                      const struct explain_view *view, enum incident_kind kind,
                      bool whole) {
  struct explain_case is;

  explain_words_case(view, kind, &is);
  if (!view->judgement.finding[kind].judged)
    print_unjudged(page, view, kind);
  else if (whole || is_stirred(view, kind))
    print_incident(page, view, kind, &is);
  else {
    print_heading(page, view, kind, &is);
    print_summary(page, &view->judgement.finding[kind], &is, 2, "");
  }
}

void explain_text_host(const struct explain_page *page,
                       const struct explain_source *source,
                       const struct explain_view *view, int only) {
  print_verdict(page, source, view, only);
  if (view->is_judged)
    print_age(page, source, view);
  print_source(page, source);
  if (!view->is_judged) {
    explain_page_say(page, 0,
                     "%.0f readings were learned before; the first new one is "
                     "judged within two intervals.",
                     view->host.judge.syn_flood.model.learnt);
    return;
  }
  print_odds(page, view);
  print_warm_up(page, view);
  if (!page->verbose)
    return;
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (only < 0 || i == only)
      print_one(page, view, (enum incident_kind)i,
                i == only || i == INCIDENT_SYN_FLOOD);
}
