/* Rules: the answers of tests combined into a decision. Pure. */
#include "verdict/incidents/trace.h"

size_t trace_choice(const struct trace_rule *rule, size_t i,
                    const struct trace_test *tests, bool *holds) {
  const struct trace_term *first = &rule->terms[i], *term = first;

  *holds = true;
  for (; i < rule->terms_len && term->group == first->group &&
         term->choice == first->choice;
       term = &rule->terms[++i])
    *holds = *holds && tests[term->test].met != term->unless;
  return i;
}

/* Whether the group that begins with term holds. *next: the term after the
 * group.
 */
static bool group_holds(const struct trace_term *term,
                        const struct trace_term *end,
                        const struct trace_test *tests,
                        const struct trace_term **next) {
  uint8_t group = term->group, choice = term->choice;
  bool any = false, all = true;

  for (; term < end && term->group == group; term++) {
    if (term->choice != choice) {
      any = any || all;
      all = true;
      choice = term->choice;
    }
    all = all && tests[term->test].met != term->unless;
  }
  *next = term;
  return any || all;
}

bool trace_apply(const struct trace_rule *rules, int test,
                 struct trace_test *tests) {
  const struct trace_term *term = rules[test].terms;
  const struct trace_term *end = term + rules[test].terms_len;
  bool all = true;

  while (all && term < end)
    all = group_holds(term, end, tests, &term);
  return trace_put(&tests[test], TRACE_RULE, 0, 0, all);
}
