/* See watch_session.h. */
#include "watch_session.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    session->choice.paused = false;
  }
  session->latest = *reading;
  watch_ring_add(session->ring, reading->time_s, reading->values);
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
  watch_keys_press(&session->choice, key, &session->hosts, page);
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
      .hosts = &session->hosts,
      .choice = &session->choice,
      .glyphs = session->glyphs,
      .now_s = now_s,
      .latest_s = session->latest.time_s,
      .silent_since_s = session->silent_since_s,
      .problem = session->problem,
  };
}
