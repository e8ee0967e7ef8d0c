/* What the daemon answered once: the values and incidents of one host, and the
 * names of all hosts. Plain data. */
#ifndef TOOLS_DAEMON_WATCH_READING_H
#define TOOLS_DAEMON_WATCH_READING_H

#include "lib/catalogue.h"

#include <stddef.h>

enum {
  WATCH_NAME_MAX = 128, /* collectd's own limit of a name */
  WATCH_INCIDENTS_MAX = 16,
  WATCH_PROBLEM_MAX = 512,
};

/* In the order of their badness. */
enum watch_severity {
  WATCH_UNKNOWN,
  WATCH_OKAY,
  WATCH_WARNING,
  WATCH_FAILURE,
};

struct watch_incident {
  char name[WATCH_NAME_MAX];
  enum watch_severity severity;
  double observed, expected, lower, upper, score; /* NAN: not known */
  double open_s;                                  /* how long it is open */
  double unmeasured_s; /* open, and for so long not measured; 0: it is */
};

struct watch_reading {
  char host[WATCH_NAME_MAX];
  double time_s; /* since 1970, of its newest value; NAN: not known */
  double values[WATCH_METRICS];
  size_t incidents_len;
  struct watch_incident incidents[WATCH_INCIDENTS_MAX];
};

struct hosts_count {
  size_t len;
  char (*names)[WATCH_NAME_MAX]; /* sorted */
};

/* gauge-severity of the plugin: 0, 1, 2, or NAN. */
enum watch_severity watch_reading_severity(double gauge);

/* "OKAY", "WARNING", "FAILURE", "unknown". */
const char *watch_reading_word(enum watch_severity severity);

/* The worst first; of equals syn_flood, then by name. */
void watch_reading_sort(struct watch_reading *reading);

int watch_reading_open(const struct watch_reading *reading);
enum watch_severity watch_reading_worst(const struct watch_reading *reading);

#endif
