/* What the tests of the judgement are called, for people and for machines. No
 * figures and no limits stand here: those come with the judgement. */
#ifndef TOOLS_EXPLAIN_WORDS_H
#define TOOLS_EXPLAIN_WORDS_H

#include "explain_view.h"

enum explain_unit {
  EXPLAIN_COUNT,
  EXPLAIN_PERCENT,
  EXPLAIN_SHARE, /* 0..1, shown in percent */
  EXPLAIN_RATE,
  EXPLAIN_SECONDS
};

enum { EXPLAIN_LABEL_MAX = 36 };

struct explain_word {
  const char *key;    /* "excess_floor" */
  const char *is;     /* what is asked for; at most EXPLAIN_LABEL_MAX bytes */
  const char *is_not; /* where the opposite is asked for; NULL: it never is */
  enum explain_unit unit;
  bool is_step; /* a rule of which only the terms are shown, */
  bool is_sign; /* or only itself */
};

/* One incident's tests and what they mean. Test numbers are -1 for none. */
struct explain_case {
  const char *meaning;  /* of an open one, a sentence */
  const char *observed; /* what is judged: "half-open" */
  enum explain_unit unit;
  const struct explain_word *words;
  const struct trace_rule *rules;
  const struct trace_test *tests;
  int tests_len;
  const int *evidence; /* the rules that are evidence, ended by -1 */
  int warm, certain, failure, calm, frozen, drifting, long_frozen;
};

void explain_words_case(const struct explain_view *view,
                        enum incident_kind kind, struct explain_case *out);

#endif
