/* See curve.h. Readings come at roughly even steps; columns are counted in such
 * steps, so that a late reading does not fall into its neighbour's column.
 * Braille: Unicode U+2800, eight dots a cell. */
#include "curve.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 9 };

static const double hold_steps = 1.5;

struct watch_ring {
  size_t first, len;
  struct watch_ring_row rows[WATCH_RING_MAX];
};

struct watch_ring *watch_ring_create(void) {
  return calloc(1, sizeof(struct watch_ring));
}

void watch_ring_destroy(struct watch_ring *ring) { free(ring); }

void watch_ring_clear(struct watch_ring *ring) {
  ring->first = 0;
  ring->len = 0;
}

size_t watch_ring_len(const struct watch_ring *ring) { return ring->len; }

const struct watch_ring_row *watch_ring_at(const struct watch_ring *ring,
                                           size_t i) {
  return &ring->rows[(ring->first + i) % WATCH_RING_MAX];
}

void watch_ring_add(struct watch_ring *ring, double time_s,
                    const double values[SHOWN_METRICS]) {
  double newest_s =
      ring->len > 0 ? watch_ring_at(ring, ring->len - 1)->time_s : -INFINITY;
  if (!isfinite(time_s) || time_s == newest_s)
    return;
  if (time_s < newest_s)
    watch_ring_clear(ring);
  struct watch_ring_row *row =
      &ring->rows[(ring->first + ring->len) % WATCH_RING_MAX];
  row->time_s = time_s;
  for (size_t i = 0; i < SHOWN_METRICS; i++)
    row->values[i] = values[i];
  if (ring->len < WATCH_RING_MAX)
    ring->len++;
  else
    ring->first = (ring->first + 1) % WATCH_RING_MAX;
}

static int compare_numbers(const void *left, const void *right) {
  const double *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

double watch_ring_step_s(const struct watch_ring *ring) {
  double steps[STEPS_MAX];
  size_t len = 0;
  for (size_t i = ring->len; i > 1 && len < STEPS_MAX; i--)
    steps[len++] =
        watch_ring_at(ring, i - 1)->time_s - watch_ring_at(ring, i - 2)->time_s;
  if (len == 0)
    return NAN;
  qsort(steps, len, sizeof(steps[0]), compare_numbers);
  return steps[len / 2];
}

/* Rounds to a whole second if it is nearly one, else to a tenth. */
static double round_step(double step_s) {
  if (isnan(step_s))
    return 1;
  double whole = round(step_s);
  if (whole >= 1 && fabs(step_s - whole) <= 0.1 * whole)
    return whole;
  return fmax(round(step_s * 10) / 10, 0.1);
}

struct watch_axis watch_curve_axis(const struct watch_ring *ring, double end_s,
                                   double span_s, size_t columns) {
  struct watch_axis axis = {
      .end_s = end_s,
      .step_s = round_step(watch_ring_step_s(ring)),
      .columns = columns,
  };
  double steps =
      ceil(span_s / axis.step_s / (double)(columns > 0 ? columns : 1));
  axis.column_s = axis.step_s * fmax(steps, 1);
  return axis;
}

/* The number of the column that holds a time, counted from the clock's zero: so
 * the same readings share a column as time goes on. */
static double column_number(const struct watch_axis *axis, double time_s) {
  double phase_s = fmod(axis->end_s, axis->step_s);
  return floor((time_s - phase_s + axis->step_s / 2) / axis->column_s);
}

static double more_telling(double shown, double value, enum watch_pick pick) {
  return pick == WATCH_PICK_HIGHEST ? fmax(shown, value) : fmin(shown, value);
}

/* The first column in which a reading no longer counts. */
static double hold_end(const struct watch_ring *ring,
                       const struct watch_axis *axis, size_t i) {
  double time_s = watch_ring_at(ring, i)->time_s;
  double end_s = time_s + hold_steps * axis->step_s;
  if (i + 1 < watch_ring_len(ring) &&
      watch_ring_at(ring, i + 1)->time_s < end_s)
    end_s = watch_ring_at(ring, i + 1)->time_s;
  return fmax(column_number(axis, end_s), column_number(axis, time_s) + 1);
}

void watch_curve_columns(const struct watch_ring *ring,
                         const struct watch_axis *axis, enum shown_id metric,
                         enum watch_pick pick, double *columns) {
  double count = (double)axis->columns;
  double first = column_number(axis, axis->end_s) - count + 1;
  for (size_t c = 0; c < axis->columns; c++)
    columns[c] = NAN;
  for (size_t i = 0; i < watch_ring_len(ring); i++) {
    const struct watch_ring_row *row = watch_ring_at(ring, i);
    if (row->time_s > axis->end_s)
      break;
    double from = fmax(column_number(axis, row->time_s) - first, 0);
    double end = fmin(hold_end(ring, axis, i) - first, count);
    for (size_t c = (size_t)from; (double)c < end; c++)
      columns[c] = more_telling(columns[c], row->values[metric], pick);
  }
}

double watch_curve_column(const struct watch_axis *axis, double time_s) {
  double first = column_number(axis, axis->end_s) - (double)axis->columns + 1;
  return column_number(axis, time_s) - first;
}

double watch_curve_tick_s(const struct watch_axis *axis, double columns) {
  static const double steps_s[] = {1,   2,   5,   10,  15,   30,  60,
                                   120, 300, 600, 900, 1800, 3600};
  size_t i = 0, last = sizeof(steps_s) / sizeof(steps_s[0]) - 1;
  while (i < last && steps_s[i] < columns * axis->column_s)
    i++;
  double step_s = steps_s[i];
  while (step_s < columns * axis->column_s)
    step_s *= 2;
  return step_s;
}

double watch_curve_scale(double highest, double least) {
  static const double heads[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
  double top = fmax(highest, least);
  if (!(top > 0) || isinf(top))
    return 1;
  double power = pow(10, floor(log10(top)));
  for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
    if (heads[i] * power >= top)
      return heads[i] * power;
  return 10 * power;
}

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

/* Which dot of a column a value reaches, counted from the bottom; -1 for NAN.
 */
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
  bool above = cell->ink == WATCH_INK_AREA && (cell->dots & bit) == 0;
  if (cell->ink == WATCH_INK_NONE || (above && ink == WATCH_INK_LIMIT))
    cell->ink = (unsigned char)ink;
  if (cell->ink == ink)
    cell->dots |= bit;
  else if (is_area(cell) && plot->glyphs != WATCH_ASCII && y > 0)
    cell->dots &= (unsigned char)~bit;
  else if (is_area(cell) && ink == WATCH_INK_LIMIT)
    cell->ink = (unsigned char)ink;
}

/* Jumps are filled in, so that the line has no gaps. */
void watch_plot_line(struct watch_plot *plot, const double *values,
                     enum watch_ink ink) {
  long before = -1;
  for (size_t x = 0; x < dots_across(plot); x++) {
    long height = height_of(plot, values[x]);
    bool skipped = ink == WATCH_INK_EXPECTED && x % 2 == 1;
    if (ink == WATCH_INK_LIMIT && height == 0 && values[x] > 0)
      height = 1;
    if (height >= 0 && !skipped) {
      long low = before >= 0 && before < height ? before + 1 : height;
      long high = before > height ? before - 1 : height;
      for (long y = low; y <= high; y++)
        draw_dot(plot, x, (size_t)y, ink);
    }
    before = skipped ? before : height;
  }
}

/* Here dots are numbered column by column; in Unicode the lowest two come last.
 */
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
