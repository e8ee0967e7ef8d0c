/* Where everything stands in a picture: title, lanes of incidents, panels on
 * one axis of time, notifications. Pixels; pure. */
#ifndef TOOLS_PLOT_PLOT_LAYOUT_H
#define TOOLS_PLOT_PLOT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

enum {
  PLOT_LAYOUT_WIDTH = 1200, /* where no size is given */
  PLOT_LAYOUT_WIDTH_MIN = 360,
  PLOT_LAYOUT_SIDE_MAX = 8000,
};

struct plot_layout {
  double width, height;
  double margin;      /* on all sides */
  double left, right; /* of the panels, and of the axis of time */
  double lanes_top, lane_height;
  size_t lanes_len;
  double panels_top, panel_step; /* panel i begins at top + i * step, with */
  double title_height, panel_height; /* its title, then what is drawn */
  size_t panels_len;
  double axis_top; /* what is written below the last panel */
  double notes_top, notes_height;
};

/* height: 0 for as much as it takes. label_width: of the widest number beside a
 * panel. notes_height: what all notifications take; less where height does not
 * suffice. Returns 0, or the height that would suffice at least. */
double plot_layout_fit(struct plot_layout *layout, double width, double height,
                       size_t panels_len, size_t lanes_len, double label_width,
                       double notes_height);

/* The top of what is drawn in panel i. */
double plot_layout_panel(const struct plot_layout *layout, size_t i);

#endif
