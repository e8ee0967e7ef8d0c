/* The score of the Numenta Anomaly Benchmark, from A. Lavin, S. Ahmad,
 * "Evaluating Real-time Anomaly Detection Algorithms - the Numenta Anomaly
 * Benchmark" (ICMLA 2015). Pure.
 *
 * In each labelled window the first detection counts: 1 at the window's left
 * edge, almost 0 at its right one. A detection outside costs little just behind
 * a window and most far from any. A window without one costs as well. The
 * beginning of a file, the probation, counts for nothing. */
#ifndef TESTS_NAB_SCORE_H
#define TESTS_NAB_SCORE_H

#include <stdbool.h>
#include <stddef.h>

enum nab_profile {
  NAB_STANDARD,
  NAB_REWARD_LOW_FP,
  NAB_REWARD_LOW_FN,
  NAB_PROFILES
};

/* The name in the published files: "reward_low_FP_rate". */
const char *nab_score_profile_name(enum nab_profile profile);

/* Rows of a file, both inside. */
struct nab_window {
  size_t first, last;
};

/* One file, or the sum of several. */
struct nab_score {
  size_t windows;      /* that reach beyond the probation */
  size_t windows_told; /* with a detection */
  size_t detections;   /* after the probation */
  size_t false_alarms; /* of them: outside all windows */
  double raw[NAB_PROFILES];
  double null[NAB_PROFILES];    /* of a detector that never detects */
  double perfect[NAB_PROFILES]; /* of one that detects at once, and only then */
};

/* Rows at the beginning of a file that are not scored: 15 %, at most 750. */
size_t nab_score_probation(size_t rows);

/* told: whether the detector detects, a flag for each row. windows: from left
 * to right, without overlap, within the rows. */
void nab_score_file(const bool *told, size_t rows,
                    const struct nab_window *windows, size_t windows_len,
                    struct nab_score *out);

void nab_score_add(struct nab_score *sum, const struct nab_score *more);

/* 0 for the null detector, 100 for the perfect one; NAN without windows. */
double nab_score_normalised(const struct nab_score *score,
                            enum nab_profile profile);

#endif
