/* The surface to draw on, PNG or SVG, by cairo, and text by Pango. An SVG keeps
 * text as text, not as outlines. Units are pixels; y grows downwards. */
#ifndef TOOLS_PLOT_CANVAS_H
#define TOOLS_PLOT_CANVAS_H

#include "look.h"

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum plot_format { PLOT_PNG, PLOT_SVG };
enum plot_align { PLOT_LEFT, PLOT_CENTER, PLOT_RIGHT };

/* What a colour is for; the theme says which one it is. */
enum plot_ink {
  PLOT_PAPER,
  PLOT_INK,
  PLOT_INK_LIGHT,
  PLOT_GRID,
  PLOT_FRAME,
  PLOT_CURVE,
  PLOT_SECOND,
  PLOT_EXPECTED,
  PLOT_WARNING,
  PLOT_FAILURE,
  PLOT_WARNING_TEXT, /* the same hue, readable as text */
  PLOT_ON_WARNING,   /* text on a bar of that colour */
  PLOT_ON_FAILURE,
  PLOT_INKS
};

struct plot_style {
  double size; /* of the font */
  bool bold;
  enum plot_ink ink;
};

struct plot_canvas {
  const uint32_t *colours; /* 0xRRGGBB of each ink */
  enum plot_format format;
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoLayout *layout;
  FILE *drawn, *head, *text; /* SVG: cairo's output; our elements before it and
                                after it */
  char *drawn_bytes, *head_bytes, *text_bytes;
  size_t drawn_length, head_length, text_length;
};

/* Returns 0 or -errno; release *canvas in both cases. */
int plot_canvas_init(struct plot_canvas *canvas, enum plot_format format,
                     enum plot_theme theme, int width, int height);
void plot_canvas_release(struct plot_canvas *canvas);

/* Write the finished picture. Returns 0 or -errno. */
int plot_canvas_write(struct plot_canvas *canvas, FILE *out);

void plot_canvas_colour(struct plot_canvas *canvas, enum plot_ink ink,
                        double alpha);

/* Width of one line. */
double plot_canvas_width(struct plot_canvas *canvas,
                         const struct plot_style *style, const char *text);

/* One line. y: its baseline. width_max: longer text is cut and ends with an
 * ellipsis (INFINITY: never). */
void plot_canvas_text(struct plot_canvas *canvas,
                      const struct plot_style *style, enum plot_align align,
                      double x, double y, double width_max, const char *text);

/* Text broken into lines of this width. y: the top. Returns its height. paint:
 * false: only measure. */
double plot_canvas_lines(struct plot_canvas *canvas,
                         const struct plot_style *style, double x, double y,
                         double width, const char *text, bool paint);

/* markup_escape of any bytes: what is not UTF-8 is replaced. */
void plot_canvas_escape(FILE *out, const char *text);

#endif
