/* See brief.h. */
#include "brief.h"

#include "verdict/incidents/catalogue.h"

#include <stdarg.h>
#include <string.h>

enum { BRIEF_MAX = 1024, RULE_DEPTH = 3 };

/* One sentence, cut off where it is full. */
struct line {
  char text[BRIEF_MAX];
  size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line,
                                                      const char *format, ...) {
  size_t room = sizeof(line->text) - line->used;
  va_list arguments;

  va_start(arguments, format);
  int len = vsnprintf(line->text + line->used, room, format, arguments);
  va_end(arguments);
  if (len > 0)
    line->used += (size_t)len < room ? (size_t)len : room - 1;
}

/* "511 half-open; expected 3, limit 21." */
static void add_figures(struct line *line, const struct explain_view *view,
                        enum incident_kind kind,
                        const struct explain_case *is) {
  const struct finding *finding = &view->judgement.finding[kind];
  char observed[WORDS_MAX], expected[WORDS_MAX], upper[WORDS_MAX];

  add(line, "%s %s; expected %s, limit %s.",
      explain_page_figure(finding->observed, is->unit, observed), is->observed,
      explain_page_figure(finding->expected, is->unit, expected),
      explain_page_figure(finding->upper, is->unit, upper));
}

/* " Evidence: excess, cookies." */
static void add_evidence(struct line *line, const struct explain_case *is) {
  int shown = 0;

  for (const int *sign = is->evidence; *sign >= 0; sign++)
    if (is->tests[*sign].met && strcmp(is->words[*sign].is, "evidence") != 0)
      add(line, "%s%s", shown++ ? ", " : " Evidence: ", is->words[*sign].is);
  if (shown)
    add(line, ".");
}

/* Where it goes to and comes from. */
static void add_origin(struct line *line, const struct observation *seen,
                       enum incident_kind kind) {
  const struct snapshot_queue *queue = catalogue_queue(seen, kind);
  const char *source = catalogue_source(seen, kind);

  if (queue->listener[0] != '\0')
    add(line,
        kind == INCIDENT_SYN_FLOOD ? " Fullest listener: %s."
                                   : " Listener: %s.",
        queue->listener);
  if (strcmp(source, "scattered") == 0)
    add(line, " It comes from everywhere.");
  else if (source[0] != '\0')
    add(line, " Largest source: %s.", source);
}

/* --- what clears it ------------------------------------------------------- */

static bool lacks(const struct explain_case *is,
                  const struct trace_term *term) {
  return is->tests[term->test].met == term->unless;
}

/* "half-open above expected: below 6 (now 508)" */
static void add_test(struct line *line, const struct explain_case *is,
                     const struct trace_term *term) {
  const struct trace_test *test = &is->tests[term->test];
  const struct explain_word *word = &is->words[term->test];
  const char *relation = explain_page_relation(test, term->unless);
  char figure[WORDS_MAX], limit[WORDS_MAX];

  if (line->used > 0)
    add(line, "; ");
  add(line, "%s", term->unless && word->is_not ? word->is_not : word->is);
  if (relation)
    add(line, ": %s %s (now %s)", relation,
        explain_page_figure(test->limit, word->unit, limit),
        explain_page_figure(test->figure, word->unit, figure));
}

static void add_missing(struct line *line, const struct explain_case *is,
                        int rule, int depth);

/* The terms of one choice that are not satisfied. */
static void add_choice(struct line *line, const struct explain_case *is,
                       const struct trace_rule *rule, size_t from, size_t end,
                       int depth) {
  for (size_t i = from; i < end; i++) {
    const struct trace_term *term = &rule->terms[i];
    bool is_rule = is->tests[term->test].relation == TRACE_RULE;
    if (!lacks(is, term))
      continue;
    if (is_rule && !term->unless && depth > 0)
      add_missing(line, is, term->test, depth - 1);
    else
      add_test(line, is, term);
  }
}

/* Standard deviations say less to people than a number of sockets. */
static bool is_scatter(const struct explain_case *is,
                       const struct trace_term *term) {
  return strcmp(is->words[term->test].key, "calm_sigmas") == 0;
}

/* What one group lacks: one choice of it; the others are in the verbose text.
 * Returns the end of the group. */
static size_t add_group(struct line *line, const struct explain_case *is,
                        const struct trace_rule *rule, size_t i, int depth) {
  uint8_t group = rule->terms[i].group;
  size_t from = i, end = i;
  bool holds, met = false;

  while (i < rule->terms_len && rule->terms[i].group == group) {
    size_t next = trace_choice(rule, i, is->tests, &holds);
    met = met || holds;
    if (end == from || (i == end && is_scatter(is, &rule->terms[from]))) {
      from = i;
      end = next;
    }
    i = next;
  }
  if (!met)
    add_choice(line, is, rule, from, end, depth);
  return i;
}

static void add_missing(struct line *line, const struct explain_case *is,
                        int rule, int depth) {
  for (size_t i = 0; i < is->rules[rule].terms_len;)
    i = add_group(line, is, &is->rules[rule], i, depth);
}

static void add_adoption(struct line *line, const struct incident *incident,
                         const struct incident_outlook *ahead) {
  char span[WORDS_MAX];

  if (incident->attack)
    add(line, " Its evidence shows an attack: it never becomes normal.");
  else
    add(line, " Or it becomes the new normal, after %s at the earliest.",
        words_duration_prose(incident->severity == SEVERITY_WARNING
                                 ? ahead->adopted_s
                                 : ahead->adopted_anyway_s,
                             span));
}

static void say_clear(const struct explain_page *page,
                      const struct explain_view *view, enum incident_kind kind,
                      const struct explain_case *is) {
  const struct incident *incident = explain_view_incident(view, kind);
  struct line line = {.used = 0}, missing = {.used = 0};
  bool is_measured = view->is_judged && view->judgement.finding[kind].judged;
  struct incident_outlook ahead;

  incident_look_ahead(incident, &view->rules->incident[kind], &ahead);
  add(&line, "After %d calm reading%s in a row; %d so far.", ahead.calm_needed,
      ahead.calm_needed == 1 ? "" : "s", ahead.calm);
  if (is_measured)
    add_missing(&missing, is, is->calm, RULE_DEPTH);
  if (is_measured && missing.used == 0)
    add(&line, " The last reading was calm.");
  else if (is_measured)
    add(&line, " A reading is calm with: %s.", missing.text);
  add_adoption(&line, incident, &ahead);
  explain_page_point(page, "  Clears", "%s", line.text);
}

void explain_brief_open(const struct explain_page *page,
                        const struct explain_view *view,
                        enum incident_kind kind) {
  struct line line = {.used = 0};
  struct explain_case is;

  explain_words_case(view, kind, &is);
  add(&line, "%s ", is.meaning);
  if (view->is_judged && view->judgement.finding[kind].judged) {
    add_figures(&line, view, kind, &is);
    add_evidence(&line, &is);
    if (catalogue[kind].source > 0)
      add_origin(&line, &view->judgement.seen, kind);
  } else
    add(&line, "Its values do not come now; it stays open meanwhile.");
  explain_page_point(page, "  Why", "%s", line.text);
  say_clear(page, view, kind, &is);
}

/* --- without an incident -------------------------------------------------- */

static bool is_judged(const struct explain_view *view,
                      enum incident_kind kind) {
  return view->judgement.finding[kind].judged;
}

static void add_unjudged(struct line *line, const struct explain_view *view,
                         int only) {
  struct line names = {.used = 0};

  for (int i = 0; i < INCIDENT_COUNT; i++)
    if ((only < 0 || i == only) && view->rules->incident[i].enable &&
        !is_judged(view, (enum incident_kind)i))
      add(&names, "%s%s", names.used > 0 ? ", " : "",
          rules_incident_name((enum incident_kind)i));
  if (names.used > 0)
    add(line, "%sNot judged, for lack of values: %s.",
        line->used > 0 ? " " : "", names.text);
}

static void say_calm_why(const struct explain_page *page,
                         const struct explain_view *view, int only) {
  enum incident_kind shown =
      only < 0 ? INCIDENT_SYN_FLOOD : (enum incident_kind)only;
  struct line line = {.used = 0};
  struct explain_case is;

  explain_words_case(view, shown, &is);
  if (!view->rules->incident[shown].enable)
    add(&line, "%s is disabled.", rules_incident_name(shown));
  else if (is_judged(view, shown)) {
    add_figures(&line, view, shown, &is);
    add_evidence(&line, &is);
  }
  add_unjudged(&line, view, only);
  explain_page_point(page, "  Why", "%s", line.text);
}

static void add_votes(struct line *line, const struct explain_view *view,
                      enum incident_kind kind) {
  struct incident_outlook ahead;

  incident_look_ahead(explain_view_incident(view, kind),
                      &view->rules->incident[kind], &ahead);
  add(line, "%s%s: %d of the last %d readings must show evidence; %d do.",
      line->used > 0 ? " " : "", rules_incident_name(kind), ahead.votes_needed,
      ahead.votes_of, ahead.votes);
}

/* The incidents that have evidence; without any, the flood. */
static void say_opens(const struct explain_page *page,
                      const struct explain_view *view, int only) {
  struct line line = {.used = 0};
  struct incident_outlook ahead;

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    incident_look_ahead(explain_view_incident(view, (enum incident_kind)i),
                        &view->rules->incident[i], &ahead);
    if (i == only || (only < 0 && ahead.votes > 0))
      add_votes(&line, view, (enum incident_kind)i);
  }
  if (line.used == 0)
    add_votes(&line, view, INCIDENT_SYN_FLOOD);
  explain_page_point(page, "  Opens", "%s", line.text);
}

void explain_brief_calm(const struct explain_page *page,
                        const struct explain_view *view, int only) {
  say_calm_why(page, view, only);
  if (only < 0 || view->rules->incident[only].enable)
    say_opens(page, view, only);
}
