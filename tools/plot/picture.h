/* A picture of what was gathered. The parts of it share the canvas, the layout
 * and the axis of time; a build without cairo has tools/missing.c in their
 * place. */
#ifndef TOOLS_PLOT_PICTURE_H
#define TOOLS_PLOT_PICTURE_H

#include "gather.h"

#include <stdio.h>

struct plot_size {
  int width, height; /* 0: by what there is to draw */
};

/* Whether this build can draw; else it says on stderr why not, as subcommand's.
 */
bool plot_picture_can(const char *subcommand);

/* Draw into out: SVG or PNG. Returns 0, or -errno and why in problem
 * (HISTORY_PROBLEM_MAX bytes). */
int plot_picture_draw(const struct plot_gather *gather,
                      const struct plot_size *size, bool svg, FILE *out,
                      char *problem);

#endif
