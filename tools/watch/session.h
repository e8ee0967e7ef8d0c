/* What a running `watch` remembers, the user's choices and the readings so far,
 * and how keys and answers change it. Touches neither
 * the terminal nor the daemon. */
#ifndef TOOLS_WATCH_SESSION_H
#define TOOLS_WATCH_SESSION_H

#include "curve.h"
#include "events.h"
#include "fetch.h"

#include <stdbool.h>

enum { WATCH_FILTER_MAX = 64, WATCH_SPANS = 3 };

struct watch_choice {
  char host[LISTING_NAME_MAX]; /* empty: any host the daemon has */
  double every_s;              /* how often the daemon is asked */
  int span;                    /* of watch_choice_span_s */
  bool leaving, paused, only_values, helping;
  bool choosing; /* a host from the table: */
  char filter[WATCH_FILTER_MAX];
  size_t cursor; /* counts only hosts that match the filter */
};

/* How far back the curves go, at least. */
double watch_choice_span_s(int span);

/* The least every_s. The keys + and - take the next longer or shorter of some
 * fixed intervals. */
#define WATCH_EVERY_MIN_S 0.1

/* The hosts whose names contain the filter, or match it if it is patterns of
 * the shell, in either case: how many, and `room` of them from the i-th on.
 * Returns how many there are. */
size_t watch_choice_matches(const struct watch_choice *choice,
                            const struct watch_hosts *hosts);
size_t watch_choice_page(const struct watch_choice *choice,
                         const struct watch_hosts *hosts, size_t i,
                         const struct watch_host **page, size_t room);

struct watch_session {
  struct watch_choice choice;
  struct watch_hosts hosts;
  struct watch_ring *ring;
  struct watch_events events;
  struct watch_reading latest, shown; /* these differ while it is paused */
  double listed_s;                    /* when the hosts were asked for */
  double silent_since_s;              /* since 1970; NAN while answers come */
  char problem[UNIXSOCK_PROBLEM_MAX];
  enum watch_glyphs glyphs;
};

/* first: an answer that did not fail; without a reading, the table of hosts is
 * what is shown. every_s: as watch_choice.every_s.
 * Returns 0, or -ENOMEM. */
int watch_session_begin(struct watch_session *session,
                        struct watch_answer *first, double asked_s,
                        double every_s, enum watch_glyphs glyphs);
void watch_session_end(struct watch_session *session);

/* Take an answer; its hosts become the session's. asked_s: when the question
 * was asked, since 1970. */
void watch_session_take(struct watch_session *session,
                        struct watch_answer *answer, double asked_s);

/* A key of enum watch_key or a character. page: how many lines the table of
 * hosts shows. Returns whether to ask the daemon at once, for another host or
 * for the table of hosts. */
bool watch_session_press(struct watch_session *session, int key, size_t page);

/* All that is drawn. The pointers belong to the session. */
struct watch_picture {
  const struct watch_reading *reading; /* the last one, or that of the pause */
  const struct watch_ring *ring;
  const struct watch_events *events;
  const struct watch_hosts *hosts;
  const struct watch_choice *choice;
  enum watch_glyphs glyphs;
  double now_s;          /* since 1970 */
  double latest_s;       /* of the newest reading, shown or not */
  double listed_s;       /* of the hosts */
  double silent_since_s; /* NAN while the daemon answers */
  const char *problem;   /* why it does not answer; else empty */
  unsigned port;         /* of a listener, whose curves come first; 0: none */
};

struct watch_picture watch_session_picture(const struct watch_session *session,
                                           double now_s);

#endif
