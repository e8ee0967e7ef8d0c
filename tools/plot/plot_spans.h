/* The incidents of a picture: from when to when each was open, and what was
 * notified of it. Pure. */
#ifndef TOOLS_PLOT_PLOT_SPANS_H
#define TOOLS_PLOT_PLOT_SPANS_H

#include "verdict/notice.h"

enum {
  PLOT_SPANS_MAX = 1024,
  PLOT_SPAN_NOTICES_MAX = 4, /* that are kept of one incident */
};

struct plot_notice {
  double time_s;
  enum severity severity;
  char text[NOTICE_TEXT_MAX];
};

struct plot_span {
  char subject[SERIES_IDENTIFIER_MAX]; /* the host; of a <Watch>: the series */
  char host[JUDGE_HOST_MAX];
  char name[RULES_NAME_MAX];
  double start_s, end_s; /* end INFINITY: open at the end */
  double failure_s;      /* since when it was a FAILURE; INFINITY: never */
  size_t notices_len;
  size_t notices_more; /* that were not kept */
  struct plot_notice notices[PLOT_SPAN_NOTICES_MAX];
};

struct plot_spans {
  struct plot_span *spans; /* in the order in which they were raised */
  size_t len, capacity;
  size_t more; /* that there was no room for */
};

void plot_spans_init(struct plot_spans *spans);
void plot_spans_release(struct plot_spans *spans);

/* Take in what was notified of subject. keep_s: incidents that were over before
 * may be forgotten. Returns 0 or -ENOMEM. */
int plot_spans_put(struct plot_spans *spans, const struct notice *notice,
                   const char *subject, double keep_s);

/* Forget what is not in start_s..end_s. */
void plot_spans_cut(struct plot_spans *spans, double start_s, double end_s);

/* Whether there is one of that name, of that subject. */
bool plot_spans_has(const struct plot_spans *spans, const char *name,
                    const char *subject);

enum severity plot_spans_severity(const struct plot_span *span);

#endif
