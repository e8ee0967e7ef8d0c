/* One question to the daemon and its answer: the values and incidents of one
 * host, and the names of all hosts. */
#ifndef TOOLS_WATCH_FETCH_H
#define TOOLS_WATCH_FETCH_H

#include "daemon/host_model.h"
#include "lib/shown_metrics.h"

#include <stdbool.h>

enum { WATCH_INCIDENTS_MAX = 16 };

struct watch_reading {
  char host[LISTING_NAME_MAX];
  double time_s; /* since 1970, of its newest value; NAN: not known */
  double values[SHOWN_METRICS];
  size_t incidents_len;
  struct host_incident incidents[WATCH_INCIDENTS_MAX];
};

/* Sort the incidents: the worst first; among equals syn_flood, then by name. */
void watch_reading_sort(struct watch_reading *reading);

/* How many incidents are open. */
int watch_reading_open(const struct watch_reading *reading);
enum host_severity watch_reading_worst(const struct watch_reading *reading);

struct watch_hosts {
  size_t len;
  char (*names)[LISTING_NAME_MAX]; /* sorted */
};

struct watch_answer {
  bool failed;
  bool has_hosts;
  char problem[UNIXSOCK_PROBLEM_MAX]; /* why it failed and what to do */
  struct watch_reading reading;
  struct watch_hosts hosts; /* if has_hosts; to be released */
};

/* Ask, and wait for the daemon, at most query->limit_s.
 * query->host: NULL for the only one, else this machine, else the first of
 * several. wants_hosts: also list all hosts, by a second question. */
void watch_fetch(const struct host_query *query, bool wants_hosts,
                 struct watch_answer *answer);

void watch_fetch_release(struct watch_answer *answer);

/* The same without waiting: a child process asks, so that keys and the window
 * are served meanwhile, whatever the daemon does. */
struct watch_source; /* opaque */

/* Returns NULL if there is no memory. */
struct watch_source *watch_source_create(void);
/* Gives up a question that is still open. NULL is allowed. */
void watch_source_destroy(struct watch_source *source);

/* Ask as watch_fetch does; one question at a time.
 * Returns 0, or -errno if no process could be started. */
int watch_source_ask(struct watch_source *source,
                     const struct host_query *query, bool wants_hosts);
bool watch_source_is_asking(const struct watch_source *source);
/* Give up the question. */
void watch_source_drop(struct watch_source *source);

/* Readable when more of the answer has come; -1 if no answer is awaited. */
int watch_source_fd(const struct watch_source *source);

/* Read what has come. Returns whether the answer is complete: then *answer is
 * filled, and the caller releases it with watch_fetch_release. */
bool watch_source_take(struct watch_source *source,
                       struct watch_answer *answer);

#endif
