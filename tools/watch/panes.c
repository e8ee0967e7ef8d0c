/* The incidents: open ones, and syn_flood, with their figures; the calm ones
 * one by one where there is room, else all in one line. */
#include "panes.h"

#include "lib/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_COLUMNS = 20, STATE_COLUMNS = 8, FIGURE_COLUMNS = 10 };

/* A column shows from a box of so many columns on. */
enum column { OBSERVED, SINCE, EXPECTED, LIMITS, SCORE, COLUMNS };
static const struct {
  const char *heading;
  int width, needs;
} columns[COLUMNS] = {
    [OBSERVED] = {"OBSERVED", FIGURE_COLUMNS, 38},
    [EXPECTED] = {"EXPECTED", FIGURE_COLUMNS, 66},
    [LIMITS] = {"LIMITS", 15, 80},
    [SCORE] = {"SCORE", FIGURE_COLUMNS, 92},
    [SINCE] = {"OPEN SINCE", 17, 56},
};
static const enum column order[COLUMNS] = {OBSERVED, EXPECTED, LIMITS, SCORE,
                                           SINCE};

/* "12:03:44, 5 min" */
static void since_text(const struct host_incident *incident,
                       const struct watch_picture *picture, char *text,
                       size_t text_max) {
  char moment[WATCH_TEXT_MAX], length[WATCH_TEXT_MAX];
  if (incident->severity < HOST_WARNING || isnan(incident->open_s)) {
    snprintf(text, text_max, "%s", "");
    return;
  }
  words_moment(picture->reading->time_s - incident->open_s, picture->now_s,
               moment);
  words_duration(incident->open_s, length);
  snprintf(text, text_max, "%s, %s", moment, length);
}

/* Where there is no room for both, the moment alone: no unit is cut off. */
static void leave_out_length(char *text, int room) {
  char *comma = strchr(text, ',');
  if (comma != NULL && (int)strlen(text) > room)
    *comma = '\0';
}

static void cell_text(const struct host_incident *incident,
                      const struct watch_picture *picture, enum column column,
                      char *text, size_t text_max) {
  char number[WATCH_TEXT_MAX], upper[WATCH_TEXT_MAX];
  switch (column) {
  case SINCE:
    since_text(incident, picture, text, text_max);
    return;
  case LIMITS:
    words_number(incident->lower, 1, "", number);
    words_number(incident->upper, 1, "", upper);
    snprintf(text, text_max, "%s to %s", number, upper);
    return;
  case OBSERVED:
    words_number(incident->observed, 1, "", number);
    break;
  case EXPECTED:
    words_number(incident->expected, 1, "", number);
    break;
  default:
    words_number(incident->score, 1, "", number);
    break;
  }
  snprintf(text, text_max, "%s", number);
}

static void draw_row(const struct watch_box *box, int y,
                     const struct host_incident *incident,
                     const struct watch_picture *picture) {
  char text[4 * WATCH_TEXT_MAX];
  int x = NAME_COLUMNS + STATE_COLUMNS;
  struct watch_box name = *box;
  name.columns = NAME_COLUMNS - 1;
  watch_draw_text(&name, y, 0, WATCH_PLAIN, "%s", incident->name);
  watch_draw_text(box, y, NAME_COLUMNS, watch_draw_style(incident->severity),
                  "%s", host_severity_word(incident->severity));
  if (incident->unmeasured_s > 0) {
    watch_draw_text(box, y, x + 2, WATCH_PLAIN, "%s",
                    "open, no longer measured");
    return;
  }
  for (size_t i = 0; i < COLUMNS; i++) {
    if (box->columns < columns[order[i]].needs)
      continue;
    cell_text(incident, picture, order[i], text, sizeof(text));
    if (order[i] == SINCE) {
      leave_out_length(text, box->columns - x - 2);
      watch_draw_text(box, y, x + 2, WATCH_PLAIN, "%s", text);
    } else {
      watch_draw_text(box, y, x, WATCH_PLAIN, "%*s", columns[order[i]].width,
                      text);
    }
    x += columns[order[i]].width;
  }
}

static void draw_heading(const struct watch_box *box) {
  int x = NAME_COLUMNS + STATE_COLUMNS;
  watch_draw_text(box, 0, 0, WATCH_BOLD, "%-*s%s", NAME_COLUMNS, "INCIDENT",
                  "STATE");
  for (size_t i = 0; i < COLUMNS; i++) {
    if (box->columns < columns[order[i]].needs)
      continue;
    if (order[i] == SINCE)
      watch_draw_text(box, 0, x + 2, WATCH_BOLD, "%s",
                      columns[order[i]].heading);
    else
      watch_draw_text(box, 0, x, WATCH_BOLD, "%*s", columns[order[i]].width,
                      columns[order[i]].heading);
    x += columns[order[i]].width;
  }
}

/* Those that have no line of their own, by name. */
static void draw_rest(const struct watch_box *box, int y,
                      const struct watch_reading *reading, size_t first) {
  int x = 0;
  for (size_t i = first; i < reading->incidents_len; i++) {
    const struct host_incident *incident = &reading->incidents[i];
    bool new_word = i == first || incident->severity != incident[-1].severity;
    if (new_word)
      x += watch_draw_text(box, y, x, watch_draw_style(incident->severity),
                           "%s%s", i == first ? "" : " ",
                           host_severity_word(incident->severity));
    x += watch_draw_text(box, y, x, WATCH_DIM, "%s %s", new_word ? "" : ",",
                         incident->name);
  }
}

void watch_draw_incidents(const struct watch_box *box,
                          const struct watch_picture *picture,
                          bool every_incident) {
  const struct watch_reading *reading = picture->reading;
  size_t rows = box->rows > 1 ? (size_t)box->rows - 1 : 0, shown = 0;
  if (reading->incidents_len == 0) {
    watch_draw_text(box, 0, 0, WATCH_BOLD, "No incidents are judged.");
    watch_draw_text(box, 1, 0, WATCH_PLAIN,
                    "Is baseline loaded, and does every filter chain write "
                    "to it? The first judgement takes two intervals.");
    return;
  }
  bool has_rest = !every_incident && reading->incidents_len > 1;
  draw_heading(box);
  for (size_t i = 0; i < reading->incidents_len; i++) {
    bool own_line = every_incident || i == 0 ||
                    reading->incidents[i].severity >= HOST_WARNING;
    if (!own_line || shown + (has_rest && rows > 1) >= rows)
      break;
    draw_row(box, (int)++shown, &reading->incidents[i], picture);
  }
  if (shown < reading->incidents_len)
    draw_rest(box, (int)shown + 1, reading, shown);
}
