/* The parts of a picture. Private to the drawing. */
#ifndef TOOLS_PLOT_PAINT_H
#define TOOLS_PLOT_PAINT_H

#include "canvas.h"
#include "gather.h"
#include "plot_layout.h"
#include "scale.h"

/* Colours that differ in brightness, too, for print and for eyes that do not
 * tell red from green. Source: M. Okabe and K. Ito, Color Universal Design
 * (2008); the red is darker. */
enum {
  PLOT_INK = 0x1A1A1A,
  PLOT_INK_LIGHT = 0x595959,
  PLOT_GRID = 0xD9D9D9,
  PLOT_FRAME = 0x8C8C8C,
  PLOT_CURVE = 0x0072B2,
  PLOT_SECOND = 0x1A1A1A,
  PLOT_EXPECTED = 0x00785A,
  PLOT_WARNING = 0xE69F00,
  PLOT_FAILURE = 0xB3142B,
};

struct plot_paint {
  struct plot_canvas canvas;
  struct plot_layout layout;
  const struct plot_gather *gather;
  size_t panels_len; /* the first so many of the gathered have room */
  struct plot_scale scale[PLOT_PANELS_MAX];
  unsigned lane[PLOT_SPANS_MAX];     /* of each incident */
  size_t columns_len;                /* of pixels, in a panel */
  struct plot_bin *columns, *others; /* room to reckon with */
};

/* Where a moment is on the axis of time, held within it. */
double plot_paint_x(const struct plot_paint *paint, double time_s);

uint32_t plot_paint_severity(enum severity severity);

/* What an incident is called: "syn_flood", "syn_flood on web1" where there are
 * several hosts, "NAME of SERIES" of a <Watch>. out: PLOT_NAME_MAX bytes. */
enum { PLOT_NAME_MAX = SERIES_IDENTIFIER_MAX + 128 };
void plot_paint_name(const struct plot_paint *paint,
                     const struct plot_span *span, char *out);

/* The host of all panels, or NULL where there are several. */
const char *plot_paint_host(const struct plot_paint *paint);

/* plot_axes.c */
void plot_axes_title(struct plot_paint *paint);
void plot_axes_time(struct plot_paint *paint);
void plot_axes_panel(struct plot_paint *paint, size_t i);
/* The axis of a panel that is so high. */
struct plot_scale plot_axes_scale(const struct plot_panel *panel,
                                  double height);
/* A tick's number with its unit where that is "%". out: PLOT_SCALE_TEXT_MAX. */
void plot_axes_number(const struct plot_panel *panel,
                      const struct plot_scale *scale, size_t tick, char *out);

/* plot_curve.c: bands and curves of panel i; whether so many values are drawn
 * that a column of pixels holds several. */
void plot_curve_panel(struct plot_paint *paint, size_t i);
bool plot_curve_is_dense(const struct plot_paint *paint,
                         const struct plot_bins *bins);

/* plot_incidents.c: which lane each incident is in, and how many there are;
 * behind the curves of panel i; lanes above the panels. */
size_t plot_incidents_lanes(struct plot_paint *paint);
void plot_incidents_shade(struct plot_paint *paint, size_t i);
void plot_incidents_draw(struct plot_paint *paint);

/* plot_notes.c: what was notified. Returns the height that it takes, within
 * height_max; draw: false: measure only. */
double plot_notes(struct plot_paint *paint, double height_max, bool draw);
/* The number of an incident in its colour; returns the width. */
double plot_notes_badge(struct plot_paint *paint, double x, double y,
                        enum severity severity, const char *text);

/* plot_about.c: the SVG says what it shows, to whoever cannot look. */
void plot_about(struct plot_paint *paint);

#endif
