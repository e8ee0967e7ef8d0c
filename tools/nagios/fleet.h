/* All hosts of a daemon at once: which of them have incidents. Keeps a name and
 * a few numbers a host, however long the answer to LISTVAL is. */
#ifndef TOOLS_NAGIOS_FLEET_H
#define TOOLS_NAGIOS_FLEET_H

#include "line.h"

#include "verdict/rules.h"

enum { NAGIOS_HOSTS_MAX = 1000000 };

struct nagios_host {
  char *name;
  double reading_s;                /* NAN: none */
  double judged_s;                 /* NAN: never */
  bool has_silent;                 /* baseline says whether it is silent */
  double silent;                   /* 1: it is silent; 0; NAN unknown */
  bool has[INCIDENT_COUNT];        /* the daemon has a severity of it */
  double severity[INCIDENT_COUNT]; /* 0, 1, 2; NAN unknown */
  bool silenced[INCIDENT_COUNT];   /* open, and not notified */
  enum nagios_state state;         /* set by nagios_fleet_line */
};

/* All zero: empty. */
struct nagios_fleet {
  size_t len, room;
  struct nagios_host *hosts;
  double silenced_s; /* time of the last host's last value that says so */
  int silenced;      /* and its incident, an enum incident_kind */
};

/* One line of LISTVAL; the lines come sorted by name. Returns 0, or -ENOMEM. */
int nagios_fleet_take(struct nagios_fleet *fleet, const char *line);

/* Ask the daemon: LISTVAL once, then the severities of the chosen incidents.
 * Returns 0, or -errno as unixsock_answer. */
int nagios_fleet_fetch(const struct host_query *query,
                       const struct nagios_choice *choice,
                       struct nagios_fleet *fleet);

/* Write the line of all hosts that send readings. limit_s: how old readings may
 * be. Returns the state. */
enum nagios_state nagios_fleet_line(FILE *out, struct nagios_fleet *fleet,
                                    const struct nagios_choice *choice,
                                    double now_s, double limit_s);

void nagios_fleet_release(struct nagios_fleet *fleet);

#endif
