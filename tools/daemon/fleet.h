/* All hosts of a daemon at once: which of them have incidents. Keeps a name and
 * a few numbers a host, however long the answer to LISTVAL is. Touches the
 * daemon's socket. */
#ifndef TOOLS_DAEMON_FLEET_H
#define TOOLS_DAEMON_FLEET_H

#include "host_model.h"

#include "verdict/rules.h"

enum { FLEET_HOSTS_MAX = 1000000 };

struct fleet_host {
  char *name;
  double reading_s;                /* NAN: none */
  double judged_s;                 /* NAN: never */
  bool has_silent;                 /* baseline says whether it is silent */
  double silent;                   /* 1: it is silent; 0; NAN unknown */
  bool has[INCIDENT_COUNT];        /* the daemon has a severity of it */
  double severity[INCIDENT_COUNT]; /* 0, 1, 2; NAN unknown or not asked for */
  double open_s[INCIDENT_COUNT];   /* by fleet_fetch_open; NAN: not asked for */
  bool silenced[INCIDENT_COUNT];   /* it is not notified, if it is open */
  enum host_severity worst;        /* by fleet_sort */
  int state;                       /* for the caller */
};

/* All zero: empty, and takes every host. */
struct fleet {
  const char *patterns; /* of hosts, see host_pattern.h; NULL: all */
  size_t len, room;
  struct fleet_host *hosts;
  size_t known;      /* hosts that send readings, taken or not */
  double silenced_s; /* time of the last host's last value that says so */
  int silenced;      /* and its incident, an enum incident_kind */
  char last[LISTING_NAME_MAX]; /* the host of the line before */
  bool last_taken, last_known;
};

/* One line of LISTVAL; the lines come sorted by name. Returns 0, or -ENOMEM. */
int fleet_take(struct fleet *fleet, const char *line);

/* Ask the daemon which hosts it has: LISTVAL once. query->host:
 * fleet->patterns. Returns 0, or -errno as unixsock_answer. */
int fleet_fetch_list(const struct host_query *query, struct fleet *fleet);

/* Ask for the severities of the incidents that are wanted (NULL: all), once the
 * hosts are known. Returns as fleet_fetch_list. */
int fleet_fetch_severities(const struct host_query *query, const bool *wanted,
                           struct fleet *fleet);

/* Both, one after the other. */
int fleet_fetch(const struct host_query *query, const bool *wanted,
                struct fleet *fleet);

/* Whether the host sends readings, or is known and no longer sends any. */
bool fleet_counts(const struct fleet_host *host);

/* Whether it has a reading that is no older than limit_s, and is judged. */
bool fleet_is_current(const struct fleet_host *host, double now_s,
                      double limit_s);

bool fleet_is_open(const struct fleet_host *host, int kind);

/* How it is with all incidents of a host, silenced or not. Of a host that is
 * silent, what is open. */
enum host_severity fleet_severity(const struct fleet_host *host, double now_s,
                                  double limit_s);

/* Whether all that is open on it is silenced. */
bool fleet_is_silenced(const struct fleet_host *host);

/* Sort the hosts, the worst first: failures, warnings, those that are not
 * judged, the others; among equals the silenced ones last, then by name. Those
 * that do not count are dropped. */
void fleet_sort(struct fleet *fleet, double now_s, double limit_s);

/* How long what is open on the first `len` hosts has been open. Returns as
 * fleet_fetch. */
int fleet_fetch_open(const struct host_query *query, struct fleet *fleet,
                     size_t len);

/* The problem where there is no host: none at all, or none of that pattern.
 * problem: UNIXSOCK_PROBLEM_MAX bytes. */
void fleet_no_host(const struct fleet *fleet, char *problem);

void fleet_release(struct fleet *fleet);

#endif
