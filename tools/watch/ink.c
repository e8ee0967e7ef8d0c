/* See ink.h. */
#include "ink.h"

#include "lib/moment.h"
#include "lib/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { INK_LINE_MAX = 640 };

enum watch_style watch_draw_style(enum host_severity severity) {
  static const enum watch_style styles[] = {
      [HOST_NOT_JUDGED] = WATCH_DIM,
      [HOST_OKAY] = WATCH_STYLE_OKAY,
      [HOST_WARNING] = WATCH_STYLE_WARNING,
      [HOST_FAILURE] = WATCH_STYLE_FAILURE,
  };
  return styles[severity];
}

static int put(const struct watch_box *box, int y, int x,
               enum watch_style style, const char *text) {
  int len = (int)strlen(text);
  if (y < 0 || y >= box->rows || x < 0 || x >= box->columns)
    return 0;
  if (len > box->columns - x)
    len = box->columns - x;
  watch_screen_put(box->y + y, box->x + x, len, style, text);
  return len;
}

int watch_draw_text(const struct watch_box *box, int y, int x,
                    enum watch_style style, const char *format, ...) {
  char line[INK_LINE_MAX], text[INK_LINE_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  return put(box, y, x, style, words_clean(line, text, sizeof(text)));
}

int watch_draw_right(const struct watch_box *box, int y, enum watch_style style,
                     const char *format, ...) {
  char line[INK_LINE_MAX], text[INK_LINE_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  words_clean(line, text, sizeof(text));
  int x = box->columns - (int)strlen(text);
  return put(box, y, x > 0 ? x : 0, style, text);
}

const char *watch_draw_moment(double time_s, double now_s, char *text) {
  if (!moment_clock(time_s, now_s, "%b %d %H:%M", text, WORDS_MAX))
    snprintf(text, WORDS_MAX, "-");
  return text;
}

int watch_draw_line_len(const char *text, int columns) {
  int len = (int)strlen(text), cut = columns;
  if (len <= columns)
    return len;
  while (cut > 0 && text[cut] != ' ')
    cut--;
  return cut > 0 ? cut : columns;
}
