/* See nab_score.h. */
#include "nab_score.h"

#include <math.h>
#include <string.h>

/* What a detection in a window, one outside, and a window without one weigh. */
static const struct {
  const char *name;
  double hit, false_alarm, miss;
} profiles[NAB_PROFILES] = {
    [NAB_STANDARD] = {"standard", 1, 0.11, 1},
    [NAB_REWARD_LOW_FP] = {"reward_low_FP_rate", 1, 0.22, 1},
    [NAB_REWARD_LOW_FN] = {"reward_low_FN_rate", 1, 0.11, 2},
};

static const double probation_share = 0.15;
static const double probation_rows_max = 5000; /* the share of so many */
static const double steepness = 5;
static const double far_behind = 3; /* window widths; from there on -1 */

const char *nab_score_profile_name(enum nab_profile profile) {
  return profiles[profile].name;
}

size_t nab_score_probation(size_t rows) {
  return (size_t)(probation_share * fmin((double)rows, probation_rows_max));
}

/* The paper's scaled sigmoid. y: -1 at a window's left edge, 0 at its right
 * one, 1 a width behind it. */
static double worth(double y) {
  return y > far_behind ? -1 : 2 / (1 + exp(steepness * y)) - 1;
}

static double width(const struct nab_window *window) {
  return (double)(window->last - window->first + 1);
}

/* The last row inside is not yet at the right edge, the first is at the left.
 */
static double worth_inside(const struct nab_window *window, size_t row) {
  double y = -((double)(window->last - row) + 1) / width(window);

  return worth(y) / worth(-1);
}

/* before: the window that ended last; NULL: none yet. */
static double worth_outside(const struct nab_window *before, size_t row) {
  if (!before)
    return -1;
  double widths = (double)(row - before->last) / (width(before) - 1);
  return worth(widths);
}

static void add_weighted(struct nab_score *out, double hit, double false_alarm,
                         double miss) {
  for (int p = 0; p < NAB_PROFILES; p++)
    out->raw[p] += hit * profiles[p].hit +
                   false_alarm * profiles[p].false_alarm -
                   miss * profiles[p].miss;
}

static void score_window(const bool *told, size_t probation,
                         const struct nab_window *window,
                         struct nab_score *out) {
  size_t from = window->first > probation ? window->first : probation;
  bool hit = false;

  if (from > window->last)
    return;
  out->windows++;
  for (size_t row = from; row <= window->last; row++) {
    if (!told[row])
      continue;
    out->detections++;
    if (!hit)
      add_weighted(out, worth_inside(window, row), 0, 0);
    hit = true;
  }
  out->windows_told += hit;
  if (!hit)
    add_weighted(out, 0, 0, 1);
}

/* Rows from..to-1, which are in no window. */
static void score_outside(const bool *told, size_t from, size_t to,
                          const struct nab_window *before,
                          struct nab_score *out) {
  for (size_t row = from; row < to; row++) {
    if (!told[row])
      continue;
    out->detections++;
    out->false_alarms++;
    add_weighted(out, 0, worth_outside(before, row), 0);
  }
}

void nab_score_file(const bool *told, size_t rows,
                    const struct nab_window *windows, size_t windows_len,
                    struct nab_score *out) {
  const struct nab_window *before = NULL;
  size_t probation = nab_score_probation(rows);
  size_t row = probation;

  memset(out, 0, sizeof(*out));
  for (size_t i = 0; i < windows_len; i++) {
    score_outside(told, row, windows[i].first, before, out);
    score_window(told, probation, &windows[i], out);
    before = &windows[i];
    if (row <= before->last)
      row = before->last + 1;
  }
  score_outside(told, row, rows, before, out);
  for (int p = 0; p < NAB_PROFILES; p++) {
    out->null[p] = -profiles[p].miss * (double)out->windows;
    out->perfect[p] = profiles[p].hit * (double)out->windows;
  }
}

void nab_score_add(struct nab_score *sum, const struct nab_score *more) {
  sum->windows += more->windows;
  sum->windows_told += more->windows_told;
  sum->detections += more->detections;
  sum->false_alarms += more->false_alarms;
  for (int p = 0; p < NAB_PROFILES; p++) {
    sum->raw[p] += more->raw[p];
    sum->null[p] += more->null[p];
    sum->perfect[p] += more->perfect[p];
  }
}

double nab_score_normalised(const struct nab_score *score,
                            enum nab_profile profile) {
  double null = score->null[profile];

  if (score->windows == 0)
    return NAN;
  return 100 * (score->raw[profile] - null) / (score->perfect[profile] - null);
}
