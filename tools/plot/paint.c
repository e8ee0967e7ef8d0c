/* See paint.h. The axis of time, colours and names that all parts share. */
#include "paint.h"

#include <math.h>
#include <string.h>

double plot_paint_x(const struct plot_paint *paint, double time_s) {
  const struct plot_gather *gather = paint->gather;
  const struct plot_layout *layout = &paint->layout;
  double part = (time_s - gather->start_s) / (gather->end_s - gather->start_s);

  return layout->left + fmin(fmax(part, 0), 1) * (layout->right - layout->left);
}

enum plot_ink plot_paint_severity(enum severity severity) {
  return severity == SEVERITY_FAILURE   ? PLOT_FAILURE
         : severity == SEVERITY_WARNING ? PLOT_WARNING
                                        : PLOT_EXPECTED;
}

const char *plot_paint_host(const struct plot_paint *paint) {
  const struct plot_gather *gather = paint->gather;
  const char *host = gather->panel[0]->series.host;

  for (size_t i = 1; i < paint->panels_len; i++)
    if (strcmp(gather->panel[i]->series.host, host) != 0)
      return NULL;
  return host;
}

void plot_paint_name(const struct plot_paint *paint,
                     const struct plot_span *span, char *out) {
  bool of_series = strcmp(span->subject, span->host) != 0;
  const char *host = plot_paint_host(paint);

  if (of_series)
    snprintf(out, PLOT_NAME_MAX, "%s of %s", span->name,
             span->subject + (host ? strlen(host) + 1 : 0));
  else
    snprintf(out, PLOT_NAME_MAX, "%s%s%s", span->name, host ? "" : " on ",
             host ? "" : span->host);
}
