/* What `status`, `watch` and `check` show, apart from how: the values of one
 * host. */
#ifndef TOOLS_DAEMON_HOST_MODEL_H
#define TOOLS_DAEMON_HOST_MODEL_H

#include "host_names.h"
#include "unixsock.h"

#include <stddef.h>

enum {
  STATUS_NAME_MAX = 128, /* collectd's own limit */
  STATUS_VALUES_MAX = 512,
  STATUS_PROBLEM_MAX = UNIXSOCK_PROBLEM_MAX,
};

/* Whom to ask, and for what. */
struct status_query {
  const char *socket_path;
  const char *host; /* NULL for the only one that has values, or this machine */
  double limit_s;   /* a daemon that has not answered by then hangs */
};

struct status_value {
  char plugin[STATUS_NAME_MAX];
  char instance[STATUS_NAME_MAX];
  char type[STATUS_NAME_MAX];
  char type_instance[STATUS_NAME_MAX];
  double time_s; /* since 1970, by the host's clock */
  double value;  /* gauges as they are, counters a second; NAN unknown */
};

/* tcpstates-all and all of baseline. */
struct host_model {
  char host[STATUS_NAME_MAX];
  double reading_s; /* time of the last reading: tcpstates */
  double judged_s;  /* of the last judgement: baseline; NAN where none is */
  size_t values_len;
  struct status_value values[STATUS_VALUES_MAX];
};

/* Ask the daemon behind a unixsock.
 * problem: STATUS_PROBLEM_MAX bytes for what is wrong and what to do about it.
 * Returns 0, or -1 with *problem filled and *model not to be used. */
int host_model_fetch(const struct status_query *query, struct host_model *model,
                     char *problem);

/* The hosts that send readings, sorted; to be released in any case. The query's
 * host means nothing. Returns as host_model_fetch; no host is a problem. */
int host_model_hosts(const struct status_query *query, struct host_names *hosts,
                     char *problem);

/* Whether a reading is too old to say anything of the present.
 * interval_s: how often values come; older than two of them is too old. 0 for
 * not known: then collectd itself, which forgets what has not come for two
 * intervals, is trusted up to STATUS_AGE_MAX_S.
 * The limit, in seconds; and 0, or -1 with *problem filled. */
enum { STATUS_AGE_MAX_S = 300 };
double host_model_age_limit(double interval_s);
int host_model_check_age(const struct host_model *model, double now_s,
                         double interval_s, char *problem);

/* Returns NULL for a value the daemon does not have. */
const struct status_value *host_model_value(const struct host_model *model,
                                            const char *plugin,
                                            const char *instance,
                                            const char *type,
                                            const char *type_instance);

/* Returns NAN for a value the daemon does not have. */
double host_model_find(const struct host_model *model, const char *plugin,
                       const char *instance, const char *type,
                       const char *type_instance);

/* The names of baseline's incidents, sorted, each once; they point into the
 * model. Returns how many there are, at most names_max. */
size_t host_model_incidents(const struct host_model *model, const char **names,
                            size_t names_max);

#endif
