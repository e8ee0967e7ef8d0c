/* See bins.h. Values -> bins of time -> columns of pixels; notifications ->
 * spans of time. A bin keeps its first, last, smallest and largest value: a
 * line through them is the line through all values. Source: U. Jugel et al.,
 * M4, Proc. VLDB 7 (2014), 797. */
#include "bins.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- curves --------------------------------------------------------------- */

static const double first_width_s = 1;
static const double gap_intervals = 1.75; /* readings are not quite regular */

int plot_bins_init(struct plot_bins *bins, size_t capacity) {
  *bins = (struct plot_bins){.capacity = capacity, .width_s = first_width_s};
  bins->bins = calloc(capacity, sizeof(*bins->bins));
  return bins->bins ? 0 : -ENOMEM;
}

void plot_bins_release(struct plot_bins *bins) {
  free(bins->bins);
  *bins = (struct plot_bins){.bins = NULL};
}

static void join(struct plot_bin *into, const struct plot_bin *from) {
  if (from->count == 0)
    return;
  if (into->count == 0) {
    *into = *from;
    return;
  }
  if (from->first_s < into->first_s) {
    into->first_s = from->first_s;
    into->first = from->first;
  }
  if (from->last_s >= into->last_s) {
    into->last_s = from->last_s;
    into->last = from->last;
  }
  into->min = fmin(into->min, from->min);
  into->max = fmax(into->max, from->max);
  into->sum += from->sum;
  into->count += from->count;
}

/* Join neighbours: half as many bins, each twice as wide. */
static void coarsen(struct plot_bins *bins) {
  size_t len = (bins->len + 1) / 2;

  for (size_t i = 0; i < len; i++) {
    struct plot_bin pair = bins->bins[2 * i];
    if (2 * i + 1 < bins->len)
      join(&pair, &bins->bins[2 * i + 1]);
    bins->bins[i] = pair;
  }
  memset(bins->bins + len, 0, (bins->len - len) * sizeof(*bins->bins));
  bins->len = len;
  bins->width_s *= 2;
}

/* Make room for a value that is older than all others. */
static void extend_left(struct plot_bins *bins, double time_s) {
  double missing = ceil((bins->origin_s - time_s) / bins->width_s);

  while ((double)bins->len + missing > (double)bins->capacity) {
    coarsen(bins);
    missing = ceil((bins->origin_s - time_s) / bins->width_s);
  }
  size_t shift = (size_t)missing;
  memmove(bins->bins + shift, bins->bins, bins->len * sizeof(*bins->bins));
  memset(bins->bins, 0, shift * sizeof(*bins->bins));
  bins->len += shift;
  bins->origin_s -= missing * bins->width_s;
}

/* The bin of a time; makes room if needed. */
static struct plot_bin *find(struct plot_bins *bins, double time_s) {
  if (bins->values == 0)
    bins->origin_s = floor(time_s);
  if (time_s < bins->origin_s)
    extend_left(bins, time_s);
  double at = floor((time_s - bins->origin_s) / bins->width_s);
  while (at >= (double)bins->capacity) {
    coarsen(bins);
    at = floor((time_s - bins->origin_s) / bins->width_s);
  }
  size_t i = (size_t)at;
  if (i >= bins->len)
    bins->len = i + 1;
  return &bins->bins[i];
}

void plot_bins_put(struct plot_bins *bins, double time_s, double value,
                   double interval_s) {
  struct plot_bin one = {.count = 1,
                         .first_s = time_s,
                         .last_s = time_s,
                         .first = value,
                         .last = value,
                         .min = value,
                         .max = value,
                         .sum = value};

  if (!isfinite(value) || !isfinite(time_s))
    return;
  join(find(bins, time_s), &one);
  bins->values++;
  bins->interval_s = fmax(bins->interval_s, interval_s);
}

void plot_bins_columns(const struct plot_bins *bins, double start_s,
                       double end_s, struct plot_bin *out, size_t len) {
  double width_s = (end_s - start_s) / (double)len;

  memset(out, 0, len * sizeof(*out));
  for (size_t i = 0; i < bins->len; i++) {
    const struct plot_bin *bin = &bins->bins[i];
    if (bin->count == 0 || bin->last_s < start_s || bin->first_s > end_s)
      continue;
    double middle_s = (bin->first_s + bin->last_s) / 2;
    double at = floor((middle_s - start_s) / width_s);
    size_t column = (size_t)fmin(fmax(at, 0), (double)(len - 1));
    join(&out[column], bin);
  }
}

bool plot_bins_is_gap(const struct plot_bins *bins, const struct plot_bin *left,
                      const struct plot_bin *right) {
  return right->first_s - left->last_s > gap_intervals * bins->interval_s;
}

bool plot_bins_range(const struct plot_bins *bins, double *first_s,
                     double *last_s) {
  double first = INFINITY, last = -INFINITY;

  for (size_t i = 0; i < bins->len; i++) {
    if (bins->bins[i].count == 0)
      continue;
    first = fmin(first, bins->bins[i].first_s);
    last = fmax(last, bins->bins[i].last_s);
  }
  if (bins->values == 0)
    return false;
  *first_s = first;
  *last_s = last;
  return true;
}

bool plot_bins_extent(const struct plot_bins *bins, double *min, double *max) {
  double low = INFINITY, high = -INFINITY;

  for (size_t i = 0; i < bins->len; i++) {
    if (bins->bins[i].count == 0)
      continue;
    low = fmin(low, bins->bins[i].min);
    high = fmax(high, bins->bins[i].max);
  }
  if (bins->values == 0)
    return false;
  *min = low;
  *max = high;
  return true;
}

static int compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;

  return (left > right) - (left < right);
}

double plot_bins_mostly_below(const struct plot_bins *bins, size_t one_in) {
  double *largest = malloc(bins->capacity * sizeof(*largest));
  double found = NAN;
  size_t len = 0;

  for (size_t i = 0; i < bins->len && largest; i++)
    if (bins->bins[i].count > 0)
      largest[len++] = bins->bins[i].max;
  if (len > 0) {
    qsort(largest, len, sizeof(*largest), compare);
    found = largest[len - 1 - len / one_in];
  }
  free(largest);
  return found;
}

/* --- incidents ------------------------------------------------------------ */

void plot_spans_init(struct plot_spans *spans) {
  *spans = (struct plot_spans){.spans = NULL};
}

void plot_spans_release(struct plot_spans *spans) {
  free(spans->spans);
  plot_spans_init(spans);
}

static bool is_of(const struct plot_span *span, const char *name,
                  const char *subject) {
  return strcmp(span->name, name) == 0 && strcmp(span->subject, subject) == 0;
}

static struct plot_span *find_open(struct plot_spans *spans, const char *name,
                                   const char *subject) {
  for (size_t i = spans->len; i-- > 0;)
    if (isinf(spans->spans[i].end_s) && is_of(&spans->spans[i], name, subject))
      return &spans->spans[i];
  return NULL;
}

void plot_spans_cut(struct plot_spans *spans, double start_s, double end_s) {
  size_t kept = 0;

  for (size_t i = 0; i < spans->len; i++) {
    if (spans->spans[i].end_s < start_s || spans->spans[i].start_s > end_s)
      continue;
    if (kept != i)
      spans->spans[kept] = spans->spans[i];
    kept++;
  }
  spans->len = kept;
}

static int grow(struct plot_spans *spans, double keep_s) {
  if (spans->len < spans->capacity)
    return 0;
  if (spans->capacity == PLOT_SPANS_MAX) {
    plot_spans_cut(spans, keep_s, INFINITY);
    return 0;
  }
  size_t capacity = spans->capacity > 0 ? 4 * spans->capacity : 16;
  struct plot_span *larger =
      realloc(spans->spans, capacity * sizeof(*spans->spans));
  if (!larger)
    return -ENOMEM;
  spans->spans = larger;
  spans->capacity = capacity;
  return 0;
}

/* Returns 0 and *out, which is NULL where there is no room. */
static int open_span(struct plot_spans *spans, const struct notice *notice,
                     const char *subject, double keep_s,
                     struct plot_span **out) {
  int rc = grow(spans, keep_s);

  *out = NULL;
  if (rc != 0)
    return rc;
  if (spans->len == spans->capacity) {
    spans->more++;
    return 0;
  }
  *out = &spans->spans[spans->len++];
  **out = (struct plot_span){
      .start_s = notice->time_s, .end_s = INFINITY, .failure_s = INFINITY};
  snprintf((*out)->subject, sizeof((*out)->subject), "%s", subject);
  memcpy((*out)->host, notice->host, sizeof((*out)->host));
  memcpy((*out)->name, notice->instance, sizeof((*out)->name));
  return 0;
}

/* When there are too many, the newest replaces the last: the end is kept. */
static void keep_notice(struct plot_span *span, const struct notice *notice) {
  if (span->notices_len == PLOT_SPAN_NOTICES_MAX) {
    span->notices_len--;
    span->notices_more++;
  }
  struct plot_notice *kept = &span->notices[span->notices_len++];
  kept->time_s = notice->time_s;
  kept->severity = notice->severity;
  memcpy(kept->text, notice->text, sizeof(kept->text));
}

int plot_spans_put(struct plot_spans *spans, const struct notice *notice,
                   const char *subject, double keep_s) {
  struct plot_span *span = find_open(spans, notice->instance, subject);
  int rc = 0;

  if (!span && notice->severity != SEVERITY_OKAY)
    rc = open_span(spans, notice, subject, keep_s, &span);
  if (!span)
    return rc;
  keep_notice(span, notice);
  if (notice->severity == SEVERITY_FAILURE && isinf(span->failure_s))
    span->failure_s = notice->time_s;
  if (notice->severity == SEVERITY_OKAY)
    span->end_s = notice->time_s;
  return 0;
}

bool plot_spans_has(const struct plot_spans *spans, const char *name,
                    const char *subject) {
  for (size_t i = 0; i < spans->len; i++)
    if (is_of(&spans->spans[i], name, subject))
      return true;
  return false;
}

enum severity plot_spans_severity(const struct plot_span *span) {
  return isinf(span->failure_s) ? SEVERITY_WARNING : SEVERITY_FAILURE;
}
