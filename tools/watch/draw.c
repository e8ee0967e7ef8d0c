/* See draw.h: the header, messages and keys, and which pane stands where. */
#include "draw.h"

#include "ink.h"
#include "lib/moment.h"
#include "lib/words.h"
#include "panes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* For a first reading, while it is not known how often they come. */
static const double age_max_s = 300;

enum { LINE_MAX_COLUMNS = 640, MESSAGE_ROWS = 3 };

static enum watch_style badge_style(enum host_severity severity) {
  static const enum watch_style styles[] = {
      [HOST_NOT_JUDGED] = WATCH_DIM,
      [HOST_OKAY] = WATCH_BADGE_OKAY,
      [HOST_WARNING] = WATCH_BADGE_WARNING,
      [HOST_FAILURE] = WATCH_BADGE_FAILURE,
  };
  return styles[severity];
}

static void draw_header(const struct watch_box *box,
                        const struct watch_picture *picture) {
  char clock[WORDS_MAX], age[WORDS_MAX], every[WORDS_MAX];
  char right[4 * WORDS_MAX];
  enum host_severity worst = watch_reading_worst(picture->reading);
  double now_s = picture->now_s;
  watch_draw_moment(now_s, now_s, clock);
  words_duration(floor(fmax(now_s - picture->reading->time_s, 0)), age);
  words_duration(picture->choice->every_s, every);
  if (box->columns >= 72)
    snprintf(right, sizeof(right), "%s  values %s old  asked every %s", clock,
             age, every);
  else
    snprintf(right, sizeof(right), "%s %s old", clock, age);

  struct watch_box left = *box;
  left.columns -= (int)strlen(right) + 1;
  int badge = (int)strlen(host_severity_word(worst)) + 2;
  struct watch_box name = left;
  name.columns -= badge + 1;
  int used =
      watch_draw_text(&name, 0, 0, WATCH_BOLD, "%s", picture->reading->host);
  watch_draw_text(&left, 0, used + 1, badge_style(worst), " %s ",
                  host_severity_word(worst));
  watch_draw_right(box, 0, WATCH_PLAIN, "%s", right);
}

/* Whether no reading has come for a few steps, or for longer than collectd
 * keeps a value. */
static bool is_old(const struct watch_picture *picture) {
  double step_s = watch_ring_step_s(picture->ring);
  double limit_s = isnan(step_s) ? age_max_s : fmax(3 * step_s, 3);
  return picture->now_s - picture->latest_s > limit_s;
}

/* Where the worst open incident is; "" if it is not known. */
static const char *make_place(const struct watch_picture *picture,
                              char text[HOST_INCIDENT_WORDS_MAX]) {
  const struct watch_reading *reading = picture->reading;
  text[0] = '\0';
  if (reading->incidents_len > 0)
    host_incident_place(&reading->incidents[0], text);
  return text;
}

static bool has_port(const struct watch_reading *reading) {
  for (int i = SHOWN_PORT_HALF_OPEN; i < SHOWN_PORT_END; i++)
    if (!isnan(reading->values[i]))
      return true;
  return false;
}

/* What the person should know: no answer, a pause, old values. Returns the
 * style; text is empty if there is nothing to say. */
static enum watch_style make_message(const struct watch_picture *picture,
                                     char *text, size_t text_max) {
  char moment[WORDS_MAX];
  text[0] = '\0';
  if (!isnan(picture->silent_since_s)) {
    watch_draw_moment(picture->silent_since_s, picture->now_s, moment);
    snprintf(text, text_max, "no answer from collectd since %s: %s", moment,
             picture->problem);
    return WATCH_STYLE_FAILURE;
  }
  if (picture->choice->paused) {
    watch_draw_moment(picture->reading->time_s, picture->now_s, moment);
    snprintf(text, text_max, "paused at %s; p continues", moment);
  } else if (is_old(picture)) {
    watch_draw_moment(picture->latest_s, picture->now_s, moment);
    snprintf(text, text_max,
             "no new values since %s: does collectd still run on that host, "
             "and are both clocks right?",
             moment);
  } else if (picture->port > 0 && !has_port(picture->reading)) {
    snprintf(text, text_max,
             "no values of port %u: tcpstates of that host needs "
             "\"ReportListeners true\", and a socket that listens there",
             picture->port);
  }
  return WATCH_STYLE_WARNING;
}

/* Returns how many lines the text takes. Draws them if box is not NULL. */
static int wrap(const char *text, int columns, const struct watch_box *box,
                enum watch_style style) {
  int lines = 0;
  while (*text != '\0') {
    int len = watch_draw_line_len(text, columns);
    if (box != NULL)
      watch_draw_text(box, lines, 0, style, "%.*s", len, text);
    lines++;
    text += len;
    text += strspn(text, " ");
  }
  return lines;
}

/* On the left where the worst incident is, on the right how far the curves go
 * back if there is room for both. */
static void draw_place(const struct watch_layout *layout,
                       const struct watch_picture *picture) {
  char span[WORDS_MAX], place[HOST_INCIDENT_WORDS_MAX];
  const struct watch_box *box = &layout->message;
  int used =
      watch_draw_text(box, 0, 0, WATCH_PLAIN, "%s", make_place(picture, place));
  if (layout->panels_len == 0)
    return;
  words_duration(watch_draw_panel_span_s(&layout->panels[0], picture), span);
  if (used + 2 + (int)(sizeof("curves of the last ") + strlen(span)) <=
      box->columns)
    watch_draw_right(box, 0, WATCH_DIM, "curves of the last %s", span);
}

static void draw_message(const struct watch_layout *layout,
                         const struct watch_picture *picture) {
  char text[LINE_MAX_COLUMNS];
  enum watch_style style = make_message(picture, text, sizeof(text));
  if (text[0] != '\0')
    wrap(text, layout->message.columns, &layout->message, style);
  else
    draw_place(layout, picture);
}

static void draw_footer(const struct watch_box *box,
                        const struct watch_picture *picture) {
  static const struct {
    const char *key, *meaning;
    bool needs_hosts;
  } keys[] = {
      {"q", "quit", false},     {"p", "pause", false},
      {"?", "help", false},     {"+/-", "interval", false},
      {"v", "values", false},   {"z", "time span", false},
      {"h", "all hosts", true}, {"<- ->", "next host", true},
  };
  int x = 0;
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
    int len = (int)(strlen(keys[i].key) + 1 + strlen(keys[i].meaning));
    if ((keys[i].needs_hosts && picture->hosts->len < 2) ||
        x + len > box->columns)
      continue;
    x += watch_draw_text(box, 0, x, WATCH_BOLD, "%s", keys[i].key) + 1;
    x += watch_draw_text(box, 0, x, WATCH_DIM, "%s", keys[i].meaning) + 2;
  }
}

static void draw_parts(const struct watch_layout *layout,
                       const struct watch_picture *picture) {
  draw_header(&layout->header, picture);
  draw_message(layout, picture);
  watch_draw_incidents(&layout->incidents, picture, layout->every_incident);
  watch_draw_events(&layout->events, picture);
  watch_draw_states(&layout->states, picture->reading);
  watch_draw_values(&layout->values, picture->reading);
  for (int i = 0; i < layout->panels_len; i++)
    watch_draw_panel(&layout->panels[i], picture, i);
  watch_draw_ticks(layout, picture);
  draw_footer(&layout->footer, picture);
}

void watch_draw(const struct watch_picture *picture, bool redraw) {
  char text[LINE_MAX_COLUMNS];
  struct watch_box window = {0};
  watch_screen_size(&window.rows, &window.columns);
  make_message(picture, text, sizeof(text));
  int message_rows = wrap(text, window.columns, NULL, WATCH_PLAIN);
  struct watch_content content = {
      .incidents = (int)picture->reading->incidents_len,
      .open_incidents = watch_reading_open(picture->reading),
      .events = (int)picture->events->len,
      .message_rows = message_rows < MESSAGE_ROWS ? message_rows : MESSAGE_ROWS,
      .only_values = picture->choice->only_values,
  };
  struct watch_layout layout =
      watch_layout_make(window.rows, window.columns, &content);
  watch_screen_clear();
  if (layout.fits && !picture->choice->choosing)
    draw_parts(&layout, picture);
  else if (!layout.fits)
    watch_draw_text(&window, 0, 0, WATCH_PLAIN, "needs %dx%d, is %dx%d",
                    WATCH_COLUMNS_MIN, WATCH_ROWS_MIN, window.columns,
                    window.rows);
  if (layout.fits && picture->choice->helping)
    watch_draw_help(&window);
  if (layout.fits && picture->choice->choosing)
    watch_draw_hosts(&window, picture);
  watch_screen_show(redraw);
}
