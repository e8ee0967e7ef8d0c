/* What nab prints. */
#ifndef TESTS_NAB_REPORT_H
#define TESTS_NAB_REPORT_H

#include "nab_corpus.h"
#include "nab_watch.h"

#include <stdio.h>

/* The files by their place in the sorted list, from 0. */
enum nab_half { NAB_EVEN, NAB_ODD, NAB_ALL, NAB_HALVES };

struct nab_total {
  size_t files, rows;
  struct nab_score score;
};

/* One file, judged. */
struct nab_result {
  const struct nab_file *file;
  enum nab_half half;
  struct nab_score score;
};

/* Its rows, and what was said of each. */
struct nab_details {
  const struct nab_rows *rows;
  const struct nab_verdict *verdicts;
  const struct nab_window *windows;
};

/* A line for each file; then a line for each half and for all. */
void nab_report_heads(FILE *out);
void nab_report_file(const struct nab_result *result, FILE *out);
void nab_report_totals(const struct nab_total totals[NAB_HALVES], FILE *out);

/* A file's windows, with the first detection or the largest score in each, and
 * its false alarms. */
void nab_report_details(const struct nab_result *result,
                        const struct nab_details *details, FILE *out);

/* One JSON object. */
void nab_report_json(const struct nab_result *results, size_t len,
                     const struct nab_total totals[NAB_HALVES], FILE *out);

#endif
