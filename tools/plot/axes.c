/* Title, axes, grids, and the legend of each panel. */
#include "lib/moment.h"
#include "lib/words.h"
#include "paint.h"

#include <math.h>
#include <string.h>

static const struct plot_style title_style = {16, true, PLOT_INK};
static const struct plot_style about_style = {11, false, PLOT_INK_LIGHT};
static const struct plot_style panel_style = {12, true, PLOT_INK};
static const struct plot_style number_style = {10.5, false, PLOT_INK_LIGHT};
static const struct plot_style below_style = {10.5, true, PLOT_INK_LIGHT};
static const struct plot_style legend_style = {10.5, false, PLOT_INK};

static const double tick_height = 26, tick_width = 64; /* room of a number */
/* One limit in 50 may be beyond the axis: limits are wild before much is
 * learned. */
enum { OUTLIERS = 50 };
/* The usual limit has less than this part of a panel: auto is logarithmic. */
static const double log_from = 10;

static void line(struct plot_paint *paint, enum plot_ink colour, double width,
                 const double from[2], const double to[2]) {
  plot_canvas_colour(&paint->canvas, colour, 1);
  cairo_set_line_width(paint->canvas.cr, width);
  cairo_move_to(paint->canvas.cr, from[0], from[1]);
  cairo_line_to(paint->canvas.cr, to[0], to[1]);
  cairo_stroke(paint->canvas.cr);
}

/* The middle of a pixel. */
static double crisp(double at) { return floor(at) + 0.5; }

/* --- title ---------------------------------------------------------------- */

static bool any_dense(const struct plot_paint *paint) {
  for (size_t i = 0; i < paint->panels_len; i++)
    if (plot_curve_is_dense(paint, &paint->gather->panel[i]->line[0].bins))
      return true;
  return false;
}

/* "Sun 2026-11-22 10:00:00 to 12:00:00 CET (UTC+0100), 2 incidents" */
static void write_about(struct plot_paint *paint, double width, char *out,
                        size_t size) {
  const struct plot_gather *gather = paint->gather;
  size_t incidents = gather->spans.len + gather->spans.more;
  char from[MOMENT_MAX], to[MOMENT_MAX];
  char column[WORDS_MAX], count[32] = "no incident";

  moment_format(gather->start_s, "%Y-%m-%d %H:%M:%S", from, sizeof(from));
  moment_format(gather->end_s, "%Y-%m-%d %H:%M:%S %Z (UTC%z)", to, sizeof(to));
  if (incidents > 0)
    snprintf(count, sizeof(count), "%zu incident%s", incidents,
             incidents > 1 ? "s" : "");
  snprintf(out, size, "%s to %s · %s", from, to, count);
  size_t used = strlen(out), left_out = gather->panels_len - paint->panels_len;
  if (left_out > 0)
    snprintf(out + used, size - used, " · %zu panel%s left out", left_out,
             left_out > 1 ? "s" : "");
  used = strlen(out);
  words_duration_notice(
      (gather->end_s - gather->start_s) / (double)paint->columns_len, column);
  snprintf(out + used, size - used,
           " · a pixel is %s wide: from the smallest value to the largest, "
           "with the mean",
           column);
  if (!any_dense(paint) ||
      plot_canvas_width(&paint->canvas, &about_style, out) > width)
    out[used] = '\0';
}

void plot_axes_title(struct plot_paint *paint) {
  const struct plot_layout *layout = &paint->layout;
  const char *host = plot_paint_host(paint);
  double width = layout->width - 2 * layout->margin;
  char about[512];

  plot_canvas_text(&paint->canvas, &title_style, PLOT_LEFT, layout->margin,
                   layout->margin + 14, width, host ? host : "several hosts");
  write_about(paint, width, about, sizeof(about));
  plot_canvas_text(&paint->canvas, &about_style, PLOT_LEFT, layout->margin,
                   layout->margin + 32, width, about);
}

/* --- time ----------------------------------------------------------------- */

static size_t find_ticks(const struct plot_paint *paint,
                         struct plot_tick *ticks) {
  double width = paint->layout.right - paint->layout.left;

  return plot_ticks(paint->gather->start_s, paint->gather->end_s,
                    (size_t)fmax(2, width / tick_width), ticks);
}

/* Shifted if needed to stay within the picture. */
static void text_at(struct plot_paint *paint, const struct plot_style *style,
                    double x, double y, const char *text) {
  double half = plot_canvas_width(&paint->canvas, style, text) / 2;

  x = fmin(x, paint->layout.width - 4 - half);
  plot_canvas_text(&paint->canvas, style, PLOT_CENTER,
                   fmax(x, paint->layout.margin + half), y, INFINITY, text);
}

/* No room for the first day if the second follows closely. */
static bool has_room_below(struct plot_paint *paint,
                           const struct plot_tick *ticks, size_t len,
                           size_t i) {
  double width =
      plot_canvas_width(&paint->canvas, &below_style, ticks[i].below) + 12;

  for (size_t k = i + 1; k < len; k++)
    if (ticks[k].below[0] != '\0')
      return plot_paint_x(paint, ticks[k].time_s) -
                 plot_paint_x(paint, ticks[i].time_s) >
             width;
  return true;
}

void plot_axes_time(struct plot_paint *paint) {
  struct plot_tick ticks[PLOT_TICKS_MAX];
  size_t len = find_ticks(paint, ticks);
  double top = paint->layout.axis_top;

  for (size_t i = 0; i < len; i++) {
    double x = crisp(plot_paint_x(paint, ticks[i].time_s));
    line(paint, PLOT_FRAME, 1, (double[]){x, top},
         (double[]){x, top + (ticks[i].below[0] != '\0' ? 7 : 4)});
    text_at(paint, &number_style, x, top + 17, ticks[i].text);
    if (ticks[i].below[0] != '\0' && has_room_below(paint, ticks, len, i))
      text_at(paint, &below_style, x, top + 32, ticks[i].below);
  }
}

/* --- values --------------------------------------------------------------- */

static bool is_percent(const struct plot_panel *panel) {
  return strcmp(panel->unit, "%") == 0;
}

/* The level that has to be readable: the usual upper limit, else what is
 * expected, else the values themselves. NAN if there is none above 0. */
static double usual_of(const struct plot_panel *panel) {
  const struct plot_bins *bins[] = {&panel->upper, &panel->expected,
                                    &panel->line[0].bins};

  for (size_t i = 0; i < sizeof(bins) / sizeof(bins[0]); i++) {
    double usual = plot_bins_mostly_below(bins[i], 2);
    if (usual > 0)
      return usual;
  }
  return NAN;
}

/* Whether the axis from low to high is to be logarithmic. */
static bool wants_log(const struct plot_panel *panel, enum plot_axis axis,
                      double low, double high, double usual) {
  if (axis == PLOT_AXIS_LINEAR || is_percent(panel) || low < 0 || !(usual > 0))
    return false;
  if (axis == PLOT_AXIS_LOG)
    return high > 0;
  return panel->upper.values > 0 && high > log_from * usual;
}

struct plot_scale plot_axes_scale(const struct plot_panel *panel, double height,
                                  enum plot_axis axis) {
  double low = INFINITY, high = -INFINITY, min = 0, max = 0;

  for (size_t i = 0; i < PLOT_LINES_MAX; i++)
    if (plot_bins_extent(&panel->line[i].bins, &min, &max)) {
      low = fmin(low, min);
      high = fmax(high, max);
    }
  bool from_zero = is_percent(panel) || isinf(low) || low == 0;
  double floor_value = low >= 0 ? 0 : -INFINITY;
  if (isinf(low))
    low = high = 0;
  high = fmax(high, plot_bins_mostly_below(&panel->expected, OUTLIERS));
  if (plot_bins_extent(&panel->expected, &min, &max))
    low = fmin(low, min);
  if (plot_bins_extent(&panel->lower, &min, &max))
    low = fmin(low, min);
  if (!is_percent(panel))
    high = fmax(high, plot_bins_mostly_below(&panel->upper, OUTLIERS));
  low = fmax(low, floor_value);
  size_t most = (size_t)fmax(2, floor(height / tick_height) + 1);
  double usual = usual_of(panel);
  if (most > 2 && wants_log(panel, axis, low, high, usual))
    return plot_scale_fit_log(low, high, usual, most);
  return plot_scale_fit(low, high, most, from_zero,
                        is_percent(panel) && high <= 100 ? 100 : INFINITY);
}

void plot_axes_number(const struct plot_panel *panel,
                      const struct plot_scale *scale, size_t tick, char *out) {
  plot_scale_text(scale, tick, out);
  size_t used = strlen(out);
  if (is_percent(panel) && used + 3 < PLOT_SCALE_TEXT_MAX)
    memcpy(out + used, " %", 3);
}

static void draw_grid(struct plot_paint *paint, size_t i) {
  const struct plot_layout *layout = &paint->layout;
  const struct plot_scale *scale = &paint->scale[i];
  double top = plot_layout_panel(layout, i), height = layout->panel_height;
  struct plot_tick ticks[PLOT_TICKS_MAX];
  char text[PLOT_SCALE_TEXT_MAX];
  size_t len = find_ticks(paint, ticks);

  for (size_t k = 0; k < len; k++) {
    double x = crisp(plot_paint_x(paint, ticks[k].time_s));
    line(paint, PLOT_GRID, 1, (double[]){x, top}, (double[]){x, top + height});
  }
  for (size_t k = 0; k < scale->len; k++) {
    double part = plot_scale_part(scale, plot_scale_tick(scale, k));
    double y = crisp(top + height * (1 - part));
    line(paint, k == 0 ? PLOT_FRAME : PLOT_GRID, 1, (double[]){layout->left, y},
         (double[]){layout->right, y});
    plot_axes_number(paint->gather->panel[i], scale, k, text);
    plot_canvas_text(&paint->canvas, &number_style, PLOT_RIGHT,
                     layout->left - 6, y + 3.5, INFINITY, text);
  }
}

/* --- legend --------------------------------------------------------------- */

struct sample {
  const char *label;
  enum { LINE, DASHED, AREA } form;
  enum plot_ink colour;
  double width;
};

static void draw_sample(struct plot_paint *paint, const struct sample *sample,
                        double x, double y) {
  static const double dashes[] = {6, 3}, dots[] = {1.5, 2.5};
  cairo_t *cr = paint->canvas.cr;

  if (sample->form == AREA) {
    plot_canvas_colour(&paint->canvas, sample->colour, 0.13);
    cairo_rectangle(cr, x, y - 9, 20, 9);
    cairo_fill(cr);
    cairo_set_dash(cr, dots, 2, 0);
    line(paint, sample->colour, 0.9, (double[]){x, y - 9},
         (double[]){x + 20, y - 9});
  } else {
    if (sample->form == DASHED)
      cairo_set_dash(cr, dashes, 2, 0);
    double at = sample->width < 1.5 ? crisp(y - 4) : floor(y - 4);
    line(paint, sample->colour, sample->width, (double[]){x, at},
         (double[]){x + 20, at});
  }
  cairo_set_dash(cr, NULL, 0, 0);
}

static size_t list_samples(const struct plot_panel *panel,
                           struct sample samples[4]) {
  bool usual = panel->band == PLOT_BAND_USUAL;
  size_t len = 0;

  if (panel->line[0].bins.values > 0)
    samples[len++] = (struct sample){panel->line[0].label, LINE, PLOT_CURVE, 2};
  if (panel->line[1].bins.values > 0)
    samples[len++] =
        (struct sample){panel->line[1].label, LINE, PLOT_SECOND, 1};
  if (panel->expected.values > 0)
    samples[len++] = (struct sample){usual ? "usual" : "expected", DASHED,
                                     PLOT_EXPECTED, 1.3};
  if (panel->upper.values > 0)
    samples[len++] = (struct sample){"limits", AREA, PLOT_EXPECTED, 1};
  return len;
}

static double sample_width(struct plot_paint *paint,
                           const struct sample *sample) {
  return plot_canvas_width(&paint->canvas, &legend_style, sample->label) + 41;
}

/* At the right edge; the last samples are left out if there is no room. Returns
 * the left end. */
static double draw_legend(struct plot_paint *paint,
                          const struct plot_panel *panel, double least_x,
                          double y) {
  struct sample samples[4];
  size_t len = list_samples(panel, samples), shown = 0;
  double begin = paint->layout.right + 16;

  while (shown < len && begin - sample_width(paint, &samples[shown]) >= least_x)
    begin -= sample_width(paint, &samples[shown++]);
  double x = begin;
  for (size_t i = 0; i < shown; i++) {
    draw_sample(paint, &samples[i], x, y);
    plot_canvas_text(&paint->canvas, &legend_style, PLOT_LEFT, x + 25, y,
                     INFINITY, samples[i].label);
    x += sample_width(paint, &samples[i]);
  }
  return begin - 16;
}

/* Only if there is room. The word tells that distances are ratios. */
static void draw_unit(struct plot_paint *paint, const struct plot_panel *panel,
                      bool is_log, double x, double y, double end) {
  char text[TYPES_DB_UNIT_MAX + 32];

  snprintf(text, sizeof(text), "%s%s%s", panel->unit,
           is_log && panel->unit[0] != '\0' ? ", " : "",
           is_log ? "logarithmic" : "");
  if (!is_percent(panel) &&
      x + plot_canvas_width(&paint->canvas, &number_style, text) <= end)
    plot_canvas_text(&paint->canvas, &number_style, PLOT_LEFT, x, y, INFINITY,
                     text);
}

void plot_axes_panel(struct plot_paint *paint, size_t i) {
  const struct plot_panel *panel = paint->gather->panel[i];
  const struct plot_layout *layout = &paint->layout;
  double y = plot_layout_panel(layout, i) - 6;
  bool several = !plot_paint_host(paint);
  char title[2 * SERIES_IDENTIFIER_MAX];

  draw_grid(paint, i);
  snprintf(title, sizeof(title), "%s",
           several ? panel->identifier : panel->title);
  double width = plot_canvas_width(&paint->canvas, &panel_style, title);
  double end = draw_legend(paint, panel,
                           layout->left + fmin(width, layout->width / 2), y);
  plot_canvas_text(&paint->canvas, &panel_style, PLOT_LEFT, layout->left, y,
                   end - layout->left, title);
  draw_unit(paint, panel, paint->scale[i].linear_to > 0,
            layout->left + width + 8, y, end);
  if (!plot_panel_has_values(panel))
    plot_canvas_text(&paint->canvas, &about_style, PLOT_CENTER,
                     (layout->left + layout->right) / 2,
                     y + 10 + layout->panel_height / 2, INFINITY,
                     "no values in this time");
}
