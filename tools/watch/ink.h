/* Text in a box of the screen: clipped at the box's edges, in a style, and with
 * only characters that a terminal prints. */
#ifndef TOOLS_WATCH_INK_H
#define TOOLS_WATCH_INK_H

#include "daemon/host_model.h"
#include "layout.h"
#include "terminal.h"

enum watch_style watch_draw_style(enum host_severity severity);

/* Text in line y of a box, from its column x on; or ending at its right edge.
 * Both return how many columns they used. */
int watch_draw_text(const struct watch_box *box, int y, int x,
                    enum watch_style style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int watch_draw_right(const struct watch_box *box, int y, enum watch_style style,
                     const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* How much of the text fits into one line, in whole words if possible. */
int watch_draw_line_len(const char *text, int columns);

/* "12:03:44" in local time; "Jan 31 12:03" if it is not the day of now_s; "-"
 * if it is not known. text: WORDS_MAX bytes. Returns text. */
const char *watch_draw_moment(double time_s, double now_s, char *text);

#endif
