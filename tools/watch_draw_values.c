/* All values as numbers: the states in a few lines, or everything in as many
 * columns as there is room for. */
#include "watch_draw_parts.h"

#include "watch_text.h"

#include <math.h>

enum {
  STATE_COLUMNS = 20,
  GROUP_COLUMNS = 37, /* label, number, share */
  GAP = 4,
  LABEL_COLUMNS = 21,
  NUMBER_COLUMNS = 8,
  SHARE_COLUMNS = 8,
};

void watch_draw_states(const struct watch_box *box,
                       const struct watch_reading *reading) {
  char number[WATCH_TEXT_MAX];
  int abreast = box->columns / STATE_COLUMNS;
  if (box->rows == 0 || abreast == 0)
    return;
  for (enum watch_metric i = 0; i <= WATCH_ACTIVE; i++) {
    int y = (int)i / abreast, x = (int)i % abreast * STATE_COLUMNS;
    watch_draw_text(box, y, x, WATCH_DIM, "%s", watch_metric_name(i)->label);
    watch_draw_text(box, y, x + 12, WATCH_PLAIN, "%6s",
                    watch_text_number(reading->values[i], 0, "", number));
  }
}

static double all_sockets(const struct watch_reading *reading) {
  double sum = 0;
  for (int i = 0; i < WATCH_STATES_END; i++)
    sum += isnan(reading->values[i]) ? 0 : reading->values[i];
  return sum;
}

static void draw_value(const struct watch_box *box, int y, int x,
                       const struct watch_reading *reading,
                       enum watch_metric metric, double all) {
  char number[WATCH_TEXT_MAX], share[WATCH_TEXT_MAX];
  const struct watch_metric_name *name = watch_metric_name(metric);
  double value = reading->values[metric];
  watch_draw_text(box, y, x, WATCH_PLAIN, "%s", name->label);
  watch_draw_text(box, y, x + LABEL_COLUMNS, WATCH_PLAIN, "%*s", NUMBER_COLUMNS,
                  watch_text_number(value, name->decimals, name->unit, number));
  if (metric < WATCH_STATES_END && all > 0)
    watch_draw_text(box, y, x + LABEL_COLUMNS + NUMBER_COLUMNS, WATCH_DIM,
                    "%*s", SHARE_COLUMNS,
                    watch_text_number(value / all * 100, 1, " %", share));
}

/* Of each group its heading and its values. */
static int rows_of_all(void) {
  int rows = 0;
  for (int i = 0; i < WATCH_METRIC_GROUPS; i++)
    rows +=
        1 + (int)watch_metric_groups[i].end - (int)watch_metric_groups[i].first;
  return rows;
}

static int draw_group(const struct watch_box *box, int y, int x,
                      const struct watch_reading *reading,
                      const struct watch_metric_group *group, double all) {
  watch_draw_text(box, y++, x, WATCH_BOLD, "%s", group->heading);
  for (enum watch_metric metric = group->first; metric < group->end; metric++)
    draw_value(box, y++, x, reading, metric, all);
  return y;
}

/* A group moves on to the next column rather than being cut there; where there
 * is but one column, an empty line is the first to go. */
void watch_draw_values(const struct watch_box *box,
                       const struct watch_reading *reading) {
  double all = all_sockets(reading);
  bool has_columns = box->columns >= 2 * GROUP_COLUMNS + GAP;
  bool has_gaps =
      has_columns || box->rows >= rows_of_all() + WATCH_METRIC_GROUPS - 1;
  int y = 0, x = 0;
  if (box->rows == 0)
    return;
  for (int i = 0; i < WATCH_METRIC_GROUPS; i++) {
    const struct watch_metric_group *group = &watch_metric_groups[i];
    int len = (int)group->end - (int)group->first + 1;
    bool has_next = x + GROUP_COLUMNS + GAP + GROUP_COLUMNS <= box->columns;
    if (y > 0 && y + len > box->rows && has_next) {
      y = 0;
      x += GROUP_COLUMNS + GAP;
    }
    y = draw_group(box, y, x, reading, group, all) + (has_gaps ? 1 : 0);
  }
}
