/* Bands and curves. A column of pixels with several values shows the smallest,
 * the largest and the mean. The line is broken where a reading is missing. */
#include "paint.h"

#include <math.h>
#include <string.h>

static const double dense_values = 2; /* a column; more is dense */

/* State while one curve is drawn. */
struct pen {
  struct plot_paint *paint;
  cairo_t *cr;
  const struct plot_scale *scale;
  double top, height;
  const struct plot_bins *bins;
  bool dense;
};

bool plot_curve_is_dense(const struct plot_paint *paint,
                         const struct plot_bins *bins) {
  return (double)bins->values > dense_values * (double)paint->columns_len;
}

static double y_of(const struct pen *pen, double value) {
  double part = plot_scale_part(pen->scale, value);

  return pen->top + pen->height * (1 - fmin(fmax(part, -1), 2));
}

static double x_of(const struct pen *pen, const struct plot_bin *column) {
  return plot_paint_x(pen->paint, (column->first_s + column->last_s) / 2);
}

static void fill_columns(struct pen *pen, const struct plot_bins *bins,
                         struct plot_bin *out) {
  const struct plot_gather *gather = pen->paint->gather;

  pen->bins = bins;
  pen->dense = plot_curve_is_dense(pen->paint, bins);
  plot_bins_columns(bins, gather->start_s, gather->end_s, out,
                    pen->paint->columns_len);
}

/* The next part without a gap that starts at or after *from: columns *from to
 * *to; some may be empty. Returns false at the end. */
static bool find_stretch(const struct pen *pen, const struct plot_bin *columns,
                         size_t *from, size_t *to) {
  size_t len = pen->paint->columns_len;

  while (*from < len && columns[*from].count == 0)
    (*from)++;
  if (*from == len)
    return false;
  *to = *from;
  for (size_t i = *from + 1; i < len; i++) {
    if (columns[i].count == 0)
      continue;
    if (plot_bins_is_gap(pen->bins, &columns[*to], &columns[i]) &&
        (!pen->dense || i > *to + 1))
      break;
    *to = i;
  }
  return true;
}

/* Limited to the panel. */
static double edge_of(const struct pen *pen, double value) {
  return fmin(fmax(y_of(pen, value), pen->top), pen->top + pen->height);
}

/* Along the largest values and back along the smallest ones. */
static void trace_area(const struct pen *pen, const struct plot_bin *lower,
                       const struct plot_bin *upper, size_t from, size_t to) {
  cairo_new_path(pen->cr);
  for (size_t i = from; i <= to; i++)
    if (upper[i].count > 0)
      cairo_line_to(pen->cr, x_of(pen, &upper[i]), edge_of(pen, upper[i].max));
  for (size_t i = to + 1; i-- > from;)
    if (lower[i].count > 0)
      cairo_line_to(pen->cr, x_of(pen, &lower[i]), edge_of(pen, lower[i].min));
  cairo_close_path(pen->cr);
}

static void trace_edge(const struct pen *pen, const struct plot_bin *columns,
                       size_t from, size_t to, bool of_max) {
  cairo_new_path(pen->cr);
  for (size_t i = from; i <= to; i++)
    if (columns[i].count > 0)
      cairo_line_to(pen->cr, x_of(pen, &columns[i]),
                    y_of(pen, of_max ? columns[i].max : columns[i].min));
}

static void trace_means(const struct pen *pen, const struct plot_bin *columns,
                        size_t from, size_t to) {
  cairo_new_path(pen->cr);
  for (size_t i = from; i <= to; i++)
    if (columns[i].count > 0)
      cairo_line_to(pen->cr, x_of(pen, &columns[i]),
                    y_of(pen, columns[i].sum / (double)columns[i].count));
}

static void trace_values(const struct pen *pen, const struct plot_bin *columns,
                         size_t from, size_t to) {
  cairo_new_path(pen->cr);
  for (size_t i = from; i <= to; i++) {
    const struct plot_bin *column = &columns[i];
    double x = x_of(pen, column);
    if (column->count == 0)
      continue;
    cairo_line_to(pen->cr, plot_paint_x(pen->paint, column->first_s),
                  y_of(pen, column->first));
    if (column->count > 2) {
      cairo_line_to(pen->cr, x, y_of(pen, column->min));
      cairo_line_to(pen->cr, x, y_of(pen, column->max));
    }
    if (column->count > 1)
      cairo_line_to(pen->cr, plot_paint_x(pen->paint, column->last_s),
                    y_of(pen, column->last));
  }
  if (from == to && columns[from].count == 1) /* a single value is a dot */
    cairo_arc(pen->cr, x_of(pen, &columns[from]),
              y_of(pen, columns[from].first), 1, 0, 6.2832);
}

static void stroke(const struct pen *pen, enum plot_ink colour, double alpha,
                   double width) {
  plot_canvas_colour(&pen->paint->canvas, colour, alpha);
  cairo_set_line_width(pen->cr, width);
  cairo_stroke(pen->cr);
}

static void draw_band(struct pen *pen, const struct plot_panel *panel) {
  static const double dots[] = {1.5, 2.5};
  struct plot_bin *lower = pen->paint->columns, *upper = pen->paint->others;
  size_t to = 0;

  fill_columns(pen, &panel->lower, lower);
  fill_columns(pen, &panel->upper, upper);
  for (size_t from = 0; find_stretch(pen, upper, &from, &to); from = to + 1) {
    trace_area(pen, lower, upper, from, to);
    plot_canvas_colour(&pen->paint->canvas, PLOT_EXPECTED,
                       strcmp(panel->unit, "%") == 0 ? 0.05 : 0.13);
    cairo_fill(pen->cr);
    cairo_set_dash(pen->cr, dots, 2, 0);
    trace_edge(pen, upper, from, to, true);
    stroke(pen, PLOT_EXPECTED, 0.75, 0.9);
    trace_edge(pen, lower, from, to, false);
    if (panel->band == PLOT_BAND_GENERIC) /* others have one limit only */
      stroke(pen, PLOT_EXPECTED, 0.75, 0.9);
    cairo_set_dash(pen->cr, NULL, 0, 0);
  }
}

static void draw_expected(struct pen *pen, const struct plot_panel *panel) {
  static const double dashes[] = {6, 3};
  size_t to = 0;

  fill_columns(pen, &panel->expected, pen->paint->columns);
  cairo_set_dash(pen->cr, dashes, 2, 0);
  for (size_t from = 0; find_stretch(pen, pen->paint->columns, &from, &to);
       from = to + 1) {
    trace_means(pen, pen->paint->columns, from, to);
    stroke(pen, PLOT_EXPECTED, 1, 1.3);
  }
  cairo_set_dash(pen->cr, NULL, 0, 0);
}

static void draw_line(struct pen *pen, const struct plot_line *line,
                      enum plot_ink colour, double alpha, double width) {
  struct plot_bin *columns = pen->paint->columns;
  size_t to = 0;

  fill_columns(pen, &line->bins, columns);
  for (size_t from = 0; find_stretch(pen, columns, &from, &to); from = to + 1) {
    if (!pen->dense) {
      trace_values(pen, columns, from, to);
      stroke(pen, colour, 1, width);
      continue;
    }
    trace_area(pen, columns, columns, from, to);
    plot_canvas_colour(&pen->paint->canvas, colour, alpha);
    cairo_fill_preserve(pen->cr);
    stroke(pen, colour, 1.6 * alpha,
           0.9); /* so that a single spike is visible */
    trace_means(pen, columns, from, to);
    stroke(pen, colour, 1, width);
  }
}

void plot_curve_panel(struct plot_paint *paint, size_t i) {
  const struct plot_panel *panel = paint->gather->panel[i];
  const struct plot_layout *layout = &paint->layout;
  struct pen pen = {.paint = paint,
                    .cr = paint->canvas.cr,
                    .scale = &paint->scale[i],
                    .top = plot_layout_panel(layout, i),
                    .height = layout->panel_height};

  cairo_save(pen.cr);
  cairo_rectangle(pen.cr, layout->left, pen.top - 1,
                  layout->right - layout->left, pen.height + 2);
  cairo_clip(pen.cr);
  cairo_set_line_join(pen.cr, CAIRO_LINE_JOIN_ROUND);
  draw_band(&pen, panel);
  cairo_set_line_cap(pen.cr, CAIRO_LINE_CAP_ROUND);
  draw_line(&pen, &panel->line[0], PLOT_CURVE, 0.32, 1.5);
  draw_line(&pen, &panel->line[1], PLOT_SECOND, 0.2, 1);
  cairo_set_line_cap(pen.cr, CAIRO_LINE_CAP_BUTT);
  draw_expected(&pen, panel);
  cairo_restore(pen.cr);
}
