/* The names of the tests of the judgement, for people and for machines. Their
 * figures and limits come with the judgement. */
#ifndef TOOLS_EXPLAIN_WORDS_H
#define TOOLS_EXPLAIN_WORDS_H

#include "source.h"

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
  const char *is;     /* if the test must be met; <= EXPLAIN_LABEL_MAX bytes */
  const char *is_not; /* if it must not be met; NULL: no rule asks for that */
  enum explain_unit unit;
  bool is_step; /* a rule: show only its terms */
  bool is_sign; /* a rule: show only its result */
};

/* The tests of one incident. A test number of -1 means: there is none. */
struct explain_case {
  const char *meaning;  /* of the open incident, a sentence */
  const char *observed; /* the judged quantity: "half-open" */
  enum explain_unit unit;
  const struct explain_word *words;
  const struct trace_rule *rules;
  const struct trace_test *tests;
  int tests_len;
  const int *evidence; /* the rules that are evidence; ends with -1 */
  int warm, certain, failure, calm, frozen, drifting, long_frozen;
};

void explain_words_case(const struct explain_view *view,
                        enum incident_kind kind, struct explain_case *out);

#endif
