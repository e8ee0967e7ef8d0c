/* See panes.h: the table of incidents, and what has happened to them. */
#include "events.h"
#include "ink.h"
#include "lib/words.h"
#include "panes.h"
#include "verdict/incidents/catalogue.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- the table ------------------------------------------------------------ */

enum {
  NAME_COLUMNS = 20,
  SEVERITY_COLUMNS = 8,
  FIGURE_COLUMNS = 10,
  ONE_LINE = 80, /* an event is cut rather than broken if it is as wide */
  EVENT_INDENT = 2,
};

/* needs: how wide the box must be for this column to be shown. */
enum column { OBSERVED, SINCE, EXPECTED, LIMITS, UNIT, SCORE, COLUMNS };
static const struct {
  const char *heading;
  int width, needs;
} table[COLUMNS] = {
    [OBSERVED] = {"OBSERVED", FIGURE_COLUMNS, 38},
    [EXPECTED] = {"EXPECTED", FIGURE_COLUMNS, 66},
    [LIMITS] = {"LIMITS", 15, 80},
    [UNIT] = {"OF WHAT", 26, 108},
    [SCORE] = {"SCORE", FIGURE_COLUMNS, 122},
    [SINCE] = {"OPEN SINCE", 17, 56},
};
static const enum column order[COLUMNS] = {OBSERVED, UNIT,  EXPECTED,
                                           LIMITS,   SCORE, SINCE};

/* Whether the column's text begins at its left. */
static bool is_left(enum column column) {
  return column == SINCE || column == UNIT;
}

/* "12:03:44, 5 min" */
static void since_text(const struct host_incident *incident,
                       const struct watch_picture *picture, char *text,
                       size_t text_max) {
  char moment[WORDS_MAX], length[WORDS_MAX];
  char hindrance[HOST_INCIDENT_WORDS_MAX];
  if (incident->severity < HOST_WARNING || isnan(incident->open_s)) {
    snprintf(text, text_max, "%s",
             host_incident_hindrance(incident, hindrance));
    return;
  }
  watch_draw_moment(picture->reading->time_s - incident->open_s, picture->now_s,
                    moment);
  words_duration(incident->open_s, length);
  snprintf(text, text_max, "%s, %s", moment, length);
}

/* If there is no room for both, only the moment, so that no unit is cut off. */
static void leave_out_length(char *text, int room) {
  char *comma = strchr(text, ',');
  if (comma != NULL && (int)strlen(text) > room)
    *comma = '\0';
}

/* " half-open", " % of the accept queue"; "" for a name that is not known. */
static const char *unit_of(const struct host_incident *incident) {
  enum incident_kind kind = host_incident_kind(incident);
  return kind < INCIDENT_COUNT ? catalogue[kind].checked : "";
}

/* Behind a number that no unit follows. */
static const char *sign_of(const struct host_incident *incident) {
  return strncmp(unit_of(incident), " %", 2) == 0 ? " %" : "";
}

static void cell_text(const struct host_incident *incident,
                      const struct watch_picture *picture, enum column column,
                      bool has_unit, char *text, size_t text_max) {
  char number[WORDS_MAX], upper[WORDS_MAX];
  switch (column) {
  case SINCE:
    since_text(incident, picture, text, text_max);
    return;
  case UNIT:
    snprintf(text, text_max, "%s", unit_of(incident));
    return;
  case LIMITS:
    snprintf(text, text_max, "%s to %s",
             words_number(incident->lower, 1, "", number),
             words_number(incident->upper, 1, "", upper));
    return;
  case OBSERVED:
    words_number(incident->observed, 1, has_unit ? "" : sign_of(incident),
                 number);
    break;
  case EXPECTED:
    words_number(incident->expected, 1, sign_of(incident), number);
    break;
  default:
    words_number(incident->score, 1, "", number);
    break;
  }
  snprintf(text, text_max, "%s", number);
}

/* In place of the figures, which the curves show. */
static void draw_silenced(const struct watch_box *box, int y, int x,
                          const struct host_incident *incident,
                          const struct watch_picture *picture) {
  char since[4 * WORDS_MAX], until[WORDS_MAX];

  since_text(incident, picture, since, sizeof(since));
  watch_draw_moment(incident->silenced_until_s, picture->now_s, until);
  watch_draw_text(box, y, x, WATCH_PLAIN, "silenced until %s; open since %s",
                  until, since);
}

static void draw_row(const struct watch_box *box, int y,
                     const struct host_incident *incident,
                     const struct watch_picture *picture) {
  char text[4 * WORDS_MAX];
  int x = NAME_COLUMNS + SEVERITY_COLUMNS;
  struct watch_box name = *box;
  name.columns = NAME_COLUMNS - 1;
  watch_draw_text(&name, y, 0, WATCH_PLAIN, "%s", incident->name);
  watch_draw_text(box, y, NAME_COLUMNS, watch_draw_style(incident->severity),
                  "%s", host_severity_word(incident->severity));
  if (incident->unjudged[0] != '\0') {
    watch_draw_text(box, y, x + 2, WATCH_DIM, "not judged: %s",
                    incident->unjudged);
    return;
  }
  if (incident->unmeasured_s > 0) {
    watch_draw_text(box, y, x + 2, WATCH_PLAIN, "%s", host_incident_unmeasured);
    return;
  }
  if (incident->silenced_until_s > 0) {
    draw_silenced(box, y, x + 2, incident, picture);
    return;
  }
  for (size_t i = 0; i < COLUMNS; i++) {
    if (box->columns < table[order[i]].needs)
      continue;
    cell_text(incident, picture, order[i], box->columns >= table[UNIT].needs,
              text, sizeof(text));
    if (order[i] == UNIT) {
      watch_draw_text(box, y, x, WATCH_PLAIN, "%s", text);
    } else if (order[i] == SINCE) {
      leave_out_length(text, box->columns - x - 2);
      watch_draw_text(box, y, x + 2, WATCH_PLAIN, "%s", text);
    } else {
      watch_draw_text(box, y, x, WATCH_PLAIN, "%*s", table[order[i]].width,
                      text);
    }
    x += table[order[i]].width;
  }
}

static void draw_heading(const struct watch_box *box) {
  int x = NAME_COLUMNS + SEVERITY_COLUMNS;
  watch_draw_text(box, 0, 0, WATCH_BOLD, "%-*s%s", NAME_COLUMNS, "INCIDENT",
                  "STATE");
  for (size_t i = 0; i < COLUMNS; i++) {
    if (box->columns < table[order[i]].needs)
      continue;
    if (is_left(order[i]))
      watch_draw_text(box, 0, x + (order[i] == SINCE ? 2 : 1), WATCH_BOLD, "%s",
                      table[order[i]].heading);
    else
      watch_draw_text(box, 0, x, WATCH_BOLD, "%*s", table[order[i]].width,
                      table[order[i]].heading);
    x += table[order[i]].width;
  }
}

/* The incidents that have no line of their own, by name. */
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

/* --- what has happened ---------------------------------------------------- */

/* Returns how many lines it took: the time, the name and the state, and behind
 * them or below them what it was. */
static int draw_event(const struct watch_box *box, int y,
                      const struct watch_event *event, double now_s) {
  const struct host_incident *incident = &event->incident;
  char moment[WORDS_MAX], words[WATCH_EVENT_MAX];
  int x = 0, lines = 1;

  watch_event_words(event, words);
  watch_draw_moment(event->time_s, now_s, moment);
  x += watch_draw_text(box, y, x, WATCH_DIM, "%s", moment) + 1;
  x += watch_draw_text(box, y, x, WATCH_PLAIN, "%s", incident->name) + 1;
  x += watch_draw_text(box, y, x, watch_draw_style(incident->severity), "%s",
                       host_severity_word(incident->severity)) +
       2;
  if (x + (int)strlen(words) <= box->columns || box->columns >= ONE_LINE) {
    watch_draw_text(box, y, x, WATCH_PLAIN, "%s", words);
    return lines;
  }
  struct watch_box below = *box;
  below.x += EVENT_INDENT;
  below.columns -= EVENT_INDENT;
  for (const char *at = words; *at != '\0'; lines++) {
    int len = watch_draw_line_len(at, below.columns);
    watch_draw_text(&below, y + lines, 0, WATCH_PLAIN, "%.*s", len, at);
    at += len;
    at += strspn(at, " ");
  }
  return lines;
}

void watch_draw_events(const struct watch_box *box,
                       const struct watch_picture *picture) {
  const struct watch_events *events = picture->events;
  int y = 0;

  if (box->rows == 0)
    return;
  watch_draw_text(box, y++, 0, WATCH_BOLD, "LAST CHANGES");
  for (size_t i = events->len; i > 0 && y < box->rows; i--)
    if (events->events[i - 1].time_s <= picture->reading->time_s)
      y += draw_event(box, y, &events->events[i - 1], picture->now_s);
  if (y == 1)
    watch_draw_text(box, y, 0, WATCH_DIM, "none while this has run");
}
