/* Where each part of the screen of `watch` stands in a window of any size. No
 * parts overlap, and none leaves the window. Pure. */
#ifndef TOOLS_WATCH_LAYOUT_H
#define TOOLS_WATCH_LAYOUT_H

#include <stdbool.h>

enum {
  WATCH_ROWS_MIN = 10, /* a smaller window only shows a line that says so */
  WATCH_COLUMNS_MIN = 40,
  WATCH_PANELS_MAX = 12,
};

/* In cells; rows is 0 if the part is not shown. */
struct watch_box {
  int y, x, rows, columns;
};

struct watch_layout {
  bool fits;
  bool every_incident; /* a line each; else the calm ones share one */
  struct watch_box header, message, incidents, events, states, values, footer;
  struct watch_box panels[WATCH_PANELS_MAX];
  int panels_len, abreast; /* in all; side by side */
  struct watch_box ticks;  /* below the panels */
};

/* What the layout depends on besides the window. */
struct watch_content {
  int incidents, open_incidents;
  int events;       /* that have happened to them */
  int message_rows; /* no answer, paused; 0 for none */
  bool only_values; /* the list of all values instead of the curves */
};

struct watch_layout watch_layout_make(int rows, int columns,
                                      const struct watch_content *content);

#endif
