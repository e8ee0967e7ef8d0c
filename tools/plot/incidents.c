/* Incidents: bars in lanes above the panels, shades behind the curves. FAILURE
 * is hatched, too, for print. */
#include "paint.h"

#include <math.h>
#include <string.h>

enum { LANES_MAX = 4 };
static const double least_width = 2;     /* however short it was */
static const double number_share = 0.02; /* of the width, for a number */
static const double hatch_step = 7, hatched_from = 10;
static const struct plot_style dark_label = {10.5, true, PLOT_INK};
static const struct plot_style light_label = {10.5, true, 0xFFFFFF};

/* --- lanes ---------------------------------------------------------------- */

size_t plot_incidents_lanes(struct plot_paint *paint) {
  const struct plot_gather *gather = paint->gather;
  double room_s = number_share * (gather->end_s - gather->start_s);
  double busy_s[LANES_MAX];
  size_t used = 0;

  for (size_t i = 0; i < gather->spans.len; i++) {
    const struct plot_span *span = &gather->spans.spans[i];
    unsigned lane = 0;
    while (lane < used && busy_s[lane] > span->start_s)
      lane++;
    lane = lane < LANES_MAX ? lane : LANES_MAX - 1;
    if (lane == used)
      used++;
    busy_s[lane] = span->end_s + room_s;
    paint->lane[i] = lane;
  }
  return used;
}

/* --- where each is -------------------------------------------------------- */

/* From left to right: the beginning, FAILURE, the end. */
struct extent {
  double from, failure, to;
};

static struct extent extent_of(const struct plot_paint *paint,
                               const struct plot_span *span) {
  double last_s = fmin(paint->gather->last_s, paint->gather->end_s);
  double end_s = isinf(span->end_s) ? last_s : span->end_s;
  struct extent is = {plot_paint_x(paint, span->start_s), 0,
                      plot_paint_x(paint, end_s)};

  if (is.to - is.from < least_width) {
    is.from = fmin(is.from, paint->layout.right - least_width);
    is.to = is.from + least_width;
  }
  is.failure = fmin(plot_paint_x(paint, span->failure_s), is.to);
  if (plot_spans_severity(span) != SEVERITY_FAILURE)
    is.failure = is.to;
  else if (is.to - is.from <= 2 * least_width)
    is.failure = is.from; /* no room for both */
  return is;
}

/* --- shades --------------------------------------------------------------- */

static void hatch(cairo_t *cr, double x, double y, double width,
                  double height) {
  cairo_save(cr);
  cairo_rectangle(cr, x, y, width, height);
  cairo_clip(cr);
  int len = (int)ceil((width + height) / hatch_step);
  for (int i = 0; i < len; i++) {
    double at = x - height + i * hatch_step;
    cairo_move_to(cr, at, y + height);
    cairo_line_to(cr, at + height, y);
  }
  cairo_set_line_width(cr, 0.7);
  cairo_stroke(cr);
  cairo_restore(cr);
}

static void shade(struct plot_paint *paint, enum severity severity,
                  const double x[2], double y, double height) {
  struct plot_canvas *canvas = &paint->canvas;
  uint32_t colour = plot_paint_severity(severity);
  double width = x[1] - x[0];

  if (width <= 0)
    return;
  plot_canvas_colour(canvas, colour,
                     severity == SEVERITY_FAILURE ? 0.15 : 0.24);
  cairo_rectangle(canvas->cr, x[0], y, width, height);
  cairo_fill(canvas->cr);
  plot_canvas_colour(canvas, colour, 0.28);
  if (severity == SEVERITY_FAILURE && width >= hatched_from)
    hatch(canvas->cr, x[0], y, width, height);
}

static void edge(struct plot_paint *paint, enum severity severity, double x,
                 double y, double height) {
  plot_canvas_colour(&paint->canvas, plot_paint_severity(severity), 0.8);
  cairo_set_line_width(paint->canvas.cr, 1);
  cairo_move_to(paint->canvas.cr, x, y);
  cairo_line_to(paint->canvas.cr, x, y + height);
  cairo_stroke(paint->canvas.cr);
}

void plot_incidents_shade(struct plot_paint *paint, size_t i) {
  const struct plot_spans *spans = &paint->gather->spans;
  const struct plot_panel *panel = paint->gather->panel[i];
  double y = plot_layout_panel(&paint->layout, i);
  double height = paint->layout.panel_height;

  for (size_t k = 0; k < spans->len; k++) {
    const struct plot_span *span = &spans->spans[k];
    if (strcmp(span->host, panel->series.host) != 0)
      continue;
    struct extent is = extent_of(paint, span);
    shade(paint, SEVERITY_WARNING, (double[]){is.from, is.failure}, y, height);
    shade(paint, SEVERITY_FAILURE, (double[]){is.failure, is.to}, y, height);
    enum severity first =
        is.failure > is.from ? SEVERITY_WARNING : SEVERITY_FAILURE;
    edge(paint, first, is.from, y, height);
    if (is.to - is.from > 2 * least_width)
      edge(paint, plot_spans_severity(span), is.to, y, height);
  }
}

/* --- bars ----------------------------------------------------------------- */

static void bar(struct plot_paint *paint, enum severity severity, double from,
                double to, double y) {
  if (to <= from)
    return;
  plot_canvas_colour(&paint->canvas, plot_paint_severity(severity), 1);
  cairo_rectangle(paint->canvas.cr, from, y, to - from,
                  paint->layout.lane_height - 2);
  cairo_fill(paint->canvas.cr);
}

/* Within the wider part of the bar, else behind it, at the right edge in front
 * of it; not where that would be on another's. */
static void label(struct plot_paint *paint, const struct extent *is, double y,
                  double next, double *free_from, const char *text) {
  bool failure = is->to - is->failure >= is->failure - is->from;
  double from = failure ? is->failure : is->from;
  double to = failure ? is->to : is->failure;
  double width = plot_canvas_width(&paint->canvas, &dark_label, text) + 8;
  double x = is->to;

  if (to - from >= width)
    x = from;
  else if (x + width > paint->layout.right)
    x = is->from - width;
  if (x < *free_from || (x == is->to && x + width > next))
    return;
  plot_canvas_text(&paint->canvas,
                   x == from && failure ? &light_label : &dark_label, PLOT_LEFT,
                   x + 4, y + paint->layout.lane_height - 6, INFINITY, text);
  *free_from = fmax(x + width, is->to);
}

/* Where the next bar of the lane begins. */
static double find_next(const struct plot_paint *paint, size_t i) {
  const struct plot_spans *spans = &paint->gather->spans;

  for (size_t k = i + 1; k < spans->len; k++)
    if (paint->lane[k] == paint->lane[i])
      return extent_of(paint, &spans->spans[k]).from;
  return INFINITY;
}

void plot_incidents_draw(struct plot_paint *paint) {
  const struct plot_spans *spans = &paint->gather->spans;
  double free_from[LANES_MAX] = {0};
  char name[PLOT_NAME_MAX], text[PLOT_NAME_MAX + 32];

  for (size_t i = 0; i < spans->len; i++) {
    const struct plot_span *span = &spans->spans[i];
    unsigned lane = paint->lane[i];
    double y = paint->layout.lanes_top + lane * paint->layout.lane_height;
    struct extent is = extent_of(paint, span);
    bar(paint, SEVERITY_WARNING, is.from, is.failure, y);
    bar(paint, SEVERITY_FAILURE, is.failure, is.to, y);
    double before = free_from[lane], next = find_next(paint, i);
    plot_paint_name(paint, span, name);
    snprintf(text, sizeof(text), "%zu %s", i + 1, name);
    label(paint, &is, y, next, &free_from[lane], text);
    if (free_from[lane] > before)
      continue;
    snprintf(text, sizeof(text), "%zu", i + 1);
    label(paint, &is, y, next, &free_from[lane], text);
    free_from[lane] = fmax(free_from[lane], is.to);
  }
}
