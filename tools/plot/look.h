/* How a picture looks: its size, its theme and the axes of its panels, as the
 * options of plot and replay name them. Pure. */
#ifndef TOOLS_PLOT_LOOK_H
#define TOOLS_PLOT_LOOK_H

#include <stdbool.h>

enum plot_theme { PLOT_LIGHT, PLOT_DARK };

enum plot_axis {
  PLOT_AXIS_AUTO, /* logarithmic where the limits would be too low to read */
  PLOT_AXIS_LINEAR,
  PLOT_AXIS_LOG, /* for all but shares in percent and negative values */
};

struct plot_look {
  int width, height; /* 0: as needed */
  enum plot_theme theme;
  enum plot_axis axis;
};

/* The words of --theme and --scale; false if it is none of them. */
bool plot_look_take_theme(const char *word, enum plot_theme *out);
bool plot_look_take_axis(const char *word, enum plot_axis *out);

#define PLOT_THEME_HELP                                                        \
  "of the picture: light, for paper, or dark (default: light)"
#define PLOT_AXIS_HELP                                                         \
  "of its axes: linear, log, or auto: log where a peak makes\n"                \
  "the limits too low to read (default: auto)"
#define PLOT_THEME_REFUSED "--theme must be light or dark, not "
#define PLOT_AXIS_REFUSED "--scale must be linear, log or auto, not "

#endif
