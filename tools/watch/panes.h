/* The panes of the screen, each drawn into its box. */
#ifndef TOOLS_WATCH_PANES_H
#define TOOLS_WATCH_PANES_H

#include "layout.h"
#include "session.h"

/* Open incidents and syn_flood with their figures; the others one by one, or
 * all in one line unless every_incident. */
void watch_draw_incidents(const struct watch_box *box,
                          const struct watch_picture *picture,
                          bool every_incident);

/* What has happened to the incidents, the newest first. */
void watch_draw_events(const struct watch_box *box,
                       const struct watch_picture *picture);

/* Moments of the clock below the curves, which share them. */
void watch_draw_ticks(const struct watch_layout *layout,
                      const struct watch_picture *picture);

/* The i-th panel: its title and its curve; nothing beyond the last one. */
void watch_draw_panel(const struct watch_box *box,
                      const struct watch_picture *picture, int i);
/* How far back the curves of that panel go. */
double watch_draw_panel_span_s(const struct watch_box *box,
                               const struct watch_picture *picture);

/* The sockets by state, in a few lines; or all values as numbers, in as many
 * columns as there is room for. */
void watch_draw_states(const struct watch_box *box,
                       const struct watch_reading *reading);
void watch_draw_values(const struct watch_box *box,
                       const struct watch_reading *reading);

/* What covers the screen for a while: the help, and the table of hosts. */
void watch_draw_help(const struct watch_box *window);
void watch_draw_hosts(const struct watch_box *window,
                      const struct watch_picture *picture);

/* How many hosts the table shows at a time. */
size_t watch_draw_page(void);

#endif
