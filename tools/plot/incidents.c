/* Incidents in three places: bars in lanes above the panels, shades behind the
 * curves, and their notifications below the panels, as many as have room.
 * FAILURE is also hatched, for print. */
#include "lib/moment.h"
#include "lib/words.h"
#include "paint.h"

#include <math.h>
#include <string.h>

enum { LANES_MAX = 4, LISTED_MAX = 10 };
static const double least_width = 2;     /* of short incidents */
static const double number_share = 0.02; /* of the width, between bars */
static const double hatch_step = 7, hatched_from = 10;
static const struct plot_style label_style = {10.5, true, PLOT_INK};
static const struct plot_style on_warning = {10.5, true, PLOT_ON_WARNING};
static const struct plot_style on_failure = {10.5, true, PLOT_ON_FAILURE};

/* For text in a bar or a badge of that colour. */
static const struct plot_style *label_on(enum severity severity) {
  return severity == SEVERITY_FAILURE ? &on_failure : &on_warning;
}

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

/* --- extents -------------------------------------------------------- */

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
  enum plot_ink colour = plot_paint_severity(severity);
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

/* Write into the wider part of the bar, or after it, or at the right edge
 * before it; write nothing if another bar is in the way. */
static void label(struct plot_paint *paint, const struct extent *is, double y,
                  double next, double *free_from, const char *text) {
  bool failure = is->to - is->failure >= is->failure - is->from;
  double from = failure ? is->failure : is->from;
  double to = failure ? is->to : is->failure;
  double width = plot_canvas_width(&paint->canvas, &label_style, text) + 8;
  double x = is->to;

  if (to - from >= width)
    x = from;
  else if (x + width > paint->layout.right)
    x = is->from - width;
  if (x < *free_from || (x == is->to && x + width > next))
    return;
  const struct plot_style *style = &label_style;
  if (x == from)
    style = label_on(failure ? SEVERITY_FAILURE : SEVERITY_WARNING);
  plot_canvas_text(&paint->canvas, style, PLOT_LEFT, x + 4,
                   y + paint->layout.lane_height - 6, INFINITY, text);
  *free_from = fmax(x + width, is->to);
}

/* The start of the next bar in the same lane. */
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

/* --- notifications -------------------------------------------------------- */

static const struct plot_style head_style = {11.5, true, PLOT_INK};
static const struct plot_style range_style = {11.5, false, PLOT_INK};
static const struct plot_style text_style = {10.5, false, PLOT_INK};
static const struct plot_style more_style = {10.5, false, PLOT_INK_LIGHT};
static const double head_height = 19, more_height = 17, gap = 5;
static const double indent = 26, severity_width = 70;

/* Where the next line goes. */
struct place {
  struct plot_paint *paint;
  double y, width;
  bool draw;
};

static double badge(struct plot_paint *paint, double x, double y,
                    enum severity severity, const char *text) {
  struct plot_canvas *canvas = &paint->canvas;
  double width = fmax(20, plot_canvas_width(canvas, &label_style, text) + 8);

  plot_canvas_colour(canvas, plot_paint_severity(severity), 1);
  cairo_rectangle(canvas->cr, x, y - 11, width, 14);
  cairo_fill(canvas->cr);
  plot_canvas_text(canvas, label_on(severity), PLOT_CENTER, x + width / 2, y,
                   INFINITY, text);
  return width;
}

/* "2026-11-22 10:15:20 to 10:40:10, 24 min" */
static void write_range(const struct plot_span *span, char *out, size_t size) {
  char from[MOMENT_MAX], to[MOMENT_MAX];
  char lasted[WORDS_MAX];

  moment_write(span->start_s, from);
  if (isinf(span->end_s)) {
    snprintf(out, size, "since %s, open at the end", from);
    return;
  }
  moment_write(span->end_s, to);
  words_duration_notice(span->end_s - span->start_s, lasted);
  bool same_day = strncmp(from, to, 10) == 0;
  snprintf(out, size, "%s to %s, %s", from, same_day ? to + 11 : to, lasted);
}

static void head(struct place *place, const struct plot_span *span,
                 size_t number) {
  struct plot_paint *paint = place->paint;
  struct plot_canvas *canvas = &paint->canvas;
  double x = paint->layout.margin, y = place->y + 13;
  char text[4 * MOMENT_MAX], name[PLOT_NAME_MAX];

  place->y += head_height;
  if (!place->draw)
    return;
  snprintf(text, sizeof(text), "%zu", number);
  x += badge(paint, x, y, plot_spans_severity(span), text) + 6;
  plot_paint_name(paint, span, name);
  plot_canvas_text(canvas, &head_style, PLOT_LEFT, x, y, place->width - x,
                   name);
  x += fmin(plot_canvas_width(canvas, &head_style, name), place->width - x) + 8;
  write_range(span, text, sizeof(text));
  plot_canvas_text(canvas, &range_style, PLOT_LEFT, x, y,
                   paint->layout.margin + place->width - x, text);
}

/* The time, with its day if that is not the first day of the incident. */
static void write_time(const struct plot_span *span,
                       const struct plot_notice *notice, char *out) {
  char first[MOMENT_MAX];

  moment_write(span->start_s, first);
  moment_write(notice->time_s, out);
  if (strncmp(first, out, 10) == 0)
    memmove(out, out + 11, strlen(out + 11) + 1);
}

static void notice(struct place *place, const struct plot_span *span,
                   const struct plot_notice *notice) {
  struct plot_paint *paint = place->paint;
  double x = paint->layout.margin + indent;
  struct plot_style word = {10.5, true, plot_paint_severity(notice->severity)};
  char time[MOMENT_MAX];

  if (notice->severity == SEVERITY_WARNING)
    word.ink = PLOT_WARNING_TEXT;
  write_time(span, notice, time);
  double time_width = plot_canvas_width(&paint->canvas, &text_style, time) + 10;
  if (place->draw) {
    plot_canvas_text(&paint->canvas, &text_style, PLOT_LEFT, x, place->y + 10.5,
                     INFINITY, time);
    plot_canvas_text(&paint->canvas, &word, PLOT_LEFT, x + time_width,
                     place->y + 10.5, INFINITY,
                     words_severity(notice->severity));
  }
  x += time_width + severity_width;
  place->y += plot_canvas_lines(&paint->canvas, &text_style, x, place->y,
                                paint->layout.margin + place->width - x,
                                notice->text, place->draw);
}

static void incident(struct place *place, const struct plot_span *span,
                     size_t number, bool in_full) {
  head(place, span, number);
  for (size_t i = 0; i < span->notices_len && in_full; i++)
    notice(place, span, &span->notices[i]);
  place->y += in_full ? gap : 0;
}

static double height_of(const struct place *place, const struct plot_span *span,
                        bool in_full) {
  struct place trial = *place;

  trial.draw = false;
  incident(&trial, span, 1, in_full);
  return trial.y - place->y;
}

static void more(struct place *place, size_t count) {
  char text[128];

  snprintf(text, sizeof(text),
           count == 0 ? "No incident in this time."
                      : "and %zu more: collectd-baseline replay prints all",
           count);
  if (place->draw)
    plot_canvas_text(&place->paint->canvas, &more_style, PLOT_LEFT,
                     place->paint->layout.margin, place->y + 12, place->width,
                     text);
  place->y += more_height;
}

double plot_incidents_notes(struct plot_paint *paint, double height_max,
                            bool draw) {
  const struct plot_spans *spans = &paint->gather->spans;
  double top = draw ? paint->layout.notes_top : 0;
  struct place place = {paint, top,
                        paint->layout.width - 2 * paint->layout.margin, draw};
  size_t i = 0;

  for (; i < spans->len && i < LISTED_MAX; i++) {
    bool last = i + 1 == spans->len && spans->more == 0;
    double left = height_max - (place.y - top) - (last ? 0 : more_height) + 0.5;
    bool in_full = height_of(&place, &spans->spans[i], true) <= left;
    if (!in_full && height_of(&place, &spans->spans[i], false) > left)
      break;
    incident(&place, &spans->spans[i], i + 1, in_full);
  }
  size_t count = spans->len - i + spans->more;
  if ((count > 0 || spans->len == 0) &&
      height_max - (place.y - top) + 0.5 >= more_height)
    more(&place, count);
  return place.y - top;
}
