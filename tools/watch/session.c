/* See session.h. Pure. */
#include "session.h"

#include "daemon/host_pattern.h"
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

static bool matches(const struct watch_choice *choice, const char *name) {
  if (strpbrk(choice->filter, "*?[,") != NULL)
    return host_pattern_takes_any_case(choice->filter, name);
  return holds(name, choice->filter);
}

size_t watch_choice_page(const struct watch_choice *choice,
                         const struct watch_hosts *hosts, size_t i,
                         const struct watch_host **page, size_t room) {
  size_t len = 0;
  for (size_t k = 0; k < hosts->len && len < room; k++)
    if (matches(choice, hosts->hosts[k].name) && (i == 0 || i-- == 0))
      page[len++] = &hosts->hosts[k];
  return len;
}

size_t watch_choice_matches(const struct watch_choice *choice,
                            const struct watch_hosts *hosts) {
  size_t count = 0;
  for (size_t i = 0; i < hosts->len; i++)
    count += matches(choice, hosts->hosts[i].name);
  return count;
}

/* The host under the cursor, or NULL. */
static const char *pointed(const struct watch_choice *choice,
                           const struct watch_hosts *hosts) {
  const struct watch_host *host = NULL;
  return watch_choice_page(choice, hosts, choice->cursor, &host, 1) == 1
             ? host->name
             : NULL;
}

static void choose(struct watch_choice *choice, const char *host) {
  if (host != NULL)
    snprintf(choice->host, sizeof(choice->host), "%s", host);
}

/* The cursor on that host, if the filter takes it. */
static void point_to(struct watch_choice *choice,
                     const struct watch_hosts *hosts, const char *name) {
  size_t at = watch_hosts_find(hosts, name), before = 0;
  if (at == hosts->len || !matches(choice, name))
    return;
  for (size_t i = 0; i < at; i++)
    before += matches(choice, hosts->hosts[i].name);
  choice->cursor = before;
}

static void open_table(struct watch_choice *choice,
                       const struct watch_hosts *hosts) {
  choice->choosing = true;
  choice->filter[0] = '\0';
  choice->cursor = 0;
  point_to(choice, hosts, choice->host);
}

/* Without a host there is nothing behind the table. */
static void leave_table(struct watch_choice *choice) {
  choice->choosing = false;
  choice->leaving = choice->host[0] == '\0';
}

static void take_pointed(struct watch_choice *choice,
                         const struct watch_hosts *hosts) {
  choose(choice, pointed(choice, hosts));
  choice->choosing = choice->host[0] == '\0';
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

static void press_in_table(struct watch_choice *choice, int key,
                           const struct watch_hosts *hosts, size_t page) {
  size_t matches = watch_choice_matches(choice, hosts);
  switch (key) {
  case WATCH_KEY_ENTER:
    take_pointed(choice, hosts);
    break;
  case WATCH_KEY_ESCAPE:
    leave_table(choice);
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
    open_table(choice, hosts);
    break;
  case WATCH_KEY_RIGHT:
  case WATCH_KEY_DOWN:
    choose(choice, watch_hosts_beside(hosts, choice->host, true));
    break;
  case WATCH_KEY_LEFT:
  case WATCH_KEY_UP:
    choose(choice, watch_hosts_beside(hosts, choice->host, false));
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
    press_in_table(choice, key, hosts, page);
  } else if (key == '?') {
    choice->helping = !choice->helping;
  } else if (choice->helping) {
    choice->helping = false; /* any key closes it, q too */
  } else {
    press_on_curves(choice, key, hosts);
  }
}

/* The cursor stays at the top, or on its host. */
static void take_hosts(struct watch_session *session,
                       struct watch_answer *answer, double asked_s) {
  struct watch_choice *choice = &session->choice;
  char name[LISTING_NAME_MAX] = "";
  if (!answer->has_hosts)
    return;
  const char *at = pointed(choice, &session->hosts);
  snprintf(name, sizeof(name), "%s", at != NULL ? at : "");
  free(session->hosts.hosts);
  session->hosts = answer->hosts;
  session->listed_s = asked_s;
  answer->hosts = (struct watch_hosts){0};
  if (choice->cursor > 0)
    point_to(choice, &session->hosts, name);
  move_cursor(choice, watch_choice_matches(choice, &session->hosts), 0);
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
                        struct watch_answer *first, double asked_s,
                        double every_s, enum watch_glyphs glyphs) {
  *session = (struct watch_session){
      .choice = {.every_s = every_s},
      .ring = watch_ring_create(),
      .silent_since_s = NAN,
      .glyphs = glyphs,
  };
  if (session->ring == NULL)
    return -ENOMEM;
  watch_session_take(session, first, asked_s);
  choose(&session->choice, session->latest.host);
  session->choice.choosing = session->choice.host[0] == '\0';
  return 0;
}

void watch_session_end(struct watch_session *session) {
  watch_ring_destroy(session->ring);
  free(session->hosts.hosts);
  session->ring = NULL;
  session->hosts = (struct watch_hosts){0};
}

void watch_session_take(struct watch_session *session,
                        struct watch_answer *answer, double asked_s) {
  take_hosts(session, answer, asked_s);
  if (!answer->failed) {
    session->silent_since_s = NAN;
    if (answer->reading.host[0] != '\0')
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
      .listed_s = session->listed_s,
      .silent_since_s = session->silent_since_s,
      .problem = session->problem,
  };
}
