/* What a running `watch` remembers, and how answers and keys change it. Touches
 * neither the terminal nor the daemon. */
#ifndef TOOLS_WATCH_WATCH_SESSION_H
#define TOOLS_WATCH_WATCH_SESSION_H

#include "draw.h"
#include "fetch.h"

struct watch_session {
  struct watch_choice choice;
  struct watch_hosts hosts;
  struct watch_ring *ring;
  struct watch_reading latest, shown; /* these differ while it is paused */
  double silent_since_s; /* since 1970; NAN while there are answers */
  char problem[UNIXSOCK_PROBLEM_MAX];
  enum watch_glyphs glyphs;
};

/* With a first answer, that must not have failed. every_s: as
 * watch_choice.every_s. Returns 0, or -ENOMEM. */
int watch_session_begin(struct watch_session *session,
                        struct watch_answer *first, double every_s,
                        enum watch_glyphs glyphs);
void watch_session_end(struct watch_session *session);

/* answer: its hosts become the session's. asked_s: when the question began. */
void watch_session_take(struct watch_session *session,
                        struct watch_answer *answer, double asked_s);

/* Returns whether the daemon is to be asked at once: for another host, or for
 * the list of them. */
bool watch_session_press(struct watch_session *session, int key, size_t page);

struct watch_picture watch_session_picture(const struct watch_session *session,
                                           double now_s);

#endif
