/* What a judgement compared, and how the answers combine into its decision. The
 * judgement is made from this table: whoever prints the table explains exactly
 * what was decided. */
#ifndef VERDICT_INCIDENTS_TRACE_H
#define VERDICT_INCIDENTS_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trace_relation {
  TRACE_FACT, /* true or not by itself, without figures */
  TRACE_RULE, /* made up of other tests */
  TRACE_ABOVE,
  TRACE_AT_LEAST,
  TRACE_BELOW,
  TRACE_AT_MOST
};

/* One answer. An unknown figure or limit is NAN; the test is not met then. */
struct trace_test {
  double figure, limit;
  enum trace_relation relation;
  bool met;
};

/* One term of a rule. A rule holds if each of its groups holds, a group if one
 * of its choices holds, a choice if all of its terms hold. The terms of a group
 * stand together, and so do those of a choice. */
struct trace_term {
  uint8_t group, choice;
  bool unless; /* the test must not be met */
  uint8_t test;
};

/* Rules stand in an array, at the number of the test that they decide; tests
 * that are no rule have no terms. */
struct trace_rule {
  const struct trace_term *terms;
  size_t terms_len;
};

/* A row of a table of rules: an array of terms with its length. */
#define TRACE_RULE(terms)                                                      \
  { terms, sizeof(terms) / sizeof((terms)[0]) }

/* Each of these fills in one test and returns whether it is met. */
static inline bool trace_put(struct trace_test *out,
                             enum trace_relation relation, double figure,
                             double limit, bool met) {
  *out = (struct trace_test){figure, limit, relation, met};
  return met;
}

static inline bool trace_fact(struct trace_test *out, bool met) {
  return trace_put(out, TRACE_FACT, 0, 0, met);
}

static inline bool trace_above(struct trace_test *out, double figure,
                               double limit) {
  return trace_put(out, TRACE_ABOVE, figure, limit, figure > limit);
}

static inline bool trace_at_least(struct trace_test *out, double figure,
                                  double limit) {
  return trace_put(out, TRACE_AT_LEAST, figure, limit, figure >= limit);
}

static inline bool trace_below(struct trace_test *out, double figure,
                               double limit) {
  return trace_put(out, TRACE_BELOW, figure, limit, figure < limit);
}

static inline bool trace_at_most(struct trace_test *out, double figure,
                                 double limit) {
  return trace_put(out, TRACE_AT_MOST, figure, limit, figure <= limit);
}

/* Fill in a test that is a rule: rules[test]. The tests in its terms are filled
 * in already. Returns whether it is met. */
bool trace_apply(const struct trace_rule *rules, int test,
                 struct trace_test *tests);

/* Returns the index after the choice that begins with terms[i]; *holds: whether
 * that choice holds. */
size_t trace_choice(const struct trace_rule *rule, size_t i,
                    const struct trace_test *tests, bool *holds);

#endif
