/* The screen of `watch`, drawn from plain data. */
#ifndef TOOLS_WATCH_DRAW_H
#define TOOLS_WATCH_DRAW_H

#include "fetch.h"
#include "keys.h"
#include "layout.h"
#include "watch_plot.h"
#include "watch_ring.h"

/* All that is to be seen. What is pointed to is borrowed. */
struct watch_picture {
  const struct watch_reading *reading; /* the last one, or of the pause */
  const struct watch_ring *ring;
  const struct watch_hosts *hosts;
  const struct watch_choice *choice;
  enum watch_glyphs glyphs;
  double now_s;          /* since 1970 */
  double latest_s;       /* of the newest reading, shown or not */
  double silent_since_s; /* NAN while the daemon answers */
  const char *problem;   /* why it does not; else empty */
};

/* One frame on the screen. redraw: as watch_screen_show. */
void watch_draw(const struct watch_picture *picture, bool redraw);

/* How many hosts the list to choose from shows at a time. */
size_t watch_draw_page(void);

#endif
