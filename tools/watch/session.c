/* See session.h. Pure. */
#include "session.h"

#include "terminal.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double every_steps_s[] = {
    WATCH_EVERY_MIN_S, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300};
enum { EVERY_STEPS = sizeof(every_steps_s) / sizeof(every_steps_s[0]) };

double watch_choice_span_s(int span) {
  static const double spans_s[WATCH_SPANS] = {120, 600, 3600};
  return spans_s[span];
}

static void ask_less_often(struct watch_choice *choice) {
  for (size_t i = 0; i < EVERY_STEPS; i++)
    if (every_steps_s[i] > choice->every_s) {
      choice->every_s = every_steps_s[i];
      return;
    }
}

static void ask_more_often(struct watch_choice *choice) {
  for (size_t i = EVERY_STEPS; i > 0; i--)
    if (every_steps_s[i - 1] < choice->every_s) {
      choice->every_s = every_steps_s[i - 1];
      return;
    }
}

static bool holds(const char *name, const char *part) {
  size_t len = strlen(part);
  for (; *name != '\0' || len == 0; name++) {
    size_t same = 0;
    while (same < len && tolower((unsigned char)name[same]) ==
                             tolower((unsigned char)part[same]))
      same++;
    if (same == len)
      return true;
  }
  return false;
}

const char *watch_choice_match(const struct watch_choice *choice,
                               const struct watch_hosts *hosts, size_t i) {
  for (size_t k = 0; k < hosts->len; k++)
    if (holds(hosts->names[k], choice->filter) && i-- == 0)
      return hosts->names[k];
  return NULL;
}

size_t watch_choice_matches(const struct watch_choice *choice,
                            const struct watch_hosts *hosts) {
  size_t count = 0;
  for (size_t i = 0; i < hosts->len; i++)
    count += holds(hosts->names[i], choice->filter);
  return count;
}

static void choose(struct watch_choice *choice, const char *host) {
  if (host != NULL)
    snprintf(choice->host, sizeof(choice->host), "%s", host);
}

/* The host before or after the present one, in a circle. */
static void choose_beside(struct watch_choice *choice,
                          const struct watch_hosts *hosts, bool next) {
  size_t at = 0;
  if (hosts->len == 0)
    return;
  while (at < hosts->len && strcmp(hosts->names[at], choice->host) != 0)
    at++;
  if (at == hosts->len)
    at = 0;
  else
    at = (at + (next ? 1 : hosts->len - 1)) % hosts->len;
  choose(choice, hosts->names[at]);
}

static void open_list(struct watch_choice *choice,
                      const struct watch_hosts *hosts) {
  choice->choosing = true;
  choice->filter[0] = '\0';
  choice->cursor = 0;
  for (size_t i = 0; i < hosts->len; i++)
    if (strcmp(hosts->names[i], choice->host) == 0)
      choice->cursor = i;
}

static void edit_filter(struct watch_choice *choice, int key) {
  size_t len = strlen(choice->filter);
  if (key == WATCH_KEY_BACKSPACE && len > 0)
    choice->filter[len - 1] = '\0';
  else if (key > ' ' && key <= '~' && len + 1 < WATCH_FILTER_MAX) {
    choice->filter[len] = (char)key;
    choice->filter[len + 1] = '\0';
  } else
    return;
  choice->cursor = 0;
}

static void move_cursor(struct watch_choice *choice, size_t matches,
                        long distance) {
  long last = matches > 0 ? (long)matches - 1 : 0;
  long to = (long)choice->cursor + distance;
  choice->cursor = (size_t)(to < 0 ? 0 : to > last ? last : to);
}

static void press_in_list(struct watch_choice *choice, int key,
                          const struct watch_hosts *hosts, size_t page) {
  size_t matches = watch_choice_matches(choice, hosts);
  switch (key) {
  case WATCH_KEY_ENTER:
    choose(choice, watch_choice_match(choice, hosts, choice->cursor));
    choice->choosing = false;
    break;
  case WATCH_KEY_ESCAPE:
    choice->choosing = false;
    break;
  case WATCH_KEY_UP:
    move_cursor(choice, matches, -1);
    break;
  case WATCH_KEY_DOWN:
    move_cursor(choice, matches, 1);
    break;
  case WATCH_KEY_PAGE_UP:
    move_cursor(choice, matches, -(long)page);
    break;
  case WATCH_KEY_PAGE_DOWN:
    move_cursor(choice, matches, (long)page);
    break;
  case WATCH_KEY_HOME:
    choice->cursor = 0;
    break;
  case WATCH_KEY_END:
    move_cursor(choice, matches, (long)matches);
    break;
  default:
    edit_filter(choice, key);
    break;
  }
}

static void press_on_curves(struct watch_choice *choice, int key,
                            const struct watch_hosts *hosts) {
  switch (key) {
  case 'q':
  case 'Q':
    choice->leaving = true;
    break;
  case 'p':
  case ' ':
    choice->paused = !choice->paused;
    break;
  case 'v':
    choice->only_values = !choice->only_values;
    break;
  case 'z':
    choice->span = (choice->span + 1) % WATCH_SPANS;
    break;
  case '+':
  case '=': /* + without shift */
    ask_less_often(choice);
    break;
  case '-':
    ask_more_often(choice);
    break;
  case 'h':
    open_list(choice, hosts);
    break;
  case WATCH_KEY_RIGHT:
  case WATCH_KEY_DOWN:
    choose_beside(choice, hosts, true);
    break;
  case WATCH_KEY_LEFT:
  case WATCH_KEY_UP:
    choose_beside(choice, hosts, false);
    break;
  default:
    break;
  }
}

static void press_key(struct watch_choice *choice, int key,
                      const struct watch_hosts *hosts, size_t page) {
  if (key == WATCH_KEY_NONE)
    return;
  if (choice->choosing) {
    press_in_list(choice, key, hosts, page);
  } else if (key == '?') {
    choice->helping = !choice->helping;
  } else if (choice->helping) {
    choice->helping = false; /* any key closes it, q too */
  } else {
    press_on_curves(choice, key, hosts);
  }
}

static void take_hosts(struct watch_session *session,
                       struct watch_answer *answer) {
  if (!answer->has_hosts)
    return;
  free(session->hosts.names);
  session->hosts = answer->hosts;
  answer->hosts = (struct watch_hosts){0};
}

static void take_reading(struct watch_session *session,
                         const struct watch_reading *reading) {
  bool is_other = strcmp(session->latest.host, reading->host) != 0;
  if (is_other) {
    watch_ring_clear(session->ring);
    session->events = (struct watch_events){0};
    session->choice.paused = false;
  }
  session->latest = *reading;
  watch_ring_add(session->ring, reading->time_s, reading->values);
  watch_events_take(&session->events, reading);
  if (!session->choice.paused)
    session->shown = session->latest;
}

int watch_session_begin(struct watch_session *session,
                        struct watch_answer *first, double every_s,
                        enum watch_glyphs glyphs) {
  *session = (struct watch_session){
      .choice = {.every_s = every_s},
      .ring = watch_ring_create(),
      .silent_since_s = NAN,
      .glyphs = glyphs,
  };
  if (session->ring == NULL)
    return -ENOMEM;
  watch_session_take(session, first, 0);
  snprintf(session->choice.host, sizeof(session->choice.host), "%s",
           session->latest.host);
  return 0;
}

void watch_session_end(struct watch_session *session) {
  watch_ring_destroy(session->ring);
  free(session->hosts.names);
  session->ring = NULL;
  session->hosts = (struct watch_hosts){0};
}

void watch_session_take(struct watch_session *session,
                        struct watch_answer *answer, double asked_s) {
  take_hosts(session, answer);
  if (!answer->failed) {
    session->silent_since_s = NAN;
    take_reading(session, &answer->reading);
    return;
  }
  if (isnan(session->silent_since_s))
    session->silent_since_s = asked_s;
  snprintf(session->problem, sizeof(session->problem), "%s", answer->problem);
}

bool watch_session_press(struct watch_session *session, int key, size_t page) {
  struct watch_choice before = session->choice;
  press_key(&session->choice, key, &session->hosts, page);
  if (before.paused && !session->choice.paused)
    session->shown = session->latest;
  return strcmp(before.host, session->choice.host) != 0 ||
         (session->choice.choosing && !before.choosing);
}

struct watch_picture watch_session_picture(const struct watch_session *session,
                                           double now_s) {
  return (struct watch_picture){
      .reading = &session->shown,
      .ring = session->ring,
      .events = &session->events,
      .hosts = &session->hosts,
      .choice = &session->choice,
      .glyphs = session->glyphs,
      .now_s = now_s,
      .latest_s = session->latest.time_s,
      .silent_since_s = session->silent_since_s,
      .problem = session->problem,
  };
}
