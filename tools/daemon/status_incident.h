/* One incident of a status model, put together from its values. */
#ifndef TOOLS_DAEMON_STATUS_INCIDENT_H
#define TOOLS_DAEMON_STATUS_INCIDENT_H

#include "host_model.h"

#include "verdict/incidents/incident.h"

#include <stdbool.h>

enum { STATUS_INCIDENTS_MAX = 64, STATUS_SINCE_MAX = 40 };

/* Figures are NAN where the daemon has none. */
struct status_incident {
  const char *name; /* points into the model */
  bool known;       /* false: not judged, and severity means nothing */
  enum severity severity;
  double observed, expected, lower, upper, score;
  double open_s;       /* how long it has been open; 0 while none is */
  double unmeasured_s; /* open, and for so long not measured; 0: it is */
  double since_s; /* since 1970; NAN where none is open or it is not known */
};

/* All that there are, sorted by name. out: STATUS_INCIDENTS_MAX.
 * Returns how many. */
size_t status_incidents_read(const struct host_model *model,
                             struct status_incident *out);

/* "OKAY", "WARNING", "FAILURE"; NULL where it is not known. */
const char *status_incident_state(const struct status_incident *incident);

/* "12:03:44 (5 min)", in local time, with the date where that is not today's;
 * "" where it is not known. text: STATUS_SINCE_MAX bytes. */
void status_incident_since(const struct status_incident *incident, double now_s,
                           char *text);

/* What to say of one that is open and not measured any more. */
extern const char status_incident_unmeasured[];

#endif
