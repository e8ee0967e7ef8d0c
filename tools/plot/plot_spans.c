/* Notifications -> spans of time. */
#include "plot_spans.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Of many the last, which is the end, is kept at any rate. */
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
