/* What the parts of the drawing share; private to it. */
#ifndef TOOLS_PLOT_PAINT_H
#define TOOLS_PLOT_PAINT_H

#include "canvas.h"
#include "gather.h"
#include "scale.h"

struct plot_paint {
  struct plot_canvas canvas;
  struct plot_layout layout;
  const struct plot_gather *gather;
  size_t panels_len; /* the first panels of gather, as far as they fit */
  struct plot_scale scale[PLOT_PANELS_MAX];
  unsigned lane[PLOT_SPANS_MAX];     /* of each incident */
  size_t columns_len;                /* width of a panel in pixels */
  struct plot_bin *columns, *others; /* scratch, columns_len each */
};

/* The x of a moment, limited to the time axis. */
double plot_paint_x(const struct plot_paint *paint, double time_s);

enum plot_ink plot_paint_severity(enum severity severity);

/* The name of an incident: "syn_flood", "syn_flood on web1" if there are
 * several hosts, "NAME of SERIES" for a <Watch>. out: PLOT_NAME_MAX bytes. */
enum { PLOT_NAME_MAX = SERIES_IDENTIFIER_MAX + 128 };
void plot_paint_name(const struct plot_paint *paint,
                     const struct plot_span *span, char *out);

/* The host of all panels, or NULL if there are several. */
const char *plot_paint_host(const struct plot_paint *paint);

/* axes.c: title, time axis, and title, grid and legend of panel i. */
void plot_axes_title(struct plot_paint *paint);
void plot_axes_time(struct plot_paint *paint);
void plot_axes_panel(struct plot_paint *paint, size_t i);
/* The value axis of a panel of this height. */
struct plot_scale plot_axes_scale(const struct plot_panel *panel, double height,
                                  enum plot_axis axis);
/* The number of a tick, with " %" if that is the unit. out: PLOT_SCALE_TEXT_MAX
 * bytes. */
void plot_axes_number(const struct plot_panel *panel,
                      const struct plot_scale *scale, size_t tick, char *out);

/* curve.c: bands and curves of panel i; whether a column of pixels holds
 * several values. */
void plot_curve_panel(struct plot_paint *paint, size_t i);
bool plot_curve_is_dense(const struct plot_paint *paint,
                         const struct plot_bins *bins);

/* incidents.c: choose the lane of each incident, returns the number of lanes;
 * draw behind the curves of panel i; draw the lanes above the panels. */
size_t plot_incidents_lanes(struct plot_paint *paint);
void plot_incidents_shade(struct plot_paint *paint, size_t i);
void plot_incidents_draw(struct plot_paint *paint);
/* The notifications. Returns their height, at most height_max; draw: false:
 * only measure. */
double plot_incidents_notes(struct plot_paint *paint, double height_max,
                            bool draw);

#endif
