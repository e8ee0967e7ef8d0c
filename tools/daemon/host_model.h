/* The values and incidents of one host, as the daemon has them: what `status`,
 * `watch` and `check` show, each in its own way. */
#ifndef TOOLS_DAEMON_HOST_MODEL_H
#define TOOLS_DAEMON_HOST_MODEL_H

#include "lib/shown_metrics.h"
#include "listing.h"
#include "unixsock.h"

#include "verdict/rules.h"

#include <stddef.h>

enum {
  HOST_MODEL_VALUES_MAX = 1024,
  HOST_INCIDENTS_MAX = 64,
  HOST_INCIDENT_SINCE_MAX = 40,
  HOST_INCIDENT_WORDS_MAX = 192,
  HOST_PORT_MAX = 24,
};

/* Which daemon to ask, and about which host. */
struct host_query {
  const char *socket_path;
  const char *host; /* NULL: the only one that has values, or this machine */
  double limit_s;   /* how long to wait for the daemon */
  unsigned port;    /* of a listener whose values are fetched, too; 0: none */
};

struct host_value {
  char plugin[LISTING_NAME_MAX];
  char instance[LISTING_NAME_MAX];
  char type[LISTING_NAME_MAX];
  char type_instance[LISTING_NAME_MAX];
  double time_s; /* since 1970, by the host's clock */
  double value;  /* gauges as they are, counters a second; NAN unknown */
};

/* tcpstates-all and all of baseline. */
struct host_model {
  char host[LISTING_NAME_MAX];
  char port[HOST_PORT_MAX]; /* "443-local": of tcpstates, kept, too; "" none */
  double reading_s;         /* time of the last reading: tcpstates */
  double judged_s; /* time of the last judgement: baseline; NAN: never */
  size_t values_len;
  struct host_value values[HOST_MODEL_VALUES_MAX];
};

/* Ask the daemon behind a unixsock.
 * problem: UNIXSOCK_PROBLEM_MAX bytes for what is wrong and what to do about
 * it. Returns 0; or -1 with *problem filled, and *model is not to be used. */
int host_model_fetch(const struct host_query *query, struct host_model *model,
                     char *problem);

/* The same; the daemon's list of values also goes to *fleet (NULL: to none),
 * which is filled even if the host is not there, and empty if the daemon did
 * not answer. */
struct fleet;
int host_model_fetch_beside(const struct host_query *query,
                            struct host_model *model, struct fleet *fleet,
                            char *problem);

/* The hosts that send readings, sorted; the caller releases them, also after a
 * failure. query->host is ignored. Returns as host_model_fetch; a daemon
 * without any host is a failure. */
int host_model_hosts(const struct host_query *query,
                     struct listing_hosts *hosts, char *problem);

/* Whether a reading is too old to describe the present.
 * interval_s: how often values come; a reading older than two intervals is too
 * old. 0: not known; then up to HOST_MODEL_AGE_MAX_S is allowed, because
 * collectd itself forgets values that have not come for two intervals.
 * host_model_age_limit returns the limit in seconds; host_model_check_age
 * returns 0, or -1 with *problem filled. */
enum { HOST_MODEL_AGE_MAX_S = 300 };
double host_model_age_limit(double interval_s);
int host_model_check_age(const struct host_model *model, double now_s,
                         double interval_s, char *problem);

/* Returns NULL if the daemon does not have the value. */
const struct host_value *host_model_value(const struct host_model *model,
                                          const char *plugin,
                                          const char *instance,
                                          const char *type,
                                          const char *type_instance);

/* Returns NAN if the daemon does not have the value. */
double host_model_find(const struct host_model *model, const char *plugin,
                       const char *instance, const char *type,
                       const char *type_instance);

/* The same for a metric that the command shows. */
double host_model_metric(const struct host_model *model, enum shown_id id);

/* The sum of all states; shares are shares of it. */
double host_model_sockets(const struct host_model *model);

/* A greater severity is worse. */
enum host_severity {
  HOST_NOT_JUDGED,
  HOST_OKAY,
  HOST_WARNING,
  HOST_FAILURE,
};

/* gauge: baseline's gauge-severity, 0, 1 or 2; NAN: not judged. */
enum host_severity host_severity(double gauge);

/* "unknown", "OKAY", "WARNING", "FAILURE". */
const char *host_severity_word(enum host_severity severity);

/* One of baseline's incidents. Figures are NAN if the daemon has none. */
struct host_incident {
  char name[LISTING_NAME_MAX]; /* "syn_flood/443-local" of a listener */
  enum host_severity severity;
  double observed, expected, lower, upper, score;
  double open_s;           /* how long it has been open; 0: it is not */
  double unmeasured_s;     /* open, but not measured for so long; 0: it is */
  double since_s;          /* since 1970; NAN if not open or not known */
  double silenced_until_s; /* since 1970; 0: it is notified as ever */
  double learning_s; /* its baseline is learned for so long yet; 0: known */
  double backlog;    /* of the listener; NAN unknown */
  char listener[LISTING_NAME_MAX];   /* of an open one; "" unknown */
  char top_source[LISTING_NAME_MAX]; /* "198.51.100.0/24 72 %"; "" unknown */
  char unjudged[LISTING_NAME_MAX];   /* why it is not judged; "": it is */
};

/* That of its host, of a listener; INCIDENT_COUNT for one not known here. */
enum incident_kind host_incident_kind(const struct host_incident *incident);

/* Incidents beyond HOST_INCIDENTS_MAX are left out.
 * out: HOST_INCIDENTS_MAX; sorted by name. Returns how many there are. */
size_t host_incidents_read(const struct host_model *model,
                           struct host_incident *out);

/* "12:03:44 (5 min)" in local time, with the date if that is not today's; "" if
 * it is not known. text: HOST_INCIDENT_SINCE_MAX bytes. */
void host_incident_since(const struct host_incident *incident, double now_s,
                         char *text);

/* Where an open incident is: "at 0.0.0.0:443, backlog 511, from 192.0.2.0/24
 * 40 %"; "" if it is not known. text: HOST_INCIDENT_WORDS_MAX bytes, which it
 * returns. */
const char *host_incident_place(const struct host_incident *incident,
                                char *text);

/* What keeps it from an alarm: "not judged: no listener", "learning, 9 min
 * left"; "" for nothing. As above. */
const char *host_incident_hindrance(const struct host_incident *incident,
                                    char *text);

/* Whether the daemon has any value of the port that was asked for; if not,
 * *problem says what to do. */
int host_model_check_port(const struct host_model *model, char *problem);

/* The words for an open incident that is no longer measured. */
extern const char host_incident_unmeasured[];

#endif
