/* Answers and rules made up of them. Pure. */
#include "verdict/trace.h"

static bool put(struct trace_test *out, enum trace_relation relation,
                double figure, double limit, bool met) {
  out->figure = figure;
  out->limit = limit;
  out->relation = relation;
  out->met = met;
  return met;
}

bool trace_fact(struct trace_test *out, bool met) {
  return put(out, TRACE_FACT, 0, 0, met);
}

bool trace_above(struct trace_test *out, double figure, double limit) {
  return put(out, TRACE_ABOVE, figure, limit, figure > limit);
}

bool trace_at_least(struct trace_test *out, double figure, double limit) {
  return put(out, TRACE_AT_LEAST, figure, limit, figure >= limit);
}

bool trace_below(struct trace_test *out, double figure, double limit) {
  return put(out, TRACE_BELOW, figure, limit, figure < limit);
}

bool trace_at_most(struct trace_test *out, double figure, double limit) {
  return put(out, TRACE_AT_MOST, figure, limit, figure <= limit);
}

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

bool trace_apply(const struct trace_rule *rules, int test,
                 struct trace_test *tests) {
  const struct trace_rule *rule = &rules[test];
  bool all = true;

  for (size_t i = 0; all && i < rule->terms_len;) {
    uint8_t group = rule->terms[i].group;
    bool any = false, holds;
    while (i < rule->terms_len && rule->terms[i].group == group) {
      i = trace_choice(rule, i, tests, &holds);
      any = any || holds;
    }
    all = any;
  }
  return put(&tests[test], TRACE_RULE, 0, 0, all);
}
