/* See page.h. Writes to the given stream; uses the time zone. */
#include "page.h"

#include "lib/moment.h"
#include "verdict/plain_text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum {
  SENTENCE_MAX = 2048,
  POINT_COLUMN = 10,
  LABEL_COLUMN = 47,
  FIGURE_COLUMN = 57,
  LISTED_MAX = 20 /* watched series */
};

#define PLAIN "\033[0m"
#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define YELLOW "\033[33m"
#define GREEN "\033[32m"

/* head: stands in the indent of the first line. */
static void print_words(const struct explain_page *page, const char *head,
                        int indent, const char *format, va_list arguments) {
  char text[SENTENCE_MAX];
  int column = 0;

  vsnprintf(text, sizeof(text), format, arguments);
  plain_text_make(text); /* names come from the network */
  for (const char *word = text; *word != '\0';) {
    int length = (int)strcspn(word, " ");
    bool fits = column + 1 + length <= EXPLAIN_PAGE_COLUMNS;
    if (column > 0 && fits)
      column += fprintf(page->out, " %.*s", length, word);
    else
      column = fprintf(page->out, "%s%-*s%.*s", column > 0 ? "\n" : "", indent,
                       column > 0 ? "" : head, length, word) -
               (column > 0);
    word += length;
    word += strspn(word, " ");
  }
  fputc('\n', page->out);
}

void explain_page_say(const struct explain_page *page, int indent,
                      const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  print_words(page, "", indent, format, arguments);
  va_end(arguments);
}

void explain_page_point(const struct explain_page *page, const char *head,
                        const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  print_words(page, head, POINT_COLUMN, format, arguments);
  va_end(arguments);
}

static const char *colour_of(enum severity severity) {
  if (severity == SEVERITY_FAILURE)
    return RED;
  return severity == SEVERITY_WARNING ? YELLOW : GREEN;
}

void explain_page_head(const struct explain_page *page, const char *text,
                       enum severity severity, const char *word) {
  int gap = EXPLAIN_PAGE_COLUMNS - (int)strlen(text) - (int)strlen(word);

  if (page->colour)
    fprintf(page->out, "\n" BOLD "%s" PLAIN "%*s%s%s" PLAIN "\n", text, gap, "",
            colour_of(severity), word);
  else
    fprintf(page->out, "\n%s%*s%s\n", text, *word ? gap : 0, "", word);
}

const char *explain_page_figure(double figure, enum explain_unit unit,
                                char text[WORDS_MAX]) {
  static const char *const units[] = {[EXPLAIN_COUNT] = "",
                                      [EXPLAIN_PERCENT] = " %",
                                      [EXPLAIN_SHARE] = " %",
                                      [EXPLAIN_RATE] = "/s"};

  if (!isfinite(figure)) {
    const char *never = unit == EXPLAIN_SECONDS ? "never" : "-";
    snprintf(text, WORDS_MAX, "%s", isnan(figure) ? "unknown" : never);
    return text;
  }
  if (unit == EXPLAIN_SECONDS)
    return words_duration_prose(figure, text);
  if (unit == EXPLAIN_SHARE)
    figure *= 100;
  return words_three_digits(figure, units[unit], text);
}

const char *explain_page_time(const struct explain_page *page, double time_s,
                              char text[WORDS_MAX]) {
  if (!moment_clock(time_s, page->now_s, "%Y-%m-%d %H:%M:%S", text, WORDS_MAX))
    snprintf(text, WORDS_MAX, "unknown");
  return text;
}

const char *explain_page_relation(const struct trace_test *test, bool unless) {
  switch (test->relation) {
  case TRACE_ABOVE:
    return unless ? "at most" : "above";
  case TRACE_AT_LEAST:
    return unless ? "below" : "at least";
  case TRACE_BELOW:
    return unless ? "at least" : "below";
  case TRACE_AT_MOST:
    return unless ? "above" : "at most";
  case TRACE_FACT:
  case TRACE_RULE:
    break;
  }
  return NULL;
}

void explain_page_test(const struct explain_page *page, int indent,
                       const char *before, const struct explain_word *word,
                       const struct trace_test *test, bool unless) {
  char figure[WORDS_MAX], limit[WORDS_MAX];
  const char *relation = explain_page_relation(test, unless);
  const char *label = unless && word->is_not ? word->is_not : word->is;
  const char *answer = test->met != unless ? "yes" : "no";
  int column =
      fprintf(page->out, "%*s%-4s%s%s", indent, "", answer, before, label);

  if (relation) {
    explain_page_figure(test->figure, word->unit, figure);
    int width = FIGURE_COLUMN - (column > LABEL_COLUMN ? column : LABEL_COLUMN);
    fprintf(page->out, "%*s%*s  %s %s",
            column < LABEL_COLUMN ? LABEL_COLUMN - column : 0, "", width,
            figure, relation,
            explain_page_figure(test->limit, word->unit, limit));
  }
  fputc('\n', page->out);
}

/* --- rules ---------------------------------------------------------------- */

/* A rule is printed as a tree: each term below the rule that it is part of. */
struct branch {
  const struct explain_page *page;
  const struct explain_case *is;
  int indent;
};

static bool is_satisfied(const struct explain_case *is,
                         const struct trace_term *term) {
  return is->tests[term->test].met != term->unless;
}

/* A choice that no figure can open is left out after other choices. */
static bool is_closed(const struct explain_case *is,
                      const struct trace_rule *rule, size_t from, size_t end) {
  for (size_t i = from; i < end; i++) {
    const struct trace_term *term = &rule->terms[i];
    bool is_fact = is->tests[term->test].relation == TRACE_FACT;
    if ((is_fact || term->unless) && !is_satisfied(is, term))
      return true;
  }
  return false;
}

/* The reasons against a term: the choices that hold. */
static void print_causes(const struct branch *at, int rule) {
  const struct trace_rule *terms = &at->is->rules[rule];
  bool holds;

  for (size_t i = 0; i < terms->terms_len;) {
    size_t end = trace_choice(terms, i, at->is->tests, &holds);
    for (size_t k = i; holds && k < end; k++)
      explain_page_test(
          at->page, at->indent, "", &at->is->words[terms->terms[k].test],
          &at->is->tests[terms->terms[k].test], terms->terms[k].unless);
    i = end;
  }
}

static void print_rule(const struct branch *at, int rule);

/* The reasons for a result are shown only for unsatisfied terms. */
static void print_term(const struct branch *at, const struct trace_term *term,
                       const char *before) {
  const struct explain_case *is = at->is;
  const struct trace_test *test = &is->tests[term->test];
  struct branch below = *at;

  if (is->words[term->test].is_step && !term->unless) {
    print_rule(at, term->test);
    return;
  }
  explain_page_test(at->page, at->indent, before, &is->words[term->test], test,
                    term->unless);
  below.indent += 4;
  if (test->relation != TRACE_RULE || is_satisfied(is, term) ||
      is->words[term->test].is_sign)
    return;
  if (term->unless)
    print_causes(&below, term->test);
  else
    print_rule(&below, term->test);
}

/* Returns the end of the group that begins at i. */
static size_t print_group(const struct branch *at,
                          const struct trace_rule *rule, size_t i) {
  uint8_t group = rule->terms[i].group;
  bool holds, first = true;

  while (i < rule->terms_len && rule->terms[i].group == group) {
    size_t end = trace_choice(rule, i, at->is->tests, &holds);
    bool is_shown = first || !is_closed(at->is, rule, i, end);
    for (size_t k = i; is_shown && k < end; k++)
      print_term(at, &rule->terms[k], k > i ? "  and " : (first ? "" : "or "));
    first = first && !is_shown;
    i = end;
  }
  return i;
}

static void print_rule(const struct branch *at, int rule) {
  const struct trace_rule *terms = &at->is->rules[rule];

  for (size_t i = 0; i < terms->terms_len;)
    i = print_group(at, terms, i);
}

void explain_page_rule(const struct explain_page *page, int indent,
                       const struct explain_case *is, int rule) {
  struct branch at = {page, is, indent};

  print_rule(&at, rule);
}

/* --- watched series ------------------------------------------------------- */

struct list {
  const struct explain_page *page;
  size_t len, shown;
};

enum { BAND_MAX = 80 };

/* "" while it is not known. */
static const char *say_band(const struct finding *next, char band[BAND_MAX]) {
  band[0] = '\0';
  if (!isnan(next->lower) && !isnan(next->upper))
    snprintf(band, BAND_MAX, "normal from %.6g to %.6g, ", next->lower,
             next->upper);
  return band;
}

static int list_one(void *to, const struct explain_series *series) {
  struct list *list = to;
  const struct finding *next = &series->next.finding;
  char band[BAND_MAX];
  enum severity severity = series->memory->incident.severity;
  const char *slash = strchr(series->identifier, '/');

  list->len++;
  if (!list->page->verbose && severity == SEVERITY_OKAY)
    return 0;
  if (list->shown++ == 0)
    explain_page_head(list->page, "watched series", SEVERITY_OKAY, "");
  if (list->shown <= LISTED_MAX)
    explain_page_say(list->page, 2, "%s %s: %s; %sexpected %.6g.",
                     series->rules->name, slash ? slash + 1 : "",
                     words_severity(severity), say_band(next, band),
                     next->expected);
  return 0;
}

int explain_page_list(const struct explain_page *page,
                      const struct explain_source *source, const char *host) {
  struct list list = {.page = page};
  int rc = explain_source_series(source, host, NULL, list_one, &list);

  if (list.shown > LISTED_MAX)
    explain_page_say(page, 2, "and %zu more; --watch NAME shows them.",
                     list.shown - LISTED_MAX);
  if (!page->verbose && list.len > 0 && list.shown == 0)
    explain_page_say(page, 0, "Watched series: %zu, none of them open.",
                     list.len);
  return rc;
}
