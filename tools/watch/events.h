/* What `watch` has seen happen to the incidents of its host: which opened,
 * changed and ended, as far as it ran. A daemon tells only how things are now.
 * Pure. */
#ifndef TOOLS_WATCH_EVENTS_H
#define TOOLS_WATCH_EVENTS_H

#include "fetch.h"

enum { WATCH_EVENTS_MAX = 32 };

struct watch_event {
  double time_s; /* when it opened, of one that opens; else of the reading */
  struct host_incident incident; /* as it was then; its place, once known */
};

/* Zeros are an empty list. */
struct watch_events {
  size_t len;
  struct watch_event events[WATCH_EVENTS_MAX]; /* the oldest first */
};

/* Add what differs from what is known of each incident; the oldest make room.
 * Of one that was not judged nothing is added. */
void watch_events_take(struct watch_events *events,
                       const struct watch_reading *reading);

/* "512 half-open, expected 4.0, limit 21.0, at 0.0.0.0:443": the figures and
 * the place; "over" of one that has ended. text: WATCH_EVENT_MAX bytes, which
 * it returns. */
enum { WATCH_EVENT_MAX = 2 * HOST_INCIDENT_WORDS_MAX };
const char *watch_event_words(const struct watch_event *event, char *text);

#endif
