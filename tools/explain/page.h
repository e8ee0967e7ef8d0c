/* Lines of at most 80 columns: sentences, figures, tests. */
#ifndef TOOLS_EXPLAIN_PAGE_H
#define TOOLS_EXPLAIN_PAGE_H

#include "words.h"

#include <stdio.h>

enum { EXPLAIN_PAGE_COLUMNS = 80, EXPLAIN_FIGURE_MAX = 48 };

struct explain_page {
  FILE *out;
  bool colour;
  double now_s; /* since 1970 */
};

/* A sentence or more, broken between words, each line indented. */
__attribute__((format(printf, 3, 4))) void
explain_page_say(const struct explain_page *page, int indent,
                 const char *format, ...);

/* A heading of its own, with an empty line above. */
void explain_page_head(const struct explain_page *page, const char *text,
                       enum severity severity, const char *word);

/* A number with its unit: "12", "3.4 %", "unknown", "never". */
const char *explain_page_figure(double figure, enum explain_unit unit,
                                char text[EXPLAIN_FIGURE_MAX]);

/* "5 min"; "12:03:44", with the date where it is not today. */
const char *explain_page_duration(double seconds,
                                  char text[EXPLAIN_FIGURE_MAX]);
const char *explain_page_time(const struct explain_page *page, double time_s,
                              char text[EXPLAIN_FIGURE_MAX]);

/* One test that is asked for, or its opposite. before: "or ", "and ", "". */
void explain_page_test(const struct explain_page *page, int indent,
                       const char *before, const struct explain_word *word,
                       const struct trace_test *test, bool unless);

const char *explain_page_severity(enum severity severity);

#endif
