/* All values as numbers: the states in a few lines, or everything in as many
 * columns as there is room for. */
#include "panes.h"

#include "lib/words.h"

#include <math.h>

enum { STATE_COLUMNS = 20 };

/* How groups stand beside each other: with shares of the sockets where there is
 * room for them, or else more groups. */
struct list_form {
  int columns, gap;
  int number_end; /* where numbers end; shares end at the edge */
  bool has_share;
};
static const struct list_form wide = {37, 4, 29, true},
                              narrow = {26, 1, 26, false};

void watch_draw_states(const struct watch_box *box,
                       const struct watch_reading *reading) {
  char number[WATCH_TEXT_MAX];
  int abreast = box->columns / STATE_COLUMNS;
  if (box->rows == 0 || abreast == 0)
    return;
  for (enum watch_metric i = 0; i <= WATCH_ACTIVE; i++) {
    int y = (int)i / abreast, x = (int)i % abreast * STATE_COLUMNS;
    watch_draw_text(box, y, x, WATCH_DIM, "%s", catalogue_name(i)->label);
    watch_draw_text(box, y, x + 12, WATCH_PLAIN, "%6s",
                    words_number(reading->values[i], 0, "", number));
  }
}

static double all_sockets(const struct watch_reading *reading) {
  double sum = 0;
  for (int i = 0; i < WATCH_STATES_END; i++)
    sum += isnan(reading->values[i]) ? 0 : reading->values[i];
  return sum;
}

static void draw_value(const struct watch_box *box, int y,
                       const struct watch_reading *reading,
                       enum watch_metric metric, const struct list_form *form) {
  char number[WATCH_TEXT_MAX];
  const struct catalogue_name *name = catalogue_name(metric);
  double value = reading->values[metric], all = all_sockets(reading);
  struct watch_box left = *box;
  left.columns = form->number_end;
  watch_draw_text(box, y, 0, WATCH_PLAIN, "%s", name->label);
  watch_draw_right(&left, y, WATCH_PLAIN, "%s",
                   words_number(value, name->decimals, name->unit, number));
  if (form->has_share && metric < WATCH_STATES_END && all > 0)
    watch_draw_right(box, y, WATCH_DIM, "%s",
                     words_number(value / all * 100, 1, " %", number));
}

/* Returns the line below. */
static int draw_group(const struct watch_box *box, int y,
                      const struct watch_reading *reading,
                      const struct watch_metric_group *group,
                      const struct list_form *form) {
  watch_draw_text(box, y++, 0, WATCH_BOLD, "%s", group->heading);
  for (enum watch_metric metric = group->first; metric < group->end; metric++)
    draw_value(box, y++, reading, metric, form);
  return y;
}

static int rows_of(const struct watch_metric_group *group) {
  return 1 + (int)group->end - (int)group->first;
}

static int rows_of_all(void) {
  int rows = 0;
  for (int i = 0; i < WATCH_METRIC_GROUPS; i++)
    rows += rows_of(&catalogue_groups[i]);
  return rows;
}

static const struct list_form *choose_form(const struct watch_box *box) {
  bool has_two_narrow = box->columns >= 2 * narrow.columns + narrow.gap;
  bool has_three_wide = box->columns >= 3 * wide.columns + 2 * wide.gap;
  return has_two_narrow && !has_three_wide ? &narrow : &wide;
}

/* A group moves on to the next column rather than being cut there; where there
 * is but one column, the empty lines are the first to go. */
void watch_draw_values(const struct watch_box *box,
                       const struct watch_reading *reading) {
  const struct list_form *form = choose_form(box);
  int step = form->columns + form->gap, y = 0;
  bool has_gaps = box->columns >= step + form->columns ||
                  box->rows >= rows_of_all() + WATCH_METRIC_GROUPS - 1;
  struct watch_box column = *box;
  if (box->rows == 0)
    return;
  if (column.columns > form->columns)
    column.columns = form->columns;
  for (int i = 0; i < WATCH_METRIC_GROUPS; i++) {
    const struct watch_metric_group *group = &catalogue_groups[i];
    bool has_next = column.x + step + form->columns <= box->x + box->columns;
    if (y > 0 && y + rows_of(group) > box->rows && has_next) {
      column.x += step;
      y = 0;
    }
    y = draw_group(&column, y, reading, group, form) + (has_gaps ? 1 : 0);
  }
}
