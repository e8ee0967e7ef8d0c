/* The parts of the screen, each drawn into its box. Of watch_draw.c. */
#ifndef TOOLS_WATCH_PANES_H
#define TOOLS_WATCH_PANES_H

#include "draw.h"
#include "terminal.h"

enum watch_style watch_draw_style(enum host_severity severity);

/* Text in one line of a box, cut at its edge, from column x of it; the same,
 * ending at its right edge. Both return the columns used. */
int watch_draw_text(const struct watch_box *box, int y, int x,
                    enum watch_style style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int watch_draw_right(const struct watch_box *box, int y, enum watch_style style,
                     const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void watch_draw_incidents(const struct watch_box *box,
                          const struct watch_picture *picture,
                          bool every_incident);

/* The i-th panel: its title and its curve; nothing beyond the last one. */
void watch_draw_panel(const struct watch_box *box,
                      const struct watch_picture *picture, int i);
/* How far back the curves of that panel go. */
double watch_draw_panel_span_s(const struct watch_box *box,
                               const struct watch_picture *picture);

void watch_draw_states(const struct watch_box *box,
                       const struct watch_reading *reading);
void watch_draw_values(const struct watch_box *box,
                       const struct watch_reading *reading);

void watch_draw_help(const struct watch_box *window);
void watch_draw_hosts(const struct watch_box *window,
                      const struct watch_picture *picture);

#endif
