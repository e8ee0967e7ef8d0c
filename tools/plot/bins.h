/* What a picture shows, in bounded memory: a curve of any number of values as
 * bins of time, which join in pairs when there are too many; and incidents with
 * their notifications. Pure. */
#ifndef TOOLS_PLOT_BINS_H
#define TOOLS_PLOT_BINS_H

#include "verdict/notice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- curves --------------------------------------------------------------- */

struct plot_bin {
  uint64_t count;         /* 0: no value; the other members are not set */
  double first_s, last_s; /* times of its first and its last value */
  double first, last, min, max, sum;
};

struct plot_bins {
  struct plot_bin *bins;
  size_t capacity, len;
  double origin_s, width_s; /* bin i begins at origin_s + i * width_s */
  double interval_s;        /* the longest interval of any value */
  uint64_t values;
};

/* capacity: the most bins, at least 2. Returns 0 or -ENOMEM. */
int plot_bins_init(struct plot_bins *bins, size_t capacity);
void plot_bins_release(struct plot_bins *bins);

/* Add a value; values that are not finite are ignored. Times may come in any
 * order. */
void plot_bins_put(struct plot_bins *bins, double time_s, double value,
                   double interval_s);

/* Join the values from start_s to end_s, both included, into len columns of
 * equal width. out: len bins. */
void plot_bins_columns(const struct plot_bins *bins, double start_s,
                       double end_s, struct plot_bin *out, size_t len);

/* Whether a reading is missing between the two; the line breaks there. */
bool plot_bins_is_gap(const struct plot_bins *bins, const struct plot_bin *left,
                      const struct plot_bin *right);

/* The first and last time of all values; false if there is no value. */
bool plot_bins_range(const struct plot_bins *bins, double *first_s,
                     double *last_s);

/* The smallest and the largest value; false if there is no value. */
bool plot_bins_extent(const struct plot_bins *bins, double *min, double *max);

/* The limit that the maxima of all bins but one in `one_in` stay below; NAN if
 * there is no value. */
double plot_bins_mostly_below(const struct plot_bins *bins, size_t one_in);

/* --- incidents ------------------------------------------------------------ */

enum {
  PLOT_SPANS_MAX = 1024,
  PLOT_SPAN_NOTICES_MAX = 4, /* kept of one incident */
};

struct plot_notice {
  double time_s;
  enum severity severity;
  char text[NOTICE_TEXT_MAX];
};

struct plot_span {
  char subject[SERIES_IDENTIFIER_MAX]; /* the host; for a <Watch>: the series */
  char host[JUDGE_HOST_MAX];
  char name[RULES_NAME_MAX];
  double start_s, end_s; /* end INFINITY: still open */
  double failure_s;      /* start of FAILURE; INFINITY: never */
  size_t notices_len;
  size_t notices_more; /* not kept */
  struct plot_notice notices[PLOT_SPAN_NOTICES_MAX];
};

struct plot_spans {
  struct plot_span *spans; /* in the order in which they were raised */
  size_t len, capacity;
  size_t more; /* without room */
};

void plot_spans_init(struct plot_spans *spans);
void plot_spans_release(struct plot_spans *spans);

/* Add a notification about subject. keep_s: incidents that ended before may be
 * dropped. Returns 0 or -ENOMEM. */
int plot_spans_put(struct plot_spans *spans, const struct notice *notice,
                   const char *subject, double keep_s);

/* Drop incidents outside start_s..end_s. */
void plot_spans_cut(struct plot_spans *spans, double start_s, double end_s);

/* Whether there is an incident of that name about that subject. */
bool plot_spans_has(const struct plot_spans *spans, const char *name,
                    const char *subject);

enum severity plot_spans_severity(const struct plot_span *span);

#endif
