/* See explain_tree.h. */
#include "explain_tree.h"

/* Where in a rule the tree is. */
struct branch {
  const struct explain_page *page;
  const struct explain_case *is;
  int indent;
};

static bool is_satisfied(const struct explain_case *is,
                         const struct trace_term *term) {
  return is->tests[term->test].met != term->unless;
}

/* A choice that does not stand open, whatever the figures come to, is of no
 * interest beside others: "while nothing is learnt" later on. */
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

/* What stands in the way: of the choices those that hold. */
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

/* Why a rule stands as it does is shown where it stands in the way. */
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

void explain_tree_rule(const struct explain_page *page, int indent,
                       const struct explain_case *is, int rule) {
  struct branch at = {page, is, indent};

  print_rule(&at, rule);
}
