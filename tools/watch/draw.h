/* The screen of `watch`, drawn from plain data. */
#ifndef TOOLS_WATCH_DRAW_H
#define TOOLS_WATCH_DRAW_H

#include "session.h"

/* One frame on the screen. redraw: as watch_screen_show. */
void watch_draw(const struct watch_picture *picture, bool redraw);

#endif
