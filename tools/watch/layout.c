/* See layout.h. Space is taken from the edges inwards: header and
 * footer, incidents, the list of values on the right of a wide window, the
 * states; the curves get the rest. */
#include "layout.h"

enum {
  ROOMY_ROWS = 36,    /* a line for every incident, and blank lines */
  SIDE_COLUMNS = 132, /* the list of values stands on the right */
  SIDE_ROWS = 30,
  VALUES_COLUMNS = 38,
  STATES_COLUMNS = 20, /* a name and a number */
  STATES = 12,         /* with the active ones */
  STATES_ROWS = 20,    /* in a lower window the curves need the space */
  PANEL_COLUMNS = 36,  /* at least, if several stand side by side */
  PANEL_ROWS_MIN = 3,  /* the title and two of curve */
  PANEL_ROWS = 5,
  ROOMY_PANEL_ROWS = 8, /* with an empty line below */
  GAP = 2,
  TABLE_COLUMNS = 123, /* of the incidents; events stand to its right */
  EVENTS_COLUMNS = 35, /* "12:03:44 time_wait_pressure FAILURE" */
  SIDE_EVENTS_ROWS = 6,
  EVENTS_ROWS = 4, /* below the incidents, with a heading */
};

static int at_least(int number, int least) {
  return number > least ? number : least;
}

static int at_most(int number, int most) {
  return number < most ? number : most;
}

/* Cut rows off the top of what is left. Returns the box cut off. */
static struct watch_box take_rows(struct watch_box *left, int rows) {
  struct watch_box taken = *left;
  taken.rows = at_most(rows, left->rows);
  left->y += taken.rows;
  left->rows -= taken.rows;
  return taken;
}

static struct watch_box take_bottom(struct watch_box *left) {
  struct watch_box taken = *left;
  taken.rows = 1;
  taken.y = left->y + left->rows - 1;
  left->rows--;
  return taken;
}

static struct watch_box take_right(struct watch_box *left, int columns) {
  struct watch_box taken = *left;
  taken.columns = columns;
  taken.x = left->x + left->columns - columns;
  left->columns -= columns + GAP;
  return taken;
}

/* A heading and a line for each incident; or a line for each open one, at least
 * one, and one line for the rest. */
static int incident_rows(const struct watch_layout *layout,
                         const struct watch_content *content, int rows) {
  int calm = content->incidents - content->open_incidents;
  if (content->incidents == 0)
    return 2;
  if (layout->every_incident)
    return 1 + content->incidents;
  return at_most(1 + at_least(content->open_incidents, 1) + (calm > 0),
                 rows / 3);
}

/* Beside the incidents, else below them once there are any. */
static void place_events(struct watch_layout *layout, struct watch_box *left,
                         const struct watch_content *content) {
  struct watch_box *incidents = &layout->incidents;
  int side = incidents->columns - TABLE_COLUMNS - GAP;
  if (side >= EVENTS_COLUMNS) {
    int more = at_least(SIDE_EVENTS_ROWS - incidents->rows, 0);
    incidents->rows += take_rows(left, more).rows;
    layout->events = take_right(incidents, side);
  } else if (content->events > 0) {
    take_rows(left, 1);
    layout->events = take_rows(left, at_most(1 + content->events, EVENTS_ROWS));
  }
}

static void place_incidents(struct watch_layout *layout, struct watch_box *left,
                            const struct watch_content *content, int rows) {
  layout->every_incident = rows >= ROOMY_ROWS && content->incidents <= rows / 3;
  layout->incidents = take_rows(left, incident_rows(layout, content, rows));
  if (rows >= ROOMY_ROWS)
    place_events(layout, left, content);
  if (rows >= ROOMY_ROWS)
    take_rows(left, 1);
}

static void place_states(struct watch_layout *layout, struct watch_box *left,
                         int rows) {
  int abreast = left->columns / STATES_COLUMNS;
  if (rows < STATES_ROWS || abreast < 3)
    return;
  layout->states = take_rows(left, (STATES + abreast - 1) / abreast);
  if (rows >= ROOMY_ROWS)
    take_rows(left, 1);
}

static void place_panels(struct watch_layout *layout, struct watch_box *left,
                         bool has_ticks) {
  int abreast = at_least(left->columns / (PANEL_COLUMNS + GAP), 1);
  int high = left->rows >= 2 * PANEL_ROWS ? PANEL_ROWS : PANEL_ROWS_MIN;
  int down = at_most(left->rows / high, WATCH_PANELS_MAX / abreast);
  /* Taller curves are better than more curves. */
  if (left->rows >= 4 * PANEL_ROWS)
    down = at_most(down, at_least(left->rows / 8, 3));
  if (down == 0)
    return;
  if (has_ticks) {
    layout->ticks = take_bottom(left);
    layout->abreast = abreast;
  }
  int columns = (left->columns - GAP * (abreast - 1)) / abreast;
  int gap = left->rows / down >= ROOMY_PANEL_ROWS ? 1 : 0;
  for (int i = 0; i < abreast * down; i++) {
    int row = i / abreast, y = left->rows * row / down;
    layout->panels[layout->panels_len++] = (struct watch_box){
        .y = left->y + y,
        .x = left->x + i % abreast * (columns + GAP),
        .rows = left->rows * (row + 1) / down - y - gap,
        .columns = columns,
    };
  }
}

struct watch_layout watch_layout_make(int rows, int columns,
                                      const struct watch_content *content) {
  struct watch_layout layout = {0};
  struct watch_box left = {.rows = rows, .columns = columns};
  layout.fits = rows >= WATCH_ROWS_MIN && columns >= WATCH_COLUMNS_MIN;
  if (!layout.fits)
    return layout;
  layout.header = take_rows(&left, 1);
  layout.footer = take_bottom(&left);
  if (rows >= STATES_ROWS)
    layout.message = take_rows(&left, at_least(content->message_rows, 1));
  else
    layout.message = take_rows(&left, at_most(content->message_rows, 1));
  bool has_side =
      !content->only_values && columns >= SIDE_COLUMNS && rows >= SIDE_ROWS;
  if (has_side)
    layout.values = take_right(&left, VALUES_COLUMNS);
  place_incidents(&layout, &left, content, rows);
  if (content->only_values) {
    layout.values = left;
    return layout;
  }
  if (!has_side)
    place_states(&layout, &left, rows);
  place_panels(&layout, &left, rows >= STATES_ROWS);
  return layout;
}
