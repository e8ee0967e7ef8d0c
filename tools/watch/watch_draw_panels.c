/* The curves: one panel for each of the values that tell most, in the order
 * they are wanted when room is scarce. */
#include "panes.h"

#include "curve.h"
#include "lib/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of its curve a panel may show a part, and what is expected of it. */
static const struct panel {
  const char *label, *unit;
  enum watch_metric metric, second;
  const char *second_label;
  enum watch_pick pick;
  int decimals;
  double least; /* the scale's top is never below */
  bool whole;   /* it always is that */
  bool has_limit;
} panels[WATCH_PANELS_MAX] = {
    {"half-open", "", WATCH_SYN_RECV, WATCH_METRICS, NULL, WATCH_PICK_HIGHEST,
     0, 10, false, true},
    {"completion", " %", WATCH_COMPLETION, WATCH_METRICS, NULL,
     WATCH_PICK_LOWEST, 1, 100, true, false},
    {"SYN queue", " %", WATCH_SYN_QUEUE, WATCH_SYN_QUEUE_AGED, "aged",
     WATCH_PICK_HIGHEST, 1, 100, true, false},
    {"established", "", WATCH_ESTABLISHED, WATCH_METRICS, NULL,
     WATCH_PICK_HIGHEST, 0, 10, false, false},
    {"cookies sent", "/s", WATCH_COOKIES_SENT, WATCH_COOKIES_RETURNED, "back",
     WATCH_PICK_HIGHEST, 1, 1, false, false},
    {"accepted", "/s", WATCH_PASSIVE_OPENS, WATCH_METRICS, NULL,
     WATCH_PICK_HIGHEST, 1, 1, false, false},
    {"unanswered", "", WATCH_AGED, WATCH_METRICS, NULL, WATCH_PICK_HIGHEST, 0,
     10, false, false},
    {"accept queue", " %", WATCH_ACCEPT_QUEUE, WATCH_METRICS, NULL,
     WATCH_PICK_HIGHEST, 1, 100, true, false},
    {"CLOSE_WAIT", "", WATCH_CLOSE_WAIT, WATCH_METRICS, NULL,
     WATCH_PICK_HIGHEST, 0, 10, false, false},
    {"TIME_WAIT", "", WATCH_TIME_WAIT, WATCH_METRICS, NULL, WATCH_PICK_HIGHEST,
     0, 10, false, false},
    {"SYN_SENT", "", WATCH_SYN_SENT, WATCH_METRICS, NULL, WATCH_PICK_HIGHEST, 0,
     10, false, false},
    {"state entropy", "", WATCH_ENTROPY, WATCH_METRICS, NULL,
     WATCH_PICK_HIGHEST, 3, 1, true, false},
};

/* The numbers of one curve, one a dot across. */
struct curve {
  double values[WATCH_PLOT_DOTS_MAX];
};

static struct watch_axis axis_of(const struct watch_box *box,
                                 const struct watch_picture *picture) {
  size_t columns = box->columns > 0 ? (size_t)box->columns : 0;
  if (columns > WATCH_PLOT_COLUMNS_MAX)
    columns = WATCH_PLOT_COLUMNS_MAX;
  return watch_curve_axis(picture->ring, picture->reading->time_s,
                          watch_keys_span_s(picture->choice->span),
                          columns * watch_plot_dots_wide(picture->glyphs));
}

double watch_draw_panel_span_s(const struct watch_box *box,
                               const struct watch_picture *picture) {
  struct watch_axis axis = axis_of(box, picture);
  return axis.column_s * (double)axis.columns;
}

static double highest(const struct curve *curve, size_t len, double so_far) {
  for (size_t i = 0; i < len; i++)
    so_far = fmax(so_far, curve->values[i]);
  return so_far;
}

static void draw_cells(const struct watch_box *box,
                       const struct watch_plot *plot) {
  static const enum watch_style styles[] = {
      [WATCH_INK_NONE] = WATCH_PLAIN,
      [WATCH_INK_AREA] = WATCH_STYLE_AREA,
      [WATCH_INK_OVER] = WATCH_STYLE_OVER,
      [WATCH_INK_SECOND] = WATCH_STYLE_SECOND,
      [WATCH_INK_LIMIT] = WATCH_STYLE_LIMIT,
      [WATCH_INK_EXPECTED] = WATCH_STYLE_EXPECTED,
  };
  char glyph[4];
  for (size_t row = 0; row < plot->rows; row++)
    for (size_t column = 0; column < plot->columns; column++) {
      const struct watch_cell *cell = &plot->cells[row][column];
      if (cell->dots != 0)
        watch_screen_put(box->y + 1 + (int)row, box->x + (int)column, 1,
                         styles[cell->ink],
                         watch_plot_glyph(plot, cell, glyph));
    }
}

/* The curve below the title. Returns the top of its scale. */
static double draw_curve(const struct watch_box *box,
                         const struct watch_picture *picture,
                         const struct panel *panel) {
  static struct watch_plot plot; /* large; one thread draws */
  static struct curve main, second, limit, expected;
  struct watch_axis axis = axis_of(box, picture);
  const struct watch_ring *ring = picture->ring;
  watch_curve_columns(ring, &axis, panel->metric, panel->pick, main.values);
  double top = highest(&main, axis.columns, 0);
  if (panel->second != WATCH_METRICS) {
    watch_curve_columns(ring, &axis, panel->second, panel->pick, second.values);
    top = highest(&second, axis.columns, top);
  }
  if (panel->has_limit) {
    watch_curve_columns(ring, &axis, WATCH_FLOOD_UPPER, WATCH_PICK_LOWEST,
                        limit.values);
    watch_curve_columns(ring, &axis, WATCH_FLOOD_EXPECTED, WATCH_PICK_HIGHEST,
                        expected.values);
    top = highest(&limit, axis.columns, top);
  }
  top = panel->whole ? panel->least : watch_curve_scale(top, panel->least);

  watch_plot_begin(&plot, picture->glyphs, (size_t)(box->rows - 1),
                   (size_t)box->columns, top);
  watch_plot_area(&plot, main.values, panel->has_limit ? limit.values : NULL);
  if (panel->second != WATCH_METRICS)
    watch_plot_part(&plot, second.values, main.values);
  if (panel->has_limit) {
    watch_plot_line(&plot, limit.values, WATCH_INK_LIMIT);
    watch_plot_line(&plot, expected.values, WATCH_INK_EXPECTED);
  }
  draw_cells(box, &plot);
  return top;
}

/* A number that would be cut would be another one: then there is none. */
static int draw_word(const struct watch_box *box, int x, enum watch_style style,
                     const char *word, double value, int decimals,
                     const char *unit) {
  char number[WATCH_TEXT_MAX];
  words_number(value, decimals, unit, number);
  if (x + (int)(strlen(word) + 1 + strlen(number)) > box->columns)
    return 0;
  return watch_draw_text(box, 0, x, style, "%s %s", word, number) + 2;
}

/* "half-open 512  expected 4  limit 21            600": the top of the scale is
 * what goes first where room is scarce. */
static void draw_title(const struct watch_box *box,
                       const struct watch_picture *picture,
                       const struct panel *panel, double top) {
  char number[WATCH_TEXT_MAX];
  const double *values = picture->reading->values;
  int x = draw_word(box, 0, WATCH_BOLD, panel->label, values[panel->metric],
                    panel->decimals, panel->unit);
  if (panel->second != WATCH_METRICS)
    x += draw_word(box, x, WATCH_STYLE_SECOND, panel->second_label,
                   values[panel->second], panel->decimals, panel->unit);
  if (panel->has_limit) {
    x += draw_word(box, x, WATCH_STYLE_EXPECTED, "expected",
                   values[WATCH_FLOOD_EXPECTED], 0, "");
    x += draw_word(box, x, WATCH_STYLE_LIMIT, "limit",
                   values[WATCH_FLOOD_UPPER], 0, "");
  }
  words_number(top, top < 1 ? 1 : 0, panel->unit, number);
  if (x - 1 + (int)strlen(number) <= box->columns)
    watch_draw_right(box, 0, WATCH_DIM, "%s", number);
}

void watch_draw_panel(const struct watch_box *box,
                      const struct watch_picture *picture, int i) {
  if (i >= WATCH_PANELS_MAX || box->rows < 2)
    return;
  double top = draw_curve(box, picture, &panels[i]);
  draw_title(box, picture, &panels[i], top);
}
