/* What was notified, incident by incident, below the panels; as many as have
 * room. */
#include "lib/moment.h"
#include "paint.h"

#include <math.h>
#include <string.h>

enum { LISTED_MAX = 10 };
static const struct plot_style head_style = {11.5, true, PLOT_INK};
static const struct plot_style range_style = {11.5, false, PLOT_INK};
static const struct plot_style text_style = {10.5, false, PLOT_INK};
static const struct plot_style more_style = {10.5, false, PLOT_INK_LIGHT};
static const struct plot_style dark_label = {10.5, true, PLOT_INK};
static const struct plot_style light_label = {10.5, true, 0xFFFFFF};
static const double head_height = 19, more_height = 17, gap = 5;
static const double indent = 26, severity_width = 70;

static const char *const severity_names[] = {"OKAY", "WARNING", "FAILURE"};

/* Where the next thing goes. */
struct place {
  struct plot_paint *paint;
  double y, width;
  bool draw;
};

double plot_notes_badge(struct plot_paint *paint, double x, double y,
                        enum severity severity, const char *text) {
  struct plot_canvas *canvas = &paint->canvas;
  double width = fmax(20, plot_canvas_width(canvas, &dark_label, text) + 8);

  plot_canvas_colour(canvas, plot_paint_severity(severity), 1);
  cairo_rectangle(canvas->cr, x, y - 11, width, 14);
  cairo_fill(canvas->cr);
  plot_canvas_text(canvas,
                   severity == SEVERITY_FAILURE ? &light_label : &dark_label,
                   PLOT_CENTER, x + width / 2, y, INFINITY, text);
  return width;
}

/* "2026-11-22 10:15:20 to 10:40:10, 24 min" */
static void write_range(const struct plot_span *span, char *out, size_t size) {
  char from[PLOT_MOMENT_TEXT_MAX], to[PLOT_MOMENT_TEXT_MAX];
  char lasted[PLOT_MOMENT_TEXT_MAX];

  moment_write(span->start_s, from);
  if (isinf(span->end_s)) {
    snprintf(out, size, "since %s, open at the end", from);
    return;
  }
  moment_write(span->end_s, to);
  moment_duration(span->end_s - span->start_s, lasted);
  bool same_day = strncmp(from, to, 10) == 0;
  snprintf(out, size, "%s to %s, %s", from, same_day ? to + 11 : to, lasted);
}

static void head(struct place *place, const struct plot_span *span,
                 size_t number) {
  struct plot_paint *paint = place->paint;
  struct plot_canvas *canvas = &paint->canvas;
  double x = paint->layout.margin, y = place->y + 13;
  char text[4 * PLOT_MOMENT_TEXT_MAX], name[PLOT_NAME_MAX];

  place->y += head_height;
  if (!place->draw)
    return;
  snprintf(text, sizeof(text), "%zu", number);
  x += plot_notes_badge(paint, x, y, plot_spans_severity(span), text) + 6;
  plot_paint_name(paint, span, name);
  plot_canvas_text(canvas, &head_style, PLOT_LEFT, x, y, place->width - x,
                   name);
  x += fmin(plot_canvas_width(canvas, &head_style, name), place->width - x) + 8;
  write_range(span, text, sizeof(text));
  plot_canvas_text(canvas, &range_style, PLOT_LEFT, x, y,
                   paint->layout.margin + place->width - x, text);
}

/* The time, with its day where that is another than the incident's first. */
static void write_time(const struct plot_span *span,
                       const struct plot_notice *notice, char *out) {
  char first[PLOT_MOMENT_TEXT_MAX];

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
  char time[PLOT_MOMENT_TEXT_MAX];

  if (notice->severity == SEVERITY_WARNING)
    word.colour = 0x8A5A00; /* the same hue, dark enough to be read */
  write_time(span, notice, time);
  double time_width = plot_canvas_width(&paint->canvas, &text_style, time) + 10;
  if (place->draw) {
    plot_canvas_text(&paint->canvas, &text_style, PLOT_LEFT, x, place->y + 10.5,
                     INFINITY, time);
    plot_canvas_text(&paint->canvas, &word, PLOT_LEFT, x + time_width,
                     place->y + 10.5, INFINITY,
                     severity_names[notice->severity]);
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

double plot_notes(struct plot_paint *paint, double height_max, bool draw) {
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
