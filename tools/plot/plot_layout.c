/* Panels get what the rest leaves, and a height that is read well where there
 * is no limit. */
#include "plot_layout.h"

#include <math.h>
#include <string.h>

static const double margin = 16, title_height = 46, lane_height = 16;
static const double panel_title = 20, panel_gap = 8, axis_height = 40;
static const double panel_usual = 120, panel_large = 300, panel_least = 36;
static const double notes_gap = 8;
static const double notes_share = 0.25; /* of a limited height, at most, where
                                          panels would be below the usual */

/* One panel has the room of two. */
static double natural_height(size_t panels_len) {
  return panels_len == 1   ? panel_large
         : panels_len == 2 ? 1.5 * panel_usual
                           : panel_usual;
}

double plot_layout_fit(struct plot_layout *layout, double width, double height,
                       size_t panels_len, size_t lanes_len, double label_width,
                       double notes_height) {
  double lanes = lanes_len > 0 ? (double)lanes_len * lane_height + 4 : 0;
  double fixed = margin + title_height + lanes + axis_height + margin / 2;
  double notes = notes_height > 0 ? notes_gap + notes_height : 0;
  double around = panel_title + panel_gap;
  double len = (double)panels_len;

  if (height <= 0)
    height = ceil(fixed + notes + len * (around + natural_height(panels_len)));
  double left = height - fixed - len * around;
  if (left < len * panel_least)
    return ceil(fixed + len * (around + panel_least));
  if (left - notes < len * panel_usual) /* notes give way first */
    notes = fmax(fmin(notes, notes_share * height), 0);
  if (left - notes < len * panel_least)
    notes = left - len * panel_least;
  memset(layout, 0, sizeof(*layout));
  layout->width = width;
  layout->height = height;
  layout->margin = margin;
  layout->left = ceil(margin + label_width + 8);
  layout->right = width - margin;
  layout->lanes_top = margin + title_height;
  layout->lane_height = lane_height;
  layout->lanes_len = lanes_len;
  layout->panels_top = layout->lanes_top + lanes;
  layout->title_height = panel_title;
  layout->panel_height = floor((left - notes) / len);
  layout->panel_step = around + layout->panel_height;
  layout->panels_len = panels_len;
  layout->axis_top = layout->panels_top + len * layout->panel_step - panel_gap;
  layout->notes_top = layout->axis_top + axis_height + panel_gap + notes_gap;
  layout->notes_height = fmax(0, height - margin / 2 - layout->notes_top);
  return 0;
}

double plot_layout_panel(const struct plot_layout *layout, size_t i) {
  return layout->panels_top + (double)i * layout->panel_step +
         layout->title_height;
}
