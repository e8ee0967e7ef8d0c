/* See events.h. */
#include "events.h"

#include "lib/words.h"
#include "verdict/incidents/catalogue.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The newest event of an incident; NULL if there is none. */
static struct watch_event *find_newest(struct watch_events *events,
                                       const char *name) {
  for (size_t i = events->len; i > 0; i--)
    if (strcmp(events->events[i - 1].incident.name, name) == 0)
      return &events->events[i - 1];
  return NULL;
}

static void add(struct watch_events *events, double time_s,
                const struct host_incident *incident) {
  if (events->len == WATCH_EVENTS_MAX)
    memmove(events->events, events->events + 1,
            --events->len * sizeof(events->events[0]));
  events->events[events->len++] = (struct watch_event){time_s, *incident};
}

static void take(struct watch_events *events, double time_s,
                 const struct host_incident *incident) {
  struct watch_event *newest = find_newest(events, incident->name);
  enum host_severity known = newest ? newest->incident.severity : HOST_OKAY;
  bool opens = known == HOST_OKAY && !isnan(incident->since_s);

  if (incident->severity == HOST_NOT_JUDGED)
    return;
  if (incident->severity != known)
    add(events, opens ? incident->since_s : time_s, incident);
  else if (newest && newest->incident.listener[0] == '\0')
    newest->incident = *incident; /* the place may come after the alarm */
}

void watch_events_take(struct watch_events *events,
                       const struct watch_reading *reading) {
  for (size_t i = 0; i < reading->incidents_len; i++)
    take(events, reading->time_s, &reading->incidents[i]);
}

const char *watch_event_words(const struct watch_event *event, char *text) {
  const struct host_incident *incident = &event->incident;
  enum incident_kind kind = host_incident_kind(incident);
  char number[WORDS_MAX], expected[WORDS_MAX], upper[WORDS_MAX];
  char place[HOST_INCIDENT_WORDS_MAX];

  if (incident->severity == HOST_OKAY) {
    snprintf(text, WATCH_EVENT_MAX, "over");
    return text;
  }
  host_incident_place(incident, place);
  text[0] = '\0';
  if (!isnan(incident->observed))
    snprintf(text, WATCH_EVENT_MAX, "%s%s, expected %s, limit %s%s",
             words_number(incident->observed, 1, "", number),
             kind < INCIDENT_COUNT ? catalogue[kind].checked : "",
             words_number(incident->expected, 1, "", expected),
             words_number(incident->upper, 1, "", upper),
             place[0] != '\0' ? ", " : "");
  size_t used = strlen(text);
  snprintf(text + used, WATCH_EVENT_MAX - used, "%s", place);
  return text;
}
