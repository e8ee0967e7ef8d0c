/* Text of at most 80 columns: sentences, figures, tests, rules, series. */
#ifndef TOOLS_EXPLAIN_PAGE_H
#define TOOLS_EXPLAIN_PAGE_H

#include "lib/words.h"
#include "words.h"

#include <stdio.h>

enum { EXPLAIN_PAGE_COLUMNS = 80 };

struct explain_page {
  FILE *out;
  bool colour;
  bool verbose; /* every test, not only what is open and why */
  double now_s; /* since 1970 */
};

/* One or more sentences, broken between words, each line indented. */
__attribute__((format(printf, 3, 4))) void
explain_page_say(const struct explain_page *page, int indent,
                 const char *format, ...);

/* The same below a word, "  Why     ", which stands left of the first line. */
__attribute__((format(printf, 3, 4))) void
explain_page_point(const struct explain_page *page, const char *head,
                   const char *format, ...);

/* A heading, after an empty line. */
void explain_page_head(const struct explain_page *page, const char *text,
                       enum severity severity, const char *word);

/* A number with its unit: "12", "3.4 %", "unknown", "never". */
const char *explain_page_figure(double figure, enum explain_unit unit,
                                char text[WORDS_MAX]);

/* "12:03:44", with the date if that is not today; "unknown". */
const char *explain_page_time(const struct explain_page *page, double time_s,
                              char text[WORDS_MAX]);

/* "above", "at least": how the figure of a test must stand to its limit; with
 * unless the opposite. NULL: the test has no figures. */
const char *explain_page_relation(const struct trace_test *test, bool unless);

/* One test, which must be met, or with unless must not be met. before: "or ",
 * "and ", "". */
void explain_page_test(const struct explain_page *page, int indent,
                       const char *before, const struct explain_word *word,
                       const struct trace_test *test, bool unless);

/* The terms of one rule: each with its figure, its limit and its result. */
void explain_page_rule(const struct explain_page *page, int indent,
                       const struct explain_case *is, int rule);

/* Watched series of a host, a line each: the first ones, or, where the page is
 * not verbose, those that are open. Returns 0 or -ENOMEM. */
int explain_page_list(const struct explain_page *page,
                      const struct explain_source *source, const char *host);

#endif
