/* See panes.h. */
#include "panes.h"

#include "ink.h"
#include "lib/moment.h"
#include "lib/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- curves -------------------------------------------------------------- */

/* What a panel shows: its curve, perhaps a part of it, and what is expected.
 * The order is the one in which panels are left out if there is little room. */
static const struct panel {
  const char *label, *unit;
  enum shown_id metric, second;
  const char *second_label;
  enum watch_pick pick;
  int decimals;
  double least; /* the scale's top is at least this */
  bool whole;   /* it is exactly this */
  bool has_limit;
} panels[WATCH_PANELS_MAX] = {
    {"half-open", "", SHOWN_SYN_RECV, SHOWN_METRICS, NULL, WATCH_PICK_HIGHEST,
     0, 10, false, true},
    {"completion", " %", SHOWN_COMPLETION, SHOWN_METRICS, NULL,
     WATCH_PICK_LOWEST, 1, 100, true, false},
    {"SYN queue", " %", SHOWN_SYN_QUEUE, SHOWN_SYN_QUEUE_AGED, "aged",
     WATCH_PICK_HIGHEST, 1, 100, true, false},
    {"established", "", SHOWN_ESTABLISHED, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 0, 10, false, false},
    {"cookies sent", "/s", SHOWN_COOKIES_SENT, SHOWN_COOKIES_RETURNED, "back",
     WATCH_PICK_HIGHEST, 1, 1, false, false},
    {"accepted", "/s", SHOWN_PASSIVE_OPENS, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 1, 1, false, false},
    {"unanswered", "", SHOWN_AGED, SHOWN_METRICS, NULL, WATCH_PICK_HIGHEST, 0,
     10, false, false},
    {"accept queue", " %", SHOWN_ACCEPT_QUEUE, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 1, 100, true, false},
    {"CLOSE_WAIT", "", SHOWN_CLOSE_WAIT, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 0, 10, false, false},
    {"TIME_WAIT", "", SHOWN_TIME_WAIT, SHOWN_METRICS, NULL, WATCH_PICK_HIGHEST,
     0, 10, false, false},
    {"SYN_SENT", "", SHOWN_SYN_SENT, SHOWN_METRICS, NULL, WATCH_PICK_HIGHEST, 0,
     10, false, false},
    {"state entropy", "", SHOWN_ENTROPY, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 3, 1, true, false},
};

/* In front of the others, for a port that was asked for. */
static const struct panel port_panels[] = {
    {"port half-open", "", SHOWN_PORT_HALF_OPEN, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 0, 10, false, false},
    {"port SYN queue", " %", SHOWN_PORT_SYN_QUEUE, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 1, 100, true, false},
    {"port accept queue", " %", SHOWN_PORT_ACCEPT_QUEUE, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 1, 100, true, false},
    {"port drops", "/s", SHOWN_PORT_DROPS, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 1, 1, false, false},
    {"port waiting", "", SHOWN_PORT_WAITING, SHOWN_METRICS, NULL,
     WATCH_PICK_HIGHEST, 0, 10, false, false},
};
enum { PORT_PANELS = sizeof(port_panels) / sizeof(port_panels[0]) };

static const struct panel *panel_at(const struct watch_picture *picture,
                                    int i) {
  if (picture->port == 0)
    return &panels[i];
  return i < PORT_PANELS ? &port_panels[i] : &panels[i - PORT_PANELS];
}

enum { TICK_COLUMNS = 14 }; /* from one moment to the next, at least */

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
                          watch_choice_span_s(picture->choice->span),
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

/* The most telling of what is shown. NAN if there is nothing. */
static double extreme(const struct curve *curve, size_t len,
                      enum watch_pick pick) {
  double found = NAN;
  for (size_t i = 0; i < len; i++)
    found = pick == WATCH_PICK_HIGHEST ? fmax(found, curve->values[i])
                                       : fmin(found, curve->values[i]);
  return found;
}

/* The curve, below the title. Returns its most telling value. */
static double draw_curve(const struct watch_box *box,
                         const struct watch_picture *picture,
                         const struct panel *panel) {
  static struct watch_plot plot; /* large; one thread draws */
  static struct curve main, second, limit, expected;
  struct watch_axis axis = axis_of(box, picture);
  const struct watch_ring *ring = picture->ring;
  watch_curve_columns(ring, &axis, panel->metric, panel->pick, main.values);
  double top = highest(&main, axis.columns, 0);
  if (panel->second != SHOWN_METRICS) {
    watch_curve_columns(ring, &axis, panel->second, panel->pick, second.values);
    top = highest(&second, axis.columns, top);
  }
  if (panel->has_limit) {
    watch_curve_columns(ring, &axis, SHOWN_FLOOD_UPPER, WATCH_PICK_LOWEST,
                        limit.values);
    watch_curve_columns(ring, &axis, SHOWN_FLOOD_EXPECTED, WATCH_PICK_HIGHEST,
                        expected.values);
    top = highest(&limit, axis.columns, top);
  }
  top = panel->whole ? panel->least : watch_curve_scale(top, panel->least);

  watch_plot_begin(&plot, picture->glyphs, (size_t)(box->rows - 1),
                   (size_t)box->columns, top);
  watch_plot_area(&plot, main.values, panel->has_limit ? limit.values : NULL);
  if (panel->second != SHOWN_METRICS)
    watch_plot_part(&plot, second.values, main.values);
  if (panel->has_limit) {
    watch_plot_line(&plot, limit.values, WATCH_INK_LIMIT);
    watch_plot_line(&plot, expected.values, WATCH_INK_EXPECTED);
  }
  draw_cells(box, &plot);
  return extreme(&main, axis.columns, panel->pick);
}

/* Nothing is drawn if the number does not fit: a cut number is a wrong one. */
static int draw_word(const struct watch_box *box, int x, enum watch_style style,
                     const char *word, double value, int decimals,
                     const char *unit) {
  char number[WORDS_MAX];
  words_number(value, decimals, unit, number);
  if (x + (int)(strlen(word) + 1 + strlen(number)) > box->columns)
    return 0;
  return watch_draw_text(box, 0, x, style, "%s %s", word, number) + 2;
}

/* "half-open 512  limit 21  expected 4       max 523": if there is little room,
 * what is expected is left out first; the value, its limit and its maximum
 * stay. */
static void draw_title(const struct watch_box *whole,
                       const struct watch_picture *picture,
                       const struct panel *panel, double most) {
  char number[WORDS_MAX];
  const char *word = panel->pick == WATCH_PICK_HIGHEST ? "max" : "min";
  const double *values = picture->reading->values;
  struct watch_box left = *whole, *box = &left;
  words_number(most, panel->decimals, panel->unit, number);
  left.columns -= (int)(strlen(word) + 1 + strlen(number)) + 1;
  int x = draw_word(box, 0, WATCH_BOLD, panel->label, values[panel->metric],
                    panel->decimals, panel->unit);
  if (panel->has_limit)
    x += draw_word(box, x, WATCH_STYLE_LIMIT, "limit",
                   values[SHOWN_FLOOD_UPPER], 0, "");
  if (panel->second != SHOWN_METRICS)
    x += draw_word(box, x, WATCH_STYLE_SECOND, panel->second_label,
                   values[panel->second], panel->decimals, panel->unit);
  if (panel->has_limit)
    draw_word(box, x, WATCH_STYLE_EXPECTED, "expected",
              values[SHOWN_FLOOD_EXPECTED], 0, "");
  watch_draw_right(whole, 0, WATCH_DIM, "%s %s", word, number);
}

void watch_draw_panel(const struct watch_box *box,
                      const struct watch_picture *picture, int i) {
  if (i >= WATCH_PANELS_MAX || box->rows < 2)
    return;
  const struct panel *panel = panel_at(picture, i);
  double most = draw_curve(box, picture, panel);
  draw_title(box, picture, panel, most);
}

/* "|12:03:30" at each round moment, below one panel. */
static void draw_ticks(const struct watch_box *box,
                       const struct watch_picture *picture) {
  struct watch_axis axis = axis_of(box, picture);
  double wide = (double)watch_plot_dots_wide(picture->glyphs);
  double step_s = watch_curve_tick_s(&axis, TICK_COLUMNS * wide);
  double length_s = axis.column_s * (double)axis.columns;
  double from_s = ceil((axis.end_s - length_s) / step_s) * step_s;
  const char *format = fmod(step_s, 60) == 0 ? "%H:%M" : "%H:%M:%S";
  char text[MOMENT_MAX];
  int len = (int)floor((axis.end_s - from_s) / step_s) + 1;
  for (int i = 0; i < len; i++) {
    double at_s = from_s + i * step_s;
    int x = (int)floor(watch_curve_column(&axis, at_s) / wide);
    moment_format(at_s, format, text, sizeof(text));
    if (x >= 0 && x + 1 + (int)strlen(text) <= box->columns)
      watch_draw_text(box, 0, x, WATCH_DIM, "|%s", text);
  }
}

void watch_draw_ticks(const struct watch_layout *layout,
                      const struct watch_picture *picture) {
  if (isnan(picture->reading->time_s))
    return;
  for (int i = 0; i < layout->abreast && i < layout->panels_len; i++) {
    struct watch_box box = layout->ticks;
    box.x = layout->panels[i].x;
    box.columns = layout->panels[i].columns;
    draw_ticks(&box, picture);
  }
}

/* --- all values as numbers ----------------------------------------------- */

enum { STATE_COLUMNS = 20 };

/* How groups stand beside each other: with shares of the sockets, or narrower
 * and more of them. */
struct list_form {
  int columns, gap;
  int number_end; /* where numbers end; shares end at the edge */
  bool has_share;
};
static const struct list_form wide = {37, 4, 29, true},
                              narrow = {26, 1, 26, false};

void watch_draw_states(const struct watch_box *box,
                       const struct watch_reading *reading) {
  char number[WORDS_MAX];
  int abreast = box->columns / STATE_COLUMNS;
  if (box->rows == 0 || abreast == 0)
    return;
  for (enum shown_id i = 0; i <= SHOWN_ACTIVE; i++) {
    int y = (int)i / abreast, x = (int)i % abreast * STATE_COLUMNS;
    watch_draw_text(box, y, x, WATCH_DIM, "%s", shown_metric(i)->label);
    watch_draw_text(box, y, x + 12, WATCH_PLAIN, "%6s",
                    words_number(reading->values[i], 0, "", number));
  }
}

static double all_sockets(const struct watch_reading *reading) {
  double sum = 0;
  for (int i = 0; i < SHOWN_STATES_END; i++)
    sum += isnan(reading->values[i]) ? 0 : reading->values[i];
  return sum;
}

static void draw_value(const struct watch_box *box, int y,
                       const struct watch_reading *reading,
                       enum shown_id metric, const struct list_form *form) {
  char number[WORDS_MAX];
  const struct shown_metric *name = shown_metric(metric);
  double value = reading->values[metric], all = all_sockets(reading);
  struct watch_box left = *box;
  left.columns = form->number_end;
  watch_draw_text(box, y, 0, WATCH_PLAIN, "%s", name->label);
  watch_draw_right(&left, y, WATCH_PLAIN, "%s",
                   words_number(value, name->decimals, name->unit, number));
  if (form->has_share && metric < SHOWN_STATES_END && all > 0)
    watch_draw_right(box, y, WATCH_DIM, "%s",
                     words_number(value / all * 100, 1, " %", number));
}

/* Returns the line below. */
static int draw_group(const struct watch_box *box, int y,
                      const struct watch_reading *reading,
                      const struct shown_group *group,
                      const struct list_form *form) {
  watch_draw_text(box, y++, 0, WATCH_BOLD, "%s", group->heading);
  for (enum shown_id metric = group->first; metric < group->end; metric++)
    draw_value(box, y++, reading, metric, form);
  return y;
}

static int rows_of(const struct shown_group *group) {
  return 1 + (int)group->end - (int)group->first;
}

static int rows_of_all(void) {
  int rows = 0;
  for (int i = 0; i < SHOWN_GROUPS; i++)
    rows += rows_of(&shown_groups[i]);
  return rows;
}

static const struct list_form *choose_form(const struct watch_box *box) {
  bool has_two_narrow = box->columns >= 2 * narrow.columns + narrow.gap;
  bool has_three_wide = box->columns >= 3 * wide.columns + 2 * wide.gap;
  return has_two_narrow && !has_three_wide ? &narrow : &wide;
}

/* A group that does not fit moves to the next column. If there is only one
 * column, the empty lines are left out first. */
void watch_draw_values(const struct watch_box *box,
                       const struct watch_reading *reading) {
  const struct list_form *form = choose_form(box);
  int step = form->columns + form->gap, y = 0;
  bool has_gaps = box->columns >= step + form->columns ||
                  box->rows >= rows_of_all() + SHOWN_GROUPS - 1;
  struct watch_box column = *box;
  if (box->rows == 0)
    return;
  if (column.columns > form->columns)
    column.columns = form->columns;
  for (int i = 0; i < SHOWN_GROUPS; i++) {
    const struct shown_group *group = &shown_groups[i];
    bool has_next = column.x + step + form->columns <= box->x + box->columns;
    if (y > 0 && y + rows_of(group) > box->rows && has_next) {
      column.x += step;
      y = 0;
    }
    y = draw_group(&column, y, reading, group, form) + (has_gaps ? 1 : 0);
  }
}

/* --- over the screen ----------------------------------------------------- */

static const char *const help[] = {
    "q          quit",
    "p          pause, or continue",
    "+  -       ask collectd less or more often",
    "z          curves of 2 min, 10 min, 1 h",
    "v          all values as numbers",
    "h          table of hosts, the worst first",
    "arrows     next or previous host",
    "Ctrl-L     redraw",
    "any key    close this",
};
enum { HELP_LEN = sizeof(help) / sizeof(help[0]), HELP_COLUMNS = 40 };
enum { TABLE_HEAD = 2, TABLE_ROWS_MAX = 256, FRAME = 2 };

static int smaller(int a, int b) { return a < b ? a : b; }

/* A framed field in the middle of the window. Returns its inside. */
static struct watch_box open_field(const struct watch_box *window, int rows,
                                   int columns) {
  rows = smaller(rows + FRAME, window->rows);
  columns = smaller(columns + 2 * FRAME, window->columns);
  int y = (window->rows - rows) / 2, x = (window->columns - columns) / 2;
  watch_screen_frame(y, x, rows, columns);
  return (struct watch_box){.y = y + 1,
                            .x = x + FRAME,
                            .rows = rows - FRAME,
                            .columns = columns - 2 * FRAME};
}

void watch_draw_help(const struct watch_box *window) {
  struct watch_box box = open_field(window, HELP_LEN, HELP_COLUMNS);
  for (int i = 0; i < HELP_LEN; i++)
    watch_draw_text(&box, i, 0, WATCH_PLAIN, "%s", help[i]);
}

/* Hosts that a window shows at a time. */
static size_t table_rows(const struct watch_box *window) {
  int rows = smaller(window->rows - FRAME - TABLE_HEAD, TABLE_ROWS_MAX);
  return rows > 1 ? (size_t)rows : 1;
}

size_t watch_draw_page(void) {
  struct watch_box window = {0};
  watch_screen_size(&window.rows, &window.columns);
  return table_rows(&window);
}

/* How many are how bad, and when that was so; or why it is not known. */
static void draw_counts(const struct watch_box *box,
                        const struct watch_picture *picture) {
  const size_t *count = picture->hosts->by_severity;
  char moment[WORDS_MAX];
  int used = 0;
  if (!isnan(picture->silent_since_s)) {
    watch_draw_text(box, 1, 0, WATCH_STYLE_FAILURE, "%s", picture->problem);
    return;
  }
  for (int i = HOST_FAILURE; i >= HOST_WARNING; i--)
    used += watch_draw_text(
        box, 1, used,
        count[i] > 0 ? watch_draw_style((enum host_severity)i) : WATCH_PLAIN,
        "%zu %s, ", count[i], host_severity_word((enum host_severity)i));
  watch_draw_text(box, 1, used, WATCH_PLAIN, "%zu not judged",
                  count[HOST_NOT_JUDGED]);
  watch_draw_moment(picture->listed_s, picture->now_s, moment);
  if (box->columns >= 72)
    watch_draw_right(box, 1, WATCH_DIM, "as of %s", moment);
}

static void draw_host(const struct watch_box *box, int y,
                      const struct watch_host *host, bool selected) {
  enum { SEVERITY_COLUMNS = 8, NAME_COLUMNS = 24 };
  enum watch_style style =
      selected ? WATCH_SELECTED : watch_draw_style(host->worst);
  int used = watch_draw_text(box, y, 0, style, "%-*s", SEVERITY_COLUMNS,
                             host_severity_word(host->worst));
  style = selected ? WATCH_SELECTED : WATCH_PLAIN;
  watch_draw_text(box, y, used, style, "%-*s%s%s%*s",
                  host->words[0] != '\0' ? NAME_COLUMNS : 0, host->name,
                  host->words[0] != '\0' ? "  " : "", host->words,
                  selected ? box->columns : 0, "");
}

/* The page that holds the cursor, below the filter and the counts. */
void watch_draw_hosts(const struct watch_box *window,
                      const struct watch_picture *picture) {
  const struct watch_choice *choice = picture->choice;
  const struct watch_host *hosts[TABLE_ROWS_MAX];
  struct watch_box box = open_field(window, window->rows, window->columns);
  size_t room = table_rows(window), first = choice->cursor / room * room;
  watch_draw_text(&box, 0, 0, WATCH_BOLD, "%zu of %zu hosts: %s_",
                  watch_choice_matches(choice, picture->hosts),
                  picture->hosts->len, choice->filter);
  watch_draw_right(&box, 0, WATCH_DIM, "type, Enter, Esc");
  draw_counts(&box, picture);
  size_t len = watch_choice_page(choice, picture->hosts, first, hosts, room);
  for (size_t i = 0; i < len; i++)
    draw_host(&box, TABLE_HEAD + (int)i, hosts[i], first + i == choice->cursor);
}
