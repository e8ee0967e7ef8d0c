/* See watch_plot.h. Braille: Unicode U+2800, eight dots a cell. */
#include "watch_plot.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

size_t watch_plot_dots_wide(enum watch_glyphs glyphs) {
  return glyphs == WATCH_BRAILLE ? 2 : 1;
}

size_t watch_plot_dots_high(enum watch_glyphs glyphs) {
  return glyphs == WATCH_BRAILLE ? 4 : 2;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

void watch_plot_begin(struct watch_plot *plot, enum watch_glyphs glyphs,
                      size_t rows, size_t columns, double top) {
  plot->glyphs = glyphs;
  plot->rows = smaller(rows, WATCH_PLOT_ROWS_MAX);
  plot->columns = smaller(columns, WATCH_PLOT_COLUMNS_MAX);
  plot->top = top;
  for (size_t row = 0; row < plot->rows; row++)
    memset(plot->cells[row], 0, plot->columns * sizeof(plot->cells[row][0]));
}

static size_t dots_across(const struct watch_plot *plot) {
  return plot->columns * watch_plot_dots_wide(plot->glyphs);
}

/* Which dot of a column stands for a value, from the bottom; -1 for NAN. */
static long height_of(const struct watch_plot *plot, double value) {
  size_t dots = plot->rows * watch_plot_dots_high(plot->glyphs);
  if (isnan(value) || dots == 0)
    return -1;
  double part = fmin(fmax(value / plot->top, 0), 1);
  return lround(part * (double)(dots - 1));
}

/* The cell of a dot, x from the left, y from the bottom; *bit within it. */
static struct watch_cell *cell_at(struct watch_plot *plot, size_t x, size_t y,
                                  unsigned char *bit) {
  size_t wide = watch_plot_dots_wide(plot->glyphs);
  size_t high = watch_plot_dots_high(plot->glyphs);
  size_t from_top = high - 1 - y % high;
  *bit = (unsigned char)(1U << (x % wide * high + from_top));
  return &plot->cells[plot->rows - 1 - y / high][x / wide];
}

static bool is_area(const struct watch_cell *cell) {
  return cell->ink == WATCH_INK_AREA || cell->ink == WATCH_INK_OVER;
}

void watch_plot_area(struct watch_plot *plot, const double *values,
                     const double *limits) {
  for (size_t x = 0; x < dots_across(plot); x++) {
    bool over = limits != NULL && values[x] > limits[x];
    long height = height_of(plot, values[x]);
    for (long y = 0; y <= height; y++) {
      unsigned char bit = 0;
      struct watch_cell *cell = cell_at(plot, x, (size_t)y, &bit);
      cell->dots |= bit;
      if (cell->ink != WATCH_INK_OVER)
        cell->ink = over ? WATCH_INK_OVER : WATCH_INK_AREA;
    }
  }
}

void watch_plot_part(struct watch_plot *plot, const double *values,
                     const double *whole) {
  for (size_t x = 0; x < dots_across(plot); x++) {
    long height = values[x] > 0 ? height_of(plot, values[x]) : -1;
    unsigned char bit = 0;
    for (long y = 0; y <= height; y++) {
      struct watch_cell *cell = cell_at(plot, x, (size_t)y, &bit);
      cell->dots |= bit;
      cell->ink = WATCH_INK_SECOND;
    }
    if (height >= 0 && height + 1 < height_of(plot, whole[x])) {
      struct watch_cell *cell = cell_at(plot, x, (size_t)height + 1, &bit);
      cell->dots &= (unsigned char)~bit;
    }
  }
}

static void draw_dot(struct watch_plot *plot, size_t x, size_t y,
                     enum watch_ink ink) {
  unsigned char bit = 0;
  struct watch_cell *cell = cell_at(plot, x, y, &bit);
  if (cell->ink == WATCH_INK_NONE)
    cell->ink = (unsigned char)ink;
  if (cell->ink == ink)
    cell->dots |= bit;
  else if (is_area(cell) && plot->glyphs != WATCH_ASCII)
    cell->dots &= (unsigned char)~bit;
}

/* Steps are joined, so that a line stays one. */
void watch_plot_line(struct watch_plot *plot, const double *values,
                     enum watch_ink ink) {
  long before = -1;
  for (size_t x = 0; x < dots_across(plot); x++) {
    long height = height_of(plot, values[x]);
    bool skipped = ink == WATCH_INK_EXPECTED && x % 2 == 1;
    if (height >= 0 && !skipped) {
      long low = before >= 0 && before < height ? before + 1 : height;
      long high = before > height ? before - 1 : height;
      for (long y = low; y <= high; y++)
        draw_dot(plot, x, (size_t)y, ink);
    }
    before = skipped ? before : height;
  }
}

/* Dots stand in rows here; Unicode has the lowest two last. */
static const char *braille(unsigned dots, char *text) {
  unsigned left = dots & 0xfU, right = dots >> 4;
  unsigned code =
      (left & 7U) | (right & 7U) << 3 | (left >> 3) << 6 | (right >> 3) << 7;
  text[0] = (char)0xe2;
  text[1] = (char)(0xa0U | code >> 6);
  text[2] = (char)(0x80U | (code & 0x3fU));
  text[3] = '\0';
  return text;
}

static const char *ascii(const struct watch_cell *cell) {
  static const char *const area[] = {" ", "'", ".", ":"};
  switch (cell->ink) {
  case WATCH_INK_LIMIT:
    return "-";
  case WATCH_INK_EXPECTED:
    return "~";
  case WATCH_INK_SECOND:
    return "o";
  default:
    return area[cell->dots & 3U];
  }
}

const char *watch_plot_glyph(const struct watch_plot *plot,
                             const struct watch_cell *cell, char *text) {
  static const char *const blocks[] = {" ", "▀", "▄", "█"};
  if (cell->dots == 0)
    return " ";
  switch (plot->glyphs) {
  case WATCH_BRAILLE:
    return braille(cell->dots, text);
  case WATCH_BLOCKS:
    return blocks[cell->dots & 3U];
  default:
    return ascii(cell);
  }
}
