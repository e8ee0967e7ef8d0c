/* Numbers -> the cells of a small plot: an area with lines over it, in dots of
 * braille, half blocks or ASCII. Knows no terminal. Pure. */
#ifndef TOOLS_WATCH_WATCH_PLOT_H
#define TOOLS_WATCH_WATCH_PLOT_H

#include <stddef.h>

enum watch_glyphs { WATCH_BRAILLE, WATCH_BLOCKS, WATCH_ASCII };

enum watch_ink {
  WATCH_INK_NONE,
  WATCH_INK_AREA,
  WATCH_INK_OVER, /* area above the limit */
  WATCH_INK_SECOND,
  WATCH_INK_LIMIT,
  WATCH_INK_EXPECTED,
};

enum {
  WATCH_PLOT_COLUMNS_MAX = 512, /* cells */
  WATCH_PLOT_ROWS_MAX = 64,
  WATCH_PLOT_DOTS_MAX = 2 * WATCH_PLOT_COLUMNS_MAX,
};

struct watch_cell {
  unsigned char dots; /* bit 0 top left; rows first, then the right column */
  unsigned char ink;  /* enum watch_ink */
};

struct watch_plot {
  enum watch_glyphs glyphs;
  size_t rows, columns; /* in cells */
  double top;           /* the value of the upper edge; the lower one is 0 */
  struct watch_cell cells[WATCH_PLOT_ROWS_MAX][WATCH_PLOT_COLUMNS_MAX];
};

/* Dots a cell has, side by side and one above the other. */
size_t watch_plot_dots_wide(enum watch_glyphs glyphs);
size_t watch_plot_dots_high(enum watch_glyphs glyphs);

/* An empty plot of at most WATCH_PLOT_*_MAX cells. */
void watch_plot_begin(struct watch_plot *plot, enum watch_glyphs glyphs,
                      size_t rows, size_t columns, double top);

/* Fill below the values, one for each dot across. A value of 0 still shows as
 * the lowest dot, NAN as nothing. limits: where the area counts as over, or
 * NULL. */
void watch_plot_area(struct watch_plot *plot, const double *values,
                     const double *limits);

/* The lower part of an area that values make up of the whole: in another ink,
 * with a gap above it. */
void watch_plot_part(struct watch_plot *plot, const double *values,
                     const double *whole);

/* A line: free cells get its ink; within the area it is a gap. Of two lines in
 * a cell the first stays. WATCH_INK_EXPECTED is dotted. */
void watch_plot_line(struct watch_plot *plot, const double *values,
                     enum watch_ink ink);

/* The character of a cell in UTF-8; text: 4 bytes that may be used for it. */
const char *watch_plot_glyph(const struct watch_plot *plot,
                             const struct watch_cell *cell, char *text);

#endif
