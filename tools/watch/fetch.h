/* One question to the daemon and its answer: the values and incidents of one
 * host, and how all hosts are. */
#ifndef TOOLS_WATCH_FETCH_H
#define TOOLS_WATCH_FETCH_H

#include "daemon/fleet_words.h"
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

struct watch_host {
  char name[LISTING_NAME_MAX];
  char words[FLEET_WORDS_MAX]; /* what is the matter with it; "" nothing */
  enum host_severity worst;
};

struct watch_hosts {
  size_t len;
  size_t by_severity[HOST_FAILURE + 1]; /* how many are so */
  struct watch_host *hosts;             /* the worst first */
};

/* Which of them has this name; hosts->len: none. */
size_t watch_hosts_find(const struct watch_hosts *hosts, const char *name);

/* The one before or after that name, by name and in a circle; NULL: there is
 * none at all. name: "" is before all. */
const char *watch_hosts_beside(const struct watch_hosts *hosts,
                               const char *name, bool next);

struct watch_question {
  struct host_query query; /* host: NULL for the only one, else this machine,
                              else the first of several; "": none */
  const char *patterns;    /* of the hosts to list, NULL: all */
  bool wants_hosts;        /* list them */
};

struct watch_answer {
  bool failed;
  bool has_hosts;
  char problem[UNIXSOCK_PROBLEM_MAX]; /* why it failed and what to do */
  struct watch_reading reading;       /* its host is "" if none was wanted */
  struct watch_hosts hosts;           /* if has_hosts; to be released */
};

/* Ask, and wait for the daemon. It lists its values once, and has query.limit_s
 * for that. */
void watch_fetch(const struct watch_question *question,
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
                     const struct watch_question *question);
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
